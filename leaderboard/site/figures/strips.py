"""Strips: the scores of a group under each other on one axis, a dot a row, people behind them.

A strip is stretched to the width that the page has, so its marks are paths whose strokes do not
scale: a dot is a path of no length with round ends. `assets/strips.js` draws other rows likewise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from leaderboard.site.figures.axis import Axis
from leaderboard.site.figures.svg import Element, add, drawing, markup, short, standalone
from leaderboard.site.score_groups import Group, Json
from leaderboard.site.text import label, number

WIDTH = 1000.0
HEIGHT = 40.0
MOST_WITH_INTERVALS = 60  # above, the dots of a strip are a few paths, without intervals
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
    """

    score: Json
    index: int
    drawing: Markup


@dataclass(frozen=True)
class Block:
    """The strips of a group, with their axis.

    Attributes:
        group: of scores.
        ticks: where the ticks are, in per cent of the width, and their texts.
        strips: D of them.
        filled: whether the marks are in it, or drawn by a script when they are asked for.
    """

    group: Group
    ticks: Sequence[tuple[float, str]]
    strips: Sequence[Strip]
    filled: bool


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
        Strip(one, names.index(one["name"]), markup(_strip(table, group, one, rows)))
        for one in scores
    ]
    return Block(group, ticks(group), strips, bool(rows))


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
        add(root, "text", one.group.unit, _class="tick", x=_FILE_LABEL, y=y + 28)
        y += 44
    keys = (
        "Dot: a model; solid: differs from people beyond these items; hollow: the data cannot say."
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
    human = table["human"] or {}
    spread = human.get("spread", {}).get(score["name"])
    area = _density(axis, spread) if spread else ""
    if area:
        add(root, "path", _class="people", d=area)
    lines = "".join(f"M{short(axis.at(one))} 0V{short(HEIGHT)}" for one in axis.ticks(6))
    add(root, "path", _class="axis", d=lines)
    if group.low < 0 < group.high:
        add(root, "path", _class="zero", d=f"M{short(axis.at(0))} 0V{short(HEIGHT)}")
    mean = human.get("profile", {}).get(score["name"], {}).get("value")
    if mean is not None and all(row["kind"] != "human" for row in rows):
        add(root, "path", _class="people-mean", d=_upright(axis.at(mean)))
    marks = add(root, "g", _class="marks")
    found = sorted(
        ((row, row["scores"][score["name"]]) for row in rows if _value(row, score) is not None),
        key=lambda one: -one[1]["value"],
    )
    if len(rows) <= MOST_WITH_INTERVALS:
        for rank, (row, of) in enumerate(found):
            _mark(marks, axis, row, of, lane(rank, len(found)))
    else:
        _dots(marks, axis, found)
    return root


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


def _value(row: Json, score: Json) -> float | None:
    value: float | None = row["scores"].get(score["name"], {}).get("value")
    return value


def _mark(parent: Element, axis: Axis, row: Json, found: Json, y: float) -> None:
    """A row: its intervals and its dot; people a tick over the whole height."""
    if row["kind"] == "human":
        group = add(parent, "g", data_row=row["id"], _class="human")
        add(group, "path", _class="people-mean", d=_upright(axis.at(found["value"])))
        return
    group = add(parent, "g", data_row=row["id"], _class=_sure(found) or None)
    for ends, kind in ((found, "beyond"), (found["on_items"], "on")):
        if ends["low"] is not None and ends["high"] is not None:
            d = f"M{short(axis.at(ends['low']))} {short(y)}H{short(axis.at(ends['high']))}"
            add(group, "path", _class=kind, d=d)
    _dot(group, f"M{short(axis.at(found['value']))} {short(y)}h0")


def _dots(parent: Element, axis: Axis, found: Sequence[tuple[Json, Json]]) -> None:
    """All rows as one path for each way in which they differ from people."""
    paths: dict[str, list[str]] = {}
    for rank, (row, of) in enumerate(found):
        y = lane(rank, len(found))
        if row["kind"] == "human":
            _mark(parent, axis, row, of, y)
        else:
            at = f"M{short(axis.at(of['value']))} {short(y)}h0"
            paths.setdefault(_sure(of), []).append(at)
    for kind, path in paths.items():
        _dot(add(parent, "g", _class=kind or None), "".join(path))


def _dot(group: Element, d: str) -> None:
    add(group, "path", _class="dot", d=d)
    if group.get("class") != "b o":
        add(group, "path", _class="hollow", d=d)


def _sure(found: Json) -> str:
    """Classes of a mark: `b` where it differs from people beyond these items, `o` on them.

    Where there is nobody to differ from, a dot is solid.
    """
    unlike: Mapping[str, bool | None] = found["unlike_people"]
    scopes = (("b", "beyond"), ("o", "on_items"))
    return " ".join(name for name, scope in scopes if unlike[scope] is not False)


def _density(axis: Axis, spread: Json) -> str:
    """People's density as an area, as far as the axis goes, at most as high as the strip."""
    known = [one for one in spread["density"] if one is not None]
    most = max(known, default=0.0)
    if most <= 0 or spread["low"] is None or spread["step"] is None:
        return ""
    points = [
        (axis.at(value), HEIGHT - 0.94 * HEIGHT * one / most)
        for value, one in (
            (spread["low"] + k * spread["step"], one) for k, one in enumerate(spread["density"])
        )
        if one is not None and axis.low <= value <= axis.high
    ]
    if not points:
        return ""
    line = "L".join(f"{short(x)} {short(y)}" for x, y in points)
    foot = short(HEIGHT)
    return f"M{short(points[0][0])} {foot}L{line}L{short(points[-1][0])} {foot}z"


def _upright(x: float) -> str:
    return f"M{short(x)} 1V{short(HEIGHT - 1)}"


def _words(table: Json, score: Json, rows: Sequence[Json]) -> str:
    """What a strip shows, for who cannot see it."""
    name = label(score["name"])
    known = [(value, row) for row in rows if row["kind"] != "human"
             and (value := _value(row, score)) is not None]  # fmt: skip
    if not known:
        return f"{name}."
    known.sort(key=lambda one: one[0])
    (low, lowest), (high, highest) = known[0], known[-1]
    ends = f"{number(low)} ({lowest['name']}) to {number(high)} ({highest['name']})"
    said = f"{name}: {len(known)} rows from {ends}"
    mean = ((table["human"] or {}).get("profile") or {}).get(score["name"], {}).get("value")
    return said + (f"; people {number(mean)}." if mean is not None else ".")
