"""Correlations of two sets of scores as a matrix: a number in each cell, shaded by its size."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from leaderboard.site.figures.svg import add, add_tip, drawing, markup, short
from leaderboard.site.score_groups import Json
from leaderboard.site.text import interval, label, number

_WIDTH, _HEIGHT = 62.0, 26.0
_SLANT = 0.62  # vertical share of a letter of a slanted label
_LETTER = 7.0


def heat(
    title: str,
    here: Sequence[str],
    there: Sequence[str],
    cells: Mapping[tuple[str, str], Json],
    drawn: str,
) -> Markup:
    """A row for each score here, a column for each there.

    Args:
        title: of the figure.
        here: names of the rows.
        there: names of the columns.
        cells: correlations by row and column; one without a value is empty.
        drawn: id of the drawing, unique on the page.
    """
    heads = [label(name) for name in there]
    left = 12 + _LETTER * max((len(label(name)) for name in here), default=0)
    top = 20 + _SLANT * _LETTER * max(map(len, heads), default=0)
    ends = [(c + 0.5) * _WIDTH + 0.8 * _LETTER * len(head) for c, head in enumerate(heads)]
    width = left + max([_WIDTH * len(there), *ends]) + 4
    root = drawing(width, top + _HEIGHT * len(here) + 4, title, _class="drawing heat", id=drawn)
    root.set("style", f"width:{short(width)}px")
    for c, head in enumerate(heads):
        x = left + (c + 0.5) * _WIDTH
        named = add(root, "text", head, _class="label")
        named.set("transform", f"translate({short(x)} {short(top - 8)}) rotate(-38)")
    for r, name in enumerate(here):
        y = top + r * _HEIGHT
        add(root, "text", label(name), _class="label", x=0, y=y + 17)
        for c, other in enumerate(there):
            x = left + c * _WIDTH
            found = (cells.get((name, other)) or {}).get("correlation") or {}
            value = found.get("value")
            cell = add(root, "rect", _class=_kind(value), x=x + 1, y=y + 1, width=_WIDTH - 2,
                       height=_HEIGHT - 2)  # fmt: skip
            if value is None:
                add(root, "text", "–", _class="tick mid", x=x + _WIDTH / 2, y=y + 17)
                continue
            cell.set("fill-opacity", f"{0.55 * min(abs(value), 1):.2f}")
            add_tip(cell, f"{label(name)}, {label(other)}: {number(value)} ({interval(found)})")
            add(root, "text", number(value), _class="label mid", x=x + _WIDTH / 2, y=y + 17.5)
    return markup(root)


def _kind(value: float | None) -> str:
    if value is None:
        return "cell"
    return "cell negative" if value < 0 else "cell positive"
