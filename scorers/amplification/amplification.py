"""Model differences of groups against human ones: slope, agreement in sign, rank correlation.

Both sides are known with error. Humans' error makes a plain regression slope too small, and any
error makes agreement look worse than it is; the figures here allow for both.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from ratings.arrays import FloatArray
from scorers.amplification.differences import GroupDifferences, degrees_of_freedom, present
from scorers.comparison.differences import holm
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.quantiles import student_beyond, student_quantile

NO_GROUPS = "no group has both human and model figures"
NO_HUMAN_DIFFERENCE = "human differences are no larger than their error"
DRAWS = 2_000
_LEAST_CELLS = 3


@dataclass(frozen=True)
class Amplification:
    """How model differences of groups relate to human differences of the same groups.

    Attributes:
        cells: n differences that both sides have, groups by values.
        slope: of model differences on human ones, through 0: 1 as large, 0 unrelated, above 1
            exaggerated, below 0 reversed.
        sign_agreement: share of differences that point the same way. The interval rests on those
            whose signs are certain together, by Holm: it is wide where few are.
        rank_correlation: Spearman's, corrected for what the errors take off it.
        p_as_large: of a slope of 1.
        p_unrelated: of a slope of 0.
        p_no_bias: of all model differences being the human ones.
    """

    cells: int
    slope: Estimate
    sign_agreement: Estimate
    rank_correlation: Estimate
    p_as_large: float
    p_unrelated: float
    p_no_bias: float


def amplification(
    model: GroupDifferences,
    human: GroupDifferences,
    *,
    seed: int = 0,
    reason: str = "the model's error is not known",
    confidence: float = CONFIDENCE,
) -> Amplification:
    """Compare B x D model differences with human ones.

    The slope is the sum of products over the sum of squares of the human differences, from which
    what their error adds to it is taken (method of moments). Its interval holds all slopes that are
    not refused by a test that counts the errors of both sides (Fieller), so it holds where human
    differences are barely larger than their error; where they are not, there is none.

    The rank correlation and its interval are a basic bootstrap's: estimates are drawn again around
    themselves, and what that takes off the correlation is given back.

    No bias is tested by the sum of squared differences between the two sides over its expectation,
    with F's distribution and matched moments (ANOVA-type statistic), which needs no inverse of a
    covariance that was estimated from few clusters.

    Source: Fuller (1987), Measurement error models, section 1.2; Fieller (1954), Some problems in
    interval estimation; Davison and Hinkley (1997), Bootstrap methods, section 5.2; Brunner, Dette
    and Munk (1997), Box-type approximations in nonparametric factorial designs.

    Args:
        model: of groups that are compared, as raw differences or as contrasts.
        human: of the same groups and values, of the same kind.
        seed: of the bootstrap.
        reason: why there is no interval where the model's covariance is NaN.
        confidence: nominal coverage of the intervals.
    """
    kept = present(model, human)
    n = int(kept.sum())
    if n < _LEAST_CELLS:
        nothing = undefined(NO_GROUPS)
        return Amplification(n, nothing, nothing, nothing, np.nan, np.nan, np.nan)
    dimensions = np.broadcast_to(np.arange(kept.shape[1]), kept.shape)[kept]
    y, y_errors, y_freedom = model.cells(kept)
    x, x_errors, x_freedom = human.cells(kept)
    two = _Sides(x, y, x_errors, y_errors, x_freedom, y_freedom, dimensions)
    known = not np.isnan(y_errors).any()
    return Amplification(
        cells=n,
        slope=_slope(two, confidence) if known else _without(two.slope(), reason),
        sign_agreement=_signs(two, confidence) if known else _without(two.agreement(), reason),
        rank_correlation=_ranks(two, seed, confidence)
        if known
        else _without(spearman(x, y), reason),
        p_as_large=two.p_slope(1.0) if known else np.nan,
        p_unrelated=two.p_slope(0.0) if known else np.nan,
        p_no_bias=_p_no_bias(two) if known else np.nan,
    )


@dataclass(frozen=True, eq=False)
class _Sides:
    """n human (x) and model (y) differences, n x n covariances, and degrees of freedom."""

    x: FloatArray
    y: FloatArray
    x_errors: FloatArray
    y_errors: FloatArray
    x_freedom: FloatArray
    y_freedom: FloatArray
    dimensions: npt.NDArray[np.intp]

    def squares(self) -> float:
        """The sum of squares of the true human differences, without that of their errors."""
        return float(self.x @ self.x - np.trace(self.x_errors))

    def slope(self) -> float:
        squares = self.squares()
        return float(self.x @ self.y) / squares if squares > 0 else np.nan

    def variance(self, slope: float) -> tuple[float, float]:
        """Of the estimating function x'y - slope (x'x - tr), and its degrees of freedom."""
        pull = self.y - 2 * slope * self.x
        of_model = float(self.x @ self.y_errors @ self.x)
        of_human = float(pull @ self.x_errors @ pull)
        parts = (
            (of_model, self.x, self.y_errors, self.y_freedom),
            (of_human, pull, self.x_errors, self.x_freedom),
        )
        square = sum(
            part**2 / degrees_of_freedom(weights, errors, freedom, self.dimensions)
            for part, weights, errors, freedom in parts
        )
        total = of_model + of_human
        return total, total**2 / square if square > 0 else np.inf

    def p_slope(self, slope: float) -> float:
        variance, freedom = self.variance(slope)
        if self.squares() <= 0 or variance <= 0:
            return np.nan
        ratio = abs(self.x @ self.y - slope * self.squares()) / np.sqrt(variance)
        return float(2 * student_beyond(ratio, freedom))

    def agreement(self) -> float:
        signs = np.sign(self.x) * np.sign(self.y)
        return float((signs > 0).sum() / max((signs != 0).sum(), 1))


def _without(value: float, reason: str) -> Estimate:
    return Estimate(value, reason=reason) if not np.isnan(value) else undefined(NO_HUMAN_DIFFERENCE)


def _slope(two: _Sides, confidence: float) -> Estimate:
    """The slopes that a test at the level does not refuse: between the roots of a quadratic."""
    slope, squares = two.slope(), two.squares()
    if np.isnan(slope):
        return undefined(NO_HUMAN_DIFFERENCE)
    quantile = float(student_quantile((1 + confidence) / 2, two.variance(slope)[1]))
    product = float(two.x @ two.y)
    yy, xy, xx = (
        float(one @ two.x_errors @ other)
        for one, other in ((two.y, two.y), (two.x, two.y), (two.x, two.x))
    )
    second = squares**2 - 4 * quantile**2 * xx
    first = squares * product - 2 * quantile**2 * xy
    constant = product**2 - quantile**2 * (float(two.x @ two.y_errors @ two.x) + yy)
    inside = first**2 - second * constant
    if second <= 0 or inside < 0:
        return Estimate(slope, reason=NO_HUMAN_DIFFERENCE)
    half = float(np.sqrt(inside))
    return Estimate(slope, (first - half) / second, (first + half) / second)


def _signs(two: _Sides, confidence: float) -> Estimate:
    signs = np.sign(two.x) * np.sign(two.y)
    counted = signs != 0
    if not counted.any():
        return undefined("no difference has a sign")
    unsure = np.maximum(
        _p_of_sign(two.x, two.x_errors, two.x_freedom),
        _p_of_sign(two.y, two.y_errors, two.y_freedom),
    )
    sure = holm(np.where(counted, unsure, np.nan))[counted] < 1 - confidence
    same, n = signs[counted] > 0, int(counted.sum())
    return Estimate(
        float(same.mean()), float((sure & same).sum() / n), float(1 - (sure & ~same).sum() / n)
    )


def _p_of_sign(values: FloatArray, errors: FloatArray, freedom: FloatArray) -> FloatArray:
    scale = np.sqrt(np.maximum(np.diag(errors), 0.0))
    ratios = np.divide(np.abs(values), scale, out=np.full(len(values), np.inf), where=scale > 0)
    found: FloatArray = np.minimum(2 * student_beyond(ratios, freedom), 1.0)
    return np.where(values == 0, 1.0, found)


def spearman(x: FloatArray, y: FloatArray) -> float:
    """Spearman's rank correlation; NaN where one side is all alike."""
    return float(_spearmans(x[None], y[None])[0])


def _spearmans(x: FloatArray, y: FloatArray) -> FloatArray:
    """M rank correlations of M x n numbers."""
    ranks = [scipy.stats.rankdata(side, axis=1) for side in (x, y)]
    one, other = (side - side.mean(axis=1, keepdims=True) for side in ranks)
    scale = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
    found: FloatArray = np.divide(
        (one * other).sum(axis=1), scale, out=np.full(len(scale), np.nan), where=scale > 0
    )
    return found


def _ranks(two: _Sides, seed: int, confidence: float) -> Estimate:
    observed = spearman(two.x, two.y)
    if np.isnan(observed):
        return undefined("one side has no differences")
    random = np.random.default_rng(seed)
    drawn = _spearmans(
        two.x + _noise(two.x_errors, two.x_freedom, two.dimensions, random),
        two.y + _noise(two.y_errors, two.y_freedom, two.dimensions, random),
    )
    low, high = np.nanquantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    ends = np.clip([2 * observed - float(np.nanmean(drawn)), 2 * observed - high], -1, 1)
    return Estimate(float(ends[0]), float(ends[1]), float(np.clip(2 * observed - low, -1, 1)))


def _noise(
    errors: FloatArray,
    freedom: FloatArray,
    dimensions: npt.NDArray[np.intp],
    random: np.random.Generator,
) -> FloatArray:
    """M x n errors drawn as the covariance and its degrees of freedom say."""
    sizes, directions = np.linalg.eigh(errors)
    drawn = random.standard_normal((DRAWS, len(errors))) * np.sqrt(np.maximum(sizes, 0.0))
    degrees = _freedom_of_trace(errors, freedom, dimensions)
    heavier = np.sqrt(degrees / random.chisquare(degrees, DRAWS)) if np.isfinite(degrees) else None
    found: FloatArray = drawn @ directions.T
    return found if heavier is None else found * heavier[:, None]


def _freedom_of_trace(
    errors: FloatArray, freedom: FloatArray, dimensions: npt.NDArray[np.intp]
) -> float:
    """Degrees of freedom of the sum of the variances."""
    variances = np.diag(np.diag(errors))
    return degrees_of_freedom(np.ones(len(errors)), variances, freedom, dimensions)


def _p_no_bias(two: _Sides) -> float:
    errors = two.x_errors + two.y_errors
    total, square = float(np.trace(errors)), float((errors * errors).sum())
    if total <= 0:
        return np.nan
    gap = two.y - two.x
    below = _freedom_of_trace(errors, np.minimum(two.x_freedom, two.y_freedom), two.dimensions)
    above, value = total**2 / square, float(gap @ gap) / total
    if np.isinf(below):
        return float(scipy.special.chdtrc(above, above * value))
    return float(scipy.special.fdtrc(above, below, value))
