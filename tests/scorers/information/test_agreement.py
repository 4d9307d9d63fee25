import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import r2_score

from ratings.errors import DataError
from scorers.information.agreement import agreement_report, observed_agreement, predicted_agreement


@given(st.lists(st.integers(0, 3), min_size=2, max_size=9))
def test_observed_agreement_is_the_share_of_pairs(labels):
    pairs = [one == other for one, other in itertools.combinations(labels, 2)]
    found = observed_agreement(np.bincount(labels, minlength=4)[None])
    assert found[0] == pytest.approx(np.mean(pairs))


@given(st.integers(0, 1000), st.integers(2, 7))
def test_predicted_agreement_is_the_mean_over_pairs(seed, profiles):
    table = np.random.default_rng(seed).dirichlet(np.ones(3), size=(2, profiles))
    for instance, found in zip(table, predicted_agreement(table), strict=True):
        pairs = [one @ other for one, other in itertools.combinations(instance, 2)]
        assert found == pytest.approx(np.mean(pairs))


def test_one_profile_or_one_rater_agrees_with_nobody():
    assert np.isnan(predicted_agreement(np.array([[[1.0, 0.0]]]))).all()
    assert np.isnan(observed_agreement(np.array([[0, 1], [0, 0]]))).all()


def test_observed_agreement_is_unbiased_for_few_raters():
    """Of three raters drawn from (.7, .3): .49 + .09 on average."""
    rng = np.random.default_rng(0)
    counts = rng.multinomial(3, [0.7, 0.3], size=20_000)
    assert observed_agreement(counts).mean() == pytest.approx(0.58, abs=0.01)


def test_a_report_agrees_with_the_libraries():
    rng = np.random.default_rng(1)
    predicted = rng.random(60)
    observed = 0.8 * predicted + 0.1 * rng.normal(size=60)
    raters = np.full(60, 5)
    found = agreement_report(observed, predicted, raters, 5)
    expected = stats.pearsonr(observed, predicted)
    assert found.instances == 60
    assert found.correlation.value == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.r_squared.value == pytest.approx(expected.statistic**2)
    assert found.prediction_r_squared.value == pytest.approx(r2_score(observed, predicted))
    low, high = expected.confidence_interval()
    assert found.correlation.low == pytest.approx(low, abs=0.04)
    assert found.correlation.high == pytest.approx(high, abs=0.02)
    for part in (found.r_squared, found.prediction_r_squared):
        assert part.low < part.value < part.high


@pytest.mark.slow
@pytest.mark.parametrize("r", [0.0, 0.2, 0.5])
def test_the_interval_of_r_squared_covers_the_truth_and_zero(r: float, in_full: bool):
    """Percentiles of squared replicates, as they were used before, never hold 0."""
    times, hits = 400 if in_full else 100, 0
    rng = np.random.default_rng(int(10 * r))
    for seed in range(times):
        predicted, noise = rng.normal(size=(2, 60)) * 0.1 + 0.5
        observed = r * predicted + np.sqrt(1 - r**2) * noise
        found = agreement_report(
            observed, np.clip(predicted, 0, 1), np.full(60, 5), 5, seed
        ).r_squared
        hits += found.low <= r**2 <= found.high
    assert stats.binomtest(hits, times, 0.95, alternative="less").pvalue > 0.01


def test_a_scale_that_is_off_costs_the_prediction_but_not_the_correlation():
    predicted = np.linspace(0, 1, 20)
    found = agreement_report(0.1 * predicted + 0.9, predicted, np.full(20, 9), 5)
    assert found.r_squared.value == pytest.approx(1)
    assert found.prediction_r_squared.value < 0


def test_a_simulated_population_is_predicted_by_the_profiles_that_made_it():
    rng = np.random.default_rng(3)
    profiles = rng.dirichlet(np.full(3, 0.5), size=(300, 1)) * 0.7 + 0.3 * rng.dirichlet(
        np.full(3, 0.5), size=(300, 40)
    )
    raters = profiles[:, rng.permutation(40)[:20]]
    labels = (rng.random((300, 20, 1)) > raters.cumsum(axis=2)[..., :-1]).sum(axis=2)
    counts = np.stack([(labels == k).sum(axis=1) for k in range(3)], axis=1)
    found = agreement_report(
        observed_agreement(counts), predicted_agreement(profiles), counts.sum(axis=1), 5
    )
    assert found.correlation.low > 0.4
    assert found.p_value < 1e-6
    # agreement is foreseen without bias, so a line adds little to the prediction
    assert found.r_squared.value - found.prediction_r_squared.value < 0.03


def test_instances_with_few_raters_are_left_out():
    rng = np.random.default_rng(0)
    raters = rng.integers(1, 9, 50)
    observed, predicted = rng.random(50), rng.random(50)
    observed[raters < 2] = np.nan
    assert agreement_report(observed, predicted, raters, 5).instances == (raters >= 5).sum()
    assert agreement_report(observed, predicted, raters, 1).instances == (raters >= 2).sum()


def test_degenerate_reports_have_a_reason():
    some, flat, raters = np.array([0.1, 0.5, 0.9]), np.full(3, 0.5), np.full(3, 5)
    reasons = {
        "found 0": agreement_report(some, some, raters, 6),
        "on all instances alike": agreement_report(flat, some, raters, 5),
        "predicted for all": agreement_report(some, flat, raters, 5),
    }
    for reason, found in reasons.items():
        assert reason in str(found.correlation.reason)
        assert math.isnan(found.prediction_r_squared.value)
        assert math.isnan(found.p_value)


def test_what_does_not_go_together_is_refused():
    with pytest.raises(DataError, match="2 observed values, 3 predicted"):
        agreement_report(np.ones(2), np.ones(3), np.ones(3, dtype=int), 2)
    with pytest.raises(DataError, match="counts"):
        observed_agreement(np.array([[-1, 3]]))
