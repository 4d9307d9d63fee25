"""Which items, or questions, are behind a score that moved."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import AnswerGrid
from scorers.scores.shared_responses import TAGGED

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_SHOWN = 5


@dataclass(frozen=True)
class MovedItem:
    """An item or a question whose answers moved."""

    instance: str
    before: float
    after: float


def counted_cells(
    name: str, family: ScoreFamily, before: AnswerGrid, after: AnswerGrid
) -> BoolArray:
    """S x P: the answers that count for a score and that both runs gave.

    Args:
        name: of the score.
        family: of the manifest that it belongs to; a family without tags or splits counts all.
        before: by `scorers.comparison.paired.common_answers`.
        after: likewise.
    """
    rows = np.ones(len(before.samples), dtype=bool)
    cells = np.ones(before.ratings.shape, dtype=bool)
    if family.estimator in TAGGED:
        cells &= ~np.isnan(before.ratings) & ~np.isnan(after.ratings)
        rows = np.array([name in about.get("tags", ()) for about in before.attributes], dtype=bool)
    elif family.estimator == "mean_of":
        cells &= ~np.isnan(before.values[family.of]) & ~np.isnan(after.values[family.of])
    elif "column" in family.by:
        cells &= np.array([label == name for label in before.labels[family.by["column"]]])
    elif "sample" in family.by:
        field = family.by["sample"]
        named = [f"{field} {about[field]}" for about in before.attributes]
        rows = np.array([one == name for one in named], dtype=bool)
    cells &= rows[:, None]
    return cells


def moved_most(
    cells: BoolArray, before: FloatArray, after: FloatArray, labels: list[str], axis: int
) -> tuple[MovedItem, ...]:
    """The items whose mean answers differ most between two runs, five at most.

    Args:
        cells: S x P, what counts.
        before: S x P ratings, or shares that are right or valid; NaN where missing.
        after: likewise.
        labels: of the items, which are the rows with `axis` 1 and the columns with `axis` 0.
        axis: that is averaged over.
    """
    first, second = (_means(values, cells, axis) for values in (before, after))
    moved = np.nan_to_num(np.abs(second - first))
    order = np.argsort(-moved, kind="stable")[:_SHOWN]
    return tuple(
        MovedItem(labels[i], float(first[i]), float(second[i])) for i in order if moved[i] > 0
    )


def _means(values: FloatArray, cells: BoolArray, axis: int) -> FloatArray:
    """Means along an axis over some cells; NaN where there is none."""
    there = cells & ~np.isnan(values)
    counts = there.sum(axis=axis)
    sums = np.where(there, values, 0.0).sum(axis=axis)
    means: FloatArray = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
    return means
