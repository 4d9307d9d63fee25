"""Differences of groups on several values, with the covariance of their errors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray


@dataclass(frozen=True, eq=False)
class GroupDifferences:
    """How B groups differ from a reference on D values.

    Attributes:
        values: B x D, in points of a score; NaN where unknown.
        covariance: BD x BD, of the errors of the values, group by group; NaN where unknown, 0 for
            figures without error.
        freedom: B x D, degrees of freedom of each value's standard error; infinite where it is
            known.
    """

    values: FloatArray
    covariance: FloatArray
    freedom: FloatArray

    @classmethod
    def known(
        cls, values: FloatArray, errors: FloatArray | None = None, freedom: float = np.inf
    ) -> "GroupDifferences":
        """Differences whose errors are independent.

        Args:
            values: B x D.
            errors: B x D standard errors; none by default.
            freedom: of the errors.
        """
        spread = np.zeros(values.shape) if errors is None else np.nan_to_num(errors)
        return cls(values, np.diag(spread.ravel() ** 2), np.full(values.shape, freedom))

    @property
    def errors(self) -> FloatArray:
        """B x D standard errors."""
        found: FloatArray = np.sqrt(np.diag(self.covariance)).reshape(self.values.shape)
        return found

    def of_groups(self, rows: Sequence[int]) -> "GroupDifferences":
        """Some of the groups, in the order given."""
        width = self.values.shape[1]
        cells = (np.asarray(rows, dtype=int)[:, None] * width + np.arange(width)).ravel()
        return GroupDifferences(
            self.values[list(rows)], self.covariance[np.ix_(cells, cells)], self.freedom[list(rows)]
        )

    def where(self, kept: BoolArray) -> "GroupDifferences":
        """The same with the other values unknown."""
        return replace(self, values=np.where(kept, self.values, np.nan))

    def contrasts(self, groupings: npt.NDArray[np.intp]) -> "GroupDifferences":
        """Each group less the mean of the groups of its grouping, value by value.

        What all groups share, such as how a model changes under any system prompt, drops out. The
        only group of a grouping has no contrast: NaN.

        Args:
            groupings: B numbers.
        """
        groups, width = self.values.shape
        there = ~np.isnan(self.values)
        same = (groupings[:, None] == groupings)[:, :, None] & there[None] & there[:, None]
        counts = same.sum(axis=1)
        weights = np.eye(groups)[:, :, None] - same / np.maximum(counts, 1)[:, None]
        known = there & (counts > 1)
        # BD x BD: values of one dimension are subtracted from those of the same dimension
        matrix = np.einsum("abd,de->adbe", weights, np.eye(width)).reshape(
            groups * width, groups * width
        )
        matrix[~known.ravel()] = 0
        values = (matrix @ np.nan_to_num(self.values).ravel()).reshape(self.values.shape)
        used = there.ravel()
        covariance = np.where(used[:, None] & used, self.covariance, 0.0)
        least = np.where(same, self.freedom[None], np.inf).min(axis=1)
        return GroupDifferences(
            np.where(known, values, np.nan), matrix @ covariance @ matrix.T, least
        )

    def cells(self, kept: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The n values that are kept, their n x n covariance and n degrees of freedom."""
        used = kept.ravel()
        return (
            self.values.ravel()[used],
            self.covariance[np.ix_(used, used)],
            self.freedom.ravel()[used],
        )


def degrees_of_freedom(
    weights: FloatArray,
    covariance: FloatArray,
    freedom: FloatArray,
    dimensions: npt.NDArray[np.intp],
) -> float:
    """Satterthwaite's degrees of freedom of the variance of a weighted sum of n values.

    Values of one dimension rest on the same items, so their variances are taken as one; and as
    dimensions may share clusters of items, there are never more than the best value has.

    Args:
        weights: n.
        covariance: n x n.
        freedom: n.
        dimensions: n numbers, of the value's dimension.
    """
    shares = np.maximum(weights * (covariance @ weights), 0.0)
    numbers = np.unique(dimensions)
    parts = np.array([shares[dimensions == one].sum() for one in numbers])
    least = np.array([freedom[dimensions == one].min() for one in numbers])
    total, square = parts.sum(), (parts**2 / least).sum()
    return min(float(total**2 / square), float(least.max())) if square > 0 else float("inf")


def present(*differences: GroupDifferences) -> BoolArray:
    """B x D: where all have a value."""
    found: BoolArray = np.all([~np.isnan(one.values) for one in differences], axis=0)
    return found
