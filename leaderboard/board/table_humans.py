"""People compared with models: a row of their own, and each model's percentile rank among them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from leaderboard.board.pairs import PeopleError
from ratings.arrays import FloatArray
from ratings.sources.fetch import verify
from scorers.intervals.means import mean_of_present
from scorers.psychometrics.human_norms import item_standing, profile_distance, standing
from scorers.psychometrics.people_error import people_errors
from scorers.scores.data_at_hand import data_at_hand
from scorers.scores.manifests import Manifest, ScoreFamily, named_object
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import TAGGED, tags_of

UNLIKE_ITEMS = 10


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


def people_error(people: People, manifest: Manifest, row: int) -> PeopleError:
    """How far the scores of people's mean ratings would move with other people.

    Args:
        people: who rated the items.
        manifest: of the benchmark; only its scores of tagged items have such an error.
        row: the position of their row.
    """
    errors: dict[str, float] = {}
    for family in manifest.scores.values():
        if family.estimator in TAGGED:
            found = people_errors(
                people.ratings,
                tags_of(people.grid, family),
                centred=family.estimator == "centred_tagged_mean",
                scale=family.scale,
            )
            errors |= dict(zip(family.names, found.tolist(), strict=True))
    return PeopleError(row, errors, len(people.ratings) - 1)


def norms_of(
    grid: ResponseMatrix,
    people: People,
    family: ScoreFamily,
    replicates: tuple[FloatArray, FloatArray],
    values: tuple[FloatArray, FloatArray],
) -> dict[str, Any]:
    """How one rater compares with people.

    Args:
        grid: of the rater.
        people: who rated the same items.
        family: whose profile is compared.
        replicates: B x D of the rater's scores and of the people's.
        values: D scores of the rater and of the people.
    """
    assert family.estimator in TAGGED
    means = item_means(grid, people.instances)
    tagged = tags_of(people.grid, family)
    centred = family.estimator == "centred_tagged_mean"
    shares = standing(means, people.ratings, tagged, centred=centred)
    distance, likeness = profile_distance(*values, *replicates)
    return {
        "distance": asdict(distance),
        "correlation": asdict(likeness),
        "standing": {name: asdict(share) for name, share in zip(family.names, shares, strict=True)},
        "items": _unlike(means, people),
    }


def item_means(grid: ResponseMatrix, instances: Sequence[str]) -> FloatArray:
    """Mean rating of each of I items over the valid answers; NaN where there is none."""
    items = grid.by_sample()
    known = dict(zip(items.samples, mean_of_present(items.ratings, axis=1), strict=True))
    return np.array([known.get(instance, np.nan) for instance in instances])


def _unlike(means: FloatArray, people: People) -> list[dict[str, Any]]:
    """The items where the rater is least like people: farthest from their middle."""
    ranks = item_standing(means, people.ratings)
    gaps = np.abs(means - people.means)
    far = np.where(np.isnan(ranks) | np.isnan(gaps), -1.0, gaps)
    order = [i for i in np.argsort(-far, kind="stable") if far[i] >= 0]
    return [
        {
            "instance": people.instances[i],
            "rating": float(means[i]),
            "people": float(people.means[i]),
            "below": float(ranks[i]),
        }
        for i in order[:UNLIKE_ITEMS]
    ]
