"""Cells of a table whose columns hold estimates, each with its interval in two more columns.

`<column> low` and `<column> high` are the ends of the interval of `<column>`; `p` and columns that
begin so are p-values.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ratings.output.numbers import number, p_value

ENDS = (" low", " high")


def estimate_columns(columns: Iterable[object]) -> list[str]:
    """The columns that are no ends of an interval.

    >>> estimate_columns(["model", "score", "score low", "score high"])
    ['model', 'score']
    """
    return [name for column in columns if not (name := str(column)).endswith(ENDS)]


def interval_cell(row: Mapping[Any, Any], column: str) -> str:
    """The cell of a column with its interval, or a dash where there is nothing.

    >>> interval_cell({"score": 0.123, "score low": 0.1, "score high": 0.15}, "score")
    '0.123 (0.100 to 0.150)'
    """
    value = row[column]
    low, high = (_end(row.get(f"{column} {end}")) for end in ("low", "high"))
    if not isinstance(value, list | dict) and pd.isna(value):
        return "-"
    if not isinstance(value, float | np.floating):
        return str(value) if np.isnan([low, high]).any() else f"{value} ({low:.0f} to {high:.0f})"
    if column == "p" or column.startswith("p "):
        return p_value(float(value))
    if float(value).is_integer() and f"{column} low" not in row:
        return f"{value:.0f}"
    text = number(float(value), _digits(float(value)))
    if np.isnan([low, high]).any():
        return text
    digits = _digits(max(abs(low), abs(high)))
    return f"{text} ({number(low, digits)} to {number(high, digits)})"


def ends_cell(row: Mapping[Any, Any], column: str) -> str:
    """The interval of a column alone, or a dash where there is none.

    >>> ends_cell({"score": 0.123, "score low": 0.1, "score high": 0.15}, "score")
    '0.100 to 0.150'
    """
    low, high = (_end(row.get(f"{column} {end}")) for end in ("low", "high"))
    if np.isnan([low, high]).any():
        return "-"
    digits = _digits(max(abs(low), abs(high)))
    return f"{number(low, digits)} to {number(high, digits)}"


def _end(found: object) -> float:
    return float(found) if isinstance(found, int | float | np.number) else float("nan")


def _digits(value: float) -> int:
    """Decimals that leave three figures or so of a number."""
    return int(np.clip(2 - np.floor(np.log10(abs(value) or 1)), 0, 4)) if value == value else 2
