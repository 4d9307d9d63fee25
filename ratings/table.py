"""The one table: a rating is a rater's choice on an instance."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError

Positions = npt.NDArray[np.int8]

MISSING = 0


class RatingTable:
    """Ratings of R raters on I instances, each with ordered choices of its own.

    A rating is the position of the chosen label among the instance's choices, counted from 1,
    the lowest. A rater who did not rate an instance has no row there: missing is missing.

    Kept as N rows or as an R x I array of `int8`, whichever it was made from; the other is made
    when it is asked for. A survey that nearly everybody answered takes a byte an answer.

    Attributes:
        raters: R rows indexed by rater, whatever is known of each.
        instances: I rows indexed by instance, whatever is known of each.
        choices: for each of the I instances its labels, lowest first.

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

    def __init__(
        self,
        ratings: pd.DataFrame,
        raters: pd.DataFrame,
        instances: pd.DataFrame,
        choices: Sequence[str] | Sequence[Sequence[str]],
    ) -> None:
        """A table from one row a rating.

        Args:
            ratings: N rows with columns `rater`, `instance` and `rating` (1 to K); a rater rates
                an instance at most once.
            raters: indexed by rater.
            instances: indexed by instance.
            choices: K labels for all instances, or for each instance its own.

        Raises:
            DataError: when the parts do not fit each other.
        """
        self._describe(raters, instances, choices)
        missing = {"rater", "instance", "rating"} - set(ratings.columns)
        if missing:
            raise DataError(f"ratings lack the column {sorted(missing)[0]!r}")
        rater = _as_category(ratings["rater"], raters.index, "rater")
        instance = _as_category(ratings["instance"], instances.index, "instance")
        counts = self.choice_counts()[instance.cat.codes.to_numpy()]
        frame = pd.DataFrame(
            {"rater": rater, "instance": instance, "rating": _as_rating(ratings["rating"], counts)}
        )
        repeated = frame.duplicated(["rater", "instance"])
        if repeated.any():
            row = frame[repeated].iloc[0]
            raise DataError(f"rater {row['rater']!r} rates instance {row['instance']!r} twice")
        self._rows: pd.DataFrame | None = frame.reset_index(drop=True)
        self._positions: Positions | None = None

    @classmethod
    def from_positions(
        cls,
        positions: Positions,
        *,
        raters: pd.DataFrame,
        instances: pd.DataFrame,
        choices: Sequence[str] | Sequence[Sequence[str]],
    ) -> "RatingTable":
        """A table from an R x I array of `int8` with 0 where nothing was rated; it is not copied.

        Raises:
            DataError: when the shape does not fit the two tables, or a rating the choices.
        """
        table = cls.__new__(cls)
        table._describe(raters, instances, choices)
        if positions.shape != (len(raters), len(instances)):
            raise DataError(
                f"a matrix of shape {positions.shape} does not fit {len(raters)} raters "
                f"and {len(instances)} instances"
            )
        wrong = (positions < MISSING) | (positions > table.choice_counts())
        if wrong.any():
            row, column = np.argwhere(wrong)[0]
            raise _not_a_choice(positions[row, column], table.choice_counts()[column])
        table._rows, table._positions = None, positions
        return table

    @classmethod
    def from_matrix(
        cls,
        matrix: npt.ArrayLike,
        *,
        raters: pd.DataFrame,
        instances: pd.DataFrame,
        choices: Sequence[str] | Sequence[Sequence[str]],
    ) -> "RatingTable":
        """A table from an R x I matrix with NaN where nothing was rated.

        Raises:
            DataError: when the shape does not fit the two tables, or a rating the choices.
        """
        values = np.asarray(matrix, dtype=float)
        there = ~np.isnan(values)
        wrong = there & ((values != np.floor(values)) | (values < 1) | (values > 127))
        if wrong.any():
            raise DataError(f"rating {values[wrong][0]:g} is not the position of a choice")
        positions = np.where(there, values, MISSING).astype(np.int8)
        return cls.from_positions(positions, raters=raters, instances=instances, choices=choices)

    @property
    def ratings(self) -> pd.DataFrame:
        """N rows: `rater` and `instance` (categoricals over the two tables), `rating` (int16)."""
        if self._rows is None:
            assert self._positions is not None
            rater, instance = np.nonzero(self._positions)
            self._rows = pd.DataFrame(
                {
                    "rater": pd.Categorical.from_codes(rater, categories=self.raters.index),
                    "instance": pd.Categorical.from_codes(
                        instance, categories=self.instances.index
                    ),
                    "rating": self._positions[rater, instance].astype(np.int16),
                }
            )
        return self._rows

    @cached_property
    def rater_codes(self) -> IntArray:
        """The position in the rater table of each of the N ratings; read-only."""
        return _read_only(self.ratings["rater"].cat.codes)

    @cached_property
    def instance_codes(self) -> IntArray:
        """The position in the instance table of each of the N ratings; read-only."""
        return _read_only(self.ratings["instance"].cat.codes)

    @cached_property
    def rating_values(self) -> IntArray:
        """The N ratings, positions of choices from 1; read-only."""
        return _read_only(self.ratings["rating"])

    def __len__(self) -> int:
        """Number of ratings, N."""
        if self._rows is not None:
            return len(self._rows)
        return int(np.count_nonzero(self.positions()))

    def choice_counts(self) -> IntArray:
        """Number of choices of each of the I instances."""
        return self._counts

    def positions(self) -> Positions:
        """Ratings as an R x I array of `int8` in the order of the two tables; 0 where missing."""
        if self._positions is None:
            out = np.zeros((len(self.raters), len(self.instances)), dtype=np.int8)
            out[self.rater_codes, self.instance_codes] = self.rating_values
            self._positions = out
        return self._positions

    def matrix(self) -> FloatArray:
        """Ratings as an R x I array in the order of the two tables; NaN where missing."""
        positions = self.positions()
        return np.where(positions == MISSING, np.nan, positions.astype(float))

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
        rows = _positions_of(self.raters.index, raters, "rater")
        columns = _positions_of(self.instances.index, instances, "instance")
        parts = {"raters": self.raters.iloc[rows], "instances": self.instances.iloc[columns]}
        choices = [self.choices[column] for column in columns]
        if self._rows is None:
            chosen = self.positions()[np.ix_(rows, columns)]
            return RatingTable.from_positions(chosen, **parts, choices=choices)
        keep = self._rows["rater"].isin(parts["raters"].index)
        keep &= self._rows["instance"].isin(parts["instances"].index)
        return RatingTable(self._rows[keep], **parts, choices=choices)

    def _describe(
        self,
        raters: pd.DataFrame,
        instances: pd.DataFrame,
        choices: Sequence[str] | Sequence[Sequence[str]],
    ) -> None:
        _require_unique(raters.index, "rater")
        _require_unique(instances.index, "instance")
        self.raters, self.instances = raters, instances
        self.choices = _per_instance(choices, len(instances))
        self._counts = np.array([len(labels) for labels in self.choices], dtype=np.intp)
        if self._counts.max(initial=0) > np.iinfo(np.int8).max:
            raise DataError("an instance may have at most 127 choices")


def _read_only(column: pd.Series) -> IntArray:
    out = column.to_numpy().astype(np.intp)
    out.flags.writeable = False
    return out


def _per_instance(
    choices: Sequence[str] | Sequence[Sequence[str]], instances: int
) -> tuple[tuple[str, ...], ...]:
    common = [label for label in choices if isinstance(label, str)]
    if len(common) == len(choices):
        shared = tuple(common)
        return (shared,) * instances
    if len(choices) != instances:
        raise DataError(f"choices of {len(choices)} instances do not fit {instances} instances")
    return tuple(tuple(labels) for labels in choices)


def _not_a_choice(rating: object, choices: int) -> DataError:
    return DataError(
        f"rating {rating} is not one of the {choices} choices, "
        f"counted from 1; leave a missing rating out"
    )


def _require_unique(index: pd.Index, what: str) -> None:
    if not index.is_unique:
        raise DataError(f"{what} {index[index.duplicated()][0]!r} is listed twice in its table")


def _as_category(column: pd.Series, index: pd.Index, what: str) -> pd.Series:
    codes = index.get_indexer(pd.Index(column))
    unknown = codes < 0
    if unknown.any():
        name = column[unknown].iloc[0]
        raise DataError(f"{what} {name!r} has ratings but no row in the {what} table")
    return pd.Series(pd.Categorical.from_codes(codes, categories=index), index=column.index)


def _as_rating(column: pd.Series, choices: IntArray) -> pd.Series:
    """Ratings as whole numbers; `choices` is the number of choices of each row's instance."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    wrong = ~((values >= 1) & (values <= choices) & (values == np.floor(values)))
    if wrong.any():
        raise _not_a_choice(column[wrong].iloc[0], choices[wrong][0])
    return pd.Series(values.astype(np.int16), index=column.index)


def _positions_of(index: pd.Index, wanted: Iterable[object] | None, what: str) -> IntArray:
    if wanted is None:
        return np.arange(len(index))
    labels = list(wanted)
    found = index.get_indexer(pd.Index(labels, dtype=index.dtype)) if labels else np.array([], int)
    if (found < 0).any():
        raise DataError(f"{what} {labels[int(np.argmax(found < 0))]!r} is not in the table")
    return found
