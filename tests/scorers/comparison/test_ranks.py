import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scorers.comparison.ranks import Rank, rank_intervals
from scorers.intervals.bootstrap import cluster_weights, resampled

NAN = np.nan
VALUES = st.sampled_from([0.0, 0.1, 0.2, 1.0, NAN])


def many(models: int) -> np.ndarray:
    return np.full(models, 1000)


def test_intervals_worked_by_hand():
    """Three models 10 and 1 apart, errors of differences 1.414: only the last is surely behind."""
    rng = np.random.default_rng(0)
    values = np.array([11.0, 10.0, 0.0, NAN])
    replicates = np.c_[values[:3] + rng.normal(size=(2000, 3)), np.zeros(2000)]
    found = rank_intervals(values, replicates, many(4))
    assert found == [Rank(1, 1, 2), Rank(2, 1, 2), Rank(3, 3, 3), Rank(None, None, None)]
    lowest = rank_intervals(values, replicates, many(4), highest_first=False)
    assert lowest == [Rank(3, 2, 3), Rank(2, 2, 3), Rank(1, 1, 1), Rank(None, None, None)]


def test_two_models_are_ranked_as_a_test_of_their_difference_says():
    """Of two there is one difference: the border is 1.96 errors, and Student's with 6 clusters."""
    errors = np.random.default_rng(0).normal(size=100_000)
    errors = (errors - errors.mean()) / errors.std()
    student = stats.t.ppf(0.975, 5) * np.sqrt(6 / 5)
    for clusters, border in ((100_000, 1.96), (6, student)):
        for gap, sure in ((0.97 * border, False), (1.03 * border, True)):
            replicates = np.c_[gap + errors, np.zeros(100_000)]
            one, other = rank_intervals(np.array([gap, 0]), replicates, np.full(2, clusters))
            assert (one.high == 1) == (other.low == 2) == sure


def test_what_no_draw_moves_is_certain_and_what_rests_on_one_cluster_is_not():
    values, still = np.array([2.0, 1.0, 1.0]), np.tile([2.0, 1.0, 1.0], (9, 1))
    assert rank_intervals(values, still, many(3)) == [Rank(1, 1, 1), Rank(2, 2, 2), Rank(2, 2, 2)]
    moving = still + np.random.default_rng(0).normal(size=(9, 3)) / 1000
    alone = rank_intervals(values, moving, np.ones(3, dtype=int))
    assert [(rank.low, rank.high) for rank in alone] == [(1, 3)] * 3


def test_a_model_without_replicates_has_no_interval_and_may_stand_anywhere():
    found = rank_intervals(np.array([3.0, 2.0]), np.array([[NAN, 1.0], [NAN, 2.0]]), many(2))
    assert found == [Rank(1, None, None), Rank(2, 1, 2)]


def test_sums_in_another_order_are_ties():
    drawn = np.array([[0.3, 0.1 + 0.2]])
    found = rank_intervals(np.array([0.1 + 0.2, 0.3]), drawn, many(2))
    assert found == [Rank(1, 1, 1), Rank(1, 1, 1)]


def test_intervals_that_hold_together_are_no_narrower_where_a_draw_is_far_out():
    """Few draws, some without a value, are up to 36 errors off: SciPy's t quantile is -inf."""
    values = np.array([0.1, 0.0, 0.2, 1.0, 1.0])
    drawn = np.array(
        [[0.1, NAN, 1, 0.1, 1], [1, NAN, 1, 0, 0.2], [0.2, 1, 0.1, NAN, 0.1], [0.1, NAN, NAN, 0, 1]]
    )
    clusters = np.array([8, 1, 6, 2, 8])
    alone = rank_intervals(values, drawn, clusters)
    joint = rank_intervals(values, drawn, clusters, simultaneous=True)
    # The third model's own differences are up to 36 errors off: nothing is sure of it.
    assert (alone[2].low, alone[2].high) == (1, 5)
    for one, wide in zip(alone, joint, strict=True):
        assert wide.low <= one.low
        assert one.high <= wide.high


@given(st.data())
def test_any_values_have_ranks(data: st.DataObject):
    models, draws = data.draw(st.integers(0, 6)), data.draw(st.integers(0, 5))
    values = data.draw(arrays(float, models, elements=VALUES))
    replicates = data.draw(arrays(float, (draws, models), elements=VALUES))
    clusters = data.draw(arrays(np.int64, models, elements=st.integers(0, 9)))
    found = rank_intervals(values, replicates, clusters)
    there = ~np.isnan(values)
    expected = stats.rankdata(-values[there], method="min")
    assert [rank.rank for rank in found if rank.rank is not None] == expected.tolist()
    wide = rank_intervals(values, replicates, clusters, simultaneous=True)
    for rank, joint, value in zip(found, wide, values, strict=True):
        assert (rank.rank is None) == np.isnan(value)
        if rank.rank is not None and rank.low is not None and rank.high is not None:
            assert 1 <= joint.low <= rank.low <= rank.rank <= rank.high <= joint.high <= there.sum()
    order = data.draw(st.permutations(range(models)))
    again = rank_intervals(values[order], replicates[:, order], clusters[order])
    assert again == [found[m] for m in order]


@pytest.mark.slow
@pytest.mark.parametrize("apart", [0.05, 0.1, 0.2, 0.5])
@pytest.mark.parametrize("models", [10, 33])
def test_intervals_cover_the_true_rank(models: int, apart: float, in_full: bool):
    """Models that far apart in standard errors, in 104 clusters that they share.

    Percentiles of the replicates' ranks, as they were used before, covered the first and the
    last in 52 to 87 per cent, and all ranks at once in 2 to 17.
    """
    rng, clusters, times = np.random.default_rng(5), 104, 200 if in_full else 30
    weights = cluster_weights(clusters, 0)
    truth = apart / np.sqrt(clusters) * np.arange(models)[::-1]
    ends, together = [], 0
    for _ in range(times):
        answers = truth[:, None] + rng.normal(size=(models, clusters)) + rng.normal(size=clusters)
        drawn = resampled(weights, answers) / clusters
        means, carrying = answers.mean(axis=1), np.full(models, clusters)
        found = rank_intervals(means, drawn, carrying)
        ends += [found[0].low == 1, found[-1].high == models]
        joint = rank_intervals(means, drawn, carrying, simultaneous=True)
        together += all(r.low <= position <= r.high for position, r in enumerate(joint, 1))
    assert stats.binomtest(sum(ends), 2 * times, 0.95, alternative="less").pvalue > 0.01
    assert stats.binomtest(together, times, 0.95, alternative="less").pvalue > 0.01


@pytest.mark.slow
@pytest.mark.parametrize("queries", [5, 9])
def test_ranks_from_few_queries_are_covered(queries: int, in_full: bool):
    """Ten models that are all equal: the true rank of each is the first."""
    rng, times = np.random.default_rng(queries), 400 if in_full else 60
    weights, hits = cluster_weights(queries, 0), 0
    for _ in range(times):
        answers = rng.normal(size=(10, queries))
        drawn = resampled(weights, answers) / queries
        found = rank_intervals(answers.mean(axis=1), drawn, np.full(10, queries))
        hits += sum(rank.low == 1 for rank in found)
    assert hits / (10 * times) >= 0.93
