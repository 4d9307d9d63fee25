import numpy as np
import pandas as pd
import pytest

from ratings.table import RatingTable
from scorers.tags.correlations import correlate, spearman
from scorers.tags.false_tags import false_tags, permuted_correlations
from tests.scorers.tags.planted import Planted, sparse

SEEDS = 120


def discoveries(planted: Planted, rule: str, threshold: float) -> tuple[float, float]:
    """Mean share of false discoveries over seeds, and mean number of discoveries."""
    shares, counts = [], []
    for seed in range(SEEDS):
        found = correlate(*planted.draw(seed)).found(threshold, rule=rule)  # type: ignore[arg-type]
        false = found & (planted.covariances == 0)
        shares.append(false.sum() / max(found.sum(), 1))
        counts.append(found.sum())
    return float(np.mean(shares)), float(np.mean(counts))


@pytest.mark.parametrize(("related", "most"), [(0.0, 0.09), (0.4, 0.07), (1.0, 0.06)])
def test_the_false_discovery_rate_when_values_and_items_are_dependent(related: float, most: float):
    """Of the t approximation: a little above 5 per cent where nearly all pairs are unrelated."""
    planted = Planted(sparse(120, related, 0.5), groups=3, raters=46)
    share, count = discoveries(planted, "fdr", 0.0)
    print(f"related {related}: false {share:.3f} of {count:.1f}")
    assert share < most
    assert count > 40 * related
    strict, fewer = discoveries(planted, "fdr_any_dependence", 0.0)
    assert strict < 0.03
    assert fewer <= count


@pytest.mark.parametrize("related", [0.0, 0.4, 1.0])
def test_with_p_by_permutation_the_false_discovery_rate_is_5_per_cent_at_most(related: float):
    planted = Planted(sparse(60, related, 0.5), groups=2, raters=46)
    shares = []
    for seed in range(SEEDS):
        found = false_tags(*planted.draw(seed), permutations=60, seed=seed).q < 0.05
        shares.append((found & (planted.covariances == 0)).sum() / max(found.sum(), 1))
    print(f"related {related}: false {np.mean(shares):.3f}")
    assert np.mean(shares) < 0.05 + 2 * np.std(shares) / np.sqrt(SEEDS)


@pytest.mark.parametrize(("related", "strength"), [(1.0, 0.5), (1.0, 0.35), (0.4, 0.5)])
def test_the_expected_share_of_false_tags_is_the_planted_one(related: float, strength: float):
    planted = Planted(sparse(60, related, strength), groups=2, raters=46)
    true, most, share, local, inside, covered = [], [], [], [], [], []
    for seed in range(100):
        table, scores = planted.draw(seed)
        found = correlate(table, scores).found()
        true.append((found & (planted.covariances == 0)).sum() / found.sum())
        chance = false_tags(table, scores, permutations=80, seed=seed)
        assert chance.found.sum() == found.sum()
        most.append(chance.most().value)
        share.append(chance.share().value)
        local.append(chance.local[found].mean())
        covered.append(chance.share().low <= true[-1] <= chance.share().high)
        inside.append(true[-1] <= chance.most().high)
    print(*(f"{np.mean(part):.3f}" for part in (true, share, local, most, covered, inside)))
    assert np.mean(share) == pytest.approx(np.mean(true), abs=0.03)
    assert np.mean(most) > np.mean(share) - 1e-9
    assert np.mean(local) == pytest.approx(np.mean(share), abs=0.06)
    assert np.mean(covered) >= 0.9
    assert np.mean(inside) >= 0.95


def test_without_any_relation_all_tags_are_expected_to_be_false():
    planted = Planted(sparse(120, 0.0, 0.0), groups=3, raters=46)
    ratios = []
    for seed in range(30):
        chance = false_tags(*planted.draw(seed), permutations=50, seed=seed)
        ratios.append(chance.expected().value / chance.found.sum())
        assert chance.most().high > 0.9
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.08)


def test_permutation_keeps_the_correlations_of_values_and_of_items():
    """Over permutations the correlations of a pair of items, or values, stay together."""
    table, scores = Planted(sparse(24, 1.0, 0.5), groups=2, raters=40).draw(0)
    matrix, values = table.matrix(), scores.to_numpy()
    r = np.concatenate(list(permuted_correlations(matrix, values, 2000, 0)))
    assert r.shape == (2000, 10, 24)
    first = ~np.isnan(matrix[:, 0])
    among = spearman(matrix[first][:, ::2], matrix[first][:, ::2])[0]
    over = np.corrcoef(r[:, 0, ::2].T)
    assert np.abs(among - over)[np.triu_indices(12, 1)].max() < 0.1
    of_values = spearman(values[first], values[first])[0]
    assert np.abs(of_values - np.corrcoef(r[:, :, 0].T))[np.triu_indices(10, 1)].max() < 0.1
    # items of another group have other people
    assert abs(np.corrcoef(r[:, 0, 0], r[:, 0, 1])[0, 1]) < 0.1
    assert np.abs(r.mean(axis=0)).max() < 0.02
    assert r.var(axis=0) == pytest.approx(1 / 39, rel=0.15)


def test_gaps_take_the_same_course_as_whole_tables():
    """The three ways to permute agree in distribution, and each item keeps its raters."""
    rng = np.random.default_rng(0)
    matrix = rng.integers(1, 7, (60, 6)).astype(float)
    values = np.round(rng.normal(size=(60, 3)), 1)
    matrix[:3, 0] = np.nan
    with_gaps = values.copy()
    with_gaps[5, 1] = np.nan
    nobody = values.copy()
    nobody[5] = np.nan
    for scores in (values, with_gaps, nobody):
        r = np.concatenate(list(permuted_correlations(matrix, scores, 300, 1)))
        assert r.shape == (300, 3, 6)
        assert not np.isnan(r).any()
        assert r.var(axis=0).mean() == pytest.approx(1 / 58, rel=0.1)


def test_few_pairs_have_no_local_rates_and_no_tags_no_share():
    rng = np.random.default_rng(0)
    table = RatingTable.from_matrix(
        rng.integers(1, 7, (30, 3)),
        raters=pd.DataFrame(index=range(30)),
        instances=pd.DataFrame(index=list("abc")),
        choices=tuple("123456"),
    )
    found = false_tags(table, pd.DataFrame({"Power": rng.normal(size=30)}), 0.9, permutations=20)
    assert np.isnan(found.local).all()
    assert np.isnan(found.share().value)
    assert found.share().reason == found.most().reason == "no tag was found"


def test_p_by_permutation_are_near_the_t_approximation_and_have_their_seed():
    table, scores = Planted(sparse(60, 0.5, 0.5), groups=2, raters=46).draw(0)
    tags = correlate(table, scores)
    one, same, other = (
        false_tags(table, scores, permutations=100, seed=seed) for seed in (1, 1, 2)
    )
    assert np.abs(one.p - tags.p).max() < 0.02
    assert (one.permuted == same.permuted).all()
    assert (one.permuted != other.permuted).any()
