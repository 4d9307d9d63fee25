"""What a comparison could show at all."""

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
