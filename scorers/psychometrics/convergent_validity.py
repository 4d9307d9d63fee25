"""Do two instruments that claim to measure the same thing order models alike?"""

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import cluster_weights, resampled
from scorers.intervals.estimate import Estimate, undefined
from scorers.psychometrics.correlation import fisher_interval

LEAST_MODELS = 4


def convergence(
    x: FloatArray, y: FloatArray, reliability_x: float, reliability_y: float, seed: int = 0
) -> tuple[Estimate, Estimate]:
    """Pearson correlation of two scores over models, as it is and corrected for unreliability.

    Noise in either score pulls a correlation towards 0. Divided by the square root of the product
    of both reliabilities it estimates the correlation of what is measured. It may come out above
    1, by chance or because the reliabilities are too low, and is then left as it is. Its
    interval is that of the correlation divided likewise: it takes the reliabilities as known.

    Source: Spearman (1904), The proof and measurement of association between two things;
    Campbell and Fiske (1959) for convergence. The interval is `correlation.fisher_interval`.

    Args:
        x: score of M models on the one; NaN where a model has none.
        y: on the other, of the same models.
        reliability_x: of x over models, see `reliability_from_errors`.
        reliability_y: of y.
        seed: of the bootstrap over models.

    Returns:
        The correlation and the corrected one. Both are undefined with fewer than four models that
        have both scores, or when a score does not differ; the corrected one also when a
        reliability is NaN, 0 or less.

    >>> one = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    >>> plain, corrected = convergence(one, np.array([2.0, 1.0, 4.0, 3.0, 5.0]), 0.8, 0.8)
    >>> round(plain.value, 3), round(corrected.value, 3)
    (0.8, 1.0)
    """
    both = ~np.isnan(x) & ~np.isnan(y)
    plain = _correlation(x[both], y[both], seed)
    if np.isnan(plain.value):
        return plain, plain
    if not (reliability_x > 0 and reliability_y > 0):
        return plain, undefined("a reliability is not above 0, or not known")
    divisor = float(np.sqrt(reliability_x * reliability_y))
    return plain, Estimate(plain.value / divisor, plain.low / divisor, plain.high / divisor)


def reliability_from_errors(values: FloatArray, standard_errors: FloatArray) -> float:
    """Reliability of scores over models: the share of their variance that is not error.

    1 - mean of se^2 / variance of the values (with M - 1). Below 0 when the scores differ by less
    than their errors alone would make them.

    Source: Lord and Novick (1968), Statistical theories of mental test scores, chapter 3; with
    errors that differ between cases, the marginal reliability of Green et al. (1984).

    Args:
        values: of M models.
        standard_errors: of each; a model that lacks either is left out.

    Returns:
        The reliability; NaN with fewer than two models, or when the values do not differ.

    >>> reliability_from_errors(np.array([1.0, 2.0, 3.0]), np.array([0.5, 0.5, 0.5]))
    0.75
    """
    both = ~np.isnan(values) & ~np.isnan(standard_errors)
    known, errors = values[both], standard_errors[both]
    if len(known) < 2 or np.isclose(np.ptp(known), 0):
        return float("nan")
    return float(1 - np.mean(errors**2) / known.var(ddof=1))


def _correlation(x: FloatArray, y: FloatArray, seed: int) -> Estimate:
    models = len(x)
    if models < LEAST_MODELS:
        return undefined(f"needs {LEAST_MODELS} models with both scores or more, found {models}")
    if np.isclose(np.ptp(x), 0) or np.isclose(np.ptp(y), 0):
        return undefined("a score does not differ between models")
    weights = np.vstack([np.ones((1, models)), cluster_weights(models, seed)])
    correlations = _drawn_correlations(x, y, weights)
    low, high = fisher_interval(float(correlations[0]), correlations[1:], models)
    return Estimate(float(correlations[0]), low, high)


def _drawn_correlations(x: FloatArray, y: FloatArray, weights: FloatArray) -> FloatArray:
    """B correlations over the models drawn; NaN where the same value was drawn throughout."""
    one = (x - x.mean()) / x.std()  # for precision: the products stay small
    other = (y - y.mean()) / y.std()
    moments = np.stack([one, other, one * one, other * other, one * other])
    mean = resampled(weights, moments) / weights.sum(axis=1, keepdims=True)
    spread = (mean[:, 2] - mean[:, 0] ** 2) * (mean[:, 3] - mean[:, 1] ** 2)
    spread = np.where(spread > 1e-9, spread, np.nan)
    together = mean[:, 4] - mean[:, 0] * mean[:, 1]
    correlations: FloatArray = np.clip(together / np.sqrt(spread), -1.0, 1.0)
    return correlations
