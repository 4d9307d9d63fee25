"""Intervals of means and shares that rest on people: the people are resampled."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError
from scorers.intervals.bootstrap import (
    ANYWHERE,
    REPLICATES,
    cluster_intervals,
    cluster_weights,
    resampled,
)
from scorers.intervals.means import ratio

SHARE = (0.0, 1.0)  # the ends of what a share can be


def need_columns(frame: pd.DataFrame, columns: tuple[str, ...], what: str) -> None:
    """Refuse a frame that lacks a column.

    Raises:
        DataError: names the first that is missing.
    """
    if missing := [name for name in columns if name not in frame]:
        raise DataError(f"{what} need the column {missing[0]!r}")


def ratios(
    top: FloatArray,
    bottom: FloatArray,
    seed: int,
    replicates: int = REPLICATES,
    ends: tuple[float, float] = ANYWHERE,
) -> pd.DataFrame:
    """Ratios of sums over people, with intervals of a bootstrap over people.

    Args:
        top: R x K, what each person adds to the numerators.
        bottom: R x K, what each adds to the denominators; 0 where a person takes no part.
        seed: of the draws.
        replicates: B.
        ends: the least and the greatest value that can be; intervals are cut off there.

    Returns:
        K rows with the columns value, low, high and people, the number who take part; NaN for a
        value that rests on nobody, and for an interval that rests on fewer than two people.
    """
    values = ratio(top.sum(axis=0), bottom.sum(axis=0))
    people = (bottom > 0).sum(axis=0)
    drawn = cluster_weights(len(top), seed, replicates) if len(top) else np.empty((0, 0))
    again = ratio(resampled(drawn, top.T), resampled(drawn, bottom.T))
    low, high = np.clip(cluster_intervals(values, again, people), *ends)
    return pd.DataFrame({"value": values, "low": low, "high": high, "people": people})


def means(
    values: pd.DataFrame,
    people: npt.ArrayLike,
    seed: int,
    replicates: int = REPLICATES,
    ends: tuple[float, float] = ANYWHERE,
) -> pd.DataFrame:
    """Means of the columns of a frame over its rows, with intervals of a bootstrap over people.

    Args:
        values: N x K numbers or flags; NaN takes no part.
        people: N labels, whose row it is.
        seed: of the draws.
        replicates: B.
        ends: as in `ratios`.

    Returns:
        K rows, as `ratios` gives them, with the column n, how many rows count.

    >>> scores = pd.DataFrame({"score": [1.0, 3.0, np.nan, 5.0]})
    >>> means(scores, ["ann", "ann", "bob", "bob"], seed=0).loc["score", ["value", "n"]].tolist()
    [3.0, 3.0]
    """
    table = values.astype(float)
    person, labels = pd.factorize(np.asarray(people, dtype=object))
    there = table.notna().to_numpy(dtype=float)
    filled = table.fillna(0.0).to_numpy(dtype=float)
    found = ratios(
        _by_person(filled, person, len(labels)),
        _by_person(there, person, len(labels)),
        seed,
        replicates,
        ends,
    )
    return found.set_axis(table.columns).assign(n=there.sum(axis=0).astype(int))


def grouped_means(
    values: npt.ArrayLike,
    groups: npt.ArrayLike,
    people: npt.ArrayLike,
    seed: int,
    replicates: int = REPLICATES,
    ends: tuple[float, float] = ANYWHERE,
) -> pd.DataFrame:
    """Means of values within groups of rows, with intervals of a bootstrap over people.

    Args:
        values: N; NaN takes no part.
        groups: N labels.
        people: N labels, whose row it is.
        seed: of the draws.
        replicates: B.
        ends: as in `ratios`.

    Returns:
        A row for each group, sorted, as `means` gives them.
    """
    numbers = np.asarray(values, dtype=float)
    group, names = pd.factorize(pd.Index(np.asarray(groups)), sort=True)
    person, labels = pd.factorize(np.asarray(people, dtype=object))
    there = ~np.isnan(numbers)
    size = (len(labels), len(names))
    flat = (person * len(names) + group)[there]
    top = np.bincount(flat, numbers[there], minlength=size[0] * size[1]).reshape(size)
    bottom = np.bincount(flat, minlength=size[0] * size[1]).reshape(size).astype(float)
    found = ratios(np.asarray(top, dtype=np.float64), bottom, seed, replicates, ends)
    return found.set_axis(names).assign(n=bottom.sum(axis=0).astype(int))


def _by_person(values: FloatArray, person: IntArray, count: int) -> FloatArray:
    sums = [np.bincount(person, column, minlength=count) for column in values.T]
    return np.stack(sums, axis=1).astype(np.float64) if sums else np.empty((count, 0))
