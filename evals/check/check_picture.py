"""A check as a picture for a pull request: each score's difference, with its margin."""

import math
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from evals.reports.picture import BLUE, BROWN, label, picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from evals.check.regression import Regression

_ROW, _EDGES, _WIDTH, _LINE = 0.3, 1.6, 8.0, 95
_GREY = "#8d99ae"
_COLOURS = {"same": BLUE, "moved": BROWN, "undecided": _GREY}


def draw_check(path: Path, found: "Sequence[Regression]") -> None:
    """Draw the difference of every score, in margins, with the interval that holds for all at once.

    A thick line is the interval on these items, a thin one that beyond them. Inside the band a
    difference counts as none.

    Args:
        path: .svg, .png or .pdf.
        found: one or several checks, one below the other.
    """
    rows = sum(len(one.scores) + 2 for one in found)
    with picture(path, _WIDTH, _EDGES + _ROW * rows) as axes:
        axes.axvspan(-1, 1, color=BLUE, alpha=0.1, linewidth=0)
        axes.axvline(0, color=_GREY, linewidth=0.8)
        names: list[tuple[float, str]] = []
        top = 0.0
        for one in found:
            title = fill(label(one.finding, 200), _LINE)
            across = axes.get_yaxis_transform()
            axes.text(0.01, top + 0.4, title, transform=across, fontsize=8, va="bottom")
            names += _draw_scores(axes, one, top + 1)
            top += len(one.scores) + 2
        axes.set_yticks([y for y, _ in names], [label(name, 30) for _, name in names])
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(top - 0.5, -1.5)
        axes.set_xlabel(
            "difference, in margins (thick: on these items, for all scores at once; thin: beyond)"
        )


def _draw_scores(axes: "Axes", found: "Regression", first: float) -> list[tuple[float, str]]:
    names = []
    for y, check in enumerate(found.scores, start=1):
        at, colour, unit = first + y - 1, _COLOURS[check.verdict], check.margin
        names.append((at, check.name))
        value = check.difference.value
        if math.isnan(value):
            continue
        wide = check.beyond.difference
        if not math.isnan(wide.low):
            axes.plot([wide.low / unit, wide.high / unit], [at, at], color=colour, linewidth=1)
        if not math.isnan(check.low_all):
            ends = [check.low_all / unit, check.high_all / unit]
            axes.plot(ends, [at, at], color=colour, linewidth=3, solid_capstyle="butt")
        filled = "white" if check.verdict == "undecided" else colour
        axes.plot(value / unit, at, "o", color=colour, markersize=5, markerfacecolor=filled)
    return names
