import numpy as np
import pytest
from scipy import stats

from scorers.bootstrap import cluster_sums, cluster_weights, expanded_percentile


def test_weights_count_draws_with_replacement():
    weights = cluster_weights(7, seed=3)
    assert (weights.sum(axis=1) == 7).all()
    assert weights.mean(axis=0) == pytest.approx(np.ones(7), abs=0.1)


def test_sums_within_clusters():
    values = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    found = cluster_sums(values, np.array([0, 1, 0]), 2)
    assert found.tolist() == [[4.0, 2.0], [40.0, 20.0]]


def test_the_interval_of_a_mean_agrees_with_students():
    sample = np.random.default_rng(1).normal(size=25)
    means = cluster_weights(25, seed=0) @ sample / 25
    low, high = expanded_percentile(means, 25)
    exact = stats.t.interval(0.95, 24, sample.mean(), stats.sem(sample))
    assert (low, high) == pytest.approx(exact, abs=0.06)


def test_few_clusters_are_covered_nearly_at_the_nominal_rate():
    """Of eight values, where plain percentiles fall short of 95 by more than five points."""
    rng = np.random.default_rng(2)
    weights = cluster_weights(8, seed=0) / 8
    expanded = plain = 0
    for sample in rng.normal(size=(2000, 8)):
        replicates = weights @ sample
        low, high = expanded_percentile(replicates, 8)
        expanded += low <= 0 <= high
        low, high = np.quantile(replicates, [0.025, 0.975])
        plain += low <= 0 <= high
    assert plain / 2000 < 0.90
    assert 0.925 <= expanded / 2000 <= 0.975


def test_no_interval_without_clusters_or_replicates():
    assert np.isnan(expanded_percentile(np.array([1.0, 2.0]), 1)).all()
    assert np.isnan(expanded_percentile(np.array([np.nan]), 5)).all()
