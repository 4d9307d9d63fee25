"""Pairs of a table: one test, wherever a pair is looked at."""

import math

import numpy as np
import pytest

from leaderboard.board.table_scores import joint_scores, pair_rows, pair_tests
from scorers.comparison.differences import holm
from scorers.comparison.paired import paired_scores
from scorers.comparison.power import detectable_difference
from scorers.intervals.scopes import least_p_value
from scorers.scores.families import score_rows
from scorers.scores.manifests import manifest_of
from tests.scorers.scores.test_families import portrait, reading


@pytest.mark.parametrize(
    ("benchmark", "grids"),
    [
        ("value_portrait", [portrait(seed, lost=0.2) for seed in range(4)]),
        ("indie_value", [reading(seed, chance=0.5 + seed / 10) for seed in range(4)]),
    ],
)
def test_a_pair_of_the_board_is_tested_as_two_runs_are(benchmark: str, grids):
    """Only the correction differs: over all pairs of a score, or over the scores of a pair."""
    manifest = manifest_of(benchmark)
    joint = joint_scores(grids, manifest)
    tests = pair_tests(grids, joint)
    checked = 0
    for a, b in ((0, 1), (1, 3)):
        for part in paired_scores(grids[b], grids[a], manifest.scores.values()):
            for d, name in enumerate(part.names):
                for scope in ("on", "beyond"):
                    alone, mine = getattr(part, scope), tests[name][scope]
                    assert mine.differences[a, b] == pytest.approx(alone.values[0, d], nan_ok=True)
                    assert mine.p_values[a, b] == pytest.approx(alone.p_values()[0, d], nan_ok=True)
                    assert mine.reach[a, b] == pytest.approx(alone.reach()[0, d], nan_ok=True)
                    checked += 1
    assert checked > 10


def test_pairs_are_corrected_over_all_pairs_of_a_score():
    grids = [portrait(seed) for seed in range(4)]
    tests = pair_tests(grids, joint_scores(grids, manifest_of("value_portrait")))
    rows = pair_rows("Power", tests["Power"], list("abcd"))
    assert [(row["a"], row["b"]) for row in rows] == [
        ("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d"),
    ]  # fmt: skip
    for scope in (rows, [row["on_items"] for row in rows]):
        corrected = holm(np.array([row["p"] for row in scope]))
        assert [row["corrected"] for row in scope] == pytest.approx(corrected.tolist())
    found = rows[0]
    half = (found["difference"]["high"] - found["difference"]["low"]) / 2
    assert found["on_items"]["difference"]["low"] >= found["difference"]["low"]
    on = tests["Power"]["on"]
    assert on.reach[0, 1] == pytest.approx(
        (found["on_items"]["difference"]["high"] - found["on_items"]["difference"]["low"]) / 2
    )
    assert tests["Power"]["beyond"].reach[0, 1] == pytest.approx(half)


def test_nothing_is_detectable_where_no_p_value_can_pass_the_correction():
    assert least_p_value(np.array([5.0])).item() == 2 / 2**5
    assert detectable_difference(0.1, 1, freedom=4, least=2 / 2**5) == math.inf
    assert detectable_difference(0.1, 1, freedom=9, least=2 / 2**10) < math.inf


def test_joint_scores_of_a_spread_are_those_of_each_run():
    """The mean over the dimensions is drawn with the same people as each dimension."""
    grids, manifest = [reading(0), reading(1, chance=0.7)], manifest_of("indie_value")
    joint = joint_scores(grids, manifest)
    for position, grid in enumerate(grids):
        for row in score_rows(grid, manifest.scores.values()):
            assert joint[row.name].values[position] == pytest.approx(
                row.estimate.value, nan_ok=True
            )
    defined = [joint[f"sigma {name}"].replicates for name in ("Sex", "Age")]
    np.testing.assert_allclose(joint["sigma_inequity"].replicates, np.mean(defined, axis=0))
    assert np.isnan(joint["sigma Country"].values).all()
