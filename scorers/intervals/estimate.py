"""A number with its interval, or the reason why there is none."""

import math
from collections.abc import Mapping
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


def with_ends(estimates: Mapping[str, Estimate]) -> dict[str, float]:
    """Estimates as metrics: each value, and next to it `<name>_low` and `<name>_high`.

    Inspect prints metrics in the order of the dictionary, one a line.

    >>> with_ends({"accuracy": Estimate(0.5, 0.4, 0.6)})
    {'accuracy': 0.5, 'accuracy_low': 0.4, 'accuracy_high': 0.6}
    """
    return {
        f"{name}{end}": value
        for name, estimate in estimates.items()
        for end, value in (("", estimate.value), ("_low", estimate.low), ("_high", estimate.high))
    }
