"""Numbers and intervals as tables for a person have them."""

import math
from collections.abc import Mapping
from typing import Protocol

_EQUAL = 1e-9  # equal scores computed in another order differ in the last bits


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
    """A share in per cent; one that would be rounded to none is said to be less than that.

    >>> percent(0.123), percent(0.0004), percent(0.0)
    ('12.3%', '<0.1%', '0.0%')
    """
    if math.isnan(value):
        return "-"
    least = 10.0**-digits
    if 0 < 100 * value < least / 2:
        return f"<{least:.{digits}f}%"
    return f"{100 * value:.{digits}f}%"


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


def how_many(count: int, things: str) -> str:
    """A number of things, in the singular where there is one.

    Args:
        count: how many.
        things: in the plural.

    >>> how_many(1, "items"), how_many(1, "people"), how_many(3120, "more queries")
    ('1 item', '1 person', '3,120 more queries')
    """
    return f"{count:,} {one_of(things) if count == 1 else things}"


def one_of(things: str) -> str:
    """The singular of a plural.

    >>> one_of("queries"), one_of("further runs"), one_of("higher-order values")
    ('query', 'further run', 'higher-order value')
    """
    before, space, last = things.rpartition(" ")
    if last == "people":
        last = "person"
    elif last.endswith("ies"):
        last = f"{last[:-3]}y"
    elif last.endswith("s"):
        last = last[:-1]
    return before + space + last


def highest_and_lowest(values: Mapping[str, float]) -> tuple[list[str], list[str]]:
    """The names of the highest values and of the lowest, several where they are equal.

    None of either where all that are known are equal; NaN is not known.

    >>> highest_and_lowest({"Power": 0.1 + 0.2, "Security": 0.3, "Hedonism": -0.6})
    (['Power', 'Security'], ['Hedonism'])
    >>> highest_and_lowest({"Power": 0.3, "Security": 0.3})
    ([], [])
    """
    known = {name: value for name, value in values.items() if not math.isnan(value)}
    if not known or max(known.values()) - min(known.values()) < _EQUAL:
        return [], []
    most, least = max(known.values()), min(known.values())
    return (
        [name for name, value in known.items() if most - value < _EQUAL],
        [name for name, value in known.items() if value - least < _EQUAL],
    )
