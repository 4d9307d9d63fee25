"""The one table: a rating is a rater's choice on an instance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.errors import DataError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RatingTable:
    """Ratings of R raters on I instances with K ordered choices.

    A rating is the position of the chosen label among `choices`, counted from 1, the lowest.
    A rater who did not rate an instance has no row there: missing is missing.

    Attributes:
        ratings: N rows with columns `rater`, `instance` (categoricals over the two tables
            below) and `rating` (int16, 1 to K); a rater rates an instance at most once.
        raters: R rows indexed by rater, whatever is known of each.
        instances: I rows indexed by instance, whatever is known of each.
        choices: the K labels, lowest first.

    >>> table = RatingTable(
    ...     pd.DataFrame({"rater": ["ann", "bob"], "instance": ["q1", "q1"], "rating": [1, 3]}),
    ...     raters=pd.DataFrame(index=["ann", "bob"]),
    ...     instances=pd.DataFrame(index=["q1", "q2"]),
    ...     choices=("no", "unsure", "yes"),
    ... )
    >>> table.matrix()
    array([[ 1., nan],
           [ 3., nan]])
    """

    ratings: pd.DataFrame
    raters: pd.DataFrame
    instances: pd.DataFrame
    choices: tuple[str, ...]

    def __post_init__(self) -> None:
        _require_unique(self.raters.index, "rater")
        _require_unique(self.instances.index, "instance")
        missing = {"rater", "instance", "rating"} - set(self.ratings.columns)
        if missing:
            raise DataError(f"ratings lack the column {sorted(missing)[0]!r}")
        frame = pd.DataFrame(
            {
                "rater": _as_category(self.ratings["rater"], self.raters.index, "rater"),
                "instance": _as_category(
                    self.ratings["instance"], self.instances.index, "instance"
                ),
                "rating": _as_rating(self.ratings["rating"], len(self.choices)),
            }
        )
        repeated = frame.duplicated(["rater", "instance"])
        if repeated.any():
            row = frame[repeated].iloc[0]
            raise DataError(f"rater {row['rater']!r} rates instance {row['instance']!r} twice")
        object.__setattr__(self, "ratings", frame.reset_index(drop=True))

    @classmethod
    def from_matrix(
        cls,
        matrix: npt.ArrayLike,
        *,
        raters: pd.DataFrame,
        instances: pd.DataFrame,
        choices: Sequence[str],
    ) -> "RatingTable":
        """A table from an R x I matrix with NaN where nothing was rated.

        Raises:
            DataError: when the shape does not fit the two tables, or a rating the choices.
        """
        values = np.asarray(matrix, dtype=float)
        if values.shape != (len(raters), len(instances)):
            raise DataError(
                f"a matrix of shape {values.shape} does not fit {len(raters)} raters "
                f"and {len(instances)} instances"
            )
        rater, instance = np.nonzero(~np.isnan(values))
        frame = pd.DataFrame(
            {
                "rater": pd.Categorical.from_codes(rater, categories=raters.index),
                "instance": pd.Categorical.from_codes(instance, categories=instances.index),
                "rating": values[rater, instance],
            }
        )
        return cls(frame, raters, instances, tuple(choices))

    def __len__(self) -> int:
        """Number of ratings, N."""
        return len(self.ratings)

    def matrix(self) -> FloatArray:
        """Ratings as an R x I array in the order of the two tables; NaN where missing."""
        out = np.full((len(self.raters), len(self.instances)), np.nan)
        rater = self.ratings["rater"].cat.codes.to_numpy()
        instance = self.ratings["instance"].cat.codes.to_numpy()
        out[rater, instance] = self.ratings["rating"].to_numpy()
        return out

    def select(
        self,
        *,
        raters: Iterable[object] | None = None,
        instances: Iterable[object] | None = None,
    ) -> "RatingTable":
        """The table of some raters and instances, in the order asked for.

        Raises:
            DataError: when a rater or instance is not in the table.
        """
        new_raters = _subset(self.raters, raters, "rater")
        new_instances = _subset(self.instances, instances, "instance")
        keep = self.ratings["rater"].isin(new_raters.index)
        keep &= self.ratings["instance"].isin(new_instances.index)
        return RatingTable(self.ratings[keep], new_raters, new_instances, self.choices)


def _require_unique(index: pd.Index, what: str) -> None:
    if not index.is_unique:
        raise DataError(f"{what} {index[index.duplicated()][0]!r} stands twice in its table")


def _as_category(column: pd.Series, index: pd.Index, what: str) -> pd.Series:
    codes = index.get_indexer(pd.Index(column))
    unknown = codes < 0
    if unknown.any():
        name = column[unknown].iloc[0]
        raise DataError(f"{what} {name!r} has ratings but no row in the {what} table")
    return pd.Series(pd.Categorical.from_codes(codes, categories=index), index=column.index)


def _as_rating(column: pd.Series, choices: int) -> pd.Series:
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    wrong = ~((values >= 1) & (values <= choices) & (values == np.floor(values)))
    if wrong.any():
        raise DataError(
            f"rating {column[wrong].iloc[0]} is not one of the {choices} choices, "
            f"counted from 1; leave a missing rating out"
        )
    return pd.Series(values.astype(np.int16), index=column.index)


def _subset(frame: pd.DataFrame, wanted: Iterable[object] | None, what: str) -> pd.DataFrame:
    if wanted is None:
        return frame
    labels = list(wanted)
    absent = [label for label in labels if label not in frame.index]
    if absent:
        raise DataError(f"{what} {absent[0]!r} is not in the table")
    return frame.loc[labels]
