import numpy as np
import pytest
from scipy import stats

from scorers.tags.correlations import centred_ranks, p_values
from scorers.tags.power import (
    critical_correlation,
    detectable_correlation,
    power,
    raters_needed,
)
from tests.scorers.tags.planted import CUTS


def spearman_columns(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    x, y = centred_ranks(x), centred_ranks(y)
    return (x * y).sum(axis=0) / np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))


def drawn(raters: int, samples: int, relation: float, six: bool, seed: int) -> np.ndarray:
    """Correlations of samples of a score and a rating, which has six points or none."""
    rng = np.random.default_rng(seed)
    score = rng.normal(size=(raters, samples))
    rating = relation * score + np.sqrt(1 - relation**2) * rng.normal(size=score.shape)
    return spearman_columns(score, np.digitize(rating, CUTS) if six else rating)


@pytest.mark.parametrize("six", [False, True])
@pytest.mark.parametrize("raters", [20, 46, 87])
@pytest.mark.parametrize("relation", [0.0, 0.3, 0.45])
def test_power_is_the_share_of_samples_that_find_it(six: bool, raters: int, relation: float):
    true = float(drawn(300_000, 1, relation, six, 0)[0]) if relation else 0.0
    r = drawn(raters, 8_000, relation, six, 1)
    significant = (p_values(r, raters) < 0.05) & (r > 0)
    if relation == 0:
        assert significant.mean() == pytest.approx(0.025, abs=0.006)
        return
    assert significant.mean() == pytest.approx(power(raters, true), abs=0.025)
    tagged = significant & (r > 0.3)
    assert tagged.mean() == pytest.approx(power(raters, true, threshold=0.3), abs=0.025)


def test_the_critical_correlation_has_p_of_alpha():
    for alpha in (0.05, 0.001):
        r = critical_correlation(np.array([10, 46, 200]), alpha)
        assert p_values(r, np.array([10, 46, 200])) == pytest.approx(alpha)
    assert np.isnan(critical_correlation(2))


def test_raters_needed_and_what_they_detect_fit_each_other():
    for r in (0.15, 0.3, 0.5):
        n = raters_needed(r)
        assert n is not None
        assert power(n, r) >= 0.8 > power(n - 1, r)
        assert power(n, detectable_correlation(n)) == pytest.approx(0.8, abs=1e-6)
        assert detectable_correlation(n) <= r
    assert raters_needed(0.3, threshold=0.3) is None
    assert raters_needed(0.0) is None
    assert np.isnan(detectable_correlation(3))


def test_a_correlation_at_the_threshold_is_tagged_in_half_of_all_studies():
    assert power([46, 500, 100_000], 0.3, threshold=0.3) == pytest.approx(0.5)


def test_the_formula_is_close_to_that_of_fieller():
    """1.06 / (n - 3), Fieller, Hartley and Pearson (1957)."""
    n, r = 46, 0.3
    above = np.arctanh(r) - np.arctanh(critical_correlation(n))
    assert power(n, r) == pytest.approx(stats.norm.cdf(above / np.sqrt(1.06 / (n - 3))), abs=0.003)
