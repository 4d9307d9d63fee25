"""An instrument that somebody built: a folder with a card and files in Value Portrait's layout.

Its revision is a hash of its contents, so that two versions of it are never taken for one. The
user's cache remembers where a version was when it was last read: a board knows its runs by the
card's id and revision alone, and finds its people there.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ratings.errors import DataError, DataMissingError
from ratings.input.strict_files import read_text
from ratings.instruments.portrait_files import LAYOUT, OWN_PHRASES
from ratings.sources.cards import Card, CardFile, card_ids, parse_card
from ratings.sources.fetch import verify
from ratings.sources.locations import cache_root, mirror_root, resolve_from_start

CARD = "card.md"


def is_own(data: object) -> bool:
    """Whether a value of `data` names a folder, and not one of the instruments of this package."""
    return isinstance(data, str) and ("/" in data or resolve_from_start(data).is_dir())


def own_card(data: str) -> Card:
    """The card of the instrument in a folder, whose files are whole and as they were built.

    Args:
        data: the folder, as the user typed it.

    Raises:
        DataMissingError: when there is no such folder, or no instrument in it.
        DataError: when the card is malformed, or a file was changed since; says which.
    """
    folder = resolve_from_start(data)
    if not folder.is_dir():
        raise DataMissingError(f"there is no folder {folder}; data names an instrument's folder")
    if not (folder / CARD).is_file():
        raise DataMissingError(
            f"{folder} has no {CARD}, so it is not an instrument that "
            f"`valuegauge instrument build` wrote"
        )
    card = parse_card(read_text(folder / CARD), str(folder / CARD))
    files = {group: sorted(file.path for file in found) for group, found in card.groups.items()}
    layout = {group: sorted(paths) for group, paths in LAYOUT.items()}
    if "phrases" in files:
        layout["phrases"] = [OWN_PHRASES]
    if card.own_folder is None or files != layout or card.id in card_ids():
        raise DataError(f"{folder / CARD} is not the card of an instrument of one's own")
    card = replace(card, own_folder=str(folder))
    odd = next((file for file in verify(card) if file.state != "good"), None)
    if odd is not None or card.revision != contents_revision(card.files()):
        what = f"{odd.file.path} is {odd.state}" if odd else "its revision is not of these files"
        raise DataError(f"the instrument in {folder} is not as it was built ({what}); build again")
    _remember(card, folder)
    return card


def contents_revision(files: Iterable[CardFile]) -> str:
    """SHA-256 over the paths and hashes of an instrument's files."""
    lines = sorted(f"{file.path}\0{file.digest}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def own_at_hand(card_id: str, revision: str) -> tuple[str, Card] | None:
    """Where a version of an instrument of one's own is, as a value of `data`, and its card.

    Looks in `VALUEGAUGE_DATA/<card id>`, then where it was when it was last read.

    Returns:
        None where that version is in neither place.
    """
    mirror = mirror_root()
    places = [str(mirror / card_id)] if mirror is not None else []
    with suppress(OSError, ValueError):
        places.append(_record(card_id, revision).read_text(encoding="utf-8"))
    for place in places:
        with suppress(DataError):
            card = own_card(place)
            if (card.id, card.revision) == (card_id, revision):
                return place, card
    return None


def _remember(card: Card, folder: Path) -> None:
    record = _record(card.id, card.revision)
    with suppress(OSError):  # a cache that cannot be written makes no run fail
        if not record.is_file() or record.read_text(encoding="utf-8") != str(folder):
            record.parent.mkdir(parents=True, exist_ok=True)
            record.write_text(str(folder), encoding="utf-8")


def _record(card_id: str, revision: str) -> Path:
    name = hashlib.sha256(f"{card_id}\0{revision}".encode()).hexdigest()
    return cache_root() / "instruments" / name
