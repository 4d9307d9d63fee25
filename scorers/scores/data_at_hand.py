"""The data that runs are on, where they are on this machine: found by a card's id and revision."""

from ratings.sources.cards import Card, load_card
from scorers.scores.manifests import Manifest, named_object


def data_at_hand(manifest: Manifest, card: str, revision: str | None) -> tuple[str, Card] | None:
    """The value of the argument `data`, and the card, of what some runs of a benchmark were on.

    Args:
        manifest: of the benchmark.
        card: id of the data card.
        revision: that the runs were on.

    Returns:
        None where today's card has another revision, or a user's own data are not at hand. The
        files may be missing; nothing is downloaded.
    """
    data = next((name for name, one in manifest.cards.items() if one == card), None)
    if data is not None:
        found = load_card(card)
        return (data, found) if found.revision == revision else None
    if manifest.own_data is None or revision is None:
        return None
    own: tuple[str, Card] | None = named_object(manifest.own_data)(card, revision)
    return own
