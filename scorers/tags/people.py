"""Who rated what: sets of items that the same people rated, and people who share no item."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import scipy

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.errors import DataError
from ratings.table import RatingTable


def known_scores(table: RatingTable, scores: pd.DataFrame) -> FloatArray:
    """Scores in the order of the table's raters, R x D; NaN where a score is missing.

    Raises:
        DataError: when a rater of the table has no row, or has more than one.
    """
    if not scores.index.is_unique:
        twice = scores.index[scores.index.duplicated()][0]
        raise DataError(f"rater {twice!r} is listed twice in the scores; keep one row of each")
    rows = scores.index.get_indexer(table.raters.index)
    if (rows < 0).any():
        rater = table.raters.index[rows < 0][0]
        raise DataError(
            f"rater {rater!r} has ratings but no row in the scores; add the row (with missing "
            f"scores if they are not known), or leave the rater's ratings out"
        )
    return scores.to_numpy(dtype=float)[rows]


def same_raters(rated: BoolArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Rows and columns of each set of items that were rated by the same people.

    Args:
        rated: R x I, whether a rater rated an item.

    Yields:
        Positions of the raters and of the items of one set; items that nobody rated are a set
        without raters.

    >>> rated = np.array([[True, True, False], [True, True, True]])
    >>> [(rows.tolist(), columns.tolist()) for rows, columns in same_raters(rated)]
    [([1], [2]), ([0, 1], [0, 1])]
    """
    if not rated.size:
        if rated.shape[1]:
            yield np.arange(0), np.arange(rated.shape[1])
        return
    kinds, kind = np.unique(np.packbits(rated, axis=0), axis=1, return_inverse=True)
    for number in range(kinds.shape[1]):
        columns = np.flatnonzero(kind.ravel() == number)
        yield np.flatnonzero(rated[:, columns[0]]), columns


def survey_groups(rated: BoolArray) -> IntArray:
    """The group of each rater, numbered from 0: two people belong together if they share an item.

    People of two groups have no item in common, directly or through others: what the ratings of
    one group show is independent of the other's. R numbers; -1 for who rated nothing.

    >>> survey_groups(np.array([[True, False], [False, True], [True, False], [False, False]]))
    array([ 0,  1,  0, -1])
    """
    raters = len(rated)
    row, column = np.nonzero(rated)
    edges = scipy.sparse.coo_array(
        (np.ones(len(row)), (row, column + raters)), shape=(sum(rated.shape),) * 2
    )
    component = scipy.sparse.csgraph.connected_components(edges, directed=False)[1][:raters]
    out = np.full(raters, -1, dtype=np.intp)
    there = rated.any(axis=1)
    out[there] = pd.factorize(component[there])[0]
    return out
