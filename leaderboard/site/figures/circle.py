"""Values round Schwartz's circle, joined where they go together over models, or apart."""

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from leaderboard.site.figures.svg import add, add_tip, drawing, markup, short
from leaderboard.site.score_groups import Json
from leaderboard.site.text import label, number
from scorers.psychometrics.circumplex import LEAST_MODELS

STRONG = 0.5  # the least correlation, of either sign, that is drawn
_HEIGHT, _RADIUS, _LETTER = 300.0, 100.0, 7.0


def circle(title: str, order: Sequence[str], rows: Sequence[Json], drawn: str) -> Markup:
    """The values in their order; solid lines join those that go together, dashed ones opposites.

    Args:
        title: of the figure.
        order: D names of scores, in the order of the circle, equally spaced on it.
        rows: whose scores are correlated; those without all D are left out, and with fewer than
            four no lines are drawn.
        drawn: id of the drawing, unique on the page.
    """
    longest = max(len(label(name)) for name in order)
    x, y = max(180.0, _RADIUS + 12 + _LETTER * longest), _HEIGHT / 2
    root = drawing(2 * x, _HEIGHT, title, _class="drawing circle", id=drawn)
    root.set("style", f"max-width:{short(1.15 * 2 * x)}px")
    add(root, "circle", _class="axis", cx=x, cy=y, r=_RADIUS)
    at = [
        (math.sin(2 * math.pi * k / len(order)), -math.cos(2 * math.pi * k / len(order)))
        for k in range(len(order))
    ]
    together = correlations(order, rows)
    for a in range(len(order)):
        for b in range(a):
            value = together[a][b]
            if value is None or abs(value) < STRONG:
                continue
            ends = [f"{short(x + _RADIUS * at[k][0])} {short(y + _RADIUS * at[k][1])}"
                    for k in (a, b)]  # fmt: skip
            kind = "joined" if value > 0 else "joined opposite"
            line = add(root, "path", _class=kind, d="M" + "L".join(ends))
            line.set("stroke-width", short(3 * abs(value)))
            add_tip(line, f"{label(order[b])}, {label(order[a])}: {number(value)}")
    for name, (right, down) in zip(order, at, strict=True):
        add(root, "circle", _class="dot", cx=x + _RADIUS * right, cy=y + _RADIUS * down, r=4)
        side = "mid" if abs(right) < 0.2 else "after" if right > 0 else "value"
        add(root, "text", label(name), _class=f"label {side}", x=x + (_RADIUS + 9) * right,
            y=y + (_RADIUS + 12) * down + 4)  # fmt: skip
    return markup(root)


def correlations(order: Sequence[str], rows: Sequence[Json]) -> list[list[float | None]]:
    """D x D correlations over the rows that have all scores; None where there are too few.

    >>> rows = [{"scores": {"a": {"value": v}, "b": {"value": -v}}} for v in (1.0, 2.0, 3.0, 5.0)]
    >>> correlations(["a", "b"], rows)[0][1]
    -1.0
    """
    profiles = [[row["scores"].get(name, {}).get("value") for name in order] for row in rows]
    whole = np.array([one for one in profiles if None not in one], dtype=float)
    if len(whole) < LEAST_MODELS:
        return [[None] * len(order) for _ in order]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.corrcoef(whole, rowvar=False)
    return [[None if np.isnan(one) else round(float(one), 6) for one in row] for row in found]
