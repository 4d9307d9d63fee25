"""Which items, or questions, are behind a score that moved."""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.means import mean_of_present
from scorers.scores.families import SPREADS
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import counted_for, numbers_of

_SHOWN = 5


@dataclass(frozen=True)
class MovedItem:
    """An item or a question whose answers moved."""

    instance: str
    before: float
    after: float


def counted_answers(
    name: str, family: ScoreFamily, before: ResponseMatrix, after: ResponseMatrix
) -> BoolArray:
    """S x P: the answers that count for a score and that both runs gave; a choice always counts.

    Args:
        name: of the score.
        family: of the manifest that it belongs to.
        before: by `scorers.comparison.paired.common_answers`.
        after: likewise.
    """
    counted = counted_for(before, family)[name]
    if family.estimator == "share_right" or family.estimator in SPREADS:
        return counted
    return counted & ~np.isnan(numbers_of(before, family) + numbers_of(after, family))


def moved_most(
    counted: BoolArray, before: FloatArray, after: FloatArray, labels: list[str], axis: int
) -> tuple[MovedItem, ...]:
    """The items whose mean answers differ most between two runs, five at most.

    Args:
        counted: S x P, what counts.
        before: S x P ratings, or shares that are right or valid; NaN where missing.
        after: likewise.
        labels: of the items, which are the rows with `axis` 1 and the columns with `axis` 0.
        axis: that is averaged over.
    """
    first, second = (
        mean_of_present(np.where(counted, values, np.nan), axis) for values in (before, after)
    )
    moved = np.nan_to_num(np.abs(second - first))
    order = np.argsort(-moved, kind="stable")[:_SHOWN]
    return tuple(
        MovedItem(labels[i], float(first[i]), float(second[i])) for i in order if moved[i] > 0
    )
