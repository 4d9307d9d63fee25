"""A number with its interval, or the reason why there is none."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """A point estimate with its confidence interval.

    Attributes:
        value: the estimate; NaN when it is not defined for the data.
        low: lower end of the interval; NaN when there is none.
        high: upper end of the interval; NaN when there is none.
        reason: why `value` or the interval is NaN, None when both are numbers.
    """

    value: float
    low: float = math.nan
    high: float = math.nan
    reason: str | None = None


def undefined(reason: str) -> Estimate:
    """The estimate that the data do not define."""
    return Estimate(math.nan, reason=reason)
