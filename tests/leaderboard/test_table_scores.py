import numpy as np
import pytest

from leaderboard.table_scores import JointScore, pair_rows, pair_tests
from ratings.manifests import manifest_of
from scorers.detectable import detectable_difference


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
