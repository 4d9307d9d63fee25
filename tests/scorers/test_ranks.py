import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scorers.bootstrap import cluster_weights, resampled
from scorers.ranks import Rank, rank_intervals, tie_groups

NAN = np.nan
VALUES = st.sampled_from([0.0, 0.1, 0.2, 1.0, NAN])


def test_ranks_worked_by_hand():
    """In the two replicates the second model is first, then shares the first place."""
    values = np.array([3.0, 2.0, 2.0, NAN])
    replicates = np.array([[1.0, 2.0, 0.0, 9.0], [2.0, 2.0, 1.0, 9.0]])
    assert rank_intervals(values, replicates) == [
        Rank(1, 1, 2),
        Rank(2, 1, 2),
        Rank(2, 2, 3),
        Rank(None, None, None),
    ]
    lowest = rank_intervals(values, replicates, highest_first=False)
    assert [rank.rank for rank in lowest] == [3, 1, 1, None]


def test_percentiles_are_taken_outward():
    """Ranks 1 in 97 of 100 replicates and 2 in three of them: 2.5% and 97.5% are 1 and 2."""
    replicates = np.tile([2.0, 1.0], (100, 1))
    replicates[:3] = [1.0, 2.0]
    first, second = rank_intervals(np.array([2.0, 1.0]), replicates)
    assert (first.low, first.high) == (1, 2)
    assert (second.low, second.high) == (1, 2)
    narrow = rank_intervals(np.array([2.0, 1.0]), replicates, confidence=0.5)
    assert (narrow[0].low, narrow[0].high) == (1, 1)


def test_a_replicate_that_a_model_lacks_is_left_out_for_it_alone():
    replicates = np.array([[NAN, 1.0, 2.0], [3.0, 2.0, 1.0]])
    found = rank_intervals(np.array([3.0, 2.0, 1.0]), replicates)
    assert found[0] == Rank(1, 1, 1)
    assert found[1] == Rank(2, 2, 2)
    assert found[2] == Rank(3, 1, 3)
    missing = rank_intervals(np.array([3.0, 2.0]), np.array([[NAN, 1.0]]))
    assert missing == [Rank(1, None, None), Rank(2, 1, 2)]


def test_sums_in_another_order_are_ties():
    found = rank_intervals(np.array([0.1 + 0.2, 0.3]), np.array([[0.3, 0.1 + 0.2]]))
    assert found == [Rank(1, 1, 1), Rank(1, 1, 1)]


@given(st.data())
def test_any_values_have_ranks(data: st.DataObject):
    models, draws = data.draw(st.integers(0, 6)), data.draw(st.integers(0, 5))
    values = data.draw(arrays(float, models, elements=VALUES))
    replicates = data.draw(arrays(float, (draws, models), elements=VALUES))
    found = rank_intervals(values, replicates)
    there = ~np.isnan(values)
    expected = stats.rankdata(-values[there], method="min")
    assert [rank.rank for rank in found if rank.rank is not None] == expected.tolist()
    for rank, value in zip(found, values, strict=True):
        assert (rank.rank is None) == np.isnan(value)
        if rank.rank is not None and rank.low is not None and rank.high is not None:
            assert 1 <= rank.low <= rank.rank <= rank.high <= there.sum()
    order = data.draw(st.permutations(range(models)))
    again = rank_intervals(values[order], replicates[:, order])
    assert again == [found[m] for m in order]


@pytest.mark.slow
def test_intervals_cover_the_true_place(in_full: bool):
    """Ten models half a standard error apart, in 104 clusters that they share."""
    rng, clusters, models = np.random.default_rng(5), 104, 10
    weights = cluster_weights(clusters, 0)
    truth = 0.05 * np.arange(models)[::-1]
    hits = []
    for _ in range(200 if in_full else 40):
        answers = truth[:, None] + rng.normal(size=(models, clusters)) + rng.normal(size=clusters)
        found = rank_intervals(answers.mean(axis=1), resampled(weights, answers) / clusters)
        hits += [r.low <= place <= r.high for place, r in enumerate(found, 1)]
    assert np.mean(hits) > 0.95


def test_tie_groups_worked_by_hand():
    """The third is told from the first and starts a group; the fourth is not told from it.

    The fourth is not told from the first either, but is not next to it in rank any more.
    """
    different = np.zeros((5, 5), dtype=bool)
    different[0, 2] = True
    values = np.array([5.0, 4.0, 3.0, 2.0, NAN])
    assert tie_groups(values, different) == [1, 1, 2, 2, None]
    assert tie_groups(values, different.T) == [1, 1, 2, 2, None]
    assert tie_groups(-values, different, highest_first=False) == [1, 1, 2, 2, None]
    # the fourth differs from the second, but the group asks its first
    different[1, 3] = True
    assert tie_groups(values, different) == [1, 1, 2, 2, None]


def test_equal_values_stay_together():
    different = np.zeros((3, 3), dtype=bool)
    different[0, 1] = True
    assert tie_groups(np.array([2.0, 1.0, 1.0]), different) == [1, 2, 2]
    assert tie_groups(np.array([2.0, 2.0, 1.0]), different) == [1, 1, 1]
    different[1, 2] = True
    assert tie_groups(np.array([2.0, 2.0, 1.0]), different) == [1, 1, 2]


@given(st.data())
def test_any_groups_are_runs_of_ranks(data: st.DataObject):
    models = data.draw(st.integers(0, 6))
    values = data.draw(arrays(float, models, elements=VALUES))
    different = data.draw(arrays(bool, (models, models)))
    found = tie_groups(values, different)
    assert [group is None for group in found] == np.isnan(values).tolist()
    there = [(-value, group) for value, group in zip(values, found, strict=True) if group]
    in_order = [group for _, group in sorted(there)]
    assert in_order == sorted(in_order)
    assert set(in_order) == set(range(1, max(in_order, default=0) + 1))
    order = data.draw(st.permutations(range(models)))
    again = tie_groups(values[order], different[np.ix_(order, order)])
    assert again == [found[m] for m in order]
