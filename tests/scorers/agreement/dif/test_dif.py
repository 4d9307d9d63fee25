"""Differential item functioning: false alarms at their nominal rate, planted DIF found."""

import numpy as np
import pytest
import scipy

from scorers.agreement.dif.model import model_dif, turned
from scorers.agreement.dif.people import people_dif
from scorers.agreement.dif.wordings import wordings_dif

PLANTED = (0, 1, 2)


def at_most(rate: float, seeds: int) -> float:
    """The share that a true rate stays within in 99 of 100 cases."""
    return float(scipy.stats.binom.ppf(0.99, seeds, rate)) / seeds


def two_groups(seed: int, planted=(), shift: float = 0.8, impact: float = 0.0, missing=0.0):
    """150 people of each group rate 20 items of a value; `impact`: how far their values differ."""
    rng = np.random.default_rng(seed)
    base, loading = rng.normal(3.5, 0.5, 20), rng.uniform(0.5, 1, 20)
    added = shift * np.isin(np.arange(20), planted)
    out = []
    for group in (0, 1):
        values = rng.normal(group * impact, 1, (150, 1))
        latent = base + group * added + loading * values + rng.normal(0, 0.9, (150, 20))
        ratings = np.clip(np.round(latent), 1, 6)
        ratings[rng.random(ratings.shape) < missing] = np.nan
        out.append(ratings)
    return out[0], out[1], np.ones((1, 20), dtype=bool)


@pytest.mark.slow
@pytest.mark.parametrize(("impact", "missing"), [(0.0, 0.0), (0.5, 0.0), (0.5, 0.5)])
def test_groups_of_people_without_dif_have_few_false_alarms(in_full: bool, impact, missing):
    """At 5% an item; any of 20 after correction in 6 to 9 of 100 comparisons."""
    seeds = 200 if in_full else 20
    found = [people_dif(*two_groups(s, impact=impact, missing=missing)) for s in range(seeds)]
    items = [one for each in found for one in each.items]
    for name in ("p", "uniform", "nonuniform"):
        assert np.mean([getattr(one, name) < 0.05 for one in items]) < 0.075
    assert np.mean([any(one.found for one in each.items) for each in found]) <= at_most(0.08, seeds)
    assert np.mean([one.found for one in items]) < 0.02
    assert np.mean([each.values[0].p < 0.05 for each in found]) <= at_most(0.05, seeds)


@pytest.mark.slow
def test_planted_dif_of_people_is_found_in_the_right_items(in_full: bool):
    seeds = 200 if in_full else 20
    hits, wrong, moved, covered = [], [], [], []
    for seed in range(seeds):
        found = people_dif(*two_groups(seed, PLANTED, impact=0.5))
        hits += [one.found for one in found.items if one.item in PLANTED]
        wrong += [one.found for one in found.items if one.item not in PLANTED]
        value = found.values[0].difference
        moved.append(value.value)
        covered.append(value.low <= 0.8 * len(PLANTED) / 20 <= value.high)
    assert np.mean(hits) > 0.95
    assert np.mean(wrong) < 0.05
    assert np.mean(moved) == pytest.approx(0.8 * len(PLANTED) / 20, abs=0.03)
    assert np.mean(covered) > 0.8


def test_what_every_item_of_a_value_shares_is_no_dif():
    first, second, tagged = two_groups(1)
    found = people_dif(first, np.minimum(second + 1, 6), tagged)
    assert sum(one.found for one in found.items) <= 3


def test_dif_that_depends_on_the_score_is_called_non_uniform():
    rng = np.random.default_rng(5)
    first, second, tagged = two_groups(5)
    values = second.mean(axis=1, keepdims=True) - 3.5
    second[:, [0]] = np.clip(np.round(3.5 - values + rng.normal(0, 0.9, values.shape)), 1, 6)
    one = people_dif(first, second, tagged).items[0]
    assert one.found
    assert one.nonuniform < 1e-4
    assert one.size == "large"


def test_too_few_people_are_not_tested_and_say_so():
    first, second, tagged = two_groups(2)
    found = people_dif(first[:15], second, tagged)
    assert all(np.isnan(one.p) for one in found.items)
    assert found.items[0].reason == (
        "needs 20 people of each set who rated another item of the value, found 15"
    )
    assert np.isnan(found.values[0].difference.value)


def two_models(seed: int, noise: float, planted=(), shift: float = 1.0):
    """Two models rate 60 items of three values under six wordings; one rates all .3 higher."""
    rng = np.random.default_rng(seed)
    base, spread = rng.normal(3.5, 1, 60), rng.gamma(4, noise / 4, 60)
    wordings = rng.normal(0, 0.3, 6)
    tagged = np.repeat(np.eye(3, dtype=bool), 20, axis=1)
    out = []
    for which in (0, 1):
        means = base + which * (0.3 + shift * np.isin(np.arange(60), planted))
        latent = means[:, None] + wordings + rng.normal(size=(60, 6)) * spread[:, None]
        out.append(np.clip(np.round(latent), 1, 6))
    return out[0], out[1], tagged


@pytest.mark.slow
@pytest.mark.parametrize("noise", [0.2, 0.5, 0.9])
def test_models_without_dif_have_few_false_alarms(in_full: bool, noise: float):
    seeds = 200 if in_full else 60
    found = [wordings_dif(*two_models(seed, noise)) for seed in range(seeds)]
    assert np.mean([one.p < 0.05 for each in found for one in each.items]) < 0.05
    assert np.mean([any(one.found for one in each.items) for each in found]) <= at_most(
        0.065, seeds
    )


def test_planted_dif_of_models_is_found():
    hits = [
        one.found
        for seed in range(60)
        for one in wordings_dif(*two_models(seed, 0.2, (0, 1), 2.0)).items[:2]
    ]
    assert np.mean(hits) > 0.8
    none = wordings_dif(*two_models(0, 0.9))
    assert none.values[0].difference.value == 0
    assert none.values[0].difference.reason == "0 by construction: no item differs"


def model_among_people(seed: int, planted=(), shift: float = 4.0):
    """Four groups of 45 people rate 40 items each; the model is one more person who rated all."""
    rng = np.random.default_rng(seed)
    base = rng.normal(3.5, 0.6, 160)
    tagged = np.zeros((5, 160), dtype=bool)
    tagged[np.arange(160) % 5, np.arange(160)] = True

    def answers(values: np.ndarray, part: slice) -> np.ndarray:
        latent = base[part] + 0.6 * values[:, np.arange(40) % 5]
        return np.clip(np.round(latent + rng.normal(0, 1, latent.shape)), 1, 6)

    people, parts = np.full((180, 160), np.nan), [slice(40 * g, 40 * g + 40) for g in range(4)]
    for g, part in enumerate(parts):
        people[45 * g : 45 * g + 45, part] = answers(rng.normal(size=(45, 5)), part)
    own = rng.normal(size=(1, 5))
    model = np.concatenate([answers(own, part)[0] for part in parts])
    model[list(planted)] += shift
    return model, people, tagged


@pytest.mark.slow
def test_a_model_that_answers_as_a_person_has_no_dif(in_full: bool):
    seeds = 200 if in_full else 40
    found = [model_dif(*model_among_people(seed)) for seed in range(seeds)]
    assert np.mean([one.p < 0.05 for each in found for one in each.items]) < 0.06
    assert np.mean([any(one.found for one in each.items) for each in found]) <= at_most(
        0.065, seeds
    )
    assert np.mean([one.p < 0.05 for each in found for one in each.values]) < 0.06


def test_answers_that_no_person_would_give_are_found():
    hits = wrong = 0
    for seed in range(30):
        found = model_dif(*model_among_people(seed, range(4)))
        items = {one.item for one in found.items if one.found}
        hits, wrong = hits + len(items & set(range(4))), wrong + len(items - set(range(4)))
    assert hits > 0.4 * 4 * 30
    assert wrong < 0.005 * 156 * 30


def test_the_other_order_has_the_other_sign():
    found = model_dif(*model_among_people(0))
    other = turned(found)
    assert other.items[0].difference.value == -found.items[0].difference.value
    assert other.items[0].difference.low == -found.items[0].difference.high
    assert other.values[0].p == found.values[0].p


def test_an_item_whose_raters_rated_no_other_of_the_value_is_not_tested():
    model, people, tagged = model_among_people(0)
    tagged[0] = False
    tagged[0, [0, 40]] = True
    found = [one for one in model_dif(model, people, tagged).items if one.dimension == 0]
    assert {one.reason for one in found} == {"its raters rated no other item of the value"}
