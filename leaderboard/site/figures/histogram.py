"""Answers to one item on one axis: people's ratings as bars, models' mean ratings as dots."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from leaderboard.site.figures import marks
from leaderboard.site.figures.axis import Axis
from leaderboard.site.figures.svg import Element, add, add_tip, drawing, markup, short
from leaderboard.site.text import number, whole

_WIDTH, _SIDE = 340.0, 26.0
_BARS, _TOP = 46.0, 16.0  # height of the largest bar; room for the counts above it
_SCALE = 20.0
_DOT, _LANES = 3.4, 6
MOST_DOTS = 60  # models with a dot each; above it models are bars too
_STEPS = 4  # bars of models a point of the scale


def histogram(
    title: str,
    points: int,
    people: Sequence[int] | None,
    mean: float | None,
    models: Mapping[str, tuple[str, float]],
) -> Markup:
    """One item's answers.

    Args:
        title: of the figure.
        points: K of the scale, from 1.
        people: how many gave each of the K points; None where nobody was asked.
        mean: of people's ratings.
        models: name and mean rating by the id of the row.
    """
    axis = Axis(0.5, points + 0.5, _SIDE, _WIDTH - _SIDE)
    foot = _TOP + _BARS if people else 4.0
    lanes = _lanes(axis, models) if len(models) <= MOST_DOTS else []
    used = max((lane for *_, lane in lanes), default=0) + 1
    below = used * 2 * _DOT + 6 if models and lanes else (34 if models else 0)
    root = drawing(_WIDTH, foot + _SCALE + below, title, _class="drawing answers")
    if people:
        counts = _bars(root, axis, foot, people)
        if mean is not None:
            marks.upright(root, axis.at(mean), _TOP, foot, "people-mean")
        root.extend(counts)  # on top, so that the line crosses no number
    add(root, "path", _class="axis", d=f"M{short(axis.left)} {short(foot)}H{short(axis.right)}")
    for point in range(1, points + 1):
        add(root, "text", str(point), _class="tick mid", x=axis.at(point), y=foot + 14)
    start = foot + _SCALE
    for row, x, told, lane in lanes:
        y = start + _DOT + 2 * _DOT * lane + 1
        dot = add(root, "circle", _class="dot", cx=x, cy=y, r=_DOT, data_row=row)
        add_tip(dot, told)
    if models and not lanes:
        # where a script draws the dot of one model
        ends = (axis.low, axis.high, axis.left, axis.right, start + 15)
        root.set("data-axis", " ".join(map(short, ends)))
        _many(root, axis, start, [value for _, value in models.values()])
    return markup(root)


def _bars(root: Element, axis: Axis, foot: float, people: Sequence[int]) -> Element:
    """Draws the bars; what is written above them is not drawn yet."""
    most = max(people) or 1
    counts = Element("g")
    width = 0.78 * (axis.at(2) - axis.at(1))
    for point, count in enumerate(people, start=1):
        height = _BARS * count / most
        x = axis.at(point)
        if count:
            add(root, "rect", _class="people", x=x - width / 2, y=foot - height, width=width,
                height=height)  # fmt: skip
            add(counts, "text", whole(count), _class="tick mid", x=x, y=foot - height - 4)
    return counts


def _lanes(
    axis: Axis, models: Mapping[str, tuple[str, float]]
) -> list[tuple[str, float, str, int]]:
    """Id, horizontal position, words and lane of each model: the first lane where it is free."""
    ends = [-1e9] * _LANES
    out = []
    for row, (name, value) in sorted(models.items(), key=lambda one: (one[1][1], one[0])):
        x = axis.at(value)
        free = [lane for lane, end in enumerate(ends) if x - end >= 2 * _DOT]
        lane = free[0] if free else min(range(_LANES), key=lambda one: ends[one])
        ends[lane] = x
        out.append((row, x, f"{name}: {number(value)}", lane))
    return out


def _many(root: Element, axis: Axis, top: float, values: Sequence[float]) -> None:
    """Models as bars that hang from the axis, four to a point of the scale."""
    counts: dict[int, int] = {}
    for value in values:
        bin_ = round(value * _STEPS)
        counts[bin_] = counts.get(bin_, 0) + 1
    most = max(counts.values())
    width = (axis.at(2) - axis.at(1)) / _STEPS - 1.5
    for bin_, count in sorted(counts.items()):
        x = axis.at(bin_ / _STEPS)
        bar = add(root, "rect", _class="model-bars", x=x - width / 2, y=top, width=width,
                  height=30 * count / most)  # fmt: skip
        add_tip(bar, f"{count} models near {number(bin_ / _STEPS)}")
