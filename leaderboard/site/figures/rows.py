"""The frame of a figure with a row for each named thing: labels, a common axis, a line at zero."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from textwrap import wrap
from xml.etree import ElementTree

from markupsafe import Markup

from leaderboard.site.figures.axis import Axis
from leaderboard.site.figures.svg import Element, add, short
from leaderboard.site.text import label as label_of
from leaderboard.site.text import number

_LABEL_LINE = 17.0
_TEXT_LINE = 15.0
_UNIT_LETTERS = 84
_LETTER = 7.0  # mean width of a letter of a label, in pixels
_TOP = 4.0


@dataclass(frozen=True)
class Layout:
    """Where things are in a drawing, in pixels.

    Attributes:
        name: a class of the drawing; the style sheet shows one of them at a width of the window.
        width: of the drawing.
        left: end of the axis.
        right: other end of the axis.
        band: height of the part of a row that holds marks.
        above: whether labels are above their marks, and not to the left of them.
        lines: that the longest label has.
    """

    name: str
    width: float
    left: float
    right: float
    band: float
    above: bool
    lines: int = 1

    @property
    def row(self) -> float:
        """Height of a row."""
        return self.band + (_LABEL_LINE * self.lines if self.above else 0)

    def wrapped(self, label: str) -> list[str]:
        """A label in lines of the room that there is."""
        room = self.right - 60 if self.above else self.left - 12
        return wrap(label, int(room / _LETTER)) or [""]

    def fitted(self, names: Sequence[str]) -> "Layout":
        """The layout with room for every line of the labels of some names."""
        lines = max((len(self.wrapped(label_of(name))) for name in names), default=1)
        band = self.band if self.above else max(self.band, _LABEL_LINE * lines - 4)
        return replace(self, lines=lines, band=band)


WIDE = Layout("wide", 760, 178, 690, 30, above=False)
NARROW = Layout("narrow", 340, 16, 324, 28, above=True)


@dataclass(frozen=True, eq=False)
class Frame:
    """What is the same for all figures of some rows on one axis, drawn once.

    Attributes:
        layout: of the drawing.
        axis: of all rows.
        count: of the rows.
        height: of the drawing.
        behind: the drawn part.
    """

    layout: Layout
    axis: Axis
    count: int
    height: float
    behind: Markup

    def bottom(self, k: int) -> float:
        """The lower edge of a row's band; its marks are above it."""
        return _TOP + (k + 1) * self.layout.row

    def middle(self, k: int) -> float:
        """The middle of a row's band."""
        return self.bottom(k) - self.layout.band / 2

    def write(self, parent: Element, k: int, text: str) -> None:
        """A number at the end of a row's label line."""
        x = self.layout.right + 10 if self.layout.above else self.layout.width
        y = self.bottom(k) - self.layout.band - 4 if self.layout.above else self.middle(k) + 4.5
        add(parent, "text", text, _class="tick value", x=x, y=y)

    def say(self, parent: Element, k: int, text: str) -> None:
        """A word in place of marks."""
        add(parent, "text", text, _class="tick", x=self.axis.left, y=self.middle(k) + 4)

    def figure(self, title: str, marks: Element, id: str | None = None) -> Markup:
        """The frame with marks on it."""
        size = f"{short(self.layout.width)} {short(self.height)}"
        named = Markup(' id="{}"').format(id) if id else ""
        return Markup(
            '<svg{} class="drawing {}" viewBox="0 0 {}" role="img" aria-label="{}">{}{}</svg>'
        ).format(named, self.layout.name, size, title, self.behind, _drawn(marks))


def frame(
    layout: Layout,
    ends: tuple[float, float],
    names: Sequence[str],
    unit: str = "",
    behind: Callable[[Element, "Frame"], None] | None = None,
) -> Frame:
    """A frame with a row for each name.

    Args:
        layout: of the drawing.
        ends: of the axis.
        names: of the rows; rows are as high as their labels need.
        unit: of the axis, written below it where there is room.
        behind: draws what belongs to all figures with this frame.
    """
    layout = layout.fitted(names)
    axis = Axis(*ends, layout.left, layout.right)
    foot = _TOP + len(names) * layout.row
    units = [] if layout.above else wrap(unit, _UNIT_LETTERS)
    height = foot + 20 + (3 + _TEXT_LINE * len(units) if units else 0)
    made = Frame(layout, axis, len(names), height, Markup(""))
    group = Element("g")
    _draw_axis(group, axis, foot)
    for k, line in enumerate(units, start=1):
        middle = (layout.left + layout.right) / 2
        add(group, "text", line, _class="tick mid", x=middle, y=foot + 18 + _TEXT_LINE * k)
    if behind:
        behind(group, made)
    for k, name in enumerate(names):
        _draw_label(group, made, k, label_of(name))
    return Frame(layout, axis, len(names), height, _drawn(group))


@lru_cache(maxsize=256)
def plain_frame(
    layout: Layout, ends: tuple[float, float], names: tuple[str, ...], unit: str = ""
) -> Frame:
    """A frame with nothing behind the marks, drawn once for all figures that share it."""
    return frame(layout, ends, names, unit)


def _draw_axis(group: Element, axis: Axis, foot: float) -> None:
    ticks = axis.ticks(6)
    for value in ticks:
        x = short(axis.at(value))
        add(group, "path", _class="zero" if value == 0 else "axis", d=f"M{x} 0V{short(foot)}")
    places = 0 if all(value == round(value) for value in ticks) else 1
    places = 2 if any(round(value, 1) != value for value in ticks) else places
    for value in ticks:
        text = number(value, places)
        add(group, "text", text, _class="tick mid", x=axis.at(value), y=foot + 15)


def _draw_label(group: Element, made: Frame, k: int, text: str) -> None:
    layout = made.layout
    lines = layout.wrapped(text)
    last = made.bottom(k) - layout.band - 4
    if not layout.above:
        last = made.middle(k) + 4.5 + (len(lines) - 1) * _TEXT_LINE / 2
    for up, line in enumerate(reversed(lines)):
        x = 4.0 if layout.above else 0.0
        add(group, "text", line, _class="label", x=x, y=last - up * _TEXT_LINE)


def _drawn(group: Element) -> Markup:
    return Markup(ElementTree.tostring(group, encoding="unicode"))
