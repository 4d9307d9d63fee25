"""How far people's scores on an instrument's items move with what a questionnaire says of them.

A slope of a model's differences on people's questionnaire differences has no natural unit: people
themselves, asked the items of the instrument in place of the questionnaire, do not differ a point
on one for a point on the other. What they do differ by is what a slope is to be compared with.
"""

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import mean_of_present, ratio
from scorers.intervals.quantiles import student_beyond, student_quantile

_LEAST_RATERS = 10
NO_RATERS = "no people have both ratings and questionnaire scores"


def left_out_tags(
    ratings: FloatArray, scores: FloatArray, threshold: float = 0.3, significance: float = 0.05
) -> BoolArray:
    """R x D x I: which items would count for which values had the person not been there.

    As the instrument's tags are made: Spearman's correlation of ratings and scores over the people
    who rated the item, above the threshold and significant, here without one person at a time.

    Args:
        ratings: R x I; NaN where a person did not rate an item.
        scores: R x D, of a questionnaire; NaN for people without.
        threshold: that a correlation must exceed.
        significance: of its two-sided p-value.
    """
    people, items = ratings.shape
    found = np.zeros((people, scores.shape[1], items), dtype=bool)
    known = ~np.isnan(scores).any(axis=1)
    for item in range(items):
        raters = np.flatnonzero(known & ~np.isnan(ratings[:, item]))
        n = len(raters) - 1
        if n < _LEAST_RATERS:
            continue
        both = np.column_stack([ratings[raters, item], scores[raters]]).T
        below = both[:, None, :] < both[:, :, None]  # D + 1 x n + 1 x n + 1, [k, j, r]: r below j
        same = both[:, None, :] == both[:, :, None]
        weight = below + 0.5 * same
        ranks = weight.sum(axis=2)[:, :, None] - weight  # of j without r
        ranks -= (ranks.sum(axis=1) - np.einsum("kjj->kj", ranks))[:, None, :] / n
        diagonal = np.arange(n + 1)
        ranks[:, diagonal, diagonal] = 0.0
        squares = (ranks**2).sum(axis=1)
        r = ratio((ranks[:1] * ranks[1:]).sum(axis=1), np.sqrt(squares[:1] * squares[1:]), 0.0)
        t = np.abs(r) * np.sqrt((n - 2) / np.maximum(1 - r**2, 1e-12))
        found[raters, :, item] = ((r > threshold) & (2 * student_beyond(t, n - 2) < significance)).T
    return found


def instrument_scale(ratings: FloatArray, scores: FloatArray) -> list[Estimate]:
    """Slopes of people's centred scores on the items on their questionnaire scores: D, then all.

    A person's score on a value is the mean rating of the items that count for it less that of all
    items that count for any, as a model's is; items count by the other people's ratings, since tags
    that saw a person's own make the slope about three times too large. Both sides are taken less
    their means over people. Errors are those of drawing other people, with Student's t.

    Args:
        ratings: R x I; NaN where a person did not rate an item.
        scores: R x D, of a questionnaire.
    """
    tags = left_out_tags(ratings, scores)
    there = ~np.isnan(ratings)
    own = tags & there[:, None]
    filled = np.nan_to_num(ratings)
    means = ratio(np.einsum("rdi,ri->rd", own, filled), own.sum(axis=2))
    anyone = own.any(axis=1)
    centre = ratio((anyone * filled).sum(axis=1), anyone.sum(axis=1))
    y = means - centre[:, None]
    x = np.where(np.isnan(y), np.nan, scores)
    x, y = x - mean_of_present(x, axis=0), y - mean_of_present(y, axis=0)
    products, squares = np.nan_to_num(x * y), np.nan_to_num(x**2)
    parts = [(products[:, [d]], squares[:, [d]]) for d in range(scores.shape[1])]
    return [_slope(*part) for part in [*parts, (products, squares)]]


def _slope(products: FloatArray, squares: FloatArray) -> Estimate:
    """A ratio of sums over people, with its linearised error."""
    top, bottom = products.sum(axis=1), squares.sum(axis=1)
    people = int((bottom > 0).sum())
    if people < _LEAST_RATERS:
        return undefined(NO_RATERS)
    slope = float(top.sum() / bottom.sum())
    moves = (top - slope * bottom) / bottom.sum()
    error = float(np.sqrt((moves**2).sum() * people / (people - 1)))
    reach = float(student_quantile((1 + CONFIDENCE) / 2, people - 1)) * error
    return Estimate(slope, slope - reach, slope + reach)


def quotient(top: Estimate, bottom: Estimate) -> Estimate:
    """The quotient of two independent estimates, with Fieller's interval.

    Args:
        top: with an interval that need not lie evenly around it.
        bottom: which must differ from 0 for there to be an interval.

    >>> found = quotient(Estimate(2.0, 1.0, 3.0), Estimate(0.5, 0.4, 0.6))
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (4.0, 1.96, 6.37)
    """
    value = float(ratio(top.value, abs(bottom.value))) * float(np.sign(bottom.value))
    if np.isnan(value) or np.isnan([top.low, bottom.low]).any():
        return Estimate(value, reason=top.reason or bottom.reason or "no interval")
    if bottom.low <= 0 <= bottom.high:
        return Estimate(value, reason="people's own slope may be 0")
    below = (bottom.high - bottom.low) / 2
    ends = []
    for reach, sign in ((top.value - top.low, -1), (top.high - top.value, 1)):
        second = bottom.value**2 - below**2
        first = top.value * bottom.value
        root = np.sqrt(max(first**2 - second * (top.value**2 - reach**2), 0.0))
        ends.append(float((first + sign * root) / second))
    return Estimate(value, min(ends), max(ends))
