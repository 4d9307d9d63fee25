"""Grids of the layout `predictions`: numbers of answers, of which samples have unequally many."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.scorer import SampleScore, Score
from scipy import stats

from evals.check.baseline import AcceptedLog, BaselineRun, read_baseline, write_baseline
from scorers.comparison.paired import paired_scores
from scorers.comparison.score_checks import check_scores
from scorers.inspect_adapter.layouts import read_grid
from scorers.scores.families import ratio_scores, score_rows
from scorers.scores.manifests import manifest_of
from scorers.scores.response_checks import MEASURED
from scorers.scores.responses import ResponseMatrix

DECODE = manifest_of("decode_ratings")
FAMILIES = DECODE.scores
NAMES = ("information", "right", "loss", "loss_none", "brier")


def sample(rater: str, losses: list[float | None], shift: float = 0.0) -> SampleScore:
    """A rater's score: the loss with nothing given is 1.5, and every other rating is right."""
    statuses = ["refusal" if loss is None else "valid" for loss in losses]
    there = [None if loss is None else loss + shift for loss in losses]
    metadata = {
        "chosen": [None if loss is None else 1 for loss in losses],
        "statuses": statuses,
        "loss": there,
        "loss_none": [1.5] * len(losses),
        "information": [None if loss is None else 1.5 - loss for loss in there],
        "right": [
            None if loss is None else float(position % 2) for position, loss in enumerate(losses)
        ],
        "brier": [None if loss is None else 0.5 for loss in losses],
    }
    score = Score(value={}, metadata=metadata)
    return SampleScore(score=score, sample_id=rater, sample_metadata={"rater": rater})


def grid_of(seed: int, shift: float = 0.0, raters: int = 12, lost: float = 0.1) -> ResponseMatrix:
    rng = np.random.default_rng(seed)
    scores = []
    for r in range(raters):
        losses = rng.uniform(0.2, 2.0, size=rng.integers(2, 7))
        gaps = rng.random(len(losses)) < lost
        listed = [None if gap else float(x) for x, gap in zip(losses, gaps, strict=True)]
        scores.append(sample(f"r{r:02}", listed, shift))
    return read_grid(scores, DECODE, {})


def test_two_raters_by_hand():
    """Ann: losses 1 and 2; Bob: 0.5, one refused, 1.5. Padding is no answer."""
    grid = read_grid([sample("bob", [0.5, None, 1.5]), sample("ann", [1.0, 2.0])], DECODE, {})
    assert grid.clusters == ["ann", "bob"]
    assert grid.columns == ["1", "2", "3"]
    assert grid.statuses.tolist() == [["valid", "valid", ""], ["valid", "refusal", "valid"]]
    assert grid.asked.sum() == 5
    assert grid.valid == 0.8
    assert grid.counts() == {"valid": 4, "refusal": 1}
    rows = {row.name: row for row in score_rows(grid, FAMILIES.values())}
    assert rows["loss"].estimate.value == pytest.approx(1.25)
    assert rows["loss_none"].estimate.value == 1.5
    assert rows["information"].estimate.value == pytest.approx(0.25)
    assert rows["accuracy"].estimate.value == pytest.approx(25)
    assert rows["loss"].valid == 0.8
    # the fifth rating has at least no loss, and at most that of the floor
    assert rows["loss"].lowest == pytest.approx(5 / 5)
    assert rows["loss"].highest == pytest.approx((5 + 13.82) / 5)
    assert rows["accuracy"].highest == pytest.approx(40)


@given(st.integers(0, 200))
@settings(max_examples=60, deadline=None)
def test_a_mean_is_that_of_all_numbers_and_its_interval_draws_raters(seed: int):
    grid = grid_of(seed)
    values = grid.values["loss"]
    (row,) = score_rows(grid, [FAMILIES["loss"]])
    assert row.estimate.value == pytest.approx(np.nanmean(values))
    there = ~np.isnan(values)
    carrying = np.flatnonzero(there.any(axis=1))  # a rater of whom nothing was read carries nothing
    without = [np.nanmean(np.delete(values, rater, axis=0)) for rater in carrying]
    count = len(carrying)
    squares = ((np.array(without) - row.estimate.value) ** 2).sum()
    reach = stats.t.ppf(0.975, count - 1) * np.sqrt((count - 1) / count * squares)
    assert row.estimate.high - row.estimate.value == pytest.approx(reach)
    assert row.estimate.value - row.estimate.low == pytest.approx(reach)
    assert row.lowest <= row.estimate.value <= row.highest


def test_nothing_read_and_a_single_rater_have_no_interval_and_say_why():
    (nothing,) = score_rows(read_grid([sample("a", [None, None])], DECODE, {}), [FAMILIES["loss"]])
    assert math.isnan(nothing.estimate.value)
    assert nothing.estimate.reason == "no answer could be read"
    (one,) = score_rows(read_grid([sample("a", [1.0, 2.0])], DECODE, {}), [FAMILIES["loss"]])
    assert one.estimate.value == 1.5
    assert math.isnan(one.estimate.low)
    assert one.estimate.reason == "no interval: it rests on one participant, query or text"


def test_epochs_are_averaged_answer_by_answer():
    twice = read_grid([sample("a", [1.0, None]), sample("a", [2.0, 3.0])], DECODE, {}, [1, 2])
    once = twice.by_sample()
    assert once.values["loss"].tolist() == [[1.5, 3.0]]


def test_two_runs_are_compared_on_what_both_answered():
    one = read_grid([sample("a", [1.0, 2.0]), sample("b", [1.0])], DECODE, {})
    other = read_grid([sample("a", [0.5, None]), sample("b", [0.5])], DECODE, {})
    (found,) = paired_scores(one, other, [FAMILIES["loss"]])
    assert found.before.tolist() == [1.0]
    assert found.after.tolist() == [0.5]
    assert found.beyond.values.tolist() == [[-0.5]]
    assert one.values["loss"][0, 1] == 2.0  # what was given stays as it was


def test_a_check_finds_what_moved_and_what_did_not():
    before, after = grid_of(1, lost=0.0), grid_of(1, shift=0.3, lost=0.0)
    found = {check.name: check for check in check_scores(before, after, FAMILIES.values()).checks}
    assert found["loss"].verdict == found["information"].verdict == "moved"
    assert found["loss"].difference.value == pytest.approx(0.3)
    assert found["loss_none"].verdict == found["accuracy"].verdict == "same"
    assert found["valid answers"].before == found["valid answers"].after == 100
    assert found["loss"].items == found["loss"].units == 12
    moved = found["loss"].moved_items[0]
    assert moved.instance.startswith("r")
    assert moved.after - moved.before == pytest.approx(0.3)


def test_padding_does_not_count_as_missing_in_a_check():
    before = grid_of(2, lost=0.0)
    fewer = replace(before, statuses=np.where(before.statuses == "valid", "valid", ""))
    (valid,) = [c for c in check_scores(before, fewer, []).checks if c.name == "valid answers"]
    assert (valid.before, valid.after, valid.verdict) == (100, 100, "same")


def test_a_baseline_keeps_the_numbers(tmp_path: Path):
    grid = grid_of(3)
    key = dict.fromkeys(MEASURED) | {"benchmark": "decode_ratings"}
    log = AcceptedLog("one", "", len(grid.samples))
    write_baseline([BaselineRun(key, "a model", [log], grid)], tmp_path / "b.json")
    (kept,) = read_baseline(tmp_path / "b.json")
    for name in NAMES:
        np.testing.assert_array_equal(kept.grid.values[name], grid.values[name])
    assert kept.grid.asked.tolist() == grid.asked.tolist()


def test_a_mean_has_sums_over_clusters():
    grid = grid_of(4)
    sums = ratio_scores(grid, FAMILIES["accuracy"])
    assert sums is not None
    assert sums.names == ("accuracy",)
    assert sums.values()[0] == pytest.approx(100 * np.nanmean(grid.values["right"]))
