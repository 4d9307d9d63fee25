import numpy as np
import pytest

from leaderboard.table_scores import JointScore, joint_scores, pair_rows, pair_tests
from ratings.manifests import manifest_of
from scorers.detectable import detectable_difference
from scorers.estimators import score_rows
from tests.scorers.test_estimators import reading


def test_the_detectable_difference_is_that_of_the_t_test_of_a_pair():
    """Three raters on 5 queries, and one without a value, which takes no part in the correction."""
    rng = np.random.default_rng(0)
    values = np.array([1.0, 2.0, 4.0, np.nan])
    replicates = np.where(np.isnan(values), np.nan, values + rng.normal(size=(500, 4)))
    family = next(iter(manifest_of("value_portrait").scores.values()))
    score = JointScore("Neuroticism", family, values, replicates, np.array([5, 5, 9, 5]))
    tests = pair_tests(score)
    rows = {(row["a"], row["b"]): row for row in pair_rows(score, tests, list("abcd"))}
    assert len(rows) == 3
    expected = detectable_difference(float(tests.errors[0, 1]), 3, freedom=4)
    assert rows["a", "b"]["detectable"] == pytest.approx(expected)


def test_joint_scores_of_a_spread_are_those_of_each_run():
    """The mean over the dimensions is drawn with the same people as each dimension."""
    grids, manifest = [reading(0), reading(1, chance=0.7)], manifest_of("indie_value")
    joint = joint_scores(grids, manifest)
    for place, grid in enumerate(grids):
        for row in score_rows(grid, manifest.scores.values()):
            assert joint[row.name].values[place] == pytest.approx(row.estimate.value, nan_ok=True)
    defined = [joint[f"sigma {name}"].replicates for name in ("Sex", "Age")]
    np.testing.assert_allclose(joint["sigma_inequity"].replicates, np.mean(defined, axis=0))
    assert np.isnan(joint["sigma Country"].values).all()
