"""How far the scores of people's mean ratings would move with other people of the same kind."""

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.bootstrap import cluster_weights
from scorers.intervals.means import ratio

_DRAWS = 1_000


def people_errors(
    people: FloatArray, tagged: BoolArray, *, centred: bool, scale: float = 1.0, seed: int = 0
) -> FloatArray:
    """Standard errors of the scores of the mean rating of each item, with people resampled.

    A score is the mean over a dimension's items of people's mean ratings and, when centred, minus
    the mean over all items that carry a tag of the family. People are drawn whole, as one person
    rates several of a score's items.

    Args:
        people: R x I ratings; NaN where a person did not rate an item.
        tagged: D x I, whether an item counts for a dimension.
        centred: whether scores are minus the mean over the family, as for values.
        scale: by which scores are multiplied.
        seed: of the bootstrap.

    Returns:
        D standard errors; NaN with fewer than two people, or without an item of the dimension.
    """
    if len(people) < 2:
        return np.full(len(tagged), np.nan)
    rated = ~np.isnan(people)
    weights = cluster_weights(len(people), seed, _DRAWS)
    # an item that nobody drawn has rated counts for no score of that replicate
    counts = weights @ rated
    means = ratio(weights @ np.where(rated, people, 0.0), counts)
    there = ~np.isnan(means)
    known = np.where(there, means, 0.0)
    scores = ratio(known @ tagged.T.astype(float), there @ tagged.T.astype(float))
    if centred:
        family = tagged.any(axis=0)
        scores = scores - ratio(known[:, family].sum(axis=1), there[:, family].sum(axis=1))[:, None]
    errors: FloatArray = scale * scores.std(axis=0, ddof=1)
    return errors
