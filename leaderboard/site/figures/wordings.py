"""What one row scores under each wording of the questions, and over all of them."""

from dataclasses import replace

from markupsafe import Markup

from leaderboard.site import text
from leaderboard.site.figures import marks
from leaderboard.site.figures.rows import Layout, plain_frame
from leaderboard.site.figures.svg import Element, markup
from leaderboard.site.score_groups import Group, Json

_LANE = 7.0  # height of a wording's part of a row, in pixels
_REVERSED = "_reversed"


def wording_marks(variants: list[str]) -> list[tuple[str, bool]]:
    """The shape of each of V wordings, and whether it is open: reversed order of the options.

    >>> wording_marks(["v1", "v1_reversed", "v2"])
    [('circle', False), ('circle', True), ('square', False)]
    """
    bases = list(dict.fromkeys(one.removesuffix(_REVERSED) for one in variants))
    return [
        (
            marks.SHAPES[bases.index(one.removesuffix(_REVERSED)) % len(marks.SHAPES)],
            one.endswith(_REVERSED),
        )
        for one in variants
    ]


def wording_key(variants: list[str]) -> list[tuple[Markup, str]]:
    """The mark and the name of each wording, for a legend."""
    out = []
    for variant, (name, is_open) in zip(variants, wording_marks(variants), strict=True):
        root = Element("svg", {"viewBox": "0 0 14 14", "aria-hidden": "true"})
        marks.shapes(root, name, [(7, 7)], 4, "shape open" if is_open else "shape")
        out.append((markup(root), text.wording(variant)))
    return out


def wordings(
    table: Json, row: Json, group: Group, layout: Layout, ends: tuple[float, float], drawn: str
) -> Markup:
    """A lane for each wording in each row; the tall line is the score over all of them.

    Args:
        table: of the board, with V wordings.
        row: of the table.
        group: of D scores.
        layout: of the drawing.
        ends: of the axis, which is longer where a wording's score is outside.
        drawn: id of the drawing, unique on the page.

    Returns:
        SVG. A wording without a score has no mark.
    """
    variants = list(table["variants"])
    scores = [row["scores"].get(name) or {} for name in group.names]
    held = [*ends, *(one for found in scores for one in found.get("per_variant") or []
                     if one is not None)]  # fmt: skip
    room = replace(layout, band=max(layout.band, len(variants) * _LANE + 6))
    made = plain_frame(room, (min(held), max(held)), tuple(group.names), group.unit)
    root = Element("g", {"data-row": row["id"]})
    at: list[list[tuple[float, float]]] = [[] for _ in variants]
    for k, found in enumerate(scores):
        top, bottom = made.bottom(k) - made.layout.band + 3, made.bottom(k) - 3
        if found.get("value") is None:
            made.say(root, k, "no value")
            continue
        marks.upright(root, made.axis.at(found["value"]), top, bottom, "whole")
        known = []
        for v, value in enumerate((found.get("per_variant") or [])[: len(variants)]):
            if value is not None:
                y = top + (v + 0.5) * (bottom - top) / len(variants)
                at[v].append((made.axis.at(value), y))
                known.append(value)
        if known:
            made.write(root, k, f"±{text.number((max(known) - min(known)) / 2)}")
    for (name, is_open), places in zip(wording_marks(variants), at, strict=True):
        marks.shapes(root, name, places, 3.2, "shape open" if is_open else "shape")
    title = f"{group.title} of {row['name']} under each wording"
    return made.figure(title, root, drawn)
