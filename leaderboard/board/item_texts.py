"""Texts of items that may be passed on."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

from ratings.errors import DataError
from ratings.sources.cards import load_card
from scorers.scores.manifests import Manifest

LONGEST = 300


def item_texts(manifest: Manifest, key: Mapping[str, Any]) -> dict[str, str]:
    """Text of each instance of a card in our own words; nothing for a source's words.

    A board travels: only what ships with the package is in it, and the reader looks the rest up
    under the names of the instances.
    """
    data = next((name for name, one in manifest.cards.items() if one == key["card"]), None)
    if manifest.texts is None or data is None:
        return {}
    try:
        card = load_card(key["card"])
        if card.packaged is None or card.revision != key["card_revision"]:
            return {}
        found: dict[str, str] = resolve_name(manifest.texts)(data)
    except DataError:
        return {}
    return {instance: text[:LONGEST] for instance, text in found.items()}
