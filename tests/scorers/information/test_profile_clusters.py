import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import association
from statsmodels.stats.proportion import proportion_confint

from ratings.errors import DataError
from scorers.information.profile_clusters import (
    assign,
    cluster_profiles,
    cramers_v,
    group_makeup,
    loss_table,
)


def brute_force(losses: np.ndarray, clusters: int) -> float:
    """The least total loss over all choices of candidates."""
    choices = itertools.combinations(range(losses.shape[1]), clusters)
    return min(losses[:, list(choice)].min(axis=1).sum() for choice in choices)


@given(st.integers(0, 1_000_000), st.integers(2, 11))
def test_ten_starts_find_the_best_of_all_pairs(seed, candidates):
    losses = np.random.default_rng(seed).gamma(2, size=(25, candidates))
    found = cluster_profiles(losses, 2, starts=10, seed=seed)
    assert found.loss == pytest.approx(brute_force(losses, 2), rel=1e-12)
    assert found.converged


def test_ten_starts_mostly_find_the_best_of_more():
    """Of 30 candidates two or three, where nothing is certain."""
    best = []
    for seed in range(12):
        losses = np.random.default_rng(seed).gamma(2, size=(25, 30))
        for clusters in (2, 3):
            least = brute_force(losses, clusters)
            found = cluster_profiles(losses, clusters, seed=seed).loss
            assert least - 1e-9 <= found < 1.05 * least
            best.append(found <= least + 1e-9)
    assert np.mean(best) > 0.5


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_no_single_exchange_lowers_the_loss(seed, clusters):
    losses = np.random.default_rng(seed).gamma(1, size=(15, 8))
    found = cluster_profiles(losses, clusters, starts=2, seed=seed)
    assert found.loss >= brute_force(losses, clusters) - 1e-9
    for position, candidate in itertools.product(range(clusters), range(8)):
        other = [*found.chosen[:position], candidate, *found.chosen[position + 1 :]]
        assert losses[:, other].min(axis=1).sum() >= found.loss - 1e-9
    assert losses[np.arange(15), np.array(found.chosen)[found.assignment]].sum() == pytest.approx(
        found.loss
    )


def test_more_clusters_never_lose_more_and_all_candidates_lose_least():
    losses = np.random.default_rng(0).gamma(1, size=(40, 6))
    totals = [cluster_profiles(losses, clusters).loss for clusters in range(1, 7)]
    assert totals == sorted(totals, reverse=True)
    assert totals[0] == pytest.approx(losses.sum(axis=0).min())
    assert totals[-1] == pytest.approx(losses.min(axis=1).sum())


def test_planted_clusters_are_found_from_ratings():
    """Raters of three kinds; candidates 4, 11 and 17 of 20 are how those kinds choose."""
    rng = np.random.default_rng(0)
    candidates = rng.dirichlet(np.full(3, 0.3), size=(50, 20))  # I x V x K
    kind = rng.integers(3, size=90)
    rater = np.repeat(np.arange(90), 12)
    instance = rng.integers(50, size=len(rater))
    planted = np.array([4, 11, 17])
    own = candidates[instance, planted[kind[rater]]]
    label = (rng.random((len(rater), 1)) > own.cumsum(axis=1)[:, :-1]).sum(axis=1)
    table = np.log(np.clip(candidates[instance, :, label], 1e-6, None)).astype(np.float32)
    found = cluster_profiles(loss_table(table, rater, 90), 3)
    assert set(found.chosen) == set(planted.tolist())
    assert (np.array(found.chosen)[found.assignment] == planted[kind]).mean() > 0.95
    sizes = np.bincount(found.assignment)
    assert sizes.tolist() == sorted(sizes, reverse=True)


def test_the_same_seed_finds_the_same():
    losses = np.random.default_rng(0).gamma(1, size=(30, 9))
    one, other = (cluster_profiles(losses, 3, seed=5) for _ in range(2))
    assert one.chosen == other.chosen
    assert not cluster_profiles(losses, 3, starts=1, max_iterations=0).converged


def test_sums_of_losses_agree_with_a_loop():
    rng = np.random.default_rng(0)
    table = np.log(rng.random((40, 5))).astype(np.float32)
    raters = rng.integers(6, size=40)
    expected = np.zeros((7, 5))
    for row, rater in zip(table, raters, strict=True):
        expected[rater] -= row
    np.testing.assert_allclose(loss_table(table, raters, 7), expected, rtol=1e-6)


def test_new_raters_go_where_they_lose_least():
    losses = np.array([[3.0, 1.0, 2.0], [1.0, 1.0, 0.5], [1.0, 1.0, 1.0]])
    assert assign(losses, (2, 1)).tolist() == [1, 0, 0]


def test_what_cannot_be_clustered_is_refused():
    losses = np.ones((3, 2))
    with pytest.raises(DataError, match="ask for 1 to 2"):
        cluster_profiles(losses, 3)
    with pytest.raises(DataError, match="missing or infinite"):
        cluster_profiles(np.array([[1.0, np.inf]]), 1)
    with pytest.raises(DataError, match="no raters"):
        cluster_profiles(np.ones((0, 2)), 1)
    with pytest.raises(DataError, match="from 0 to 1"):
        loss_table(np.zeros((1, 2)), np.array([2]), 2)
    with pytest.raises(DataError, match="give one each"):
        loss_table(np.zeros((1, 2)), np.array([0, 1]), 2)


def test_the_makeup_by_hand():
    found = group_makeup(np.array([0, 0, 0, 1, 1, 1]), ["l", "l", "c", "c", "c", None], 3)
    table = found.table.set_index(["cluster", "group"])
    assert found.raters == 5
    assert table.loc[(0, "l"), "raters"] == 2
    assert table.loc[(0, "l"), "share"] == pytest.approx(2 / 3)
    low, high = proportion_confint(2, 3, method="wilson")
    assert table.loc[(0, "l"), "low"] == pytest.approx(low)
    assert table.loc[(0, "l"), "high"] == pytest.approx(high)
    assert table.loc[(2, "l"), "raters"] == 0
    assert math.isnan(table.loc[(2, "l"), "share"])


def test_the_p_value_agrees_with_fishers():
    assignment = np.repeat([0, 1], 10)
    groups = ["a"] * 7 + ["b"] * 3 + ["a"] * 3 + ["b"] * 7
    found = group_makeup(assignment, groups, 2)
    fisher = stats.fisher_exact([[7, 3], [3, 7]]).pvalue
    assert found.p_value == pytest.approx(fisher, abs=0.015)


def test_association_by_hand_and_near_scipys_for_many_raters():
    """Chi-squared 20 of 80 raters: (.25 - 1/79) / (1 - 1/79) = .2404, its root .4903."""
    assert cramers_v(np.array([[30, 10], [10, 30]])).value == pytest.approx(0.4903, abs=1e-4)
    table = np.array([[300, 100, 50], [100, 300, 50]]) * 100
    assert cramers_v(table).value == pytest.approx(association(table), abs=1e-3)


def test_groups_that_do_not_matter_have_no_association_on_average():
    rng = np.random.default_rng(0)
    found = [
        group_makeup(rng.integers(4, size=60), rng.integers(5, size=60).astype(str), 4, seed)
        for seed in range(40)
    ]
    assert np.mean([one.cramers_v.value for one in found]) < 0.1
    assert np.mean([one.cramers_v.low == 0 for one in found]) > 0.85
    most = stats.binom.ppf(0.995, 40, 0.05)
    assert sum(one.p_value <= 0.05 for one in found) <= most


def test_the_interval_covers_a_known_association():
    """Cells .35, .15, .15, .35: V is .4."""
    rng = np.random.default_rng(0)
    tables = rng.multinomial(600, [0.35, 0.15, 0.15, 0.35], size=120).reshape(-1, 2, 2)
    found = [cramers_v(table) for table in tables]
    assert np.mean([one.low <= 0.4 <= one.high for one in found]) >= 0.9
    assert np.mean([one.value for one in found]) == pytest.approx(0.4, abs=0.015)  # 4 errors


def test_one_group_or_one_cluster_has_no_association():
    for assignment, groups in (([0, 0, 0], ["a", "b", "b"]), ([0, 1, 1], ["a", "a", "a"])):
        found = group_makeup(np.array(assignment), groups, 2)
        assert math.isnan(found.cramers_v.value)
        assert math.isnan(found.p_value)
        assert "two groups" in str(found.cramers_v.reason)
    assert "more clusters" in str(cramers_v(np.eye(3, dtype=int)).reason)
