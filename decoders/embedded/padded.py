"""Ratings of several raters side by side: a row a rater, filled up to the longest."""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Padded:
    """Instances that R raters rated, at most n each.

    Attributes:
        instances: R x n, 0 where there is none.
        there: R x n.
    """

    instances: IntArray
    there: BoolArray

    def fill(self, values: FloatArray) -> FloatArray:
        """E values in the raters' order as R x n, 0 where there is none."""
        out = np.zeros(self.there.shape)
        out[self.there] = values
        return out

    def rows(self, kept: "slice | IntArray") -> "Padded":
        """Some of the raters."""
        return Padded(self.instances[kept], self.there[kept])

    def where(self, kept: BoolArray) -> "Padded":
        """The same, some of them taken for empty; `kept` is R x n."""
        return Padded(self.instances, self.there & kept)


def padded(starts: IntArray, instances: IntArray) -> Padded:
    """Ratings laid out rater by rater, one row each.

    Args:
        starts: R + 1 positions; those of rater r are `starts[r]` to `starts[r + 1]`.
        instances: E.

    >>> padded(np.array([0, 2, 3]), np.array([5, 6, 7])).instances
    array([[5, 6],
           [7, 0]])
    """
    counts = np.diff(starts)
    there = np.arange(max(1, counts.max(initial=0))) < counts[:, None]
    out = np.zeros(there.shape, dtype=np.intp)
    out[there] = instances
    return Padded(out, there)
