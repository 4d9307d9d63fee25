"""Pictures that several findings share."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, label


def draw_ranks(axes: Axes, ranks: pd.DataFrame) -> None:
    """A line a model through its ranks by each setting, the first rank on top.

    Args:
        axes: to draw on.
        ranks: models by settings, in the order to show; NaN where a model has none.
    """
    shown = ranks.astype(float)
    at = np.arange(shown.shape[1])
    for model, row in zip(shown.index, shown.to_numpy(), strict=True):
        axes.plot(at, row, "o-", markersize=3, linewidth=1)
        if not np.isnan(row).all():
            first = int(np.flatnonzero(~np.isnan(row))[0])
            axes.annotate(
                label(model), (at[first], row[first]), (-6, 0), textcoords="offset points",
                ha="right", va="center", fontsize=7,
            )  # fmt: skip
    axes.set_xticks(at, [label(name) for name in shown.columns], rotation=30, ha="right")
    axes.set_xlim(-0.4 * len(at) - 0.2, len(at) - 0.8)
    axes.tick_params(axis="x", labelsize=8)
    axes.invert_yaxis()
    axes.set_ylabel("rank")


def draw_estimates(
    axes: Axes, names: Sequence[object], table: pd.DataFrame, column: str, what: str
) -> None:
    """Estimates with their intervals, one below another.

    Args:
        axes: to draw on.
        names: of the rows.
        table: with `column`, and `<column> low` and `<column> high`.
        column: of the estimates.
        what: what they are, for the axis.
    """
    at = np.arange(len(table))[::-1]
    axes.hlines(at, table[f"{column} low"], table[f"{column} high"], color=BLUE)
    axes.plot(table[column], at, "o", color=BLUE, markersize=4)
    axes.set_yticks(at, [label(name) for name in names], fontsize=7)
    axes.set_xlabel(f"{what}, 95% intervals")
