"""Data cards: what a source is, where its files are, and what to expect in them.

A card is `data_cards/<id>.md`: YAML front matter for the machine, prose for a person.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import Field

from ratings.errors import unknown_name
from ratings.input.strict_files import Flag, MalformedFileError, StrictFields, Whole, parse_yaml

# Licences that let anybody pass on what they cover.
FREE_LICENCES = ("MIT", "Apache-2.0", "CC0-1.0", "CC-BY-4.0")
_RULE = re.compile(r"^---[ \t]*\r?\n", re.MULTILINE)


@dataclass(frozen=True)
class CardFile(StrictFields):
    """One file of a source at the card's revision.

    Attributes:
        path: the file's path in the source's repository.
        bytes: size, or None where the source does not say.
        sha256: of the content; or
        git_blob: the id that git gives the content.
        hub: the file's path in the card's data set on the Hugging Face hub, or None.
    """

    path: str
    bytes: Whole | None = None
    sha256: str | None = None
    git_blob: str | None = None
    hub: str | None = None

    def __post_init__(self) -> None:
        """Refuse a file without one digest.

        Raises:
            ValueError: for none or two.
        """
        if (self.sha256 is None) == (self.git_blob is None):
            raise ValueError("give one of 'sha256' and 'git_blob'")

    @property
    def algorithm(self) -> str:
        """Of the digest: `sha256` or `git_blob`."""
        return "git_blob" if self.sha256 is None else "sha256"

    @property
    def digest(self) -> str:
        """The expected hexadecimal digest."""
        return str(self.git_blob if self.sha256 is None else self.sha256)


@dataclass(frozen=True)
class Card(StrictFields):
    """One source: what it is, its terms, its files in groups and its expected counts.

    Attributes:
        download: address of a file, with `{revision}` and `{path}`; None when packaged.
        packaged: folder of the files inside this package, for samples that ship with it.
        mirror: the folder of the files in a folder of mirrors, where that is not the card's id:
            that of a card whose source this one shares.
        by_request: where the user asks the owner for the files; the card then names none.
        own_folder: of the files of an instrument that somebody built: `.`, where its card is, or
            once it is read the whole path.
        files_of: id of another card whose files this one reads, under that card's terms; this one
            then names none.
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
    counts: Mapping[str, Whole]
    groups: Annotated[
        Mapping[str, Annotated[tuple[CardFile, ...], Field(min_length=1)]], Field(alias="files")
    ]
    prose: str
    download: str | None = None
    packaged: str | None = None
    mirror: str | None = None
    by_request: str | None = None
    own_folder: str | None = None
    files_of: str | None = None
    hub: str | None = None
    synthetic: Flag = False
    terms: str | None = None
    rounded: Mapping[str, Annotated[Whole, Field(gt=0)]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a card that does not say where its files are, or says it twice.

        Raises:
            ValueError: says what to give.
        """
        names = ("download", "packaged", "by_request", "own_folder", "files_of")
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise ValueError("give one of 'download', 'packaged', 'by_request' and 'files_of'")

    def agrees(self, count: str, found: int) -> bool:
        """Whether a number found is the card's count, or rounds to it where that is rounded.

        >>> card = load_card("prism_chat")  # its paper prints 1.4k raters
        >>> card.agrees("raters", 1396), card.agrees("raters", 1500)
        (True, False)
        """
        return 2 * abs(found - self.counts[count]) <= self.rounded.get(count, 0)

    @property
    def may_be_passed_on(self) -> bool:
        """Whether anybody may pass the contents on: a free licence, and no terms beyond it."""
        return self.licence in FREE_LICENCES and self.terms is None

    def of_files(self) -> "Card":
        """The card that names the files, their revision and terms: this one or another."""
        return self if self.files_of is None else load_card(self.files_of)

    def files(self, group: str | None = None) -> tuple[CardFile, ...]:
        """The files of one group, or of all groups.

        Raises:
            UnknownNameError: for a group that the card does not have.
        """
        if self.files_of is not None:
            return self.of_files().files(group)
        if group is None:
            return tuple(file for files in self.groups.values() for file in files)
        if group not in self.groups:
            raise unknown_name(f"group of {self.id}", group, self.groups)
        return self.groups[group]


def parse_card(text: str, origin: str) -> Card:
    """Read a card from its text.

    Args:
        text: the whole file, front matter between two lines of `---` and prose after it.
        origin: where the text comes from, for messages.

    Raises:
        MalformedFileError: when a field is missing, unknown or malformed.
    """
    parts = _RULE.split(text, maxsplit=2)
    if len(parts) != 3 or parts[0].strip():
        message = "a card starts with front matter between two lines of '---'"
        raise MalformedFileError(origin, message, line=1)
    # the line breaks keep the lines counted as in the file
    document = parse_yaml("\n" * (parts[0].count("\n") + 1) + parts[1], origin)
    front = document.check(dict[str, object])
    if "prose" in front:
        raise document.error(("prose",), "is the text after the front matter, not a key of it")
    card = replace(document, value={**front, "prose": parts[2].strip()}).check(Card)
    for count in card.rounded:
        if count not in card.counts:
            raise document.error(("rounded", count), unknown_name("count", count, card.counts))
    return card


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
