"""What a comparison could show at all, and how much more would decide it."""

import math

from scipy import stats

from scorers.comparison import SIGNIFICANCE

POWER = 0.8


def detectable_difference(
    standard_error: float, comparisons: int = 1, power: float = POWER, alpha: float = SIGNIFICANCE
) -> float:
    """The smallest true difference that a two-sided test would find with the given power.

    (z[1 - alpha / 2m] + z[power]) standard errors, with m comparisons. Dividing alpha by m is
    Bonferroni's correction, which is Holm's for the first score to be found, so the figure is
    on the safe side.

    Source: Bloom (1995), Minimum detectable effects; Cohen (1988) for the power of .80.

    Args:
        standard_error: of the difference, in its unit; NaN gives NaN.
        comparisons: m, how many differences are tested together.
        power: the chance of finding a difference of this size.
        alpha: level of all m tests together.

    Raises:
        ValueError: for a negative standard error or no comparison.

    >>> round(detectable_difference(0.1), 3)
    0.28
    """
    if standard_error < 0 or comparisons < 1:
        raise ValueError("needs a standard error of 0 or more and one comparison or more")
    quantiles = stats.norm.ppf(1 - alpha / (2 * comparisons)) + stats.norm.ppf(power)
    return float(quantiles * standard_error)


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
    half_width = float(stats.norm.ppf((1 + confidence) / 2)) * standard_error
    if half_width == 0:
        return 1.0
    room = abs(abs(difference) - margin)
    return float(math.ceil(units * (half_width / room) ** 2)) if room > 0 else math.inf
