"""Data of runs, and people who rated their items, where they are on this machine.

Both are found by a card's id and revision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ratings.arrays import FloatArray
from ratings.sources.cards import Card, load_card
from ratings.sources.fetch import verify
from scorers.scores.manifests import Manifest, named_object
from scorers.scores.responses import ResponseMatrix


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


@dataclass(frozen=True, eq=False)
class People:
    """Ratings of the same items by R people.

    Attributes:
        source: title of the data card.
        instances: I, sorted.
        ratings: R x I, NaN where somebody did not rate an item.
        grid: the mean rating of each item, as a run of one variant.
    """

    source: str
    instances: list[str]
    ratings: FloatArray
    grid: ResponseMatrix

    @cached_property
    def means(self) -> FloatArray:
        """I mean ratings."""
        return self.grid.ratings[:, 0]


def read_people(manifest: Manifest, key: Mapping[str, Any], items: ResponseMatrix) -> People | None:
    """Ratings by people of the items of a run, where they are at hand; nothing is downloaded.

    Args:
        manifest: of the benchmark.
        key: what the runs of the table measured; people of another revision are not theirs.
        items: that any run was asked, with their clusters and tags.
    """
    at_hand = data_at_hand(manifest, key["card"], key["card_revision"])
    if manifest.human_ratings is None or at_hand is None:
        return None
    data, card = at_hand
    found = verify(card, manifest.human_ratings.groups)
    if any(status.state != "good" for status in found):
        return None
    table = named_object(manifest.human_ratings.loader)(data)
    index = {str(instance): i for i, instance in enumerate(table.instances.index)}
    ratings = table.matrix()[:, [index[sample] for sample in items.samples]]
    grid = ResponseMatrix.from_people(ratings, items)
    return People(card.title, list(items.samples), ratings, grid)
