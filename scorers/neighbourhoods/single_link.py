"""Single-link clusters of vectors closer than a cosine distance, without a matrix of all distances.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix S.1, Algorithm 1, after Hale.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError

PAPER_THRESHOLDS = (0.05, 0.125, 0.2)
_BLOCK = 2_048  # rows of each side of a product
_PAIRS = 4_096  # pairs whose distance is computed again at a time
_ROUNDING = 2.0**-24  # greatest relative error of one operation in float32

_Rows = npt.NDArray[np.floating]
_Labels = npt.NDArray[np.int32]


def single_link(embeddings: npt.ArrayLike, thresholds: Sequence[float]) -> IntArray:
    """Clusters of single linkage at each threshold, T x N, numbered by their first member.

    Two rows are linked when their cosine distance, 1 - u·v of the unit vectors, is below the
    threshold, not equal to it; clusters are the connected components of the links. A zero vector
    (the embedding of an empty text) has no direction: it is a cluster of its own at every
    threshold, however many zero vectors there are.

    Exact: products are of float32 by blocks of half of the matrix, and every pair whose product is
    nearer to a threshold than float32 can err is computed again in float64. Identical rows are
    taken as one. Memory is that of the embeddings in float32 and a few blocks.

    Args:
        embeddings: N x D, in any floating type; need not have unit length.
        thresholds: T cosine distances, above 0 and up to 2, in any order.

    Raises:
        DataError: a threshold is out of range, or an embedding is not finite.

    >>> single_link([[1, 0], [3, 0], [0, 1], [1, 0.1], [0, 0]], [0.001, 0.1]).tolist()
    [[0, 0, 1, 2, 3], [0, 0, 1, 0, 2]]
    """
    given = np.asarray(embeddings)
    rows: _Rows = given if given.dtype in (np.float32, np.float64) else given.astype(float)
    _check(rows, thresholds)
    norms = _norms(rows)
    there = np.flatnonzero(norms > 0)
    first, same = _distinct(rows, there)
    # Zero vectors are numbered after all others, each by itself.
    labels = np.tile(len(rows) + np.arange(len(rows)), (len(thresholds), 1))
    for t, found in enumerate(_components(rows, norms, first, thresholds)):
        labels[t, there] = found[same]
    return np.array([pd.factorize(row)[0] for row in labels], np.intp).reshape(labels.shape)


def _check(rows: _Rows, thresholds: Sequence[float]) -> None:
    if rows.ndim != 2:
        raise DataError(f"embeddings are a matrix, one row a text, not of shape {rows.shape}")
    for threshold in thresholds:
        if not 0 < threshold <= 2:
            raise DataError(f"a cosine distance is above 0 and up to 2, not {threshold}")
    wrong = sum(int((~np.isfinite(rows[part])).any(axis=1).sum()) for part in _parts(len(rows)))
    if wrong:
        raise DataError(f"{wrong} embeddings have values that are missing or infinite")


def _parts(count: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, count, _BLOCK))


def _norms(rows: _Rows) -> FloatArray:
    """Euclidean norms in float64, also of rows whose squares would overflow or vanish."""
    norms = np.zeros(len(rows))
    for part in _parts(len(rows)):
        block = rows[part].astype(float)
        largest = np.abs(block).max(axis=1, initial=0.0, keepdims=True)
        scaled = np.divide(block, largest, out=np.zeros_like(block), where=largest > 0)
        norms[part] = largest[:, 0] * np.linalg.norm(scaled, axis=1)
    return norms


def _distinct(rows: _Rows, among: IntArray) -> tuple[IntArray, IntArray]:
    """Where each distinct row is first, and which of these each of the rows is; -0 is 0."""
    digests = np.empty(len(among), dtype=object)
    for part in _parts(len(among)):
        block = rows[among[part]] + 0.0
        digests[part] = [blake2b(row.tobytes(), digest_size=16).digest() for row in block]
    same, distinct = pd.factorize(digests)
    first = np.full(len(distinct), len(rows), dtype=np.intp)
    np.minimum.at(first, same, among)
    return first, np.asarray(same, dtype=np.intp)


def _components(
    rows: _Rows, norms: FloatArray, taken: IntArray, thresholds: Sequence[float]
) -> list[_Labels]:
    """Component of each of the rows taken at each threshold."""
    units = np.empty((len(taken), rows.shape[1]), dtype=np.float32)
    for part in _parts(len(taken)):
        units[part] = rows[taken[part]] / norms[taken[part], None]
    labels = [np.arange(len(taken), dtype=np.int32) for _ in thresholds]
    # What float32 can err in a product of two unit vectors, their own rounding included.
    slack = (rows.shape[1] + 8) * _ROUNDING
    least = 1 - max(thresholds, default=0.0) - slack
    for i in range(0, len(taken), _BLOCK):
        for j in range(i, len(taken), _BLOCK):
            products = units[i : i + _BLOCK] @ units[j : j + _BLOCK].T
            near = np.flatnonzero(products.ravel() > least)
            if not len(near):
                continue
            first, second = np.divmod(near, products.shape[1])
            values, pairs = products.ravel()[near], np.stack([first + i, second + j])
            for t, threshold in enumerate(thresholds):
                surely = values > 1 - threshold + slack
                labels[t] = _joined(labels[t], pairs[:, surely])
                perhaps = pairs[:, ~surely & (values > 1 - threshold - slack)]
                apart = perhaps[:, labels[t][perhaps[0]] != labels[t][perhaps[1]]]
                close = _distances(rows, norms, taken[apart]) < threshold
                labels[t] = _joined(labels[t], apart[:, close])
    return labels


def _joined(labels: _Labels, pairs: IntArray) -> _Labels:
    """Labels once the components of each of M pairs, 2 x M, are one."""
    first, second = labels[pairs[0]], labels[pairs[1]]
    apart = first != second
    if not apart.any():
        return labels
    count = int(labels.max()) + 1
    links = (np.ones(int(apart.sum()), dtype=np.int8), (first[apart], second[apart]))
    _, joined = connected_components(coo_matrix(links, shape=(count, count)), directed=False)
    found: _Labels = joined[labels].astype(np.int32, copy=False)
    return found


def _distances(rows: _Rows, norms: FloatArray, pairs: IntArray) -> FloatArray:
    """Cosine distance of each of M pairs of rows, 2 x M, in float64."""
    found = np.empty(pairs.shape[1])
    for start in range(0, pairs.shape[1], _PAIRS):
        one, other = pairs[:, start : start + _PAIRS]
        left, right = (rows[k].astype(float) / norms[k, None] for k in (one, other))
        found[start : start + _PAIRS] = 1 - np.einsum("md,md->m", left, right)
    return found
