"""Model differences of groups compared with human ones: slope, agreement in sign and in rank.

Both sides are known with error. Humans' error makes a plain regression slope too small, and any
error makes agreement look worse than it is; the figures here allow for both.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from scorers.amplification.agreement import agreement, observed_signs, spearmans
from scorers.amplification.differences import GroupDifferences
from scorers.amplification.sides import Sides, matched_freedom
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.quantiles import student_quantile

NO_GROUPS = "no two groups of a grouping have both human and model figures"
NO_HUMAN_DIFFERENCE = "human differences are no larger than their error"
_LEAST_CELLS = 3


@dataclass(frozen=True)
class Amplification:
    """How model differences of groups relate to human differences of the same groups.

    Attributes:
        cells: n differences that both sides have, groups by values.
        slope: of model differences on human ones, through 0: 1 as large, 0 unrelated, above 1
            exaggerated, below 0 reversed.
        sign_agreement: share of differences that point the same way.
        rank_correlation: Spearman's.
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
    groupings: npt.NDArray[np.intp] | None = None,
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

    Agreement in sign and rank is that of the true differences; see `agreement`. Without errors it
    is that of the figures.

    No bias is tested by the sum of squared differences between the two sides over its expectation,
    with F's distribution and matched moments (ANOVA-type statistic), which needs no inverse of a
    covariance that was estimated from few clusters.

    Source: Fuller (1987), Measurement error models, section 1.2; Fieller (1954), Some problems in
    interval estimation; Brunner, Dette and Munk (1997), Box-type approximations in nonparametric
    factorial designs.

    Args:
        model: scores of B groups on D values less the scores that they are compared with.
        human: of the same groups and values.
        groupings: B numbers; each group is then taken less the mean of the groups of its grouping,
            so that what all groups share says nothing. None takes the differences as they are.
        seed: of the draws of the agreement.
        reason: why there is no interval where the model's covariance is NaN.
        confidence: nominal coverage of the intervals.
    """
    two = Sides.of(model, human, groupings)
    if len(two.x) < _LEAST_CELLS:
        nothing = undefined(NO_GROUPS)
        return Amplification(len(two.x), nothing, nothing, nothing, np.nan, np.nan, np.nan)
    signs, ranks = (float(of(two.x[None], two.y[None])[0]) for of in (observed_signs, spearmans))
    if not two.known():
        slope, same_sign, same_rank = (
            undefined(NO_HUMAN_DIFFERENCE) if np.isnan(value) else Estimate(value, reason=reason)
            for value in (two.slope(), signs, ranks)
        )
        return Amplification(len(two.x), slope, same_sign, same_rank, np.nan, np.nan, np.nan)
    same_sign, same_rank = agreement(two, seed, confidence)
    return Amplification(
        cells=len(two.x),
        slope=_slope(two, confidence),
        sign_agreement=same_sign,
        rank_correlation=same_rank,
        p_as_large=two.p_slope(1.0),
        p_unrelated=two.p_slope(0.0),
        p_no_bias=_p_no_bias(two),
    )


def _slope(two: Sides, confidence: float) -> Estimate:
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


def _p_no_bias(two: Sides) -> float:
    errors, below = two.gap_errors(1.0)
    total = float(np.trace(errors))
    if total <= 0:
        return np.nan
    gap = two.y - two.x
    above, value = matched_freedom(errors), float(gap @ gap) / total
    if np.isinf(below):
        return float(scipy.special.chdtrc(above, above * value))
    return float(scipy.special.fdtrc(above, below, value))
