"""The chosen scores of a table as one SVG figure for a paper: a dot a row, with both intervals."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Literal

from leaderboard.exports.selection import printed_rows
from leaderboard.exports.table_parts import SYNTHETIC, Board, Row, headline
from leaderboard.site.figures.axis import Axis
from leaderboard.site.figures.svg import Element, add, add_tip, drawing, standalone
from leaderboard.site.text import clean
from ratings.errors import DataError
from ratings.output.text import one_line

Width = Literal["column", "page"]
WIDTHS: dict[Width, float] = {"column": 3.3, "page": 7.0}  # inches, of a paper of two columns
_INCH = 96.0
_LINE, _HEAD, _AXIS = 16.0, 22.0, 44.0
_SIGN = 7.4  # width of a character of a label


def figure_svg(board: Board, width: Width = "column") -> str:
    """Each score with a line a row, the highest first: value, and intervals on and beyond items.

    Scores of one unit share an axis. Simulated raters and baselines are left out where there are
    models, unless they were chosen. People's mean is a vertical tick through the rows.

    Args:
        board: of one table with rows.
        width: of a column or a page of a paper.

    Raises:
        DataError: when there is not one table.
    """
    tables = [clean(table) for table in board["tables"]]
    if len(tables) != 1:
        ids = ", ".join(table["id"] for table in tables) or "none"
        raise DataError(f"a figure is of one table; choose it with --table (tables: {ids})")
    (table,) = tables
    shown = [row for row in printed_rows(table)[0] if row["id"] in table["shown"]]
    rows, people = (
        [row for row in shown if (row["kind"] == "human") == human] for human in (False, True)
    )
    size = WIDTHS[width] * _INCH
    left = min(0.45 * size, 8 + _SIGN * max((len(_name(row)) for row in rows), default=0))
    blocks = [
        (unit, list(scores)) for unit, scores in groupby(headline(table), lambda one: one["unit"])
    ]
    height = sum(_AXIS + len(scores) * (_HEAD + _LINE * len(rows)) for _, scores in blocks)
    note = f"{SYNTHETIC}. " if table["synthetic"] else ""
    title = one_line(f"{note}{table['title']}: {', '.join(s['name'] for s in headline(table))}")
    root = drawing(size, height + _LINE, title)
    top = 0.0
    if note:
        top += _LINE
        add(root, "text", note.strip(), _class="tick", x=4, y=top - 4)
        root.set("viewBox", f"0 0 {size:.1f} {height + 2 * _LINE:.1f}")
    for unit, scores in blocks:
        axis = _axis(rows + people, [score["name"] for score in scores], left, size - 8)
        for score in scores:
            top = _score(root, score["name"], rows, people, axis, top)
        top = _scale(root, axis, unit, top, size)
    return standalone(root, size)


def _axis(rows: Sequence[Row], names: Sequence[str], left: float, right: float) -> Axis:
    found = [row["scores"].get(name) or {} for row in rows for name in names]
    ends = [one.get(end) for one in found for end in ("value", "low", "high")]
    return Axis.over(ends, left, right)


def _score(
    root: Element,
    name: str,
    rows: Sequence[Row],
    people: Sequence[Row],
    axis: Axis,
    top: float,
) -> float:
    add(root, "text", one_line(name), _class="label", x=4, y=top + _HEAD - 6, font_weight="600")
    top += _HEAD
    bottom = top + _LINE * len(rows)
    if axis.low <= 0 <= axis.high:
        at = axis.at(0)
        add(root, "line", _class="zero", x1=at, x2=at, y1=top, y2=bottom)
    for row in people:
        value = (row["scores"].get(name) or {}).get("value")
        if value is not None:
            at = axis.at(value)
            tick = add(root, "line", _class="people-mean", x1=at, x2=at, y1=top, y2=bottom)
            add_tip(tick, f"{_name(row)}: {value:.2f}")
    for k, row in enumerate(sorted(rows, key=lambda one: _order(one, name))):
        _mark(root, row, row["scores"].get(name) or {}, axis, top + _LINE * (k + 0.5))
    return bottom


def _order(row: Row, name: str) -> tuple[bool, float]:
    value = (row["scores"].get(name) or {}).get("value")
    return value is None, -(value or 0.0)


def _mark(root: Element, row: Row, found: Mapping[str, Any], axis: Axis, y: float) -> None:
    mark = add(root, "g", data_row=row["id"])
    most = int((axis.left - 8) / _SIGN)
    add(mark, "text", _fitted(_name(row), most), _class="tick", x=4, y=y + 4)
    value = found.get("value")
    if value is None:
        add(mark, "text", "no value", _class="tick", x=axis.left, y=y + 4)
        return
    inner = found.get("on_items") or {}
    for kind, ends in (("beyond", found), ("on", inner)):
        if ends.get("low") is not None and ends.get("high") is not None:
            x1, x2 = axis.at(ends["low"]), axis.at(ends["high"])
            add(mark, "line", _class=kind, x1=x1, x2=x2, y1=y, y2=y)
    unlike = (found.get("unlike_people") or {}).get("on_items")
    dot = add(mark, "circle", _class="hollow" if unlike is False else "dot",
              cx=axis.at(value), cy=y, r=3.5)  # fmt: skip
    add_tip(dot, f"{_name(row)}: {value:.2f}")


def _scale(root: Element, axis: Axis, unit: str, top: float, size: float) -> float:
    add(root, "line", _class="axis", x1=axis.left, x2=axis.right, y1=top + 3, y2=top + 3)
    for tick in axis.ticks():
        at = axis.at(tick)
        add(root, "line", _class="tick-line", x1=at, x2=at, y1=top + 3, y2=top + 7)
        add(root, "text", f"{tick:g}".replace("-", "−"), _class="tick", text_anchor="middle",
            x=at, y=top + 18)  # fmt: skip
    text = _fitted(one_line(unit), int(size / _SIGN))
    add(root, "text", text, _class="tick", text_anchor="end", x=axis.right, y=top + 32)
    return top + _AXIS


def _name(row: Row) -> str:
    return one_line(row["name"])


def _fitted(text: str, most: int) -> str:
    """Text in the room there is, shortened in the middle, where names of models differ least."""
    if len(text) <= most:
        return text
    end = max((most - 1) // 3, 1)
    return f"{text[: most - 1 - end]}…{text[-end:]}"
