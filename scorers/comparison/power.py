"""What a comparison could show at all, and how much more would decide it."""

import math
from functools import lru_cache

import numpy as np
import scipy
from scipy.special import ndtr

from ratings.arrays import FloatArray
from scorers.comparison.differences import SIGNIFICANCE

POWER = 0.8
_QUANTILES = 4_000


def detectable_difference(
    standard_error: float,
    comparisons: int = 1,
    power: float = POWER,
    alpha: float = SIGNIFICANCE,
    freedom: float = math.inf,
    least: float = 0.0,
) -> float:
    """The smallest true difference that a two-sided t test would find with the given power.

    The difference in standard errors is the noncentrality at which t exceeds its critical value
    at level alpha / m with the given chance, with m comparisons. Dividing alpha by m is
    Bonferroni's correction, which is Holm's for the first score to be found. With others found
    first Holm asks for less, so the figure is then on the safe side.

    Source: Cohen (1988) for power by noncentral t and for .80; Bloom (1995), Minimum detectable
    effects.

    Args:
        standard_error: of the difference, in its unit; NaN gives NaN.
        comparisons: m, how many differences are tested together.
        power: the chance of finding a difference of this size; above alpha / m.
        alpha: level of all m tests together.
        freedom: degrees of freedom of the test, those of the standard error; infinity for a
            normal test.
        least: the least p-value that the test can give; infinity is returned where it never
            passes the correction.

    Raises:
        ValueError: for a negative standard error, no comparison or no degree of freedom.

    >>> round(detectable_difference(0.1), 3)
    0.28
    >>> round(detectable_difference(0.1, freedom=4), 3)
    0.376
    """
    if standard_error < 0 or comparisons < 1 or not freedom > 0:
        raise ValueError(
            "needs a standard error of 0 or more, one comparison or more and a degree of freedom"
        )
    if math.isnan(standard_error):
        return math.nan
    if least * comparisons >= alpha:
        return math.inf
    return _noncentrality(comparisons, power, alpha, freedom) * standard_error


@lru_cache(maxsize=65_536)  # a board asks for each pair and score
def _noncentrality(comparisons: int, power: float, alpha: float, freedom: float) -> float:
    critical = float(scipy.stats.t.isf(alpha / (2 * comparisons), freedom))
    if math.isinf(freedom):
        return critical + float(scipy.stats.norm.ppf(power))

    # Given the spread that the test estimates (a chi variable), t exceeds its critical value
    # with a normal chance. Averaged over quantiles of the chi: SciPy's noncentral t loses its
    # way far out with few degrees of freedom.
    thresholds = critical * _spreads(freedom)

    def short_of_power(shift: float) -> float:
        found = ndtr(shift - thresholds) + ndtr(-thresholds - shift)
        return float(found.mean()) - power

    return float(scipy.optimize.brentq(short_of_power, 0.0, 3 * critical + 10))


@lru_cache(maxsize=256)  # every number of comparisons needs them
def _spreads(freedom: float) -> FloatArray:
    """Quantiles of a standard error over the true one, a chi variable by its freedom's root."""
    shares = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
    found: FloatArray = np.sqrt(scipy.stats.chi2.ppf(shares, freedom) / freedom)
    return found


def units_to_decide(
    units: int,
    difference: float,
    standard_error: float,
    margin: float,
    confidence: float = 1 - 2 * SIGNIFICANCE,
) -> float:
    """How many units in all would tell whether a difference is within the margin or beyond it.

    With n' units instead of n the interval around the same difference is narrower by
    sqrt(n / n'). It lies wholly inside or wholly outside [-margin, margin] once its half-width
    is no more than the distance of the difference from the nearer end. The rest is luck: with more
    units the difference itself will move, so this is a plan and not a promise.

    Args:
        units: n, the items or people (better: the clusters of them) behind the difference.
        difference: as observed.
        standard_error: of the difference with n units.
        margin: the largest difference that does not matter, above 0.
        confidence: of the interval; 90% is that of two one-sided tests at 5%.

    Returns:
        A whole number, no more than `units` where the question is decided already; infinity
        where the difference is exactly at the margin; NaN for NaN.

    Raises:
        ValueError: for a negative standard error or margin, or no unit.

    >>> units_to_decide(100, difference=0.1, standard_error=0.1, margin=0.2)
    271.0
    """
    if standard_error < 0 or margin < 0 or units < 1:
        raise ValueError("needs a standard error and a margin of 0 or more, and one unit or more")
    if math.isnan(difference + standard_error + margin):
        return math.nan
    half_width = float(scipy.stats.norm.ppf((1 + confidence) / 2)) * standard_error
    if half_width == 0:
        return 1.0
    room = abs(abs(difference) - margin)
    return float(math.ceil(units * (half_width / room) ** 2)) if room > 0 else math.inf
