"""Whether one scheme is at least as good as another at every level of welfare.

A scheme first-order dominates another for a group if, for every level of welfare, it is no more
likely to choose a model that is worth no more than that to the group.
"""

import numpy as np

from ratings.arrays import BoolArray, FloatArray


def weakly_dominates(one: FloatArray, other: FloatArray) -> bool:
    """Whether sorted outcomes of one are all at least those of the other, as the paper prints it.

    There is no test in it and no sampling error, and equal lists dominate each other.

    Args:
        one: B outcomes.
        other: B outcomes.

    Source: Kirk et al. (2024), Figures 5, 38 and 39; the authors' notebook on welfare plots.

    >>> weakly_dominates(np.array([3.0, 1.0]), np.array([1.0, 2.0]))
    True
    """
    return bool((np.sort(one) >= np.sort(other)).all())


def excess_below(one: FloatArray, other: FloatArray, worth: FloatArray) -> FloatArray:
    """How much more often one scheme chooses one of the j worst models than another does.

    The one dominates the other where none of these is positive.

    Args:
        one: ... x K shares of choices.
        other: ... x K.
        worth: ... x K, what models are worth to a group; models whose worth is not known are left
            out.

    Returns:
        ... x K for j = 1 to K; 0 from the number of known models on. Models of the same worth
        count together, at the last of them.

    >>> excess_below(np.array([0.5, 0.5]), np.array([1.0, 0.0]), np.array([2.0, 1.0])).tolist()
    [0.5, 0.0]
    """
    one, other, worth = np.broadcast_arrays(one, other, worth)
    known = ~np.isnan(worth)
    difference = _renormalised(one, known) - _renormalised(other, known)
    order = np.argsort(np.where(known, worth, np.inf), axis=-1, kind="stable")
    ranked = np.take_along_axis(worth, order, axis=-1)
    ahead = np.cumsum(np.take_along_axis(difference, order, axis=-1), axis=-1)
    inside = np.zeros(ahead.shape, dtype=bool)
    inside[..., :-1] = ranked[..., 1:] == ranked[..., :-1]
    found: FloatArray = np.where(inside, 0.0, ahead)
    return found.round(12)


def _renormalised(shares: FloatArray, known: BoolArray) -> FloatArray:
    kept = np.where(known, shares, 0.0)
    total = kept.sum(axis=-1, keepdims=True)
    found: FloatArray = np.divide(kept, total, out=np.zeros_like(kept), where=total != 0)
    return found
