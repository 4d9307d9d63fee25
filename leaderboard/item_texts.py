"""Texts of items that may be passed on."""

from importlib import import_module

from ratings.cards import load_card
from ratings.errors import DataError
from ratings.manifests import Manifest

LONGEST = 300


def item_texts(manifest: Manifest, card: str) -> dict[str, str]:
    """Text of each instance of a card in our own words; nothing for a source's words.

    A board travels: only what ships with the package is in it, and the reader looks the rest up
    under the names of the instances.
    """
    data = next((name for name, one in manifest.cards.items() if one == card), None)
    if manifest.texts is None or data is None:
        return {}
    try:
        if load_card(card).packaged is None:
            return {}
        module, _, function = manifest.texts.partition(":")
        found: dict[str, str] = getattr(import_module(module), function)(data)
    except DataError:
        return {}
    return {instance: text[:LONGEST] for instance, text in found.items()}
