"""SVG elements, built as a tree so that names and texts are always escaped.

Colours and widths are classes of `assets/figures.css`, so a figure follows the reader's theme;
`standalone` puts that style sheet into a figure that leaves the site.
"""

import re
from importlib import resources
from xml.etree import ElementTree

from markupsafe import Markup

Element = ElementTree.Element
Attribute = str | float | None


def drawing(width: float, height: float, title: str, **attributes: Attribute) -> Element:
    """The root of a figure; `title` is what a screen reader says of it."""
    root = Element("svg", {"viewBox": f"0 0 {short(width)} {short(height)}", "role": "img"})
    _set(root, attributes)
    root.set("aria-label", title)
    return root


def add(parent: Element, tag: str, text: str | None = None, **attributes: Attribute) -> Element:
    """A new last child; `_` in a name becomes `-`, a leading one of `_class` is dropped.

    >>> dot = add(drawing(10, 10, "A dot"), "circle", "a < b", _class="dot", cx=1.25, data_row="r")
    >>> ElementTree.tostring(dot, encoding="unicode")
    '<circle class="dot" cx="1.2" data-row="r">a &lt; b</circle>'
    """
    made = ElementTree.SubElement(parent, tag)
    _set(made, attributes)
    made.text = text
    return made


def add_tip(element: Element, text: str) -> None:
    """What is shown when the pointer rests on an element."""
    add(element, "title", text)


def markup(root: Element) -> Markup:
    """A figure as part of a page."""
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def standalone(root: Element, width: float) -> str:
    """A figure as a file of its own, in the light theme, `width` pixels wide."""
    copy = ElementTree.fromstring(ElementTree.tostring(root))
    copy.set("xmlns", "http://www.w3.org/2000/svg")
    copy.set("width", short(width))
    style = Element("style")
    style.text = _style_sheet()
    copy.insert(0, style)
    return ElementTree.tostring(copy, encoding="unicode") + "\n"


def short(value: float) -> str:
    """A coordinate with one decimal.

    >>> short(12.0), short(0.25), short(-0.04)
    ('12', '0.2', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _set(element: Element, attributes: dict[str, Attribute]) -> None:
    for name, value in attributes.items():
        if value is not None:
            text = value if isinstance(value, str) else short(value)
            element.set(name.removeprefix("_").replace("_", "-"), text)


def _style_sheet() -> str:
    """The colours of the light theme and the classes of figures, without `light-dark()`."""
    assets = resources.files("leaderboard.site").joinpath("assets")
    names = assets.joinpath("base.css").read_text(encoding="utf-8")
    light = re.findall(r"(--[\w-]+): (?:light-dark\((#\w+), #\w+\)|(.+));", names)
    colours = "".join(f"{name}:{colour or other};" for name, colour, other in light)
    figures = assets.joinpath("figures.css").read_text(encoding="utf-8")
    return f":root{{{colours}--bg:#fff;}}\n{figures}"
