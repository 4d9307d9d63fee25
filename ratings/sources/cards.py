"""Data cards: what a source is, where its files are, and what to expect in them.

A card is `data_cards/<id>.md`: YAML front matter for the machine, prose for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from ratings.errors import DataError, nearest_first, unknown_name


@dataclass(frozen=True)
class CardFile:
    """One file of a source at the card's revision.

    Attributes:
        path: the file's path in the source's repository.
        algorithm: `sha256` of the content, or `git_blob`, the id git gives the content.
        digest: the expected hexadecimal digest.
        bytes: size, or None where the source does not tell it.
        hub: the file's path in the card's data set on the Hugging Face hub, or None.
    """

    path: str
    algorithm: str
    digest: str
    bytes: int | None
    hub: str | None = None


@dataclass(frozen=True)
class Card:
    """One source: what it is, its terms, its files in groups and its expected counts.

    Attributes:
        download: address of a file, with `{revision}` and `{path}`; None when packaged.
        packaged: folder of the files inside this package, for samples that ship with it.
        by_request: where the user asks the owner for the files; the card then names none.
        hub: owner and name of the same data on the Hugging Face hub, or None. Its files count when
            they have the card's digests. For data by request also the configuration, which is
            read at a commit that is looked up once.
        synthetic: True for simulated data; every output says so.
        terms: what a user must accept before a download, or None.
        rounded: for counts that the source prints rounded, the unit: 1000 for a printed `37k`.
    """

    id: str
    title: str
    homepage: str
    licence: str
    citation: str
    revision: str
    counts: Mapping[str, int]
    groups: Mapping[str, tuple[CardFile, ...]]
    prose: str
    download: str | None = None
    packaged: str | None = None
    by_request: str | None = None
    hub: str | None = None
    synthetic: bool = False
    terms: str | None = None
    rounded: Mapping[str, int] = field(default_factory=dict)

    def agrees(self, count: str, found: int) -> bool:
        """Whether a number found is the card's count, or rounds to it where that is rounded.

        >>> card = load_card("prism_chat")  # its paper prints 1.4k raters
        >>> card.agrees("raters", 1396), card.agrees("raters", 1500)
        (True, False)
        """
        return 2 * abs(found - self.counts[count]) <= self.rounded.get(count, 0)

    def files(self, group: str | None = None) -> tuple[CardFile, ...]:
        """The files of one group, or of all groups.

        Raises:
            UnknownNameError: for a group that the card does not have.
        """
        if group is None:
            return tuple(file for files in self.groups.values() for file in files)
        if group not in self.groups:
            raise unknown_name(f"group of {self.id}", group, self.groups)
        return self.groups[group]


_REQUIRED = {"id", "title", "homepage", "licence", "citation", "revision", "counts", "files"}
_WAYS = ("download", "packaged", "by_request")
_OPTIONAL = {*_WAYS, "hub", "synthetic", "terms", "rounded"}
_NO_TEXT = {"files", "counts", "synthetic", "rounded"}


def parse_card(text: str, origin: str) -> Card:
    """Read a card from its text.

    Args:
        text: the whole file, front matter between two lines of `---` and prose after it.
        origin: where the text comes from, for messages.

    Raises:
        DataError: when a field is missing, unknown or malformed.
    """
    front, prose = _split_front_matter(text, origin)
    unknown = set(front) - _REQUIRED - _OPTIONAL
    if unknown:
        key = sorted(unknown)[0]
        meant = nearest_first(key, sorted(_REQUIRED | _OPTIONAL))[0]
        raise DataError(f"{origin}: unknown field {key!r}; did you mean {meant!r}?")
    missing = _REQUIRED - set(front)
    if missing:
        raise DataError(f"{origin}: missing field {sorted(missing)[0]!r}")
    if sum(way in front for way in _WAYS) != 1:
        raise DataError(f"{origin}: give one of 'download', 'packaged' and 'by_request'")
    for key in front.keys() - _NO_TEXT:
        if not isinstance(front[key], str):
            raise DataError(f"{origin}: {key!r} must be text, found {front[key]!r}; quote it")
    files, counted, rounded = front.pop("files"), front.pop("counts"), front.pop("rounded", {})
    if not isinstance(files, dict) or not all(isinstance(e, list) and e for e in files.values()):
        raise DataError(f"{origin}: 'files' must map each group to a list of files")
    if not isinstance(counted, dict) or not all(type(n) is int for n in counted.values()):
        raise DataError(f"{origin}: 'counts' must map names to whole numbers")
    if not isinstance(rounded, dict) or not all(
        name in counted and type(unit) is int and unit > 0 for name, unit in rounded.items()
    ):
        raise DataError(f"{origin}: 'rounded' must map names of counts to whole numbers above 0")
    groups = {
        str(group): tuple(_parse_file(entry, origin) for entry in entries)
        for group, entries in files.items()
    }
    counts = {str(name): count for name, count in counted.items()}
    return Card(**front, counts=counts, groups=groups, prose=prose, rounded=rounded)


def card_ids() -> list[str]:
    """Ids of all cards that ship with the package, sorted."""
    return sorted(
        entry.name.removesuffix(".md")
        for entry in resources.files("data_cards").iterdir()
        if entry.name.endswith(".md") and entry.name != "README.md"
    )


@lru_cache
def load_card(card_id: str) -> Card:
    """The card of that id.

    Raises:
        UnknownNameError: when there is none.
    """
    if card_id not in card_ids():
        raise unknown_name("data card", card_id, card_ids())
    text = (resources.files("data_cards") / f"{card_id}.md").read_text(encoding="utf-8")
    return parse_card(text, f"data_cards/{card_id}.md")


def packaged_folder(card: Card) -> Path:
    """The folder of a packaged card's files."""
    package, _, folder = str(card.packaged).partition("/")
    return Path(str(resources.files(package))) / folder


def _split_front_matter(text: str, origin: str) -> tuple[dict[str, Any], str]:
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise DataError(f"{origin}: a card starts with front matter between two lines of '---'")
    try:
        front = yaml.load(parts[1], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise DataError(f"{origin}: front matter is not valid YAML: {error}") from error
    if not isinstance(front, dict):
        raise DataError(f"{origin}: front matter must be a mapping")
    return front, parts[2].strip()


def _parse_file(entry: Mapping[str, Any], origin: str) -> CardFile:
    if not isinstance(entry, dict) or not all(
        isinstance(entry.get(key, ""), str) for key in ("path", "sha256", "git_blob", "hub")
    ):
        raise DataError(f"{origin}: a file is a mapping of a path and a digest, found {entry!r}")
    known = {"path", "bytes", "sha256", "git_blob", "hub"}
    algorithms = [name for name in ("sha256", "git_blob") if name in entry]
    if "path" not in entry or len(algorithms) != 1 or set(entry) - known:
        raise DataError(
            f"{origin}: a file has a path, one of sha256 and git_blob, and perhaps bytes and hub; "
            f"found {dict(entry)}"
        )
    algorithm = algorithms[0]
    return CardFile(
        str(entry["path"]),
        algorithm,
        str(entry[algorithm]),
        entry.get("bytes"),
        entry.get("hub"),
    )
