"""Files of one's own making in the layout of a source, read through the folder of mirrors."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from ratings.sources.cards import CardFile, load_card
from ratings.sources.fetch import accept

Files = Mapping[str, str | bytes]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Files], Path]:
    """Writes files of a card into a folder of mirrors, and accepts the card's terms."""
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))

    def write(card_id: str, files: Files) -> Path:
        for name, content in files.items():
            path = tmp_path / card_id / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        accept(load_card(card_id))
        return tmp_path / card_id

    return write


@pytest.fixture
def put_as_the_cards(
    put: Callable[[str, Files], Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[ModuleType, Files], Path]:
    """The same for a card that names its files by hash: the hashes become those of these files."""

    def write(loader: ModuleType, files: Files) -> Path:
        folder = put(loader.CARD, files)
        card = load_card(loader.CARD)
        groups = {
            group: tuple(CardFile(file.path, sha256=_digest(folder / file.path)) for file in listed)
            for group, listed in card.groups.items()
        }
        monkeypatch.setattr(loader, "load_card", lambda _: replace(card, groups=groups))
        return folder

    return write


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
