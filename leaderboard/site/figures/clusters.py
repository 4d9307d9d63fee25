"""Mean scores of the members of each cluster of models, a shape and a colour for each cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from markupsafe import Markup

from leaderboard.site.figures import marks
from leaderboard.site.figures.rows import Layout, plain_frame
from leaderboard.site.figures.svg import Element, add, add_tip, markup
from leaderboard.site.score_groups import Group, Json
from leaderboard.site.text import label, number

_COLOURS = 6
_LANE = 9.0  # height of a cluster's part of a row, in pixels


def clusters(
    title: str, members: Mapping[str, Sequence[Json]], group: Group, layout: Layout, drawn: str
) -> Markup:
    """A row for each score, in it the mean of each cluster over its members that have the score.

    Args:
        title: of the figure.
        members: rows of the board by the cluster's number.
        group: of the scores.
        layout: of the drawing.
        drawn: id of the drawing, unique on the page.
    """
    room = replace(layout, band=max(layout.band - 6, _LANE * len(members) + 12))
    made = plain_frame(room, (group.low, group.high), tuple(group.names), group.unit)
    root = Element("g")
    for c, (cluster, rows) in enumerate(members.items()):
        shape, kind, colour = _look(c)
        holder = add(root, "g", _class=colour)
        for k, name in enumerate(group.names):
            mean = mean_score(rows, name)
            if mean is not None:
                y = made.middle(k) + (c - (len(members) - 1) / 2) * _LANE
                mark = marks.shapes(holder, shape, [(made.axis.at(mean), y)], 4, kind)
                add_tip(mark, f"Cluster {cluster}, {label(name)}: {number(mean)}")
    return made.figure(title, root, drawn)


def mean_score(rows: Sequence[Json], name: str) -> float | None:
    """The mean of a score over the rows that have it; None where none has."""
    values = [row["scores"].get(name, {}).get("value") for row in rows]
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def cluster_key(count: int) -> list[Markup]:
    """The mark of each cluster, for a legend."""
    out = []
    for c in range(count):
        shape, kind, colour = _look(c)
        root = Element("svg", {"viewBox": "0 0 14 14", "aria-hidden": "true", "class": colour})
        marks.shapes(root, shape, [(7, 7)], 4, kind)
        out.append(markup(root))
    return out


def _look(c: int) -> tuple[str, str, str]:
    """Shape, filling and colour of a cluster by its position."""
    kind = "shape" if c < len(marks.SHAPES) else "shape open"
    return marks.SHAPES[c % len(marks.SHAPES)], kind, f"k{c % _COLOURS + 1}"
