"""How far the scores of one profile differ: their variance, as published and without noise.

Han et al. (2025), Appendix G.4 and Table 8: the variance (n - 1) of a model's ten value scores;
of larger models it is said to be larger. Few items make a score noisy, and noise alone spreads
the scores. So the published variance comes with what is left of it without that noise, and the
interval of both is that of the variance without noise.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import cluster_weights
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.quantiles import normal_quantile, student_quantile
from scorers.scores.ratio_scores import RatioScores

_TAIL = 0.025
_LEAST_SCORES = 2


@dataclass(frozen=True)
class ProfileVariance:
    """The variance of a profile.

    Attributes:
        published: of the scores as they are.
        corrected: without what noise adds to it; zero where noise alone would make as much. Both
            have the same 95% interval, that of the variance without noise.
    """

    published: Estimate
    corrected: Estimate


def profile_variance(
    scores: FloatArray, replicates: FloatArray, carrying: npt.NDArray[np.intp]
) -> ProfileVariance:
    """Variance (n - 1) of D scores, and its interval by inversion.

    The noise of the scores is that of their replicates, as much larger as few clusters make it
    too small (Student's quantile, and n instead of n - 1). Were the true variance t^2, along the
    direction of the scores, the observed one would be that of t times the direction plus noise.
    The interval holds every t^2 at which the observed variance is within the central 95% of these;
    its lower end is 0 where it is even at t = 0. Where it is below that range at t = 0, no t
    fits; then there is no interval.

    A plain percentile interval does not do: the variance of each replicate holds the noise of
    the scores a second time, so all of it lies too high.

    Source: Han et al. (2025), Table 8, for the variance; Steiger (2004), Beyond the F test, for
    intervals of a spread of means by inversion.

    Args:
        scores: D; one that is NaN leaves the variance undefined.
        replicates: B x D bootstrap replicates, D scores from one draw in a row; rows with a NaN
            are left out.
        carrying: D numbers of clusters that each score rests on.

    >>> found = profile_variance(np.array([-1.0, 0.0, 1.0]), np.zeros((9, 3)), np.full(3, 50))
    >>> found.published.value, found.corrected.value
    (1.0, 1.0)
    """
    reason = _reason(scores)
    if reason:
        return ProfileVariance(undefined(reason), undefined(reason))
    published = float(scores.var(ddof=1))
    complete = replicates[~np.isnan(replicates).any(axis=1)]
    if carrying.min() < 2 or not len(complete):
        reason = "no interval: the items of a score belong to one query"
        return ProfileVariance(Estimate(published, reason=reason), undefined(reason))
    noise = (complete - complete.mean(axis=0)) * np.sqrt(carrying / (carrying - 1))
    noise -= noise.mean(axis=1, keepdims=True)
    chance = (noise**2).sum(axis=1) / (len(scores) - 1)
    corrected = max(published - float(chance.mean()), 0.0)
    wider = student_quantile(1 - _TAIL, carrying - 1) / normal_quantile(1 - _TAIL)
    ends = _ends(published, _along(scores, noise * wider), chance)
    if ends is None:
        reason = "no interval: the scores differ less than by chance alone"
        return ProfileVariance(*(Estimate(v, reason=reason) for v in (published, corrected)))
    low, high = min(ends[0], corrected), max(ends[1], published)
    return ProfileVariance(Estimate(published, low, high), Estimate(corrected, low, high))


def variance_of(sums: RatioScores, seed: int = 0) -> ProfileVariance:
    """The variance of the scores of one run, with its clusters resampled for the interval.

    Args:
        sums: of D scores over C clusters.
        seed: of the draws.
    """
    weights = cluster_weights(len(sums.clusters), seed)
    return profile_variance(sums.values(), sums.replicates(weights), sums.carrying())


def _reason(scores: FloatArray) -> str | None:
    if len(scores) < _LEAST_SCORES:
        return f"needs {_LEAST_SCORES} scores or more, found {len(scores)}"
    return "a value has no score" if np.isnan(scores).any() else None


def _along(scores: FloatArray, noise: FloatArray) -> FloatArray:
    """B: the noise along the direction of the scores, in standard deviations of a profile."""
    apart = scores - scores.mean()
    length = float(np.sqrt(apart @ apart))
    if length < 1e-12:
        return np.zeros(len(noise))
    found: FloatArray = noise @ apart / (length * np.sqrt(len(scores) - 1))
    return found


def _ends(observed: float, along: FloatArray, chance: FloatArray) -> tuple[float, float] | None:
    """The least and the greatest variance that fit the observed one."""

    def excess(t: float, tail: float) -> float:
        return float(np.quantile(t**2 + 2 * t * along + chance, tail)) - observed

    def end(tail: float) -> float:
        if excess(0.0, tail) >= 0:
            return 0.0
        far = max(1.0, 2 * np.sqrt(observed))
        while excess(far, tail) < 0:
            far *= 2
        return float(scipy.optimize.brentq(excess, 0.0, far, args=(tail,))) ** 2

    # Equal values computed in another order differ in the last bits.
    if excess(0.0, _TAIL) > 1e-12:
        return None
    return end(1 - _TAIL), end(_TAIL)
