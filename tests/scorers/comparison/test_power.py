import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import NormalIndPower

from scorers.comparison.power import detectable_difference

SIZES = st.floats(1e-3, 10)


def test_the_multiplier_of_bloom():
    """2.80 standard errors for 5% two-sided and 80% power (Bloom 1995)."""
    assert detectable_difference(1.0) == pytest.approx(1.96 + 0.84, abs=0.005)


def test_the_power_is_that_of_statsmodels():
    """With standard error sqrt(2 / n) of a difference of two means with unit variance."""
    found = detectable_difference(math.sqrt(2 / 64), comparisons=4, power=0.9)
    expected = NormalIndPower().solve_power(nobs1=64, alpha=0.05 / 4, power=0.9)
    assert found == pytest.approx(expected, abs=1e-4)


def test_a_true_difference_of_that_size_is_found_in_80_of_100():
    rng = np.random.default_rng(1)
    size = detectable_difference(0.3, comparisons=10)
    found = np.abs(rng.normal(size, 0.3, size=20_000)) / 0.3
    assert (found > 2.807).mean() == pytest.approx(0.8, abs=0.01)  # z of 0.05 / 20


# Queries behind a score, and pairs of a table: Neuroticism, Self-Direction and Power.
@pytest.mark.parametrize("units", [5, 9, 45])
@pytest.mark.parametrize("comparisons", [1, 45, 528])
def test_the_t_test_finds_it_in_80_of_100(units: int, comparisons: int):
    rng = np.random.default_rng([units, comparisons])
    freedom = units - 1
    size = detectable_difference(1.0, comparisons, freedom=freedom)
    errors = np.sqrt(rng.chisquare(freedom, 20_000) / freedom)
    found = 2 * stats.t.sf(np.abs(rng.normal(size, 1.0, 20_000)) / errors, freedom)
    assert (found * comparisons < 0.05).mean() == pytest.approx(0.8, abs=0.012)


@given(st.floats(1, 60), st.integers(1, 30), st.floats(0.5, 0.95))
def test_it_is_the_noncentral_t(freedom: float, comparisons: int, power: float):
    size = detectable_difference(1.0, comparisons, power, freedom=freedom)
    critical = stats.t.isf(0.05 / (2 * comparisons), freedom)
    if critical < 30:  # SciPy's own is inexact far out
        assert stats.nct.sf(critical, freedom, size) == pytest.approx(power, abs=0.003)


def test_many_degrees_of_freedom_are_a_normal_test():
    assert detectable_difference(1.0, 45, freedom=1e6) == pytest.approx(
        detectable_difference(1.0, 45), rel=1e-3
    )


@given(SIZES, st.integers(1, 30))
def test_more_comparisons_need_larger_differences(error: float, comparisons: int):
    one = detectable_difference(error, comparisons)
    assert detectable_difference(error, comparisons + 1) > one
    assert detectable_difference(2 * error, comparisons) == pytest.approx(2 * one)
