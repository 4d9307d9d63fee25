"""Two sets of askings of the same samples, asking by asking."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from scorers.scores.responses import ResponseMatrix


@dataclass(frozen=True, eq=False)
class Aligned:
    """T askings of the S samples and P columns that two sets of askings share.

    Attributes:
        samples: S ids, sorted.
        values: T x S x P, NaN where missing or not asked.
        asked: T x S, whether an asking asked a sample.
        clusters: S numbers from 0.
        late: T, whether an asking is of the second set.
    """

    samples: Sequence[str]
    values: FloatArray
    asked: BoolArray
    clusters: npt.NDArray[np.intp]
    late: BoolArray

    def blocks(self) -> Iterator[tuple[BoolArray, BoolArray]]:
        """Clusters by the askings that asked all of their samples, some of both sets.

        Yields:
            T, which askings; and S, the samples of the clusters that just these asked in full.
        """
        of = np.ones((self.clusters.max(initial=-1) + 1, len(self.late)), dtype=bool)
        np.logical_and.at(of, self.clusters, self.asked.T)
        for pattern in np.unique(of, axis=0):
            late = self.late[pattern]
            if late.any() and not late.all():
                yield pattern, (of == pattern).all(axis=1)[self.clusters]


def aligned(
    before: ResponseMatrix,
    after: ResponseMatrix,
    numbers: Callable[[ResponseMatrix], FloatArray],
) -> Aligned:
    """Some number of each answer, by asking.

    Args:
        before: askings of the same samples and columns, a sample in as many rows as it was asked.
        after: likewise.
        numbers: gives the S x P numbers of a set.
    """
    columns = [name for name in before.columns if name in after.columns]
    shared = set(before.samples) & set(after.samples)
    grids = [grid.of_samples(shared).of_columns(columns) for grid in (before, after)]
    samples = sorted(shared)
    row = {sample: s for s, sample in enumerate(samples)}
    layers: list[FloatArray] = []
    asked: list[BoolArray] = []
    for grid in grids:
        epochs = _epochs(grid.samples)
        answers = np.full((max(epochs, default=-1) + 1, len(samples), len(columns)), np.nan)
        rows = [row[sample] for sample in grid.samples]
        answers[epochs, rows] = numbers(grid)
        layers.append(answers)
        asked.append(np.zeros(answers.shape[:2], dtype=bool))
        asked[-1][epochs, rows] = True
    of = dict(zip(grids[0].samples, grids[0].clusters, strict=True))
    clusters = np.unique([str(of[sample]) for sample in samples], return_inverse=True)[1]
    late = np.repeat([False, True], [len(layer) for layer in layers])
    return Aligned(samples, np.concatenate(layers), np.concatenate(asked), clusters, late)


def _epochs(samples: Sequence[str]) -> list[int]:
    """How often each sample was there before it."""
    seen = Counter[str]()
    out = []
    for sample in samples:
        out.append(seen[sample])
        seen[sample] += 1
    return out
