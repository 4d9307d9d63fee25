"""Numbers and intervals as tables for a person have them."""

import math
from typing import Protocol


class Interval(Protocol):
    """The ends of an interval, NaN where it has none, and then why."""

    @property
    def low(self) -> float:
        """The lower end."""

    @property
    def high(self) -> float:
        """The upper end."""

    @property
    def reason(self) -> str | None:
        """Why there is none."""


def number(value: float, digits: int = 2) -> str:
    """A number, or a dash where there is none."""
    # Adding 0.0 makes a rounded -0.0 a plain 0.0.
    return "-" if math.isnan(value) else f"{round(value, digits) + 0.0:.{digits}f}"


def p_value(value: float) -> str:
    """A p-value to four decimals, or a dash where there is none.

    >>> p_value(0.0312), p_value(0.0)
    ('0.0312', '<0.0001')
    """
    return "<0.0001" if value < 1e-4 else number(value, 4)


def ends(estimate: Interval, digits: int = 2) -> str:
    """The ends of an interval, or a dash where a text next to it says why it has none."""
    return "-" if math.isnan(estimate.low) else interval(estimate, digits)


def percent(value: float, digits: int = 1) -> str:
    """A share in per cent."""
    return "-" if math.isnan(value) else f"{100 * value:.{digits}f}%"


def interval(estimate: Interval, digits: int = 2) -> str:
    """The ends of an interval, or why there is none."""
    if math.isnan(estimate.low):
        return estimate.reason or "-"
    return f"{estimate.low:.{digits}f} to {estimate.high:.{digits}f}"


def percent_interval(estimate: Interval, digits: int = 1) -> str:
    """The ends of an interval in per cent, or why there is none."""
    if math.isnan(estimate.low):
        return interval(estimate)
    return f"{percent(estimate.low, digits)} to {percent(estimate.high, digits)}"
