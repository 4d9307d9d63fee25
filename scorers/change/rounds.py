"""Asking in rounds until every score is decided: how firm each look must be, and how many it takes.

A check that is made after every round, and stops when it likes what it sees, has as many chances of
a false alarm as it has looks. So the error rate is spent over the looks, least on the first.
"""

import math
from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.comparison.differences import SIGNIFICANCE
from scorers.intervals.quantiles import normal_below, normal_quantile

PATHS = 4_000
_EQUIVALENCE = 0.05  # of each of two one-sided tests


def spent(looks: int, before: int, level: float = SIGNIFICANCE) -> FloatArray:
    """How much of an error rate each look may spend; they sum up to `level`.

    A look's share of the information is that of a difference between `before` accepted askings and
    as many new ones as there were looks. What is spent up to a look is by the function of Lan and
    DeMets that resembles O'Brien and Fleming's boundaries. Each look is then tested at what it
    adds, which holds the level whatever the looks' correlation, and is a little stricter than
    boundaries that use it.

    Source: Lan and DeMets (1983), Discrete sequential boundaries for clinical trials.

    Args:
        looks: rounds at most, 1 or more.
        before: askings of the baseline.
        level: to be spent in all.

    >>> spent(1, before=3).round(4).tolist()
    [0.05]
    >>> spent(3, before=1).round(4).tolist()
    [0.0164, 0.0213, 0.0124]
    """
    askings = np.arange(1, looks + 1)
    information = 1 / (1 / before + 1 / askings)
    share = information / information[-1]
    until = 2 - 2 * normal_below(normal_quantile(1 - level / 2) / np.sqrt(share))
    until[-1] = level
    found: FloatArray = np.diff(until, prepend=0.0)
    return found


@dataclass(frozen=True, eq=False)
class Further:
    """How many further askings would decide D scores.

    Attributes:
        median: D, so many do in half of the cases; infinity where no number up to the limit does.
        most: D, so many do in four of five cases.
    """

    median: FloatArray
    most: FloatArray


def further_askings(
    differences: FloatArray,
    noise: FloatArray,
    margins: FloatArray,
    *,
    so_far: float,
    before: float,
    further: FloatArray,
    comparisons: int,
    seed: int = 0,
) -> Further:
    """How many further askings of the same items are likely to decide each score.

    The true difference is drawn from what is known of it, and what further askings add to it, along
    4,000 paths; each is looked at after every number of askings, as a check would. That a
    difference seen now is partly luck is in it. Clusters of items, of which there are more instead
    of further askings, take the same way: with a baseline that has no error of its own.

    Args:
        differences: D, as they are now.
        noise: D, the error of one asking; NaN where there is none.
        margins: D, the largest difference that is the same.
        so_far: askings after the change.
        before: those of the baseline; infinity where it has no error.
        further: F numbers of further askings to look after, growing.
        comparisons: how many scores `moved` is corrected for.
        seed: of the paths.
    """
    rng = np.random.default_rng(seed)
    shape = (PATHS, len(differences))
    known = np.nan_to_num(noise)
    new, old = 1 / so_far, 1 / before
    # The difference seen is off by what the new askings and the baseline are off by together;
    # given that, how much of it is the new askings'.
    off = known * math.sqrt(new + old) * rng.normal(size=shape)
    true = differences - off
    mine = off * new / (new + old) + known * math.sqrt(new * old / (new + old)) * rng.normal(
        size=shape
    )
    total, baseline = so_far * mine, off - mine
    level = SIGNIFICANCE / comparisons
    beyond, inside = (float(normal_quantile(1 - a)) for a in (level / 2, _EQUIVALENCE))
    taken = np.full(shape, np.inf)
    for more, step in zip(further, np.diff(further, prepend=0.0), strict=True):
        total = total + known * math.sqrt(step) * rng.normal(size=shape)
        seen = np.abs(true + total / (so_far + more) + baseline)
        error = known * math.sqrt(1 / (so_far + more) + old)
        decided = (seen + inside * error <= margins) | (seen > beyond * error)
        taken = np.where(np.isinf(taken) & decided, more, taken)
    middle, most = np.quantile(taken, [0.5, 0.8], axis=0, method="higher")
    lost = np.isnan(differences + noise)
    return Further(np.where(lost, np.nan, middle), np.where(lost, np.nan, most))


def expected_samples(
    noise: FloatArray,
    margins: FloatArray,
    shifts: FloatArray,
    counted: BoolArray,
    *,
    looks: int,
    before: int,
    seed: int = 0,
) -> FloatArray:
    """How many samples asking until every score is decided takes, over 4,000 courses of it.

    The first round asks all samples, a later one those that count for a score that is not decided.
    Scores are taken to err independently of each other.

    Args:
        noise: D, the error of one asking.
        margins: D, the largest difference that is the same.
        shifts: D true differences.
        counted: D x S, which samples count for which scores.
        looks: rounds at most.
        before: askings of the baseline.
        seed: of the courses.

    Returns:
        4,000 numbers of samples.
    """
    rng = np.random.default_rng(seed)
    shape = (PATHS, len(noise))
    baseline = noise * rng.normal(size=shape) / math.sqrt(before)
    total, open_, taken = np.zeros(shape), np.ones(shape, dtype=bool), np.zeros(PATHS)
    for number, level in enumerate(spent(looks, before), start=1):
        asked = (open_ @ counted.astype(float) > 0).sum(axis=1)
        taken += np.where(open_.any(axis=1), counted.shape[1] if number == 1 else asked, 0)
        total += noise * rng.normal(size=shape)
        seen = np.abs(shifts + total / number - baseline)
        error = noise * math.sqrt(1 / number + 1 / before)
        inside, beyond = (float(normal_quantile(1 - level / of)) for of in (1, 2 * len(noise)))
        open_ &= (seen + inside * error > margins) & (seen <= beyond * error)
    return taken
