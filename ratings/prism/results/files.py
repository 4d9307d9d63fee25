"""Where the files of PRISM's published results are: checked, and downloaded if need be."""

from dataclasses import replace
from pathlib import Path

from ratings.errors import unknown_name
from ratings.sources.cards import Card, load_card
from ratings.sources.fetch import fetch

CARD = "prism_results"


def card_of(name: str) -> Card:
    """The card of the results, with one of its files alone.

    Args:
        name: of the file without its folder, such as `welfare_us_rating.pickle`.

    Raises:
        UnknownNameError: for a name that is not on the card.
    """
    card = load_card(CARD)
    files = {
        Path(file.path).name: (group, file) for group in card.groups for file in card.files(group)
    }
    if name not in files:
        raise unknown_name(f"file of {CARD}", name, files)
    group, file = files[name]
    return replace(card, groups={group: (file,)})


def result_file(name: str) -> Path:
    """Path of one file, with the hash of the card; see `ratings.sources.fetch.fetch`.

    Args:
        name: as for `card_of`.

    Raises:
        UnknownNameError: for a name that is not on the card.
        DataMissingError: when it is nowhere and cannot be downloaded.
        HashMismatchError: when what is there has another content.
    """
    (path,) = fetch(card_of(name)).values()
    return path
