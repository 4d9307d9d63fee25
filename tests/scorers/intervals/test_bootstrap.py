import numpy as np
import pytest
from scipy import stats

from scorers.intervals.bootstrap import (
    cluster_interval,
    cluster_intervals,
    cluster_sums,
    cluster_weights,
    expanded_percentile,
)
from scorers.scores.accuracy import mean_over_people
from tests.scorers.scores.tagged_rows import tagged_rows


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


@pytest.mark.parametrize("clusters", [2, 3, 4, 5, 6, 7])
def test_means_of_two_to_seven_people_are_covered_at_the_nominal_rate(clusters: int):
    """Percentiles of replicates, as they were used before, cover 50 to 93 per cent of these."""
    samples = np.random.default_rng(clusters).normal(size=(clusters, 2000))
    found = mean_over_people(samples)
    covered = np.mean([one.low <= 0 <= one.high for one in found])
    assert 0.93 <= covered <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("clusters", [2, 3, 4, 5, 6, 7])
def test_scores_that_rest_on_few_of_many_queries_are_covered(clusters: int, in_full: bool):
    """A trait with one item in each of a few queries, next to 30 queries of another trait."""
    rng, times = np.random.default_rng(clusters), 2000 if in_full else 300
    queries = [*range(clusters), *range(clusters, clusters + 30)]
    tagged = np.zeros((2, len(queries)), dtype=bool)
    tagged[0, :clusters] = tagged[1, clusters:] = True
    hits = 0
    for ratings in rng.normal(3.5, 1, size=(times, len(queries), 1)):
        found = tagged_rows(ratings, tagged, queries, ["few", "many"], normalised=False, scale=1)
        hits += found[0].estimate.low <= 3.5 <= found[0].estimate.high
    assert hits / times >= 0.93


def test_the_interval_of_few_is_students():
    sample = np.array([1.0, 2.0, 6.0])
    means = cluster_weights(3, seed=0, replicates=100_000) @ sample / 3
    exact = stats.t.interval(0.95, 2, sample.mean(), stats.sem(sample))
    assert cluster_interval(3.0, means, 3) == pytest.approx(exact, rel=0.01)
    assert cluster_interval(3.0, means, 3, ends=(1.0, 6.0)) == (1.0, 6.0)


def test_many_at_once_have_the_intervals_of_each_alone():
    drawn = np.random.default_rng(0).normal(size=(50, 4))
    drawn[3, 1] = np.nan
    values, clusters = np.arange(4.0), np.array([1, 3, 7, 8])
    found = cluster_intervals(values, drawn, clusters)
    for k in range(4):
        alone = cluster_interval(values[k], drawn[:, k], int(clusters[k]))
        np.testing.assert_allclose(found[:, k], alone)
