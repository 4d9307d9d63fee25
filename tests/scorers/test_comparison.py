import itertools
import math
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.multitest import multipletests

from scorers.comparison import changes, holm, prompt_noise, sign_flip_p_values
from scorers.estimate import Estimate


def test_p_values_are_those_of_all_flips():
    """With few clusters every pattern of signs can be tried."""
    contributions = np.random.default_rng(0).normal(0.4, 1, size=(3, 10))
    found = sign_flip_p_values(contributions)
    signs = np.array(list(itertools.product([-1, 1], repeat=10)))
    sums = np.abs(signs @ contributions.T)
    exact = (sums >= np.abs(contributions.sum(axis=1)) - 1e-9).mean(axis=0)
    np.testing.assert_allclose(found, exact, atol=0.015)


@pytest.mark.slow
def test_p_values_are_uniform_when_nothing_changed(in_full: bool):
    seeds = range(400 if in_full else 100)
    found = [
        sign_flip_p_values(np.random.default_rng(seed).normal(size=(1, 60)), seed)[0]
        for seed in seeds
    ]
    assert stats.kstest(found, "uniform").pvalue > 0.01


def test_nothing_and_equal_have_no_effect():
    found = sign_flip_p_values(np.array([[np.nan, np.nan], [0.0, 0.0]]))
    assert math.isnan(found[0])
    assert found[1] == 1


@settings(max_examples=50, deadline=None)
@given(arrays(float, st.integers(1, 12), elements=st.floats(0, 1)))
def test_holm_is_that_of_statsmodels_and_passes_over_nan(p_values: np.ndarray):
    holes = np.insert(p_values, 0, np.nan)
    found = holm(holes)
    assert math.isnan(found[0])
    with mock.patch("gc.collect"):  # which statsmodels calls each time, for a fifth of a second
        expected = multipletests(p_values, method="holm")[1]
    np.testing.assert_allclose(found[1:], expected)
    assert np.isnan(holm(np.array([np.nan]))).all()


def test_prompt_noise_is_the_half_width_of_a_t_interval():
    values = [0.2, 0.5, 0.1, 0.4]
    low, high = stats.t.interval(0.95, 3, loc=np.mean(values), scale=stats.sem(values))
    assert prompt_noise(values) == pytest.approx((high - low) / 2)
    assert math.isnan(prompt_noise([0.3]))
    assert math.isnan(prompt_noise([0.3, math.nan]))


def test_a_score_moves_when_it_is_significant_and_beyond_prompt_noise():
    estimates = [Estimate(value, value - 0.1, value + 0.1) for value in (0.5, 0.5, 0.5, 0.5)]
    found = changes(
        ["clear", "noisy", "chance", "no variants"],
        np.zeros(4),
        np.full(4, 0.5),
        estimates,
        np.array([0.001, 0.001, 0.2, 0.001]),
        {"clear": (0.5, 0.49, 0.51), "noisy": (2.0, -1.0, 0.5), "chance": (0.5, 0.5, 0.5)},
    )
    assert [change.moved for change in found] == [True, False, False, True]
    assert found[1].prompt_noise > 0.5
    assert math.isnan(found[3].prompt_noise)
    assert found[0].corrected == pytest.approx(0.004)
