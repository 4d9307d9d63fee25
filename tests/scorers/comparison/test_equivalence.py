import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scorers.comparison.differences import holm
from scorers.comparison.equivalence import verdict
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.observations import Observations
from scorers.intervals.scopes import beyond_items

NUMBERS = st.floats(allow_infinity=False)
CLUSTERS, SCORES, MARGIN = 60, 10, 0.5


@pytest.mark.parametrize(
    ("value", "low", "high", "p_value", "expected"),
    [
        (0.0, -0.1, 0.1, 1.0, "same"),
        (0.08, 0.02, 0.14, 0.01, "same"),  # it moved, by nothing that matters
        (0.15, 0.05, 0.25, 0.01, "moved"),
        (-0.5, -0.6, -0.4, 0.001, "moved"),
        (0.15, -0.05, 0.35, 0.3, "undecided"),
        (0.5, 0.1, 0.9, 0.2, "undecided"),  # not after correction
        (0.0, -0.2, 0.2, 1.0, "same"),  # the ends belong to the margin
        (0.1, math.nan, math.nan, 0.5, "undecided"),
        (0.1, math.nan, math.nan, 0.01, "moved"),
        (0.1, 0.0, 0.15, math.nan, "same"),
        (0.3, 0.0, 0.6, math.nan, "undecided"),
    ],
)
def test_verdicts_with_a_margin_of_two_tenths(value, low, high, p_value, expected):
    assert verdict(Estimate(value), low, high, 0.2, p_value) == expected


def test_without_a_difference_nothing_is_decided():
    assert verdict(undefined("no cluster"), -0.1, 0.1, 0.2, 0.001) == "undecided"


def test_identical_answers_are_the_same_even_without_a_margin():
    assert verdict(Estimate(0.0), 0.0, 0.0, 0.0, 1.0) == "same"


@pytest.mark.parametrize("margin", [-0.1, math.nan])
def test_a_margin_is_not_negative(margin: float):
    with pytest.raises(ValueError, match="the margin must be 0 or more"):
        verdict(Estimate(0.0), 0.0, 0.0, margin, 1.0)


@given(NUMBERS, NUMBERS, NUMBERS, st.floats(0, 1e6), st.floats(0, 1))
def test_the_sign_of_a_difference_does_not_matter(value, low, high, margin, p_value):
    one = verdict(Estimate(value), low, high, margin, p_value)
    assert one == verdict(Estimate(-value), -high, -low, margin, p_value)
    # a wider margin can only turn a verdict into 'same'
    assert verdict(Estimate(value), low, high, 2 * margin, p_value) in (one, "same")


def judged(answers: np.ndarray, seed: int) -> list[str]:
    """Verdicts on D mean differences over clusters, D x C, as a regression check reaches them."""
    nothing = np.full(answers.shape, np.nan)
    means = beyond_items(
        Observations(answers, nothing, np.zeros(answers.shape), np.ones((1, CLUSTERS), bool),
              np.arange(CLUSTERS))
    )  # fmt: skip
    corrected = holm(means.p_values()[:, 0])
    intervals = [means.estimates(d, confidence=0.9)[0] for d in range(len(answers))]
    return [
        verdict(interval, interval.low, interval.high, MARGIN, p_value)
        for interval, p_value in zip(intervals, corrected, strict=True)
    ]


def answers_of(rng: np.random.Generator, truth: np.ndarray | float) -> np.ndarray:
    """D x C differences: scores that share half of their variance, as those of one family do."""
    shared, own = rng.normal(size=(1, CLUSTERS)), rng.normal(size=(SCORES, CLUSTERS))
    return np.reshape(truth, (-1, 1)) + (shared + own) / np.sqrt(2)


@pytest.mark.slow
def test_unchanged_models_raise_few_alarms_and_changed_ones_do(in_full: bool):
    times = 400 if in_full else 20
    rng = np.random.default_rng(8)
    unchanged = [judged(answers_of(rng, 0.0), seed) for seed in range(times)]
    alarms = sum("moved" in found for found in unchanged)
    assert stats.binomtest(alarms, times, 0.05, alternative="greater").pvalue > 0.01
    # the interval's half-width is .22, so a mean within .28 passes: 97 per cent of them
    assert Counter(found for one in unchanged for found in one)["same"] > 0.9 * times * SCORES

    truth = np.zeros(SCORES)
    truth[0] = 1.0
    changed = [judged(answers_of(rng, truth), seed)[0] for seed in range(times)]
    assert Counter(changed)["moved"] > 0.95 * times


@pytest.mark.slow
def test_a_difference_as_large_as_the_margin_rarely_passes_as_the_same(in_full: bool):
    times = 400 if in_full else 20
    rng = np.random.default_rng(9)
    passed = [judged(answers_of(rng, MARGIN), seed)[0] == "same" for seed in range(times)]
    assert stats.binomtest(sum(passed), times, 0.05, alternative="greater").pvalue > 0.01
