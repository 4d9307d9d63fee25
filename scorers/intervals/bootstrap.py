"""Cluster bootstrap: which clusters were drawn how often, and intervals from the replicates."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.intervals.quantiles import normal_below, student_quantile

REPLICATES = 2_000
CONFIDENCE = 0.95
FEW_CLUSTERS = 7  # up to here the interval is Student's, see `cluster_interval`

ANYWHERE = (-np.inf, np.inf)


@lru_cache(maxsize=8)
def cluster_weights(clusters: int, seed: int, replicates: int = REPLICATES) -> FloatArray:
    """How often each cluster is drawn in each replicate, B x C; rows sum to C.

    >>> cluster_weights(3, seed=0, replicates=2).sum(axis=1)
    array([3., 3.])
    """
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=replicates)
    return weights.astype(float)


def cluster_sums(values: FloatArray, clusters: npt.NDArray[np.intp], count: int) -> FloatArray:
    """Sums of each row within clusters 0 to `count` - 1, K x I to K x C.

    >>> cluster_sums(np.array([[1.0, 2.0, 3.0]]), np.array([0, 1, 0]), 2)
    array([[4., 2.]])
    """
    return np.stack([np.bincount(clusters, weights=row, minlength=count) for row in values])


def resampled(weights: FloatArray, sums: FloatArray) -> FloatArray:
    """Sums over the clusters drawn in each replicate: B x C weights, K x C sums, B x K.

    By `einsum` and not by `@`: the threads of a linear algebra library go on spinning after a
    product of this size, and take a core from whatever else runs.
    """
    drawn: FloatArray = np.einsum("bc,kc->bk", weights, sums)
    return drawn


def cluster_interval(
    value: float,
    replicates: FloatArray,
    clusters: int,
    confidence: float = CONFIDENCE,
    ends: tuple[float, float] = ANYWHERE,
) -> tuple[float, float]:
    """The interval of an estimate that rests on clusters: the one rule for few and for many.

    Replicates of a mean never leave the range of the clusters' own means, so no percentile of
    them covers more than 1 - 2^(1 - n) of samples: 50 per cent with two clusters, 75 with three.
    Up to `FEW_CLUSTERS` the interval is therefore Student's, value -+ t * se with n - 1 degrees of
    freedom, where se is the standard deviation of the replicates times sqrt(n / (n - 1)); of a
    plain mean this is Student's interval to within the noise of the draws. Above, it is the
    expanded percentile interval, which follows a skewed distribution.

    Few clusters whose outcomes are all alike have no spread, and no formula gives them one.

    Args:
        value: the estimate.
        replicates: B bootstrap values of it; NaN ones are left out.
        clusters: n, the number of clusters that the estimate rests on.
        confidence: nominal coverage.
        ends: the least and the greatest value that the quantity can take; the interval is cut off
            there.

    Returns:
        Lower and upper end; NaN with fewer than two clusters, or when no replicate is defined.

    >>> low, high = cluster_interval(1.0, np.array([0.0, 2.0]), 2, ends=(0.0, 20.0))
    >>> low, round(high, 3)
    (0.0, 18.969)
    """
    defined = replicates[~np.isnan(replicates)]
    if clusters > FEW_CLUSTERS or clusters < 2 or defined.size == 0:
        low, high = expanded_percentile(defined, clusters, confidence)
    else:
        error = float(defined.std()) * np.sqrt(clusters / (clusters - 1))
        reach = float(student_quantile((1 + confidence) / 2, clusters - 1) * error)
        low, high = value - reach, value + reach
    return float(np.clip(low, *ends)), float(np.clip(high, *ends))


def cluster_intervals(
    values: FloatArray,
    replicates: FloatArray,
    clusters: npt.NDArray[np.intp],
    confidence: float = CONFIDENCE,
) -> FloatArray:
    """The same intervals for K estimates at once, 2 x K.

    Args:
        values: K estimates.
        replicates: B x K; NaN ones are left out.
        clusters: K numbers of clusters.
        confidence: nominal coverage.
    """
    out = expanded_percentiles(replicates, clusters, confidence)
    for k in np.flatnonzero((clusters > 1) & (clusters <= FEW_CLUSTERS)):
        out[:, k] = cluster_interval(
            float(values[k]), replicates[:, k], int(clusters[k]), confidence
        )
    return out


def expanded_percentile(
    replicates: FloatArray, clusters: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Percentile interval, widened for the number of clusters that carry the estimate.

    The plain percentile interval is too narrow by the factor sqrt((n - 1) / n) and by the
    normal quantile standing where Student's belongs; taking wider percentiles mends both.
    Source: Hesterberg (2015), What teachers should know about the bootstrap, section 3.3.1.

    Args:
        replicates: B bootstrap values of the estimate; NaN ones are left out.
        clusters: n, the number of clusters that the estimate rests on.
        confidence: nominal coverage.

    Returns:
        Lower and upper end; NaN with fewer than two clusters, or when no replicate is defined.
    """
    defined = replicates[~np.isnan(replicates)]
    if clusters < 2 or defined.size == 0:
        return float("nan"), float("nan")
    level = _expanded_tail(clusters, confidence)
    low, high = np.quantile(defined, [level, 1 - level])
    return float(low), float(high)


def expanded_percentiles(
    replicates: FloatArray, clusters: npt.NDArray[np.intp], confidence: float = CONFIDENCE
) -> FloatArray:
    """The same intervals for K estimates at once, 2 x K.

    Args:
        replicates: B x K; NaN ones are left out.
        clusters: K numbers of clusters.
        confidence: nominal coverage.
    """
    out: FloatArray = np.full((2, replicates.shape[1]), np.nan)
    for count in np.unique(clusters[clusters > 1]):
        mine = clusters == count
        level = _expanded_tail(int(count), confidence)
        out[:, mine] = np.quantile(replicates[:, mine], [level, 1 - level], axis=0)
    gaps = np.isnan(replicates)
    for k in np.flatnonzero(gaps.any(axis=0) & ~gaps.all(axis=0)):
        out[:, k] = expanded_percentile(replicates[:, k], int(clusters[k]), confidence)
    return out


def _expanded_tail(clusters: int, confidence: float) -> float:
    """The share below the lower end, smaller than nominal for few clusters."""
    tail = (1 - confidence) / 2
    quantile = student_quantile(tail, clusters - 1) * np.sqrt(clusters / (clusters - 1))
    return float(normal_below(quantile))
