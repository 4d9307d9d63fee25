"""PRISM's files, read with `datasets` and checked."""

from collections.abc import Sequence

from ratings.errors import DataMissingError
from ratings.prism.container import Prism
from ratings.sources.cards import Card


def read_published(card: Card, parts: Sequence[str]) -> Prism:
    """The files of the card."""
    raise DataMissingError(f"{card.id} is not read yet")


def read_folder(path: str, card: Card, parts: Sequence[str]) -> Prism:
    """The files in a folder."""
    raise DataMissingError(f"{path} is not read yet")
