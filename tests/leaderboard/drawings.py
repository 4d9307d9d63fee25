"""Drawings read back as elements, as far as the tests ask about them."""

import re
from xml.etree import ElementTree

from markupsafe import Markup


def svg_of(drawn: Markup) -> ElementTree.Element:
    """The root of a drawing; fails when it is not well formed."""
    return ElementTree.fromstring(str(drawn))


def of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """Elements with a class, in order."""
    return [one for one in root.iter() if name in (one.get("class") or "").split()]


def texts(root: ElementTree.Element) -> list[str]:
    """What is written in a drawing, tips not counted."""
    return [one.text or "" for one in root.iter() if one.tag == "text"]


def numbers(path: str) -> list[float]:
    """The numbers of a path, in order."""
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", path)]
