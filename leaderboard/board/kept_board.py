"""The board of a store, kept in the user's cache until anything that it is made from changes."""

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from leaderboard.board.board import SCHEMA, read_board
from ratings.errors import DataError
from ratings.output.atomic_write import write_whole
from ratings.sources.cards import card_ids, load_card
from ratings.sources.fetch import candidate_paths
from ratings.sources.locations import acceptance_record, cache_root
from scorers.scores.manifests import benchmark_folders

_PACKAGES = ("leaderboard", "ratings", "scorers", "benchmarks")
_KEPT = 8  # boards, of which the one used longest ago goes first


def kept_board(store: Path) -> dict[str, Any]:
    """The board of a store, computed once for all that show it.

    It is kept under a digest of the store's bytes, of the files of the package and of benchmarks
    that were added, of the versions of everything installed, and of the state of every data file
    that a card names. A kept board that is damaged is computed again; one of data without a card
    in the package is not kept, because nothing says when these change.

    Raises:
        DataMissingError: when there is no store.
        DataError: when it cannot be read.
    """
    folder = cache_root() / "boards"
    key = _key(store)
    if key is None:
        return read_board(store)
    path = folder / f"{key}.json"
    found = _kept(path)
    if found is not None:
        return found
    board = read_board(store)
    # Whoever changes the store meanwhile leaves it unsaid which of the two was read.
    of_cards = all(table["card"]["id"] in card_ids() for table in board["tables"])
    if of_cards and _key(store) == key:
        with suppress(OSError, DataError):
            _keep(board, path)
    return board


def _kept(path: Path) -> dict[str, Any] | None:
    """A kept board; None where there is none, or it is not as it was written."""
    try:
        digest, _, text = path.read_bytes().partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() != digest:
            return None
        board: dict[str, Any] = json.loads(text)
        path.touch()
    except (OSError, ValueError):
        return None
    return board


def _keep(board: dict[str, Any], path: Path) -> None:
    text = json.dumps(board, allow_nan=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    others = sorted(path.parent.glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in others[_KEPT - 1 :]:
        old.unlink(missing_ok=True)
    write_whole(path, f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}")


def _key(store: Path) -> str | None:
    """A digest of all that a board is made from; None where it cannot be told."""
    found = hashlib.sha256(f"{SCHEMA} {sys.version}".encode())
    try:
        for path in (store, store.with_name(f"{store.name}.wal")):
            found.update(_digest(path))
        for path in _sources():
            found.update(f"\n{path}\n".encode(errors="surrogateescape") + _digest(path))
        for line in (*_installed(), *_state_of_data()):
            found.update(f"\n{line}".encode(errors="surrogateescape"))
    except OSError:
        return None
    return found.hexdigest()


def _digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"none"


def _sources() -> Iterator[Path]:
    """Files of the package that a board may rest on, and of benchmarks added to it."""
    specs = [find_spec(name) for name in _PACKAGES]
    folders = [
        Path(one) for spec in specs for one in (spec and spec.submodule_search_locations) or ()
    ]
    for folder in dict.fromkeys([*folders, *benchmark_folders()]):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _installed() -> list[str]:
    return sorted(f"{one.name} {one.version}" for one in distributions())


def _state_of_data() -> Iterator[str]:
    """Where each card's files may be, with what the file system says of those that are there."""
    for card in map(load_card, sorted(card_ids())):
        accepted = acceptance_record(card.id, card.revision).is_file()
        yield f"{card.id} {card.revision} {accepted}"
        for path in candidate_paths(card):
            if not path.is_file():
                yield f"{path} missing"
                continue
            state = path.stat()
            yield f"{path} {state.st_ino} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}"
