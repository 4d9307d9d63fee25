"""How often predictions of some probability came true."""

from collections.abc import Sequence

from markupsafe import Markup

from leaderboard.site.figures.axis import Axis
from leaderboard.site.figures.svg import Element, add, add_tip, drawing, markup, short
from leaderboard.site.score_groups import Json
from leaderboard.site.text import number, whole

_SIDE, _LEFT, _TOP = 260.0, 46.0, 12.0
_LARGEST = 9.0  # radius of the bin with most choices


def calibration(points: Sequence[Json], title: str, drawn: str) -> Markup:
    """A dot a bin, its area by the number of choices; on the diagonal a probability is right.

    Args:
        points: `predicted`, `observed` and `count` of each bin; bins without a share are left out.
        title: of the figure.
        drawn: id of the drawing, unique on the page.
    """
    across = Axis(0, 1, _LEFT, _LEFT + _SIDE)
    up = Axis(0, 1, _TOP + _SIDE, _TOP)
    root = drawing(_LEFT + _SIDE + 20, _TOP + _SIDE + 44, title, _class="drawing square", id=drawn)
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        _grid(root, across, up, value)
    diagonal = f"M{short(across.at(0))} {short(up.at(0))}L{short(across.at(1))} {short(up.at(1))}"
    add(root, "path", _class="zero", d=diagonal)
    middle = {"_class": "tick mid"}
    add(root, "text", "Predicted", x=_LEFT + _SIDE / 2, y=_TOP + _SIDE + 38, **middle)
    turned = add(root, "text", "Observed", **middle)
    turned.set("transform", f"translate(12 {short(_TOP + _SIDE / 2)}) rotate(-90)")
    most = max((point["count"] for point in points), default=1) or 1
    for point in points:
        if point["predicted"] is None or point["observed"] is None:
            continue
        x, y = across.at(point["predicted"]), up.at(point["observed"])
        radius = max(2.5, _LARGEST * (point["count"] / most) ** 0.5)
        mark = add(root, "circle", _class="dot", cx=x, cy=y, r=radius)
        predicted, observed = number(point["predicted"]), number(point["observed"])
        add_tip(mark, f"{whole(point['count'])} choices of {predicted}: {observed} were right")
    return markup(root)


def _grid(root: Element, across: Axis, up: Axis, value: float) -> None:
    x, y = across.at(value), up.at(value)
    add(root, "path", _class="axis", d=f"M{short(x)} {short(_TOP)}v{short(_SIDE)}")
    add(root, "path", _class="axis", d=f"M{short(_LEFT)} {short(y)}h{short(_SIDE)}")
    add(root, "text", number(value), _class="tick mid", x=x, y=_TOP + _SIDE + 17)
    add(root, "text", number(value), _class="tick value", x=_LEFT - 7, y=y + 4)
