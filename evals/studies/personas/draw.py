"""Differences of groups by value, people and model side by side, as Figures 5 to 8 have them."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from evals.reports.picture import label
from ratings.arrays import FloatArray

_COLOURS = ("#2a6f97", "#bc6c25", "#6a994e", "#7b2d8b", "#c9ada7", "#333333", "#d4a017")


def draw_sides(
    axes: Axes,
    groups: Sequence[str],
    scores: Sequence[str],
    sides: Mapping[str, tuple[FloatArray, FloatArray]],
) -> None:
    """Bars by score and group, a panel a side.

    Args:
        axes: replaced by the panels.
        groups: G names.
        scores: D names.
        sides: by title G x D differences, and half the widths of their intervals (NaN for none);
            sides without any figure are left out.
    """
    figure = axes.figure
    axes.remove()
    shown = {title: side for title, side in sides.items() if not np.isnan(side[0]).all()}
    panels = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    width = 0.8 / len(groups)
    for panel, (title, (values, reach)) in zip(panels, shown.items(), strict=True):
        panel.spines[["top", "right"]].set_visible(False)
        for number, group in enumerate(groups):
            at = np.arange(len(scores)) + (number - (len(groups) - 1) / 2) * width
            bars = None if np.isnan(reach[number]).all() else np.nan_to_num(reach[number])
            panel.bar(
                at,
                values[number],
                width,
                yerr=bars,
                error_kw={"elinewidth": 0.8},
                color=_COLOURS[number % len(_COLOURS)],
                label=label(group),
            )
        panel.axhline(0, color="grey", linewidth=0.8)
        panel.set_xticks(range(len(scores)), [name[:3] for name in scores])
        panel.set_title(label(title, 60), fontsize=10)
    panels[0].set_ylabel("difference, points")
    panels[-1].legend(fontsize=8, frameon=False)
