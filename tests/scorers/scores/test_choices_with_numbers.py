"""Choices that come with further numbers, and shares of right choices by group."""

from dataclasses import replace

import numpy as np
import pytest

from scorers.comparison.paired import common_answers, paired_scores
from scorers.scores.families import score_rows
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix

LOSS = ScoreFamily("loss", "Loss", "mean_of", "nats", (0, 10), "lower", 0.1, of="loss")
GROUPS = ScoreFamily(
    "group", "By group", "share_right", "%", (0, 100), "higher", 1, groups=("sex", "age"), scale=100
)


def choices(losses: list[float], right: list[int], statuses: list[str]) -> ResponseMatrix:
    """One choice a sample, two samples a person."""
    count = len(right)
    people = [{"sex": "f", "age": "old"}, {"sex": "m", "age": None}, {"sex": "f", "age": "young"}]
    valid = np.array(statuses) == "valid"
    return ResponseMatrix(
        samples=[f"s{n}" for n in range(count)],
        epochs=[1] * count,
        clusters=[f"p{n // 2}" for n in range(count)],
        columns=["1"],
        ratings=np.where(valid, 1.0, np.nan)[:, None],
        right=np.array(right, dtype=float)[:, None],
        statuses=np.array(statuses)[:, None],
        attributes=[people[n // 2 % 3] for n in range(count)],
        values={"loss": np.array(losses)[:, None]},
    )


NONE = float("nan")
RUN = choices([1, NONE, 3, NONE, 2, 2], [1, 1, 0, 0, 1, 0],
              ["valid", "valid", "valid", "empty", "valid", "valid"])  # fmt: skip


def test_a_valid_answer_without_the_number_is_not_missing():
    (row,) = score_rows(RUN, [LOSS])
    assert row.estimate.value == 2
    # four of the five that count have it; the one that is missing may be 0 or 10
    assert (row.items, row.valid) == (5, 0.8)
    assert (row.lowest, row.highest) == pytest.approx((8 / 5, 18 / 5))


def test_a_number_that_nobody_has_says_so_and_misses_nothing():
    run = choices([NONE] * 6, [1, 1, 0, 1, 1, 0], ["valid"] * 6)
    (row,) = score_rows(run, [LOSS])
    assert np.isnan(row.estimate.value)
    assert row.estimate.reason == "no answer has this number"
    assert np.isnan(row.lowest)


def test_every_group_has_a_share_and_who_is_in_none_counts_for_none():
    found = {row.name: row for row in score_rows(RUN, [GROUPS])}
    values = {name: row.estimate.value for name, row in found.items()}
    assert values == {"age old": 100, "age young": 50, "sex f": 75, "sex m": 0}
    assert found["age old"].items == 2


def test_two_runs_are_compared_on_the_numbers_that_both_have():
    more = np.array([[1, 0, 1, 0, NONE, 1.0]]).T
    other = replace(RUN, values={"loss": RUN.values["loss"] + more})
    one, two = common_answers(RUN, other)
    assert np.isnan(one.values["loss"]).ravel().tolist() == [False, True, False, True, True, False]
    assert (one.right == RUN.right).all()
    (found,) = paired_scores(RUN, other, [LOSS])
    assert (found.before[0], found.after[0]) == (2, 3)
    assert found.beyond.values[0, 0] == pytest.approx(1)
    (groups,) = paired_scores(one, two, [GROUPS])
    assert set(groups.names) == {"age old", "age young", "sex f", "sex m"}
