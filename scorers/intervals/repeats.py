"""Means of repeated answers, and how far asking again would move them."""

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.means import mean_of_present, ratio


def of_repeats(repeats: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    """Means of repeats that are there, their variances and degrees of freedom.

    A lone answer borrows the variance of one answer from those with the next fewest, since what
    is refused most is seldom what is answered most steadily; it has its share of their degrees of
    freedom.

    Args:
        repeats: B x K x V; NaN where an answer is missing.

    Returns:
        B x K each: means, NaN without an answer; variances of the means, NaN where there is none;
        degrees of freedom, 0 there; whether a variance is borrowed.

    >>> means, variances, freedom, lone = of_repeats(np.array([[[1.0, 3.0], [2.0, np.nan]]]))
    >>> means.tolist(), variances.tolist(), freedom.tolist(), lone.tolist()
    ([[2.0, 2.0]], [[1.0, 2.0]], [[1.0, 1.0]], [[False, True]])
    """
    there = ~np.isnan(repeats)
    counts = there.sum(axis=2).astype(float)
    means = mean_of_present(repeats, axis=2)
    gaps = np.where(there, repeats - means[:, :, None], 0.0)
    freedom = np.maximum(counts - 1, 0.0)
    own = freedom > 0
    variance = ratio((gaps**2).sum(axis=2), freedom, empty=0.0)
    fewest = np.where(own, freedom, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    lenders = own & (freedom == fewest)
    lent = np.where(lenders, freedom, 0.0)
    total = lent.sum(axis=1, keepdims=True)
    shared = (lent * variance).sum(axis=1, keepdims=True)
    square = (lent * variance**2).sum(axis=1, keepdims=True)
    pooled_freedom = np.divide(shared**2, square, out=total.copy(), where=square > 0)
    lone = (counts == 1) & (total > 0)
    borrowers = np.maximum(lone.sum(axis=1, keepdims=True), 1)
    pooled = ratio(shared, total, empty=0.0)
    variances = np.where(own, variance / np.maximum(counts, 1), np.where(lone, pooled, np.nan))
    found_freedom = np.where(lone, pooled_freedom / borrowers, freedom)
    return means, variances, found_freedom, lone


def added_variances(
    one: tuple[FloatArray, FloatArray], other: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """The variance of a difference of two independent numbers, and its degrees of freedom.

    Args:
        one: variances, and their degrees of freedom, 0 where there is none.
        other: of the same shape, or one that is broadcast to it.

    Returns:
        Variances, NaN where either has none, and Satterthwaite's degrees of freedom, 0 there.
    """
    (first, first_freedom), (second, second_freedom) = one, other
    both = (first_freedom > 0) & (second_freedom > 0)
    total = np.where(both, first + second, np.nan)
    square = first**2 / np.where(both, first_freedom, 1) + second**2 / np.where(
        both, second_freedom, 1
    )
    least = np.where(both, np.minimum(first_freedom, second_freedom), 0.0)
    freedom = np.divide(total**2, square, out=least, where=both & (square > 0))
    return total, freedom
