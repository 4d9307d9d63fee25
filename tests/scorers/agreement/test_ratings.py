"""Agreement of answers, next to other packages and by hand."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from scorers.agreement.jackknife import jackknifed, jackknifed_coefficient
from scorers.agreement.ratings import crossed_agreement, paired_agreement
from scorers.intervals.estimate import Estimate


def made(seed: int, items: int = 60, noise: float = 0.8):
    """Two sets of ratings of the same items under six wordings, 15 queries."""
    rng = np.random.default_rng(seed)
    true = rng.normal(3.5, 1.2, items)[:, None]
    one, other = (np.clip(np.round(true + rng.normal(0, noise, (items, 6))), 1, 6) for _ in "ab")
    return one, other, [str(i % 15) for i in range(items)]


def test_kappa_is_that_of_scikit_learn_and_shares_are_counted():
    one, other, queries = made(0)
    found = paired_agreement(one, other, queries, 6)
    theirs = cohen_kappa_score(one.ravel(), other.ravel(), labels=range(1, 7), weights="quadratic")
    assert found.kappa.value == pytest.approx(theirs)
    assert found.exact.value == pytest.approx((one == other).mean())
    assert found.near.value == pytest.approx((abs(one - other) <= 1).mean())
    assert found.difference.value == pytest.approx((other - one).mean())
    assert found.pairs == one.size
    for each in (found.exact, found.near, found.kappa, found.icc, found.difference):
        assert each.low < each.value < each.high


def test_missing_answers_are_left_out_of_both():
    one, other, queries = made(1)
    one[0], other[:, 1] = np.nan, np.nan
    found = paired_agreement(one, other, queries, 6)
    kept = paired_agreement(one[1:, [0, 2, 3, 4, 5]], other[1:, [0, 2, 3, 4, 5]], queries[1:], 6)
    assert found.pairs == kept.pairs == 59 * 5
    assert found.exact == kept.exact
    assert found.kappa == kept.kappa


def test_the_same_answers_agree_wholly():
    one, _, queries = made(2)
    found = paired_agreement(one, one, queries, 6)
    for each in (found.exact, found.near, found.kappa, found.icc):
        assert (each.value, each.low, each.high) == pytest.approx((1, 1, 1))
    assert found.difference.value == 0


def test_answers_that_are_all_alike_have_no_kappa_and_say_so():
    same = np.full((10, 2), 3.0)
    found = paired_agreement(same, same, list("aabbccddee"), 6)
    assert np.isnan(found.kappa.value)
    assert found.kappa.reason
    assert found.exact.value == 1


def test_ratings_of_people_are_paired_each_with_each():
    rng = np.random.default_rng(3)
    people = rng.integers(1, 7, (20, 30)).astype(float)
    people[rng.random(people.shape) < 0.5] = np.nan
    model = rng.integers(1, 7, (20, 6)).astype(float)
    found = crossed_agreement(people, model, [str(i // 2) for i in range(20)], 6)
    by_item = [
        np.mean([a == b for a in row[~np.isnan(row)] for b in of])
        for row, of in zip(people, model, strict=True)
    ]
    assert found.exact.value == pytest.approx(np.mean(by_item))
    assert found.pairs == 20


@pytest.mark.parametrize("statistic", ["exact", "kappa", "icc", "difference"])
def test_intervals_cover_what_very_many_items_give(statistic: str):
    one, other, queries = made(99, items=60_000)
    many = paired_agreement(one[:30_000], other[:30_000], queries[:30_000], 6)
    truth = getattr(many, statistic).value
    hits = 0
    for seed in range(60):
        found = getattr(paired_agreement(*made(seed), 6), statistic)
        hits += found.low <= truth <= found.high
    assert hits >= 52, "95% of 60 is 57; fewer than 52 has a chance of 1%"


def test_one_cluster_has_no_interval():
    assert jackknifed(0.5, np.array([0.5])).reason == "no interval: it rests on one cluster"
    assert np.isnan(jackknifed(float("nan"), np.array([])).value)
    assert jackknifed_coefficient(1.0, np.ones(4)) == Estimate(1.0, 1.0, 1.0)
    assert jackknifed_coefficient(0.9, np.array([0.9, 1.0])).reason
