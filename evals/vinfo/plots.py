"""Pictures of a V-information study."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from evals.reports.picture import BLUE, BROWN, picture
from evals.vinfo.table import VinfoRow


def plot_information(rows: Sequence[VinfoRow], title: str, path: Path) -> None:
    """Usable information of every representation, with intervals and a dot for each split."""
    given = [row for row in rows if row.mixed is not None]
    with picture(path, height=1.2 + 0.34 * len(given)) as axes:
        axes.axvline(0, color="0.4", linewidth=1)
        for place, row in enumerate(reversed(given)):
            found = row.information
            color = BROWN if "shuffled" in row.representation.kinds() else BLUE
            if not math.isnan(found.estimate.low):
                axes.hlines(
                    place, found.estimate.low, found.estimate.high, color=color, linewidth=3
                )
            splits = [one.value for one in found.per_split]
            axes.plot(splits, [place] * len(splits), ".", color="0.5", markersize=4)
            axes.plot(found.estimate.value, place, "o", color=color)
        axes.set_yticks(range(len(given)), [row.representation.name for row in reversed(given)])
        axes.set_xlabel("usable information (nats), 95% intervals; dots are splits")
        axes.set_title(title, fontsize=10)


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
    """Value-epistemic against aleatoric uncertainty, a dot for each instance."""
    with picture(path, width=5.5, height=4.5) as axes:
        axes.axhline(0, color="0.4", linewidth=1)
        axes.plot(table["aleatoric"], table["value_epistemic"], ".", color=BLUE, alpha=0.6)
        axes.set_xlabel("aleatoric uncertainty (nats)")
        axes.set_ylabel("value-epistemic uncertainty (nats)")
        axes.set_title(title, fontsize=10)


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
