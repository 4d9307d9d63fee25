"""Human and model differences of the same groups side by side, as one list of numbers each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.amplification.differences import GroupDifferences, degrees_of_freedom, present
from scorers.intervals.quantiles import student_beyond


@dataclass(frozen=True, eq=False)
class Sides:
    """The n differences that both sides have.

    Attributes:
        x: n human differences.
        y: n model differences.
        x_errors: n x n, covariance of the errors of x.
        y_errors: n x n, of y; NaN where it is not known.
        x_freedom: n degrees of freedom.
        y_freedom: n.
        pattern: n x n, the covariance that independent deviations of variance 1 would have: the
            identity, or that of contrasts.
        dimensions: n numbers, of the value that each is about.
    """

    x: FloatArray
    y: FloatArray
    x_errors: FloatArray
    y_errors: FloatArray
    x_freedom: FloatArray
    y_freedom: FloatArray
    pattern: FloatArray
    dimensions: npt.NDArray[np.intp]

    @classmethod
    def of(
        cls,
        model: GroupDifferences,
        human: GroupDifferences,
        groupings: npt.NDArray[np.intp] | None,
    ) -> "Sides":
        """The groups and values that both have, as they are or as contrasts within groupings.

        Args:
            model: B x D.
            human: B x D.
            groupings: B numbers, for contrasts; None takes the differences as they are.
        """
        kept = present(model, human)
        unit = GroupDifferences.known(np.where(kept, 0.0, np.nan), np.ones(kept.shape))
        parts = [one.where(kept) for one in (model, human, unit)]
        if groupings is not None:
            parts = [one.contrasts(groupings) for one in parts]
        kept = present(*parts)
        (y, y_errors, y_freedom), (x, x_errors, x_freedom), (_, pattern, _) = (
            one.cells(kept) for one in parts
        )
        dimensions = np.broadcast_to(np.arange(kept.shape[1]), kept.shape)[kept]
        return cls(x, y, x_errors, y_errors, x_freedom, y_freedom, pattern, dimensions)

    def known(self) -> bool:
        """Whether the errors of both sides are known."""
        return not np.isnan(self.y_errors).any() and not np.isnan(self.x_errors).any()

    def squares(self) -> float:
        """The sum of squares of the true human differences, without that of their errors."""
        return float(self.x @ self.x - np.nan_to_num(np.trace(self.x_errors)))

    def slope(self) -> float:
        """Of y on x through 0, by the method of moments; NaN where x is within its error."""
        squares = self.squares()
        return float(self.x @ self.y) / squares if squares > 0 else np.nan

    def variance(self, slope: float) -> tuple[float, float]:
        """Of the estimating function x'y - slope (x'x - tr), and its degrees of freedom."""
        pull = self.y - 2 * slope * self.x
        of_model = float(self.x @ self.y_errors @ self.x)
        of_human = float(pull @ self.x_errors @ pull)
        parts = (
            (of_model, self.x, self.y_errors, self.y_freedom),
            (of_human, pull, self.x_errors, self.x_freedom),
        )
        square = sum(
            part**2 / degrees_of_freedom(weights, errors, freedom, self.dimensions)
            for part, weights, errors, freedom in parts
        )
        total = of_model + of_human
        return total, total**2 / square if square > 0 else np.inf

    def p_slope(self, slope: float) -> float:
        """Two-sided p-value of a slope; NaN where there is no error."""
        variance, freedom = self.variance(slope)
        if self.squares() <= 0 or variance <= 0:
            return np.nan
        ratio = abs(self.x @ self.y - slope * self.squares()) / np.sqrt(variance)
        return float(2 * student_beyond(ratio, freedom))

    def gap_errors(self, slope: float) -> tuple[FloatArray, float]:
        """The n x n covariance of the errors of y - slope x, and its trace's degrees of freedom."""
        errors = self.y_errors + slope**2 * self.x_errors
        freedom = np.minimum(self.x_freedom, self.y_freedom)
        variances = np.diag(np.diag(errors))
        each = np.ones(len(errors))
        return errors, degrees_of_freedom(each, variances, freedom, self.dimensions)


def matched_freedom(covariance: FloatArray) -> float:
    """Degrees of freedom of the chi-square whose shape a sum of squares is nearest to (Box)."""
    square = float((covariance * covariance).sum())
    return float(np.trace(covariance)) ** 2 / square if square > 0 else np.inf
