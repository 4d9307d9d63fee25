import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scorers.circumplex import circle_order, cosine_fit

ANGLES = 2 * np.pi * np.arange(10) / 10
SCORES = st.sampled_from([0.0, 0.1, 0.5, 1.0, -2.0, math.nan])


def waves(models: int, rng: np.random.Generator, noise: float) -> np.ndarray:
    """Profiles whose peaks are anywhere on the circle, centred within a model."""
    strength = rng.normal(size=(models, 2))
    profiles = strength @ np.array([np.cos(ANGLES), np.sin(ANGLES)])
    profiles = profiles + noise * rng.normal(size=profiles.shape)
    return profiles - profiles.mean(axis=1, keepdims=True)


def test_a_wave_is_found_again():
    found = cosine_fit(3.0 + 0.7 * np.cos(ANGLES - ANGLES[1] * 2.5))
    assert found.fit == pytest.approx(1)
    assert found.amplitude == pytest.approx(0.7)
    assert found.peak == pytest.approx(2.5)
    assert found.p == 0.0001
    assert found.reason is None


def test_a_fit_worked_by_hand():
    """Scores 4, 1, 0, 3 at 0, 90, 180, 270 degrees: level 2, cosine 2, sine -1.

    Both waves explain 2 * (4 + 1) = 10 of the squares 4 + 1 + 4 + 1 = 10; with 4, 1, 0, 1 they
    explain 2 * 4 = 8 of 6.25 + 0.25 + 2.25 + 0.25 = 9.
    """
    assert cosine_fit(np.array([4.0, 1.0, 0.0, 3.0])).fit == pytest.approx(1)
    found = cosine_fit(np.array([4.0, 1.0, 0.0, 1.0]))
    assert found.fit == pytest.approx(8 / 9)
    assert found.amplitude == pytest.approx(2)
    assert found.peak == pytest.approx(0)


def test_the_fit_is_that_of_least_squares():
    profile = np.random.default_rng(4).normal(size=10)
    design = np.column_stack([np.ones(10), np.cos(ANGLES), np.sin(ANGLES)])
    (_, cosine, sine), residual, *_ = np.linalg.lstsq(design, profile, rcond=None)
    found = cosine_fit(profile)
    assert found.fit == pytest.approx(1 - residual[0] / (10 * profile.var()))
    assert found.amplitude == pytest.approx(math.hypot(cosine, sine))
    assert found.peak == pytest.approx(math.atan2(sine, cosine) % (2 * np.pi) / (2 * np.pi) * 10)


def test_the_p_value_is_that_of_all_permutations():
    profile = np.array([2.0, 1.2, -0.5, -1.0, -0.3, 0.9])
    wave = np.exp(2j * np.pi * np.arange(6) / 6)
    powers = [abs(np.array(order) @ wave) for order in itertools.permutations(profile)]
    exact = np.mean(np.array(powers) >= abs(profile @ wave) - 1e-9)
    assert cosine_fit(profile).p == pytest.approx(exact, abs=0.004)


def test_scores_without_a_circle_fit_by_chance():
    """R squared averages 2/9 and its p-values are uniform."""
    rng = np.random.default_rng(3)
    found = [cosine_fit(rng.normal(size=10), seed) for seed in range(300)]
    assert np.mean([one.fit for one in found]) == pytest.approx(2 / 9, abs=0.03)
    assert stats.kstest([one.p for one in found], "uniform").pvalue > 0.01


@settings(max_examples=60, deadline=None)
@given(arrays(float, st.integers(0, 8), elements=SCORES), st.integers(0, 7))
def test_any_profile_has_a_fit_or_a_reason(profile: np.ndarray, turn: int):
    found = cosine_fit(profile)
    numbers = (found.fit, found.p, found.amplitude, found.peak)
    if found.reason is not None:
        assert np.isnan(numbers).all()
        return
    assert -1e-9 <= found.fit <= 1 + 1e-9
    assert 0 < found.p <= 1
    assert 0 <= found.peak < len(profile)
    turned = cosine_fit(2 * np.roll(profile, turn) + 5)
    assert turned.fit == pytest.approx(found.fit)
    assert turned.amplitude == pytest.approx(2 * found.amplitude)
    if found.amplitude > 1e-6:
        apart = (turned.peak - found.peak - turn) % len(profile)
        assert min(apart, len(profile) - apart) == pytest.approx(0, abs=1e-6)


def test_models_on_the_circle_are_seen_to_be():
    found, p_value = circle_order(waves(200, np.random.default_rng(0), noise=0.2))
    assert found.value > 0.98
    assert found.low < found.value < found.high <= 1
    assert p_value == 0.0001
    mixed = waves(200, np.random.default_rng(0), noise=0.2)[:, [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]]
    assert circle_order(mixed)[0].value < 0.2
    assert circle_order(mixed)[1] > 0.05


def test_the_correlation_is_that_of_numpy():
    profiles = waves(12, np.random.default_rng(1), noise=1.0)
    rows, columns = np.triu_indices(10, 1)
    observed = np.corrcoef(profiles.T)[rows, columns]
    expected = np.corrcoef(observed, np.cos(ANGLES[rows] - ANGLES[columns]))[0, 1]
    holes = np.insert(profiles, 3, np.nan, axis=0)
    assert circle_order(profiles)[0].value == pytest.approx(expected)
    assert circle_order(holes) == circle_order(profiles)


def test_centring_lowers_all_correlations_and_not_the_fit():
    rng = np.random.default_rng(6)
    raw = rng.normal(size=(300, 10))
    centred = raw - raw.mean(axis=1, keepdims=True)
    rows, columns = np.triu_indices(10, 1)
    assert np.corrcoef(centred.T)[rows, columns].mean() == pytest.approx(-1 / 9, abs=0.01)
    found, p_value = circle_order(centred)
    assert found.low < 0 < found.high
    assert p_value > 0.05


@pytest.mark.slow
def test_profiles_without_a_circle_have_uniform_p_values(in_full: bool):
    rng = np.random.default_rng(7)
    found = []
    for seed in range(400 if in_full else 80):
        raw = rng.normal(size=(9, 10))
        found.append(circle_order(raw - raw.mean(axis=1, keepdims=True), seed)[1])
    assert stats.kstest(found, "uniform").pvalue > 0.01


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
    found, p_value = circle_order(profiles)
    assert math.isnan(found.value)
    assert found.reason == reason
    assert math.isnan(p_value)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_profiles_have_an_order_or_a_reason(data: st.DataObject):
    shape = data.draw(st.tuples(st.integers(0, 7), st.integers(1, 6)))
    profiles = data.draw(arrays(float, shape, elements=SCORES))
    found, p_value = circle_order(profiles)
    assert math.isnan(found.value) == (found.reason is not None) == math.isnan(p_value)
    if found.reason is None:
        assert -1 <= found.low <= found.value <= found.high <= 1
    order = data.draw(st.permutations(range(shape[0])))
    again = circle_order(profiles[order])[0]
    assert again.value == pytest.approx(found.value, nan_ok=True)
