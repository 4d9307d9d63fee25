"""Bars with intervals, as several findings draw them."""

from textwrap import shorten

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE

MOST = 80  # bars that can be read
_WIDEST = 50  # characters of a bar's name


def bars(axes: Axes, table: pd.DataFrame, names: pd.Series, column: str, label: str) -> None:
    """A horizontal bar for each row, the first on top, with its interval.

    Args:
        axes: to draw on.
        table: with `column`, and where it has an interval `<column> low` and `<column> high`.
        names: of the rows.
        column: length of the bars.
        label: of the horizontal axis.
    """
    shown = table.head(MOST)
    at = np.arange(len(shown))[::-1]
    values = shown[column].to_numpy(dtype=float)
    axes.barh(at, np.nan_to_num(values), color=BLUE, alpha=0.6)
    if f"{column} low" in shown:
        low, high = (shown[f"{column} {end}"].to_numpy(dtype=float) for end in ("low", "high"))
        axes.hlines(at, low, high, color="black", linewidth=1)
    axes.set_yticks(at, [shorten(name, _WIDEST, placeholder=" ...") for name in names.head(MOST)])
    axes.tick_params(axis="y", labelsize=7)
    axes.set_xlabel(label)


def bars_size(table: pd.DataFrame) -> tuple[float, float]:
    """Width and height in inches of a picture of such bars."""
    return 7, 1.2 + 0.2 * min(len(table), MOST)
