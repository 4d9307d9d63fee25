"""Numbers as they stand in tables for a person, and the table that all reports have."""

import math
import re
from collections.abc import Mapping

from rich.table import Table

from scorers.intervals.estimate import Estimate


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


def ends(estimate: Estimate, digits: int = 2) -> str:
    """The ends of an interval, or a dash where a text beside it says why there is none."""
    return "-" if math.isnan(estimate.low) else interval(estimate, digits)


def percent(value: float, digits: int = 1) -> str:
    """A share in per cent."""
    return "-" if math.isnan(value) else f"{100 * value:.{digits}f}%"


def interval(estimate: Estimate, digits: int = 2) -> str:
    """The ends of an interval, or why there is none."""
    if math.isnan(estimate.low):
        return estimate.reason or "-"
    return f"{estimate.low:.{digits}f} to {estimate.high:.{digits}f}"


def percent_interval(estimate: Estimate, digits: int = 1) -> str:
    """The ends of an interval in per cent, or why there is none."""
    if math.isnan(estimate.low):
        return interval(estimate)
    return f"{percent(estimate.low, digits)} to {percent(estimate.high, digits)}"


def status_table(title: str, what: str, counts: Mapping[str, int]) -> Table:
    """How many answers were read as each status, and their share."""
    table = Table(title=title, title_justify="left")
    total = sum(counts.values())
    table.add_column("status")
    table.add_column(what, justify="right")
    table.add_column("share", justify="right")
    for status, count in counts.items():
        table.add_row(status, str(count), percent(count / total if total else math.nan))
    return table


def plain(text: str) -> str:
    r"""Text that a cell of a Markdown table shows as it is, whatever it holds.

    >>> print(plain("a|b <script>`x`"))
    a\|b &lt;script&gt;\`x\`
    """
    flat = " ".join(text.split())
    escaped = re.sub(r"([\\`*_\[\]|~#])", r"\\\1", flat)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
