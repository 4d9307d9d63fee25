"""Which model a sample of people chooses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray, IntArray
from scorers.intervals.means import ratio
from scorers.welfare.matrix import CHOICE, LOWEST, RATING

VETO_BELOW = 10.0
_DECIMALS = 9  # means that differ by rounding alone are equal


@dataclass(frozen=True)
class Rule:
    """A way to choose.

    Attributes:
        title: as the paper names it, where it does.
        kind: of the welfare matrix that it reads.
        choose: from B x R counts of people, R x K worths and B x K random numbers that break
            ties to B positions of models.
    """

    title: str
    kind: str
    choose: Callable[[FloatArray, FloatArray, FloatArray], IntArray]


def sample_means(counts: FloatArray, worth: FloatArray, unrated: float) -> FloatArray:
    """Mean worth of each model to the people of each sample, B x K.

    Args:
        counts: B x R, how often each person is in the sample.
        worth: R x K, NaN unseen.
        unrated: the value of a model that nobody in the sample rated.
    """
    seen = ~np.isnan(worth)
    sums = counts @ np.where(seen, worth, 0.0)
    return ratio(sums, counts @ seen.astype(float), empty=unrated)


def best(values: FloatArray, tie_breaks: FloatArray) -> IntArray:
    """Position of the greatest value of each row, a random one of those that are equal.

    Args:
        values: B x K.
        tie_breaks: B x K random numbers from 0 to 1.
    """
    rounded = np.round(values, _DECIMALS)
    first = rounded >= rounded.max(axis=1, keepdims=True)
    chosen: IntArray = np.where(first, tie_breaks, -1.0).argmax(axis=1)
    return chosen


def max_rating(counts: FloatArray, worth: FloatArray, tie_breaks: FloatArray) -> IntArray:
    """The model of the highest mean rating; one that nobody in the sample rated counts 1."""
    return best(sample_means(counts, worth, LOWEST[RATING]), tie_breaks)


def max_choice(counts: FloatArray, worth: FloatArray, tie_breaks: FloatArray) -> IntArray:
    """The model of the highest mean share of being chosen; one that nobody saw counts 0."""
    return best(sample_means(counts, worth, LOWEST[CHOICE]), tie_breaks)


def veto(counts: FloatArray, worth: FloatArray, tie_breaks: FloatArray) -> IntArray:
    """The model that fewest people score below 10; of those, the one of the highest mean rating.

    A model that nobody in the sample rated comes last: nobody could have vetoed it.
    """
    vetoes = counts @ (worth < VETO_BELOW).astype(float)
    rated = counts @ (~np.isnan(worth)).astype(float) > 0
    means = sample_means(counts, worth, LOWEST[RATING])
    # one veto outweighs any difference of ratings
    return best(np.where(rated, means - 1_000.0 * vetoes, -np.inf), tie_breaks)


RULES: Mapping[str, Rule] = {
    "max_rating": Rule("MAXRATING", RATING, max_rating),
    "max_choice": Rule("MAXCHOICE", CHOICE, max_choice),
    "veto": Rule("fewest vetoes", RATING, veto),
}
