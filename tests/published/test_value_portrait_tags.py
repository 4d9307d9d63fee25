"""What Value Portrait's human ratings say of its tags: all of them, and what they are worth."""

from functools import cache

import numpy as np
import pytest

from ratings.instruments.dimensions import ALL_DIMENSIONS, FAMILIES, SCHWARTZ
from ratings.instruments.value_portrait import load_human_ratings, load_instrument
from ratings.instruments.value_portrait_studies import (
    PILOTS,
    WITHOUT_SCORES,
    complete_human_ratings,
    load_pilot,
)
from ratings.table import RatingTable
from scorers.tags.correlations import TagTable, adjusted, correlate, p_values
from scorers.tags.coverage import mean_distance, pair_distances, spread
from scorers.tags.false_tags import FalseTags, false_tags, permuted_correlations
from scorers.tags.power import detectable_correlation, power, raters_needed
from scorers.tags.stability import bootstrap_shares, half_check, true_correlations

pytestmark = pytest.mark.usefixtures("mirror")


@cache
def people() -> RatingTable:
    return complete_human_ratings()


@cache
def tags(family: str) -> TagTable:
    return correlate(people(), people().raters[list(FAMILIES[family])])


@cache
def chance(family: str, positive: bool = False) -> FalseTags:
    return false_tags(
        people(), people().raters[list(FAMILIES[family])], positive=positive, permutations=400
    )


def test_all_correlations_and_p_values_of_the_twelve_groups_are_the_published_ones():
    """With the inferred scores of one person; nobody else's are touched."""
    instrument, table = load_instrument(), people()
    found = correlate(table, table.raters[list(ALL_DIMENSIONS)])
    assert np.abs(found.r - instrument.correlations).max() < 1e-12
    assert np.abs(found.p - instrument.p_values).max() < 1e-12
    before = load_human_ratings().raters
    assert table.raters.drop(WITHOUT_SCORES).equals(before.drop(WITHOUT_SCORES))


@pytest.mark.parametrize(
    ("family", "either", "positive"),
    [("schwartz", 549, 284), ("big_five", 287, 227), ("higher_order", 244, 114)],
)
def test_the_tags_of_each_family(family: str, either: int, positive: int):
    assert tags(family).found().sum() == either
    assert tags(family).tagged().sum() == positive


def test_tables_2_and_3_and_appendix_d():
    found = tags("schwartz")
    even = spread(found.found())
    assert even.deviation == pytest.approx(0.042, abs=0.0005)
    assert even.imbalance == pytest.approx(3.65, abs=0.005)
    queries = list(people().instances["query"])
    for kind, pairs, distance in (("same", 152, 1.59), ("opposite", 287, 3.53)):
        by_item = pair_distances(found.r, found.found(), kind)
        assert by_item.sum() == pairs
        assert mean_distance(by_item, queries, 0).value == pytest.approx(distance, abs=0.005)
    items = related = aligned = 0
    for pilot in PILOTS:
        table = load_pilot(pilot)
        of = correlate(table, table.raters)
        own = table.instances["target"].to_numpy() == np.array(SCHWARTZ)[:, None]
        items += own.sum()
        related += (np.abs(of.r) > 0.3).any(axis=0).sum()
        aligned += (own & (of.r > 0.3)).sum()
    assert (items, related, aligned) == (80, 47, 9)


@pytest.mark.parametrize(
    ("family", "kept", "positive", "strict"),
    [("schwartz", 15, 8, 3), ("big_five", 4, 4, 0), ("higher_order", 15, 5, 2)],
)
def test_few_tags_survive_false_discovery_control_at_5_per_cent(
    family: str, kept: int, positive: int, strict: int
):
    assert tags(family).found(rule="fdr").sum() == kept
    assert tags(family).tagged(rule="fdr").sum() == positive
    assert tags(family).found(rule="fdr_any_dependence").sum() == strict


@pytest.mark.parametrize(("family", "kept"), [("schwartz", 10), ("big_five", 3)])
def test_fewer_survive_with_p_values_by_permutation(family: str, kept: int):
    """The t approximation is too small far out, where ratings have ties."""
    found, by_t = chance(family), tags(family)
    assert ((found.q < 0.05) & (np.abs(by_t.r) > 0.3)).sum() == pytest.approx(kept, abs=1)
    far_out = (by_t.p < 1e-3) & (by_t.p > 1e-5)  # further out a few permutations decide
    assert (found.p[far_out] > by_t.p[far_out]).all()
    assert (found.p[far_out] < 2 * by_t.p[far_out]).all()


@pytest.mark.parametrize(
    ("family", "expected", "most", "share"),
    [("schwartz", 214, 0.39, 0.32), ("big_five", 107, 0.37, 0.29)],
)
def test_the_expected_share_of_false_tags(family: str, expected: int, most: float, share: float):
    """By permutation, and by local rates: two methods that agree."""
    found = chance(family)
    assert found.expected().value == pytest.approx(expected, abs=4)
    assert found.most().value == pytest.approx(most, abs=0.015)
    assert found.share().value == pytest.approx(share, abs=0.015)
    local = found.local[tags(family).found()].mean()
    assert local == pytest.approx(found.share().value, abs=0.04)
    assert found.share().low < local < found.share().high


def test_values_with_no_more_items_than_permuted_scores_give():
    table = chance("schwartz", True).by_dimension().set_index("dimension")
    none = table.index[table["found"] <= table["expected high"]]
    assert set(none) >= {"Universalism", "Benevolence", "Tradition", "Security", "Self-Direction"}
    assert not {"Power", "Achievement", "Hedonism", "Stimulation"} & set(none)


def test_without_a_relation_false_discovery_control_finds_something_in_about_5_per_cent():
    """Of permutations of the real scores: p-values far out are a little too small with ties."""
    values = people().raters[list(SCHWARTZ)].to_numpy()
    n = tags("schwartz").n
    found = [
        (adjusted(p_values(one, n), "bh") < 0.05).any()
        for batch in permuted_correlations(people().matrix(), values, 500, 3)
        for one in batch
    ]
    print(f"found something in {np.mean(found):.3f} of {len(found)} permutations")
    assert np.mean(found) < 0.11


@pytest.mark.parametrize("family", ["schwartz", "big_five"])
def test_what_half_of_the_people_foretell_of_the_other_half(family: str):
    """Correlations of tags regress to a fifth; a tenth of the tags of one half are in the other."""
    scores = people().raters[list(FAMILIES[family])]
    found = half_check(people(), scores)
    print(found)
    assert found.r > 0.45
    assert found.r_other < 0.13
    assert found.held == pytest.approx(found.foretold, abs=0.035)
    assert found.r_other == pytest.approx(found.r_foretold, abs=0.035)
    resampled = bootstrap_shares(people(), scores, resamples=100)[tags(family).found()].mean()
    again = true_correlations(people(), scores).again[tags(family).found()].mean()
    assert 0.6 < resampled < 0.75
    assert 0.1 < again < 0.25


def test_the_papers_claim_of_power():
    """46 raters for r = .3 with power .8: it takes 87, or a true correlation of .41."""
    assert power(46, 0.3) == pytest.approx(0.53, abs=0.005)
    assert raters_needed(0.3) == 87
    assert detectable_correlation(46) == pytest.approx(0.41, abs=0.005)
    assert power(46, 0.3, alpha=0.24) == pytest.approx(0.8, abs=0.005)
