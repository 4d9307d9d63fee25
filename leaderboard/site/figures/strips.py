"""Strips: the scores of a group under each other on one axis, a dot a row, people behind them.

A strip is stretched to the width that the page has, so its marks are paths whose strokes do not
scale: a dot is a path of no length with round ends. `assets/strips.js` draws other rows likewise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from leaderboard.site.figures.axis import Axis
from leaderboard.site.figures.svg import Element, add, drawing, markup, short, standalone
from leaderboard.site.score_groups import Group, Json
from leaderboard.site.text import label, number

WIDTH = 1000.0
HEIGHT = 40.0
MOST_WITH_INTERVALS = 60  # rows; of more, only the dots can be told apart
_EDGE = 6.0
_LANES = 12
_STRIDE = 5  # prime to the lanes: rows next to each other in rank are not next to each other
_FILE_LABEL = 190.0


@dataclass(frozen=True)
class Strip:
    """One score.

    Attributes:
        score: of the board.
        index: of the score in its group.
        drawing: what is drawn, as SVG.
        empty: the same without marks, for a script to draw.
        people: value of people; None where there is none.
    """

    score: Json
    index: int
    drawing: Markup
    empty: Markup
    people: float | None


@dataclass(frozen=True)
class Block:
    """The strips of a group, with their axis.

    Attributes:
        group: of scores.
        ticks: where the ticks are, in per cent of the width, and their texts.
        strips: D of them.
        filled: whether the marks are in it, or drawn by a script when they are asked for.
        cut: whether people are spread further than the axis of one of the strips goes.
    """

    group: Group
    ticks: Sequence[tuple[float, str]]
    strips: Sequence[Strip]
    filled: bool
    cut: bool


def block(table: Json, group: Group, scores: Sequence[Json], rows: Sequence[Json]) -> Block:
    """The strips of some scores of a group; without marks where there are no rows.

    Args:
        table: of the board.
        group: of the scores.
        scores: D of them, in the order to draw.
        rows: R rows to draw.
    """
    names = group.names
    strips = [
        Strip(
            one,
            names.index(one["name"]),
            markup(_strip(table, group, one, rows)),
            markup(_strip(table, group, one, ())),
            _of_people(table, one),
        )
        for one in scores
    ]
    spreads = [_spread(table, one) for one in scores]
    cut = any(one[0][0] < group.low or one[-1][0] > group.high for one in spreads if one)
    return Block(group, ticks(group), strips, bool(rows), cut)


def ticks(group: Group) -> list[tuple[float, str]]:
    """Positions of a group's ticks in per cent, and what is written there."""
    values = Axis(group.low, group.high, 0, 100).ticks(6)
    places = 0 if all(value == round(value) for value in values) else 1
    if any(round(value, 1) != value for value in values):
        places = 2
    return [(group.position(value), number(value, places)) for value in values]


def strips_file(table: Json, blocks: Sequence[Block], rows: Sequence[Json], title: str) -> str:
    """The strips as an SVG file of their own, with labels and axes."""
    width = _FILE_LABEL + WIDTH + 20
    root = drawing(width, 10, title, data_scope="beyond")
    add(root, "text", title, _class="label", x=8, y=20)
    y = 34.0
    for one in blocks:
        for strip in one.strips:
            name = label(strip.score["name"])
            add(root, "text", name, _class="label", x=8, y=y + HEIGHT / 2 + 4)
            moved = add(root, "g", transform=f"translate({short(_FILE_LABEL)} {short(y)})")
            moved.extend(_strip(table, one.group, strip.score, rows))
            y += HEIGHT + 2
        for position, text in one.ticks:
            x = _FILE_LABEL + position * WIDTH / 100
            add(root, "text", text, _class="tick", x=x, y=y + 12, text_anchor="middle")
        beyond = "; some people lie beyond the ends of the axis" if one.cut else ""
        add(root, "text", one.group.unit + beyond, _class="tick", x=_FILE_LABEL, y=y + 28)
        y += 44
    keys = (
        "Dot: a model; solid: differs from people beyond these items; "
        "hollow: cannot be told from people."
    )
    lines = (
        "Thick line: 95% interval on these items; thin line: beyond them. Area and tick: people."
    )
    add(root, "text", keys, _class="tick", x=8, y=y + 4)
    add(root, "text", lines, _class="tick", x=8, y=y + 20)
    root.set("viewBox", f"0 0 {short(width)} {short(y + 30)}")
    return standalone(root, width)


def _strip(table: Json, group: Group, score: Json, rows: Sequence[Json]) -> Element:
    axis = Axis(group.low, group.high, 0.0, WIDTH)
    root = drawing(
        WIDTH, HEIGHT, _words(table, score, rows), _class="strip-plot", preserveAspectRatio="none"
    )
    area = _density(axis, _spread(table, score))
    if area:
        add(root, "path", _class="people", d=area)
    lines = "".join(f"M{short(axis.at(one))} 0V{short(HEIGHT)}" for one in axis.ticks(6))
    add(root, "path", _class="axis", d=lines)
    if group.low < 0 < group.high:
        add(root, "path", _class="zero", d=f"M{short(axis.at(0))} 0V{short(HEIGHT)}")
    mean = _of_people(table, score)
    if mean is not None and all(row["kind"] != "human" for row in rows):
        add(root, "path", _class="people-mean", d=f"M{short(axis.at(mean))} 1V{short(HEIGHT - 1)}")
    many = len(rows) > MOST_WITH_INTERVALS
    marks = add(root, "g", _class="marks many" if many else "marks")
    _marks(marks, axis, score["name"], rows)
    return root


def _marks(parent: Element, axis: Axis, name: str, rows: Sequence[Json]) -> None:
    """All rows, as a path of each kind of mark: of hundreds of rows it is still light."""
    found = [(row, row["scores"][name]) for row in rows if _value(row, name) is not None]
    found.sort(key=lambda one: -one[1]["value"])
    lines: dict[str, list[str]] = {"beyond": [], "on": []}
    dots: dict[str, list[str]] = {}
    people = []
    few = len(rows) <= MOST_WITH_INTERVALS
    places = 1 if few else 0
    for rank, (row, score) in enumerate(found):
        x = short(round(axis.at(score["value"]), places))
        y = short(round(lane(rank, len(found)), places))
        if row["kind"] == "human":
            people.append((row, x))
            continue
        dots.setdefault(_sure(score), []).append(f"M{x} {y}h0")
        for kind, ends in (("beyond", score), ("on", score["on_items"])):
            if ends["low"] is not None and ends["high"] is not None:
                low, high = short(axis.at(ends["low"])), short(axis.at(ends["high"]))
                lines[kind].append(f"M{low} {y}H{high}")
    for kind, path in lines.items():
        if path and few:
            add(parent, "path", _class=kind, d="".join(path))
    for kind, path in dots.items():
        group = add(parent, "g", _class=kind or None)
        add(group, "path", _class="dot", d="".join(path))
        if kind != "b o":
            add(group, "path", _class="hollow", d="".join(path))
    for row, x in people:
        group = add(parent, "g", _class="human", data_row=row["id"])
        add(group, "path", _class="people-mean", d=f"M{x} 1V{short(HEIGHT - 1)}")


def lane(rank: int, count: int) -> float:
    """The height at which the row of a rank (0 is the highest value) is drawn.

    >>> [lane(rank, 3) for rank in range(3)], [lane(rank, 30) for rank in range(3)]
    ([6.0, 20.0, 34.0], [6.0, 18.7, 31.5])
    """
    lanes = min(count, _LANES)
    if lanes == 1:
        return HEIGHT / 2
    chosen = rank if count <= _LANES else rank * _STRIDE % _LANES
    return round(_EDGE + chosen * (HEIGHT - 2 * _EDGE) / (lanes - 1), 1)


def _value(row: Json, name: str) -> float | None:
    value: float | None = row["scores"].get(name, {}).get("value")
    return value


def _sure(found: Json) -> str:
    """Classes of a mark: `b` where it differs from people beyond these items, `o` on them.

    Where there is nobody to differ from, a dot is solid.
    """
    unlike: Mapping[str, bool | None] = found["unlike_people"]
    scopes = (("b", "beyond"), ("o", "on_items"))
    return " ".join(name for name, scope in scopes if unlike[scope] is not False)


def _of_people(table: Json, score: Json) -> float | None:
    """People's value: that of their row, or of their profile where the table has no such row."""
    rows = [row for row in table["rows"] if row["kind"] == "human"]
    rows.sort(key=lambda row: row["run"] is not None)  # a run may be of kind human too
    profile = (table["human"] or {}).get("profile") or {}
    scores = rows[0]["scores"] if rows else profile
    value: float | None = scores.get(score["name"], {}).get("value")
    return value


def _spread(table: Json, score: Json) -> list[tuple[float, float]]:
    """Values with the density of people there; none where it is not known, or zero throughout."""
    spread = ((table["human"] or {}).get("spread") or {}).get(score["name"])
    if not spread or spread["low"] is None or spread["step"] is None:
        return []
    found = [
        (spread["low"] + k * spread["step"], one)
        for k, one in enumerate(spread["density"])
        if one is not None
    ]
    return found if any(one > 0 for _, one in found) else []


def _density(axis: Axis, spread: Sequence[tuple[float, float]]) -> str:
    """People's density as an area, up to the ends of the axis, at most as high as the strip."""
    if not spread:
        return ""
    values, densities = np.array(spread).T
    first, last = max(axis.low, values[0]), min(axis.high, values[-1])
    if first >= last:
        return ""
    inner = values[(values > first) & (values < last)]
    drawn = np.concatenate([[first], inner, [last]])
    heights = HEIGHT - 0.94 * HEIGHT * np.interp(drawn, values, densities) / densities.max()
    points = [f"{short(axis.at(x))} {short(y)}" for x, y in zip(drawn, heights, strict=True)]
    foot = short(HEIGHT)
    ends = [short(axis.at(one)) for one in (first, last)]
    return f"M{ends[0]} {foot}L{'L'.join(points)}L{ends[1]} {foot}z"


def _words(table: Json, score: Json, rows: Sequence[Json]) -> str:
    """What a strip shows, for who cannot see it."""
    name = label(score["name"])
    known = [(value, row) for row in rows if row["kind"] != "human"
             and (value := _value(row, score["name"])) is not None]  # fmt: skip
    if not known:
        return f"{name}."
    known.sort(key=lambda one: one[0])
    (low, lowest), (high, highest) = known[0], known[-1]
    ends = f"{number(low)} ({lowest['name']}) to {number(high)} ({highest['name']})"
    said = f"{name}: {len(known)} rows from {ends}"
    mean = _of_people(table, score)
    return said + (f"; people {number(mean)}." if mean is not None else ".")
