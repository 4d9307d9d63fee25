"""Asking in rounds until every score is decided: how firm each look must be, and how many it takes.

A check that is made after every round, and stops when it likes what it sees, has as many chances of
a false alarm as it has looks. So the error rate is spent over the looks, least on the first.
"""

import math
from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.change.asking_noise import Changes
from scorers.comparison.differences import SIGNIFICANCE, holm
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
class Look:
    """What one look decides of D scores.

    Attributes:
        same: D, whether the difference is shown to lie within the margin.
        moved: D, whether it is not, and differs from none.
    """

    same: BoolArray
    moved: BoolArray

    @property
    def undecided(self) -> BoolArray:
        """D, what needs further rounds."""
        return ~(self.same | self.moved)


def look(found: Changes, margins: FloatArray, level: float = SIGNIFICANCE) -> Look:
    """Decide what can be decided at one look.

    Args:
        found: of the askings so far.
        margins: D, the largest difference that is the same.
        level: what this look may spend, by `spent`, of all `moved` together; and of each `same`.
    """
    inside = np.abs(found.differences) + found.reach(1 - 2 * level) <= margins
    still = (found.changed == 0) & ~np.isnan(found.differences)
    same: BoolArray = still | (inside & ~np.isnan(found.errors))
    return Look(same, ~same & (np.nan_to_num(holm(found.p_values()), nan=1.0) < level))


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
