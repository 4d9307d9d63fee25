"""People who rated items and whose values are known, by the part of the survey that they took."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.errors import DataError
from ratings.table import RatingTable
from scorers.intervals.means import mean_of_present

LEAST_RATED = 0.5  # share of its items that somebody must have rated to count for a part
LEAST_RATERS = 8


@dataclass(frozen=True, eq=False)
class Part:
    """R raters who rated the same I items.

    Attributes:
        items: I ids.
        queries: I labels, what each item responds to.
        raters: R ids.
        ratings: R x I; a missing one is taken as the item's mean and the rater's level say.
        values: R x D, each person's values as measured.
    """

    items: tuple[str, ...]
    queries: tuple[str, ...]
    raters: tuple[str, ...]
    ratings: FloatArray
    values: FloatArray

    def only(self, kept: BoolArray) -> "Part":
        """Some of the raters."""
        return Part(
            self.items,
            self.queries,
            tuple(np.array(self.raters, dtype=str)[kept].tolist()),
            self.ratings[kept],
            self.values[kept],
        )


def parts_of(table: RatingTable, names: Sequence[str]) -> list[Part]:
    """The parts of a survey, whose items different people rated.

    People without a score on each of the values are left out, and so are those who rated less than
    half of a part's items.

    Args:
        table: with the column `query` of its instances, and `group`, the part; without that there
            is one part.
        names: of the D values, columns of the raters.

    Raises:
        DataError: when a part has fewer than 8 raters with known values.
    """
    ratings = table.matrix()
    values = table.raters[list(names)].to_numpy(dtype=float)
    known = ~np.isnan(values).any(axis=1)
    about = table.instances
    group = about["group"].to_numpy() if "group" in about else np.zeros(len(about))
    ids, queries = about.index.to_numpy(dtype=str), about["query"].to_numpy(dtype=str)
    out = []
    for number in np.unique(group[~np.isnan(group.astype(float))]):
        items = np.flatnonzero(group == number)
        rated = (~np.isnan(ratings[:, items])).mean(axis=1)
        raters = np.flatnonzero(known & (rated >= LEAST_RATED))
        if len(raters) < LEAST_RATERS:
            raise DataError(
                f"part {number:.0f} of the survey has {len(raters)} raters whose values are "
                f"known; a prediction needs {LEAST_RATERS}"
            )
        out.append(
            Part(
                tuple(ids[items].tolist()),
                tuple(queries[items].tolist()),
                tuple(table.raters.index[raters].astype(str)),
                _filled(ratings[np.ix_(raters, items)]),
                values[raters],
            )
        )
    return out


def folds_of(parts: Sequence[Part], count: int, seed: int) -> list[IntArray]:
    """The fold of each rater, from 0, by part; folds of a part differ by one rater at most."""
    rng = np.random.default_rng(seed)
    return [rng.permutation(np.arange(len(part.raters)) % count) for part in parts]


def _filled(ratings: FloatArray) -> FloatArray:
    items = mean_of_present(ratings, axis=0)
    level = mean_of_present(ratings - items, axis=1)
    return np.where(np.isnan(ratings), items + level[:, None], ratings)
