"""Scores of runs in a picture, with people's: a row a score, a glyph a rater."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evals.reports.picture import BLUE, BROWN, label
from ratings.errors import DataError
from scorers.intervals.estimate import Estimate

# Each can be known by its glyph alone, where there is no colour.
_GLYPHS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")
_COLOURS = (BLUE, BROWN, "#386641", "#6a4c93", "#9b2226", "#0a9396", "#7f5539", "#3a5a40",
            "#5f0f40", "#415a77")  # fmt: skip
_PEOPLE = "0.35"
_BAND, _LINE = 0.7, 40  # of a row that glyphs take; letters of a name on a line of the legend


@dataclass(frozen=True)
class Series:
    """The scores of one rater.

    Attributes:
        name: for the legend.
        scores: by name; those that others have and this one lacks are left out.
        narrow: the same with their intervals on these items, drawn thicker; empty without any.
        people: whether it is people's, drawn as a bar of its own glyph.
    """

    name: str
    scores: Mapping[str, Estimate]
    narrow: Mapping[str, Estimate]
    people: bool = False


def height_of(rows: int, series: int) -> float:
    """The height in inches that a picture of so many rows needs."""
    return 1.6 + rows * max(0.34, 0.16 * series) + 0.24 * series


def draw_series(axes: Axes, rows: Sequence[str], series: Sequence[Series]) -> None:
    """Draw a row a score, the first at the top, and in it a glyph with its intervals a rater.

    Args:
        axes: to draw on.
        rows: names of the scores.
        series: of whom.

    Raises:
        DataError: for more models than there are glyphs.
    """
    models = [one for one in series if not one.people]
    if len(models) > len(_GLYPHS):
        raise DataError(f"a picture holds {len(_GLYPHS)} runs at most, found {len(models)}")
    looks = dict(
        zip((id(one) for one in models), zip(_GLYPHS, _COLOURS, strict=True), strict=False)
    )
    shifts = (np.arange(len(series)) - (len(series) - 1) / 2) * _BAND / max(len(series), 2)
    for one, shift in zip(series, shifts.tolist(), strict=True):
        glyph, colour = looks.get(id(one), ("|", _PEOPLE))
        for scores, width in ((one.scores, 1.0), (one.narrow, 2.6)):
            there = [(r, scores[name]) for r, name in enumerate(rows) if name in scores]
            ends = np.array([(r + shift, e.low, e.high) for r, e in there]).reshape(-1, 3)
            axes.hlines(*ends.T, color=colour, linewidth=width)
        points = [(one.scores[name].value, r + shift) for r, name in enumerate(rows)
                  if name in one.scores]  # fmt: skip
        axes.plot(
            *np.array(points).reshape(-1, 2).T,
            glyph,
            color=colour,
            markersize=11 if one.people else 5.5,
            markeredgewidth=2.5 if one.people else 0.8,
            markeredgecolor=colour if one.people else "white",
            label=fill(label(one.name, 200), _LINE),
        )
    axes.set_yticks(range(len(rows)), [fill(label(name, 200), _LINE) for name in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_axisbelow(True)
    axes.grid(axis="y", which="minor", color="0.9")
    axes.set_yticks(np.arange(len(rows) - 1) + 0.5, minor=True)
    axes.tick_params(axis="y", which="both", length=0)
    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    figure.legend(fontsize=8, frameon=False, loc="outside lower left")
