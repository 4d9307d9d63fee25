import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scorers.psychometrics.convergent_validity import convergence, reliability_from_errors

NAN = math.nan
SCORES = arrays(float, 7, elements=st.sampled_from([NAN, 0.0, 0.1, 0.5, 1.0, -2.0]))


def test_spearmans_correction_worked_by_hand():
    """r = .8, reliabilities .9 and .64: .8 / sqrt(.576) = 1.054, not cut off at 1."""
    x, y = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([2.0, 1.0, 4.0, 3.0, 5.0])
    plain, corrected = convergence(x, y, 0.9, 0.64)
    assert plain.value == pytest.approx(stats.pearsonr(x, y).statistic)
    assert corrected.value == pytest.approx(0.8 / math.sqrt(0.576))
    assert corrected.low == pytest.approx(plain.low / math.sqrt(0.576))
    assert corrected.high == pytest.approx(plain.high / math.sqrt(0.576))
    assert -1 <= plain.low < plain.value < plain.high <= 1


def test_models_without_both_scores_are_left_out():
    x = np.array([1.0, 2.0, NAN, 3.0, 4.0, 9.0])
    y = np.array([1.0, 3.0, 5.0, 2.0, 5.0, NAN])
    kept = [0, 1, 3, 4]
    assert convergence(x, y, 1, 1)[0] == convergence(x[kept], y[kept], 1, 1)[0]


def test_what_is_not_defined_says_why():
    x = np.array([1.0, 2.0, 3.0, 4.0])
    for found in convergence(x[:3], x[:3], 0.9, 0.9):
        assert math.isnan(found.value)
        assert found.reason == "needs 4 models with both scores or more, found 3"
    assert convergence(np.full(4, 0.3), x, 1, 1)[0].reason is not None
    for reliability in (0.0, -0.2, NAN):
        plain, corrected = convergence(x, x[::-1], 0.9, reliability)
        assert plain.value == pytest.approx(-1)
        assert corrected.reason == "a reliability is not above 0, or not known"


@settings(max_examples=50, deadline=None)
@given(SCORES, SCORES, st.permutations(range(7)))
def test_any_scores_have_a_correlation_or_a_reason(x, y, order):
    plain, corrected = convergence(x, y, 0.8, 0.8)
    assert math.isnan(plain.value) == (plain.reason is not None)
    if plain.reason is None:
        assert -1 <= plain.low <= plain.value <= plain.high <= 1
        assert corrected.value == pytest.approx(plain.value / 0.8)
    again = convergence(x[order], y[order], 0.8, 0.8)[0]
    assert again.value == pytest.approx(plain.value, nan_ok=True)
    turned = convergence(-x, 3 * y + 1, 0.8, 0.8)[0]
    assert turned.value == pytest.approx(-plain.value, nan_ok=True)


def test_reliability_worked_by_hand():
    """Variance of 0, 2, 4 is 4; mean squared error (1 + 4 + 1) / 3 = 2."""
    found = reliability_from_errors(np.array([0.0, 2.0, NAN, 4.0]), np.array([1.0, 2.0, 9.0, 1.0]))
    assert found == pytest.approx(0.5)
    assert reliability_from_errors(np.array([0.0, 1.0]), np.array([2.0, 2.0])) == -7.0
    assert math.isnan(reliability_from_errors(np.array([1.0]), np.array([0.1])))
    assert math.isnan(reliability_from_errors(np.array([1.0, 1.0]), np.array([0.1, 0.1])))
    assert math.isnan(reliability_from_errors(np.array([1.0, 2.0]), np.array([NAN, 0.1])))


def test_the_true_correlation_is_found_behind_noise():
    """400 models whose true scores correlate .7, each measured with reliability 1 / 1.5."""
    rng = np.random.default_rng(2)
    true_x = rng.normal(size=400)
    true_y = 0.7 * true_x + math.sqrt(1 - 0.49) * rng.normal(size=400)
    errors = np.full(400, math.sqrt(0.5))
    x, y = (true + errors * rng.normal(size=400) for true in (true_x, true_y))
    reliabilities = [reliability_from_errors(scores, errors) for scores in (x, y)]
    assert reliabilities == pytest.approx([1 / 1.5] * 2, abs=0.05)
    plain, corrected = convergence(x, y, *reliabilities)
    assert plain.high < 0.6
    assert corrected.low < 0.7 < corrected.high
    assert corrected.value == pytest.approx(0.7, abs=0.08)


@pytest.mark.slow
@pytest.mark.parametrize("models", [5, 12])
def test_the_interval_covers_the_true_correlation(models: int, in_full: bool):
    rng = np.random.default_rng(models)
    times = 400 if in_full else 80
    hits = 0
    for _ in range(times):
        x = rng.standard_t(3, size=models)
        y = 0.6 * x + 0.8 * rng.standard_t(3, size=models)
        found = convergence(x, y, 1, 1)[0]
        hits += found.low <= 0.6 <= found.high
    assert stats.binomtest(hits, times, 0.93, alternative="less").pvalue > 0.01
