import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scorers.psychometrics.circumplex import circle_order, cosine_fit

ANGLES = 2 * np.pi * np.arange(10) / 10
SCORES = st.sampled_from([0.0, 0.1, 0.5, 1.0, -2.0, math.nan])


def waves(models: int, rng: np.random.Generator, noise: float) -> np.ndarray:
    """Profiles whose peaks are anywhere on the circle, centred within a model."""
    strength = rng.normal(size=(models, 2))
    profiles = strength @ np.array([np.cos(ANGLES), np.sin(ANGLES)])
    profiles = profiles + noise * rng.normal(size=profiles.shape)
    return profiles - profiles.mean(axis=1, keepdims=True)


def noise(*shape: int) -> np.ndarray:
    """Profiles of values that share nothing, in no order."""
    return np.random.default_rng(8).normal(size=shape)


def test_a_wave_is_found_again():
    found = cosine_fit(3.0 + 0.7 * np.cos(ANGLES - ANGLES[1] * 2.5), noise(9_999, 10))
    assert found.fit == pytest.approx(1)
    assert found.amplitude == pytest.approx(0.7)
    assert found.peak == pytest.approx(2.5)
    assert found.p == 0.0001
    assert found.by_chance == pytest.approx(2 / 9, abs=0.01)
    assert found.reason is None


def test_a_fit_worked_by_hand():
    """Scores 4, 1, 0, 3 at 0, 90, 180, 270 degrees: level 2, cosine 2, sine -1.

    Both waves explain 2 * (4 + 1) = 10 of the squares 4 + 1 + 4 + 1 = 10; with 4, 1, 0, 1 they
    explain 2 * 4 = 8 of 6.25 + 0.25 + 2.25 + 0.25 = 9.
    """
    assert cosine_fit(np.array([4.0, 1.0, 0.0, 3.0]), noise(9, 4)).fit == pytest.approx(1)
    found = cosine_fit(np.array([4.0, 1.0, 0.0, 1.0]), noise(9, 4))
    assert found.fit == pytest.approx(8 / 9)
    assert found.amplitude == pytest.approx(2)
    assert found.peak == pytest.approx(0)


def test_the_fit_is_that_of_least_squares():
    profile = np.random.default_rng(4).normal(size=10)
    design = np.column_stack([np.ones(10), np.cos(ANGLES), np.sin(ANGLES)])
    (_, cosine, sine), residual, *_ = np.linalg.lstsq(design, profile, rcond=None)
    found = cosine_fit(profile, noise(9, 10))
    assert found.fit == pytest.approx(1 - residual[0] / (10 * profile.var()))
    assert found.amplitude == pytest.approx(math.hypot(cosine, sine))
    assert found.peak == pytest.approx(math.atan2(sine, cosine) % (2 * np.pi) / (2 * np.pi) * 10)


def test_the_p_value_is_the_share_of_chance_profiles_that_fit_as_well():
    profile = np.array([2.0, 1.2, -0.5, -1.0, -0.3, 0.9])
    chance = np.array(list(itertools.permutations(profile)))
    wave = np.exp(2j * np.pi * np.arange(6) / 6)
    powers = np.abs(chance @ wave)
    reached = (powers >= abs(profile @ wave) - 1e-9).sum()
    found = cosine_fit(profile, chance)
    assert found.p == pytest.approx((1 + reached) / 721)
    assert found.by_chance == pytest.approx(2 / 5)  # of all orders


def test_chance_profiles_without_a_fit_count_as_fitting_as_well():
    profile = np.array([2.0, 1.2, -0.5, -1.0, -0.3, 0.9])
    chance = np.vstack([noise(8, 6), np.full((1, 6), np.nan), np.ones((1, 6))])
    found, fewer = cosine_fit(profile, chance), cosine_fit(profile, chance[:8])
    assert found.p == pytest.approx((9 * fewer.p + 2) / 11)
    assert found.by_chance == fewer.by_chance
    nothing = cosine_fit(profile, chance[8:])
    assert nothing.p == 1
    assert math.isnan(nothing.by_chance)


def test_scores_without_a_circle_fit_by_chance():
    """R squared averages 2/9 and its p-values are uniform."""
    rng = np.random.default_rng(3)
    found = [cosine_fit(rng.normal(size=10), rng.normal(size=(499, 10))) for _ in range(300)]
    assert np.mean([one.fit for one in found]) == pytest.approx(2 / 9, abs=0.03)
    assert stats.kstest([one.p for one in found], "uniform").pvalue > 0.01


@settings(max_examples=60, deadline=None)
@given(arrays(float, st.integers(0, 8), elements=SCORES), st.integers(0, 7))
def test_any_profile_has_a_fit_or_a_reason(profile: np.ndarray, turn: int):
    chance = noise(49, len(profile))
    found = cosine_fit(profile, chance)
    numbers = (found.fit, found.p, found.by_chance, found.amplitude, found.peak)
    if found.reason is not None:
        assert np.isnan(numbers).all()
        return
    assert -1e-9 <= found.fit <= 1 + 1e-9
    assert 0 < found.p <= 1
    assert 0 <= found.peak < len(profile)
    turned = cosine_fit(2 * np.roll(profile, turn) + 5, chance)
    assert turned.fit == pytest.approx(found.fit)
    assert turned.amplitude == pytest.approx(2 * found.amplitude)
    if found.amplitude > 1e-6:
        apart = (turned.peak - found.peak - turn) % len(profile)
        assert min(apart, len(profile) - apart) == pytest.approx(0, abs=1e-6)


def test_models_on_the_circle_are_seen_to_be():
    profiles, chance = waves(200, np.random.default_rng(0), noise=0.2), noise(999, 200, 10)
    found = circle_order(profiles, chance)
    assert found.fit.value > 0.98
    assert found.fit.low < found.fit.value < found.fit.high <= 1
    assert found.p == 0.001
    assert found.by_chance == pytest.approx(0, abs=0.01)
    mixed = circle_order(profiles[:, [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]], chance)
    assert mixed.fit.value < 0.2
    assert mixed.p > 0.05


def test_the_correlation_is_that_of_numpy():
    profiles = waves(12, np.random.default_rng(1), noise=1.0)
    rows, columns = np.triu_indices(10, 1)
    cosines = np.cos(ANGLES[rows] - ANGLES[columns])
    chance = noise(20, 13, 10)

    def expected(of: np.ndarray) -> float:
        return np.corrcoef(np.corrcoef(of.T)[rows, columns], cosines)[0, 1]

    found = circle_order(np.insert(profiles, 3, np.nan, axis=0), chance)
    assert found.fit.value == pytest.approx(expected(profiles))
    assert found.models == 12
    without = np.delete(chance, 3, axis=1)
    fits = np.array([expected(draw) for draw in without])
    assert found.by_chance == pytest.approx(fits.mean())
    assert found.p == pytest.approx((1 + (fits >= found.fit.value).sum()) / 21)
    assert found == circle_order(profiles, without)


def test_centring_lowers_all_correlations_and_not_the_fit():
    rng = np.random.default_rng(6)
    raw = rng.normal(size=(300, 10))
    centred = raw - raw.mean(axis=1, keepdims=True)
    rows, columns = np.triu_indices(10, 1)
    assert np.corrcoef(centred.T)[rows, columns].mean() == pytest.approx(-1 / 9, abs=0.01)
    found = circle_order(centred, noise(199, 300, 10))
    assert found.fit.low < 0 < found.fit.high
    assert found.p > 0.05


@pytest.mark.parametrize(
    ("profiles", "reason"),
    [
        (np.ones((9, 3)), "needs 4 values or more, found 3"),
        (waves(3, np.random.default_rng(0), 1.0), "needs 4 complete profiles or more, found 3"),
        (np.full((5, 10), np.nan), "needs 4 complete profiles or more, found 0"),
        (np.ones((5, 10)), "a value does not differ between models"),
        (np.tile(np.arange(5.0)[:, None], (1, 10)), "all values correlate alike"),
    ],
)
def test_what_has_no_order_says_why(profiles: np.ndarray, reason: str):
    found = circle_order(profiles, noise(9, *profiles.shape))
    assert math.isnan(found.fit.value)
    assert found.fit.reason == reason
    assert math.isnan(found.p)
    assert math.isnan(found.by_chance)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_profiles_have_an_order_or_a_reason(data: st.DataObject):
    shape = data.draw(st.tuples(st.integers(0, 7), st.integers(1, 6)))
    profiles = data.draw(arrays(float, shape, elements=SCORES))
    chance = noise(9, *shape)
    found = circle_order(profiles, chance)
    assert math.isnan(found.fit.value) == (found.fit.reason is not None) == math.isnan(found.p)
    if found.fit.reason is None:
        assert -1 <= found.fit.low <= found.fit.value <= found.fit.high <= 1
        assert 0.1 <= found.p <= 1
    order = data.draw(st.permutations(range(shape[0])))
    again = circle_order(profiles[order], chance[:, order])
    assert again.fit.value == pytest.approx(found.fit.value, nan_ok=True)
    assert again.p == pytest.approx(found.p, nan_ok=True)
