"""Marks that mean the same in every figure: dots, intervals, people's density, printed figures."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from leaderboard.site.figures.axis import Axis
from leaderboard.site.figures.svg import Element, add, short

# How sure it is that a row differs from people: the classes of its dot.
SURE, ON_ITEMS, UNSURE = "sure", "on-items", "unsure"
_SHAPES = {
    "circle": "m-{r} 0a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z",
    "square": "m-{r}-{r}h{d}v{d}h-{d}z",
    "triangle": "m0-{r}l{r} {d}h-{d}z",
    "cross": "m-{r} 0h{d}m-{r}-{r}v{d}",
    "diamond": "m0-{r}l{r} {r}l-{r} {r}l-{r}-{r}z",
}
SHAPES = ("circle", "square", "triangle", "cross")


def shapes(
    parent: Element, name: str, at: Sequence[tuple[float, float]], radius: float, kind: str
) -> Element:
    """Marks of one shape, each centred on its point, as one path."""
    drawn = _SHAPES[name].format(r=short(radius), d=short(2 * radius))
    path = "".join(f"M{short(x)} {short(y)}{drawn}" for x, y in at)
    return add(parent, "path", _class=kind, d=path)


def dot(parent: Element, x: float, y: float, state: str = SURE, radius: float = 4.6) -> None:
    """A row's value: filled where it differs from people, hollow where the data cannot say.

    A ring with a dot in it differs on these items, and perhaps not beyond them.
    """
    if state == SURE:
        add(parent, "circle", _class="dot", cx=x, cy=y, r=radius)
        return
    add(parent, "circle", _class="hollow", cx=x, cy=y, r=radius)
    if state == ON_ITEMS:
        add(parent, "circle", _class="dot", cx=x, cy=y, r=0.42 * radius)


def state_of(found: Mapping[str, Any], people: bool) -> str:
    """Which dot a score of a row has, where there are people to compare it with."""
    unlike = found.get("unlike_people") or {}
    if not people or unlike.get("beyond"):
        return SURE
    return ON_ITEMS if unlike.get("on_items") else UNSURE


def printed(parent: Element, x: float, y: float) -> None:
    """A figure that a paper prints."""
    shapes(parent, "diamond", [(x, y)], 5, "printed")


def interval(
    parent: Element, axis: Axis, y: float, low: float | None, high: float | None, kind: str
) -> None:
    """A line over an interval, of the class `on` or `beyond`; none without its ends."""
    if low is not None and high is not None:
        ends = f"M{short(axis.at(low))} {short(y)}H{short(axis.at(high))}"
        add(parent, "path", _class=kind, d=ends)


def density(
    parent: Element, axis: Axis, base: float, height: float, spread: Mapping[str, Any], most: float
) -> None:
    """People's density as an area on the line `base`, as far as the axis goes.

    Args:
        parent: gets the path.
        axis: of the figure.
        base: vertical position of the area's foot.
        height: of the density `most`, in pixels.
        spread: `low`, `step` and `density` of the board.
        most: the density that is drawn at full height.
    """
    values = [spread["low"] + k * spread["step"] for k in range(len(spread["density"]))]
    inside = [
        (axis.at(value), base - height * min(one / most, 1.0))
        for value, one in zip(values, spread["density"], strict=True)
        if axis.low <= value <= axis.high
    ]
    if len(inside) > 1:
        line = "L".join(f"{short(x)} {short(y)}" for x, y in inside)
        foot = f"M{short(inside[0][0])} {short(base)}L{line}L{short(inside[-1][0])} {short(base)}z"
        add(parent, "path", _class="people", d=foot)


def upright(parent: Element, x: float, top: float, bottom: float, kind: str) -> None:
    """A vertical line."""
    add(parent, "path", _class=kind, d=f"M{short(x)} {short(top)}V{short(bottom)}")


def rug(parent: Element, axis: Axis, bottom: float, values: Sequence[float]) -> None:
    """A short tick for each of other rows' values; those on one pixel are drawn once."""
    known = sorted({round(axis.at(value)) for value in values})
    if known:
        steps = (f"m{after - before} 5v-5" for before, after in pairwise(known))
        start = f"M{known[0]} {short(bottom)}v-5"
        add(parent, "path", _class="rug", d="".join([start, *steps]))
