"""The slope of a profile's variance on size: its intervals cover, its counts are right."""

import numpy as np
import pytest

from scorers.intervals.observations import Observations
from scorers.profiles.variances import ModelVariance, size_slope, variance_difference
from scorers.scores.ratio_scores import RatioScores

VALUES, QUERIES, EACH = 10, 100, 5
QUERY = [f"q{q:03}" for q in np.repeat(np.arange(QUERIES), EACH)]
TAGGED = np.arange(QUERIES * EACH) % VALUES == np.arange(VALUES)[:, None]
NAMES = tuple(f"value {d}" for d in range(VALUES))
SIZES = np.array([1.0, 4.0, 16.0, 64.0])


def of_ratings(ratings: np.ndarray) -> ModelVariance:
    observed = Observations.asked_once(ratings[None], TAGGED, QUERY, centred=True)
    return ModelVariance.of(RatioScores.of([(NAMES, observed)], sorted(set(QUERY))))


def family(seed: int, spreads: np.ndarray) -> list[ModelVariance]:
    """Models of one profile stretched so that its true variances are the squares of `spreads`."""
    rng = np.random.default_rng(seed)
    profile = np.linspace(-1, 1, VALUES)
    profile /= profile.std(ddof=1)
    shared = rng.normal(0, 0.5, QUERIES * EACH)  # what the items have in common for all models
    return [
        of_ratings(
            3.5 + s * profile[np.arange(QUERIES * EACH) % VALUES] + shared
            + rng.normal(0, 0.5, QUERIES * EACH)
        )
        for s in spreads
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("spreads", [[0.3, 0.3, 0.3, 0.3], [0.1, 0.2, 0.3, 0.4]])
def test_the_interval_of_a_slope_covers_the_true_one(in_full: bool, spreads: list[float]):
    seeds = 200 if in_full else 25
    logs = np.log10(SIZES)
    apart = logs - logs.mean()
    truth = apart @ np.square(spreads) / (apart @ apart)
    hits = wide = 0
    for seed in range(seeds):
        found = size_slope(SIZES, ["f"] * 4, family(seed, np.array(spreads)))
        hits += found.items.low <= truth <= found.items.high
        wide += found.items.high - found.items.low
    assert hits >= 0.88 * seeds
    assert wide / seeds < 0.3


def test_families_have_levels_of_their_own():
    rising = [ModelVariance.printed(np.array([-v, v])) for v in (0.1, 0.2, 0.4, 0.5)]
    found = size_slope(np.array([1.0, 10, 1, 10]), list("aabb"), rising)
    expected = np.mean([2 * (0.2**2 - 0.1**2), 2 * (0.5**2 - 0.4**2)])
    assert found.models_too.value == pytest.approx(expected)
    assert (found.rises, found.steps) == (2, 2)
    assert found.items.reason == "no interval: only the scores are printed"
    assert np.isfinite(found.p)


def test_one_size_has_no_slope():
    one = ModelVariance.printed(np.array([-0.1, 0.1]))
    found = size_slope(np.array([7.0, 7.0]), ["a", "a"], [one, one])
    assert np.isnan(found.items.value)
    assert found.items.reason == "needs two sizes of a family"
    assert found.steps == 0


@pytest.mark.slow
def test_the_interval_of_a_difference_covers_the_true_one(in_full: bool):
    seeds = 200 if in_full else 25
    hits = 0
    for seed in range(seeds):
        one, other = family(seed, np.array([0.4, 0.3]))
        found = variance_difference(one, [other])
        hits += found.low <= 0.4**2 - 0.3**2 <= found.high
    assert hits >= 0.88 * seeds


def test_a_base_of_several_is_their_mean():
    models = family(0, np.array([0.4, 0.3, 0.2]))
    found = variance_difference(models[0], models[1:])
    assert found.value == pytest.approx(models[0].best - (models[1].best + models[2].best) / 2)
    printed = ModelVariance.printed(np.array([-0.1, 0.1]))
    assert variance_difference(printed, [printed]).reason
