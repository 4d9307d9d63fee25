"""A row's scores on one axis, with people behind them and the other models below."""

from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup

from leaderboard.site import text
from leaderboard.site.figures import marks
from leaderboard.site.figures.rows import Frame, Layout, frame
from leaderboard.site.figures.svg import Element, add, add_tip
from leaderboard.site.score_groups import Group, Json

_ABOVE = 9.0  # pixels from a dot up to what a paper prints, which is often the same value
_MIDDLE = (0.05, 0.95)  # of people's density: what the axis holds at least


def profile_frame(table: Json, group: Group, layout: Layout, row: Json | None = None) -> Frame:
    """What is behind every row's profile: people's density and mean, and a tick a row shown.

    Args:
        table: of the board.
        group: of scores, D rows of the figure.
        layout: of the drawing.
        row: whose values may be outside the axis of the rows shown first, which then is longer.
    """
    people = table["human"] or {}
    spread = {name: found for name, found in (people.get("spread") or {}).items()
              if name in group.names and max(found["density"], default=0) > 0}  # fmt: skip
    most = max((max(found["density"]) for found in spread.values()), default=1.0)
    shown = set(table["shown"])
    rows = [one for one in table["rows"] if one["id"] in shown and one["kind"] != "human"]

    def behind(parent: Element, made: Frame) -> None:
        for k, name in enumerate(group.names):
            bottom, room = made.bottom(k) - 2, made.layout.band - 5
            if name in spread:
                marks.density(parent, made.axis, bottom, room, spread[name], most)
            mean = (people.get("profile") or {}).get(name, {}).get("value")
            if mean is not None:
                x = made.axis.at(mean)
                marks.upright(parent, x, bottom - room, bottom, "people-mean")
            marks.rug(parent, made.axis, bottom, _values(rows, name))

    ends = _ends(group, spread, [*_own(row, group)] if row else [])
    return frame(layout, ends, group.names, group.unit, behind)


def fits(made: Frame, row: Json, group: Group) -> bool:
    """Whether all values of a row are within the axis of a frame."""
    return all(made.axis.low <= value <= made.axis.high for value in _own(row, group))


def profile(made: Frame, table: Json, row: Json, group: Group, drawn: str) -> Markup:
    """The profile of one row.

    Args:
        made: the frame of the group.
        table: of the board.
        row: of the table.
        group: of scores.
        drawn: id of the drawing, unique on the page.

    Returns:
        SVG.
    """
    root = Element("g")
    compared = bool(table["human"]) and row["kind"] not in ("human", "published")
    for k, name in enumerate(group.names):
        found = row["scores"].get(name) or {}
        paper = row["published"].get(name)
        if paper:
            marks.printed(root, made.axis.at(paper["value"]), made.middle(k) - _ABOVE)
        if found.get("value") is None:
            made.say(root, k, "no value")
            made.write(root, k, text.NONE)
            continue
        _mark(add(root, "g", data_row=row["id"]), made, k, found, row["kind"], compared)
        made.write(root, k, text.number(found["value"]))
    return made.figure(f"{group.title} of {row['name']}", root, drawn)


def _mark(holder: Element, made: Frame, k: int, found: Json, kind: str, compared: bool) -> None:
    y, x = made.middle(k), made.axis.at(found["value"])
    on = found.get("on_items") or {}
    marks.interval(holder, made.axis, y, found["low"], found["high"], "beyond")
    marks.interval(holder, made.axis, y, on.get("low"), on.get("high"), "on")
    if kind == "published":
        marks.printed(holder, x, y)
    else:
        marks.dot(holder, x, y, marks.state_of(found, compared))
    told = text.number(found["value"])
    if found["low"] is not None:
        told += f"; beyond these items {text.interval(found)}"
    if on.get("low") is not None:
        told += f"; on these items {text.interval(on)}"
    add_tip(holder, told)


def _values(rows: Sequence[Json], name: str) -> list[float]:
    found = (row["scores"].get(name, {}).get("value") for row in rows)
    return [value for value in found if value is not None]


def _own(row: Json, group: Group) -> list[float]:
    """A row's values, ends of intervals and printed figures."""
    found = [row["scores"].get(name) or {} for name in group.names]
    ends = [one.get(end) for one in found for end in ("value", "low", "high")]
    ends += [row["published"][name]["value"] for name in group.names if name in row["published"]]
    return [end for end in ends if end is not None]


def _ends(group: Group, spread: Mapping[str, Json], own: Sequence[float]) -> tuple[float, float]:
    """Ends of the axis: the group's, widened to the middle of people's density and to the row."""
    held = [group.low, group.high]
    for found in spread.values():
        share = np.cumsum(found["density"]) / np.sum(found["density"])
        held += [found["low"] + found["step"] * float(np.searchsorted(share, end))
                 for end in _MIDDLE]  # fmt: skip
    room = 0.02 * (max(held) - min(held))
    return (
        min([*held, *(one - room for one in own)]),
        max([*held, *(one + room for one in own)]),
    )
