"""Splits of a rating data set: raters in halves, and each rater's ratings in two parts.

Source: Value Profiles, sections 2.2, 4 and 11.
"""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import IntArray
from ratings.data_sets.data_set import DataSet
from ratings.errors import DataError
from ratings.representations.rater_context import Targets

LEAST_RATINGS = 4
_LEAST_RATERS = 8


@dataclass(frozen=True, eq=False)
class Split:
    """R raters in two halves that share nobody; both are positions in the data set's table.

    Attributes:
        seed: of the draw.
        train: raters that a family is fitted and calibrated on.
        test: raters on whom it is measured.
    """

    seed: int
    train: IntArray
    test: IntArray


@dataclass(frozen=True, eq=False)
class Partition:
    """Every rater's ratings in a fit part, which may be given, and an evaluation part.

    Attributes:
        starts: R + 1 positions; rater r's fit ratings are `fit[starts[r]:starts[r + 1]]`.
        fit: rows of the table's ratings, each rater's in the order they are shown.
        evaluation: rows of the table's ratings, by rater.
    """

    starts: IntArray
    fit: IntArray
    evaluation: IntArray


def split_raters(data: DataSet, seed: int) -> Split:
    """Half of the raters for training, the other half for testing.

    Raises:
        DataError: for a rater with fewer than four ratings, or fewer than eight raters.
    """
    _require_enough(data)
    return in_halves(len(data.table.raters), seed, data.name)


def in_halves(raters: int, seed: int, name: str) -> Split:
    """R raters by position, in two random halves.

    Args:
        raters: R.
        seed: of the draw.
        name: of their data, for errors.

    Raises:
        DataError: for fewer than eight raters.
    """
    if raters < _LEAST_RATERS:
        raise DataError(f"{name} has {raters} raters; a split needs at least {_LEAST_RATERS}")
    order = np.random.default_rng([seed, 1]).permutation(raters).astype(np.intp)
    half = raters // 2
    return Split(seed, np.sort(order[:half]), np.sort(order[half:]))


def draw_partition(data: DataSet, seed: int, number: int = 0) -> Partition:
    """Each rater's ratings in random order, the first 2 to n - 2 of them the fit part.

    Args:
        data: raters have at least four ratings.
        seed: of the split.
        number: of the partition; number 0 is the one that families are measured on, others are
            further draws to train on.

    Raises:
        DataError: for a rater with fewer than four ratings.
    """
    _require_enough(data)
    rng = np.random.default_rng([seed, 2, number])
    owner = data.table.rater_codes
    raters = len(data.table.raters)
    order = np.lexsort((rng.random(len(owner)), owner)).astype(np.intp)
    counts = np.bincount(owner, minlength=raters)
    first = np.concatenate([[0], np.cumsum(counts)])[:-1]
    rank = np.arange(len(owner)) - np.repeat(first, counts)
    sizes = rng.integers(2, counts - 1)  # up to n - 2
    in_fit = rank < np.repeat(sizes, counts)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    return Partition(starts, order[in_fit], order[~in_fit])


def evaluation_targets(data: DataSet, partition: Partition, raters: IntArray) -> Targets:
    """The evaluation part of some raters; `Targets.raters` are positions among them."""
    table = data.table
    position = np.full(len(table.raters), -1, dtype=np.intp)
    position[raters] = np.arange(len(raters))
    asked = position[table.rater_codes[partition.evaluation]]
    rows = partition.evaluation[asked >= 0]
    return Targets(asked[asked >= 0], table.instance_codes[rows], table.rating_values[rows])


def require_apart(split: Split) -> None:
    """Refuse a split that has a rater in both halves.

    Raises:
        DataError: naming the first such rater's position.
    """
    everybody = np.concatenate([split.train, split.test])
    found, times = np.unique(everybody, return_counts=True)
    if (times > 1).any():
        raise DataError(
            f"rater number {found[times > 1][0]} is in both halves of the split of seed "
            f"{split.seed}: training and test raters must be different people"
        )


def require_parts_apart(partition: Partition) -> None:
    """Refuse a partition that has a rating in both parts.

    Clusters and profiles are made from fit ratings and do not show which; this does.

    Raises:
        DataError: naming the first such rating's row.
    """
    both = np.intersect1d(partition.fit, partition.evaluation)
    if len(both):
        raise DataError(
            f"rating number {both[0]} is in the fit part and in the evaluation part of its "
            f"rater: target leakage of {len(both)} ratings"
        )


def _require_enough(data: DataSet) -> None:
    raters = data.table.raters.index
    if len(raters) < _LEAST_RATERS:
        raise DataError(
            f"{data.name} has {len(raters)} raters with {LEAST_RATINGS} ratings or more; "
            f"a split needs at least {_LEAST_RATERS}"
        )
    counts = data.table.ratings["rater"].value_counts().reindex(raters, fill_value=0)
    if counts.min() < LEAST_RATINGS:
        raise DataError(
            f"rater {counts.idxmin()!r} of {data.name} has {counts.min()} ratings; a split needs "
            f"{LEAST_RATINGS} of each: leave such raters out first"
        )
