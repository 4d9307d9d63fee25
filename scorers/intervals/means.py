"""Quotients and means of what is there; NaN where nothing is."""

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray


def ratio(top: npt.ArrayLike, bottom: npt.ArrayLike, empty: float = np.nan) -> FloatArray:
    """Element by element quotients; `empty` where nothing was counted.

    >>> ratio([1.0, 2.0], [4, 0]).tolist()
    [0.25, nan]
    """
    top, bottom = np.broadcast_arrays(np.asarray(top, dtype=float), bottom)
    found: FloatArray = np.divide(top, bottom, out=np.full(top.shape, empty), where=bottom > 0)
    return found


def mean_of_present(values: FloatArray, axis: int) -> FloatArray:
    """Means along an axis over the values that are not NaN; NaN where there is none.

    >>> mean_of_present(np.array([[1.0, np.nan], [np.nan, np.nan]]), axis=1).tolist()
    [1.0, nan]
    """
    there = ~np.isnan(values)
    return ratio(np.where(there, values, 0.0).sum(axis=axis), there.sum(axis=axis))
