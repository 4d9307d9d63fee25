"""Estimates between 0 and 1 with their intervals: coefficients, shares, percentile ranks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from leaderboard.site import text
from leaderboard.site.figures import marks
from leaderboard.site.figures.rows import Layout, plain_frame
from leaderboard.site.figures.svg import Element, add, add_tip
from leaderboard.site.score_groups import Json

_MANY = 9.0  # pixels between the lines of two series in a row


def shares(
    title: str,
    series: Mapping[str, Mapping[str, Json]],
    layout: Layout,
    drawn: str,
    unit: str = "",
    middle: float | None = None,
) -> Markup:
    """A row for each thing, in it an estimate of each series; the first is solid, others hollow.

    Ends of intervals do not lengthen the axis: those of coefficients may lie far below 0.

    Args:
        title: of the figure.
        series: estimates by the name of the series and of the thing.
        layout: of the drawing.
        drawn: id of the drawing, unique on the page.
        unit: of the axis.
        middle: where a line says what is neither high nor low.

    Returns:
        SVG. What has no value has no mark, and says so.
    """
    names = list(next(iter(series.values())))
    values = [found["value"] for of in series.values() for found in of.values()]
    lowest = min([0.0, *(value - 0.05 for value in values if value is not None)])
    room = replace(layout, band=max(layout.band - 6, _MANY * (len(series) + 1)))
    made = plain_frame(room, (lowest, 1.0), tuple(names), unit)
    root = Element("g")
    if middle is not None:
        foot = made.bottom(len(names) - 1)
        marks.upright(root, made.axis.at(middle), 0, foot, "zero")
    for k, name in enumerate(names):
        found = [of[name] for of in series.values()]
        if all(one["value"] is None for one in found):
            made.say(root, k, "no value")
            continue
        for s, (title_of, one) in enumerate(zip(series, found, strict=True)):
            if one["value"] is None:
                continue
            y = made.middle(k) + (s - (len(found) - 1) / 2) * _MANY
            holder = add(root, "g")
            ends = _within(one, made.axis.low)
            marks.interval(holder, made.axis, y, *ends, "beyond")
            kind = "shape" if s == 0 else "shape open"
            at = [(made.axis.at(one["value"]), y)]
            marks.shapes(holder, marks.SHAPES[s % 2], at, 3.8, kind)
            add_tip(holder, f"{title_of}: {text.number(one['value'])} ({text.interval(one)})")
        made.write(root, k, _numbers(found))
    return made.figure(title, root, drawn)


def _within(found: Json, low: float) -> tuple[float | None, float | None]:
    if found["low"] is None or found["high"] is None:
        return None, None
    return max(found["low"], low), min(found["high"], 1.0)


def _numbers(found: Sequence[Json]) -> str:
    return " ".join(text.number(one["value"]) for one in found)
