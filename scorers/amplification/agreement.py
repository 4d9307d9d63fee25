"""Agreement of two sides in sign and in rank, without what their errors take off it.

Errors of measurement make two sides look less alike than they are. So the true differences are
drawn as they may be, given what was observed: a slope, the size of what deviates from it, and each
difference between its estimate and the line, the nearer to the line the less is known of it. The
share of draws without any deviation is the p-value of there being none, so that perfect agreement
is held possible as long as the data allow it. Intervals are approximate where deviations are not
like draws from one normal distribution.
"""

import numpy as np
import scipy

from ratings.arrays import FloatArray
from scorers.amplification.sides import Sides, matched_freedom
from scorers.intervals.estimate import Estimate, undefined

DRAWS = 1_000
ALL_ALIKE = "one side has no differences"


def observed_signs(x: FloatArray, y: FloatArray) -> FloatArray:
    """M shares of differences with the same sign, of M x n; those of 0 do not count."""
    signs = np.sign(x) * np.sign(y)
    counted = (signs != 0).sum(axis=1)
    found: FloatArray = np.divide(
        (signs > 0).sum(axis=1), counted, out=np.full(len(x), np.nan), where=counted > 0
    )
    return found


def spearmans(x: FloatArray, y: FloatArray) -> FloatArray:
    """M rank correlations of M x n numbers; NaN where one side is all alike.

    >>> spearmans(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 9.0, 3.0]])).round(3).tolist()
    [0.5]
    """
    ranks = [scipy.stats.rankdata(side, axis=1) for side in (x, y)]
    one, other = (side - side.mean(axis=1, keepdims=True) for side in ranks)
    scale = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    found: FloatArray = np.divide(
        (one * other).sum(axis=1), scale, out=np.full(len(scale), np.nan), where=scale > 0
    )
    return found


def agreement(two: Sides, seed: int, confidence: float) -> tuple[Estimate, Estimate]:
    """Share of the same sign and rank correlation of the true differences of two sides.

    Source: Hannig (2009), On generalized fiducial inference, for intervals from such draws.

    Args:
        two: whose errors are known.
        seed: of the draws.
        confidence: nominal coverage of the intervals.
    """
    if np.isnan(two.slope()):
        return undefined(ALL_ALIKE), undefined(ALL_ALIKE)
    x, y = _true_sides(two, np.random.default_rng(seed))
    found = []
    for values in (observed_signs(x, y), spearmans(x, y)):
        if np.isnan(values).all():
            found.append(undefined(ALL_ALIKE))
            continue
        low, high = np.nanquantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
        found.append(Estimate(float(np.nanmean(values)), float(low), float(high)))
    return found[0], found[1]


def _true_sides(two: Sides, random: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """M x n draws of the true human and model differences."""
    slope = two.slope()
    errors, error_freedom = two.gap_errors(slope)
    gap = two.y - slope * two.x
    of_errors, of_pattern = float(np.trace(errors)), float(np.trace(two.pattern))
    likely = max(float(gap @ gap) - of_errors, 0.0) / of_pattern
    freedom = matched_freedom(likely * two.pattern + errors)
    certain = np.isinf(freedom)
    scale = np.ones(DRAWS) if certain else random.chisquare(freedom, DRAWS) / freedom
    noise = of_errors * _inflation(error_freedom, random)
    deviation = np.maximum(float(gap @ gap) / scale - noise, 0.0) / of_pattern  # M variances
    spread = two.x @ errors @ two.x + deviation * (two.x @ two.pattern @ two.x)
    slopes = slope + random.standard_normal(DRAWS) * np.sqrt(spread) / two.squares()
    x = two.x + _drawn(two.x_errors, random)
    y = slopes[:, None] * x
    own = deviation[:, None] * np.diag(two.pattern)
    known = np.divide(
        own, own + np.diag(two.y_errors), out=np.ones((DRAWS, len(two.x))), where=own > 0
    )
    known = np.where(own > 0, known, 0.0)
    return x, y + known * (two.y - y) + np.sqrt(known) * _drawn(two.y_errors, random)


def _inflation(freedom: float, random: np.random.Generator) -> FloatArray:
    """M factors by which an estimated variance may be too small."""
    if np.isinf(freedom):
        return np.ones(DRAWS)
    return freedom / random.chisquare(freedom, DRAWS)


def _drawn(covariance: FloatArray, random: np.random.Generator) -> FloatArray:
    """M x n normal errors."""
    sizes, directions = np.linalg.eigh(covariance)
    drawn = random.standard_normal((DRAWS, len(covariance))) * np.sqrt(np.maximum(sizes, 0.0))
    found: FloatArray = drawn @ directions.T
    return found
