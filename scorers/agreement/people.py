"""What drawing other people would change about the mean scores of people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.means import mean_of_present, ratio


@dataclass(frozen=True, eq=False)
class PeopleError:
    """How far D mean scores of R people move with the people drawn.

    Attributes:
        covariance: D x D, with people drawn again.
        beyond: D variances that drawing other people adds where queries are drawn again too.
        people: that rated an item which counts.
    """

    covariance: FloatArray
    beyond: FloatArray
    people: int


def people_error(
    ratings: FloatArray,
    tagged: BoolArray,
    queries: Sequence[str],
    *,
    centred: bool,
    scale: float = 1.0,
) -> PeopleError:
    """The error of scores that are made of the means of items over people.

    A score is linear in the items' means, and these in the ratings; what each rating adds is summed
    by person. Queries that are drawn again take what a person says of one query with them, so
    there only the rest is added: the sum over people of the squared sums of their ratings less that
    of their ratings of each query.

    Source: Cameron, Gelbach and Miller (2011), Robust inference with multiway clustering.

    Args:
        ratings: R x I, NaN where a person did not rate an item.
        tagged: D x I, the items that count for each score.
        queries: I labels.
        centred: whether the mean over the items with any tag is subtracted.
        scale: that scores are multiplied by.
    """
    there = ~np.isnan(ratings)
    counts = there.sum(axis=0)
    rated = counts > 0
    own = tagged & rated
    family = own.any(axis=0)
    weights = ratio(own, own.sum(axis=1, keepdims=True), empty=0.0)
    if centred:
        weights -= ratio(family, family.sum(), empty=0.0)
    gaps = np.where(there, ratings - mean_of_present(ratings, axis=0), 0.0)
    # a mean of n ratings leaves n - 1 of them free
    parts = gaps * ratio(1.0, np.sqrt(counts * np.maximum(counts - 1.0, 1.0)), empty=0.0)
    each = np.einsum("ri,di->rdi", parts, scale * weights)
    by_person = each.sum(axis=2)
    names, of = np.unique(np.asarray(queries, dtype=str), return_inverse=True)
    within = np.zeros((*by_person.shape, len(names)))
    for q in range(len(names)):
        within[:, :, q] = each[:, :, of == q].sum(axis=2)
    total = (by_person**2).sum(axis=0)
    return PeopleError(
        covariance=by_person.T @ by_person,
        beyond=np.maximum(total - (within**2).sum(axis=(0, 2)), 0.0),
        people=int(there[:, family].any(axis=1).sum()),
    )
