import math

import numpy as np
import pytest
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss
from statsmodels.stats.proportion import proportion_confint

from ratings.errors import DataError
from scorers.calibration import (
    brier_score,
    expected_calibration_error,
    reliability_table,
    top_label,
)


def predictions(seed: int, raters: int = 100, each: int = 20, power: float = 1.0):
    """Confidences, and outcomes that are right with probability confidence to a power."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.4, 1.0, raters * each)
    right = (rng.random(raters * each) < confidence**power).astype(float)
    return confidence, right, np.repeat(np.arange(raters), each)


def test_a_table_by_hand():
    """Two bins: .2 and .5 in the lower, which holds its upper end; .6, .8, 1 in the upper."""
    confidence = np.array([0.2, 0.5, 0.6, 0.8, 1.0])
    right = np.array([0.0, 1.0, 1.0, 1.0, 0.0])
    table = reliability_table(confidence, right, list("abcde"), bins=2)
    assert table["count"].tolist() == [2, 3]
    np.testing.assert_allclose(table["mean_confidence"], [0.35, 0.8])
    np.testing.assert_allclose(table["share_right"], [1 / 2, 2 / 3])
    # (|.5 - .35| * 2 + |2/3 - .8| * 3) / 5 = (.3 + .4) / 5
    assert expected_calibration_error(confidence, right, list("abcde"), 2).raw == pytest.approx(
        0.14
    )


def test_the_curve_agrees_with_that_of_scikit_learn():
    confidence, right, raters = predictions(0)
    table = reliability_table(confidence, right, raters).dropna()
    share, mean = calibration_curve(right, confidence, n_bins=10)
    np.testing.assert_allclose(table["share_right"], share)
    np.testing.assert_allclose(table["mean_confidence"], mean)


def test_independent_ratings_have_wilsons_interval_nearly():
    confidence, right, _ = predictions(1, raters=4000, each=1)
    table = reliability_table(confidence, right, np.arange(4000)).dropna()
    hits = table["share_right"] * table["count"]
    low, high = proportion_confint(hits, table["count"], method="wilson")
    np.testing.assert_allclose(table["low"], low, atol=1e-3)
    np.testing.assert_allclose(table["high"], high, atol=1e-3)


def test_ratings_that_a_rater_repeats_count_once():
    confidence, right, raters = predictions(2, raters=300, each=1)
    once = reliability_table(confidence, right, raters)
    often = reliability_table(*(np.repeat(part, 7) for part in (confidence, right, raters)))
    np.testing.assert_allclose(often["low"], once["low"], atol=2e-3)
    assert often["count"].sum() == 2100


def test_bins_of_one_mind_and_bins_without_ratings():
    table = reliability_table(np.array([0.95, 0.95, 0.05]), np.array([1.0, 1.0, 0.0]), list("aab"))
    assert table["count"].tolist() == [1, *[0] * 8, 2]
    assert table["raters"].tolist() == [1, *[0] * 8, 1]
    last = table.iloc[-1]
    assert last["share_right"] == 1.0
    assert (last["low"], last["high"]) == pytest.approx(proportion_confint(1, 1, method="wilson"))
    assert table.iloc[4][["mean_confidence", "share_right", "low", "high"]].isna().all()


def test_a_calibrated_decoder_looks_as_it_is_expected_to():
    worlds = 100
    within = []
    for seed in range(worlds):
        found = expected_calibration_error(*predictions(seed), seed=seed)
        assert found.raw > 0
        within.append(found.if_calibrated.low <= found.raw <= found.if_calibrated.high)
    assert sum(within) >= stats.binom.ppf(0.01, worlds, 0.95)


def test_a_miscalibrated_decoder_does_not_and_its_error_is_covered():
    """Right with probability c^2: the error is the mean of c - c^2 over .4 to 1, 0.18."""
    covered, raws, corrected = [], [], []
    for seed in range(60):
        found = expected_calibration_error(*predictions(seed, power=2.0), seed=seed)
        assert found.raw > found.if_calibrated.high
        covered.append(found.corrected.low <= 0.18 <= found.corrected.high)
        raws.append(found.raw)
        corrected.append(found.corrected.value)
    assert np.mean(covered) >= 0.87
    assert np.mean(corrected) == pytest.approx(0.18, abs=0.005)


def test_the_correction_takes_bias_off():
    """Slightly miscalibrated, few ratings: the error is 0.4 * mean of c (1 - c), 0.0720."""
    rng = np.random.default_rng(0)
    raws, corrected = [], []
    for seed in range(40):
        confidence = rng.uniform(0.4, 1.0, 300)
        right = (rng.random(300) < confidence - 0.4 * confidence * (1 - confidence)).astype(float)
        found = expected_calibration_error(confidence, right, np.arange(300), seed=seed)
        raws.append(found.raw)
        corrected.append(found.corrected.value)
    truth = 0.4 * (0.7 - (0.7**2 + 0.6**2 / 12))
    assert abs(np.mean(corrected) - truth) < abs(np.mean(raws) - truth)


def test_the_score_of_two_choices_is_twice_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    first = rng.random(50)
    ratings = rng.integers(1, 3, 50)
    found = brier_score(np.stack([first, 1 - first], axis=1), ratings, np.arange(50) % 9)
    assert found.value == pytest.approx(2 * brier_score_loss(ratings == 1, first))
    assert found.low < found.value < found.high


def test_the_score_of_three_choices_by_hand():
    """(.5 - 1)^2 + .3^2 + .2^2 = .38 and .1^2 + .1^2 + (.8 - 1)^2 = .06, mean .22."""
    table = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
    found = brier_score(table, np.array([1, 3]), ["a", "a"])
    assert found.value == pytest.approx(0.22)
    assert math.isnan(found.low)
    assert "one rater" in str(found.reason)


def test_top_labels():
    table = np.array([[0.5, 0.3, 0.2], [0.4, 0.4, 0.2]])
    confidence, right = top_label(table, np.array([2, 2]))
    np.testing.assert_allclose(confidence, [0.5, 0.4])
    np.testing.assert_allclose(right, [0.0, 0.5])


def test_what_is_no_confidence_is_refused():
    for confidence in ([0.5, 1.2], [0.5, np.nan]):
        with pytest.raises(DataError, match="confidence has values outside 0 to 1"):
            reliability_table(np.array(confidence), np.ones(2), ["a", "b"])
    with pytest.raises(DataError, match="at least one rating"):
        expected_calibration_error(np.empty(0), np.empty(0), [])
