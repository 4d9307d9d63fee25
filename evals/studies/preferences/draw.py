"""Pictures that several findings share."""

from collections.abc import Iterable

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
    for row in shown.to_numpy():
        axes.plot(at, row, "o-", markersize=3, linewidth=1)
    begin = shown.iloc[:, 0].dropna()
    at_rank = {rank: ", ".join(map(str, begin.index[begin == rank])) for rank in sorted(set(begin))}
    names = [f"{label(models, 60)}  {rank:.0f}" for rank, models in at_rank.items()]
    axes.set_yticks(list(at_rank), names)
    axes.set_xticks(at, [label(name) for name in shown.columns], rotation=30, ha="right")
    axes.tick_params(labelsize=8)
    axes.invert_yaxis()
    axes.set_ylabel(f"rank; names by that of {label(shown.columns[0])}")


def draw_estimates(
    axes: Axes, names: Iterable[object], table: pd.DataFrame, column: str, what: str
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
    axes.set_yticks(at, [label(name, 60) for name in names], fontsize=7)
    axes.set_xlabel(f"{what}, 95% intervals")
