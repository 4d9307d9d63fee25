"""People compared with models: a row of their own, and each model's percentile rank among them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from leaderboard.board.pairs import PeopleRow
from ratings.arrays import FloatArray
from scorers.agreement.people import people_error
from scorers.intervals.means import mean_of_present
from scorers.psychometrics.human_norms import item_standing, profile_distance, standing
from scorers.scores.data_at_hand import People
from scorers.scores.manifests import Manifest, ScoreFamily
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import TAGGED, tags_of

UNLIKE_ITEMS = 10


def people_row_error(people: People, manifest: Manifest, row: int) -> PeopleRow:
    """How far the scores of people's mean ratings would move with other people.

    Args:
        people: who rated the items.
        manifest: of the benchmark; only its scores of tagged items have such an error.
        row: the position of their row.
    """
    on: dict[str, float] = {}
    beyond: dict[str, float] = {}
    for family in manifest.scores.values():
        if family.estimator in TAGGED:
            found = people_error(
                people.ratings,
                tags_of(people.grid, family),
                people.grid.clusters,
                centred=family.estimator == "centred_tagged_mean",
                scale=family.scale,
            )
            errors = np.sqrt(np.diag(found.covariance)), np.sqrt(found.beyond)
            on |= dict(zip(family.names, errors[0].tolist(), strict=True))
            beyond |= dict(zip(family.names, errors[1].tolist(), strict=True))
    return PeopleRow(row, on, beyond, len(people.ratings) - 1)


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
