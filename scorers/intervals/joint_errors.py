"""Errors of numbers that go together, and of whatever is computed from them."""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import ANYWHERE, CONFIDENCE
from scorers.intervals.estimate import Estimate
from scorers.intervals.means import ratio
from scorers.intervals.quantiles import student_beyond, student_quantile

_CERTAIN = 1e-9


@dataclass(frozen=True, eq=False)
class JointErrors:
    """The errors of N numbers in one scope, with their covariances.

    What is computed from the numbers is taken to be linear near them: its error follows from its
    gradient, and its degrees of freedom are Satterthwaite's for numbers of which each has its own.

    Attributes:
        covariance: N x N; NaN in the row and column of a number without an error.
        freedom: N degrees of freedom.
        reason: why errors are missing where they are.
        within: the same in a narrower scope, whose intervals lie within these.
    """

    covariance: FloatArray
    freedom: FloatArray
    reason: str
    within: "JointErrors | None" = None

    def error(self, gradient: FloatArray) -> tuple[float, float]:
        """Standard error and degrees of freedom of what has a gradient of N; NaN without one.

        >>> joint = JointErrors(np.array([[0.04, 0.02], [0.02, 0.04]]), np.array([9.0, 9.0]), "")
        >>> error, freedom = joint.error(np.array([1.0, -1.0]))
        >>> round(error, 3), round(freedom, 6)
        (0.2, 18.0)
        """
        used = np.flatnonzero(gradient)
        weights, covariance = gradient[used], self.covariance[np.ix_(used, used)]
        variance = float(weights @ covariance @ weights)
        shares = weights**2 * np.diag(covariance)
        square = float(ratio(shares**2, self.freedom[used], empty=0.0).sum())
        least = float(self.freedom[used].min(initial=np.inf))
        freedom = float(shares.sum()) ** 2 / square if square > 0 else least
        return float(np.sqrt(max(variance, 0.0))) if variance == variance else np.nan, freedom

    def reach(self, gradient: FloatArray, confidence: float = CONFIDENCE) -> float:
        """Half the width of Student's interval, no narrower than that within; NaN without one."""
        error, freedom = self.error(gradient)
        found = float(student_quantile((1 + confidence) / 2, max(freedom, 1e-3))) * error
        if self.within is None or np.isnan(found):
            return found
        return float(np.fmax(found, self.within.reach(gradient, confidence)))

    def estimate(
        self, value: float, gradient: FloatArray, ends: tuple[float, float] = ANYWHERE
    ) -> Estimate:
        """A number with its interval, cut off at the ends of what it can be."""
        reach = self.reach(gradient)
        if np.isnan(reach):
            return Estimate(float(np.clip(value, *ends)), reason=self.reason)
        low, at, high = np.clip([value - reach, value, value + reach], *ends).tolist()
        return Estimate(at, low, high)

    def p_greater(self, value: float, gradient: FloatArray) -> float:
        """One-sided p-value of a number that is 0 or less, by Student's t; NaN without an error.

        Never below that in the narrower scope.
        """
        error, freedom = self.error(gradient)
        if np.isnan(value) or np.isnan(error):
            return np.nan
        if error <= _CERTAIN:
            found = 0.0 if value > _CERTAIN else 1.0
        else:
            found = float(student_beyond(value / error, max(freedom, 1e-3)))
        return found if self.within is None else max(found, self.within.p_greater(value, gradient))
