"""Pictures of steering: the table of changes, and the changes against the angle."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from evals.reports.picture import BLUE, BROWN
from ratings.output.numbers import number
from scorers.steering.changes import Changes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_heat_map(axes: "Axes", changes: Changes) -> None:
    """The table of changes; the values steered towards are framed."""
    values = changes.values
    most = float(np.abs(values).max()) or 1.0
    image = axes.imshow(values, cmap="RdBu", vmin=-most, vmax=most)
    for row, column in np.ndindex(*values.shape):
        value = float(values[row, column])
        dark = abs(value) > 0.6 * most
        axes.text(
            column, row, number(value), ha="center", va="center", fontsize=7,
            color="white" if dark else "black",
        )  # fmt: skip
    for row, column in enumerate(changes.targets.tolist()):
        frame = np.array([[-0.5, 0.5, 0.5, -0.5, -0.5], [-0.5, -0.5, 0.5, 0.5, -0.5]])
        axes.plot(column + frame[0], row + frame[1], color="black", linewidth=1.5)
    axes.set_xticks(range(len(changes.scores)), list(changes.scores), rotation=45, ha="right")
    axes.set_yticks(range(len(changes.steered)), list(changes.steered))
    axes.set_xlabel("score")
    axes.set_ylabel("steered towards")
    axes.spines[:].set_visible(False)
    axes.figure.colorbar(image, ax=axes, shrink=0.8, label="change of the score")


def draw_by_distance(
    axes: "Axes", changes: Changes, steps: npt.NDArray[np.intp], table: pd.DataFrame
) -> None:
    """Each change against its angle, their means, and the best fitting cosine."""
    around = len(changes.scores)
    angles = 360 * steps / around
    axes.plot(angles.ravel(), changes.values.ravel(), "o", color=BLUE, alpha=0.35, markersize=4)
    column = table.columns[table.columns.isin(["mean change", "on these items"])][0]
    means = table[column].to_numpy(dtype=float)
    widest = "beyond these items"
    if f"{widest} low" in table:
        ends = table[[f"{widest} low", f"{widest} high"]].to_numpy(dtype=float).T
        error = np.abs(ends - means)
        axes.errorbar(table["angle"], means, error, fmt="s", color="black", capsize=3, zorder=3)
    else:
        axes.plot(table["angle"], means, "s", color="black", zorder=3)
    cosines = np.cos(2 * np.pi * steps / around).ravel()
    slope, level = np.polyfit(cosines, changes.values.ravel(), 1)
    line = np.linspace(0, 180, 100)
    axes.plot(line, level + slope * np.cos(np.deg2rad(line)), color=BROWN)
    axes.axhline(0, color="grey", linewidth=0.8)
    axes.set_xticks(np.arange(0, 181, 36))
    axes.set_xlabel("angle between the value steered towards and the score, degrees")
    axes.set_ylabel("change of the score")
