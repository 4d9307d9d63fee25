"""Pages read with the standard library's parser, as far as the tests ask about them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

VOID = {"meta", "link", "input", "br", "img", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    parent: "Element | None" = None
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list["Element"]:
        """Elements of that tag below this one, in order; `class_` matches one of the classes."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        found = []
        for child in self.children:
            if tag in ("*", child.tag) and all(
                value in (child.attributes.get(name) or "").split()
                for name, value in wanted.items()
            ):
                found.append(child)
            found += child.all(tag, **attributes)
        return found

    def one(self, tag: str, **attributes: str) -> "Element":
        """The only element of that tag below this one."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        """The text of this element and those below it, spaces as they are."""
        return "".join(self.texts)

    def one_script(self) -> str:
        """The text of the one script below this element."""
        (script,) = self.all("script")
        return script.text

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)


class Page(HTMLParser):
    """A page as a tree; complains about tags that do not match."""

    def __init__(self, path: Path):
        super().__init__(convert_charrefs=True)
        self.path = path
        self.root = Element("", {})
        self.open = [self.root]
        self.feed(path.read_text(encoding="utf-8"))
        self.close()
        assert self.open == [self.root], f"{path.name}: {self.open[-1].tag} is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"{self.path.name}: {tag} repeats an attribute"
        element = Element(tag, dict(attrs), self.open[-1])
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs), self.open[-1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"{self.path.name}: </{tag}> closes {self.open[-1].tag}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.texts.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return self.root.all(tag, **attributes)

    def one(self, tag: str, **attributes: str) -> Element:
        return self.root.one(tag, **attributes)

    @property
    def shown(self) -> str:
        """What a reader sees: the text without scripts and styles."""
        hidden = [one.text for one in (*self.all("script"), *self.all("style"))]
        text = self.root.text
        for one in hidden:
            text = text.replace(one, "", 1)
        return text


class Pages(Mapping[str, Page]):
    """The pages of a site by their paths in it, each read when a test first asks for it."""

    def __init__(self, site: Path):
        self._paths = {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}
        self._read: dict[str, Page] = {}

    def __getitem__(self, name: str) -> Page:
        if name not in self._read:
            self._read[name] = Page(self._paths[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def data_of(site: Path, name: str) -> Any:
    """What a data script gives."""
    text = (site / "data" / f"{name}.js").read_text(encoding="utf-8")
    found = re.fullmatch(r'valuegauge\.take\("([^"]+)",(.*)\);\n', text, re.DOTALL)
    assert found
    assert found[1] == name
    return json.loads(found[2])


def text_of(element: Element) -> str:
    """The text of an element, its spaces as one."""
    return " ".join(element.text.split())
