"""Pictures of a V-information study."""

import math
from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, BROWN, label, picture
from evals.vinfo.table import VinfoRow

_LINE, _NAMED = 34, 60  # letters of a name on a line, instances that are named


def plot_information(rows: Sequence[VinfoRow], title: str, path: Path) -> None:
    """Usable information of every representation, with its interval, and of each split."""
    given = [row for row in rows if row.mixed is not None]
    with picture(path, height=1.4 + 0.42 * len(given)) as axes:
        draw_information(axes, given)
        axes.set_title(title, fontsize=10)


def draw_information(axes: Axes, given: Sequence[VinfoRow]) -> None:
    """Draw a row a representation: an interval with a tick across it, splits as dots below.

    Args:
        axes: to draw on.
        given: the rows, from top to bottom.
    """
    axes.axvline(0, color="0.4", linewidth=1)
    for height, row in enumerate(given):
        found = row.information
        color = BROWN if "shuffled" in row.representation.kinds() else BLUE
        if not math.isnan(found.estimate.low):
            axes.hlines(height, found.estimate.low, found.estimate.high, color=color, linewidth=2.5)
        splits = [one.value for one in found.per_split]
        axes.plot(splits, [height + 0.25] * len(splits), ".", color="0.5", markersize=4)
        # across the interval and thinner than any: a dot would hide a short one
        axes.plot(found.estimate.value, height, "|", color=color, markersize=12, markeredgewidth=1)
    names = [fill(label(row.representation.name, 200), _LINE) for row in given]
    axes.set_yticks(range(len(given)), names)
    axes.set_ylim(len(given) - 0.5, -0.5)
    axes.set_xlabel("usable information (nats), 95% intervals; dots are splits")


def plot_reliability(tables: dict[str, pd.DataFrame], title: str, path: Path) -> None:
    """Share right against confidence, a line for each representation."""
    with picture(path, width=5.5, height=5) as axes:
        axes.plot([0, 1], [0, 1], ":", color="0.4", linewidth=1)
        for name, table in tables.items():
            there = table[table["count"] > 0]
            gaps = [there["share_right"] - there["low"], there["high"] - there["share_right"]]
            axes.errorbar(
                there["mean_confidence"],
                there["share_right"],
                yerr=np.clip(np.array(gaps), 0, None),
                marker="o",
                markersize=3,
                linewidth=1,
                label=name,
            )
        axes.set_xlabel("confidence in the most probable choice")
        axes.set_ylabel("share right")
        axes.legend(fontsize=7, frameon=False)
        axes.set_title(title, fontsize=10)


def plot_uncertainty(table: pd.DataFrame, title: str, path: Path) -> None:
    """Value-epistemic against aleatoric uncertainty, a numbered dot for each instance."""
    with picture(path, width=7.5, height=6) as axes:
        draw_uncertainty(axes, table)
        axes.set_title(title, fontsize=10)


def draw_uncertainty(axes: Axes, table: pd.DataFrame) -> None:
    """Draw a dot an instance with a number, and to the right the names of the numbers.

    The number is the rank by how far the value-epistemic uncertainty is from 0; of very many
    instances only the first are named.

    Args:
        axes: to draw on.
        table: of instances, with `instance`, `aleatoric` and `value_epistemic`, nats.
    """
    known = table.dropna(subset=["aleatoric", "value_epistemic"])
    known = known.sort_values("value_epistemic", key=lambda of: -of.abs(), kind="stable")
    axes.axhline(0, color="0.4", linewidth=1)
    axes.plot(known["aleatoric"], known["value_epistemic"], ".", color=BLUE, alpha=0.6)
    columns = (known[name].tolist() for name in ("aleatoric", "value_epistemic"))
    points = list(zip(*columns, strict=True))[:_NAMED]
    for number, point in enumerate(points, start=1):
        axes.annotate(str(number), point, xytext=(2, 2), textcoords="offset points", fontsize=6)
    names = [
        f"{number} {label(name, 30)}"
        for number, name in enumerate(known["instance"].tolist()[:_NAMED], start=1)
    ]
    listed = "\n".join(names)
    axes.text(1.02, 1, listed, transform=axes.transAxes, va="top", fontsize=5.5, linespacing=1.15)
    of_many = f"; named: the {_NAMED} farthest from 0" if len(known) > _NAMED else ""
    axes.set_xlabel(f"aleatoric uncertainty (nats){of_many}")
    axes.set_ylabel("value-epistemic uncertainty (nats)")


def plot_agreement(table: pd.DataFrame, minimum: int, title: str, path: Path) -> None:
    """Observed against predicted agreement, a dot for each instance with enough raters."""
    there = table[table["raters"] >= minimum]
    with picture(path, width=5.5, height=5) as axes:
        axes.plot(there["predicted_agreement"], there["observed_agreement"], ".", color=BLUE)
        low = float(np.nanmin(there["predicted_agreement"])) if len(there) else 0.0
        axes.axline((low, low), slope=1, linestyle=":", color="0.4", linewidth=1)
        axes.set_xlabel("predicted chance that two raters agree")
        axes.set_ylabel("observed")
        axes.set_title(title, fontsize=10)
