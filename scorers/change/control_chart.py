"""A control chart over many checks against one baseline: slow drift that no single check shows."""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.quantiles import normal_quantile

WEIGHT = 0.2  # of the latest check
LEVEL = 0.0042  # of all limits at one check; for a single score they are 2.86 standard errors


@dataclass(frozen=True, eq=False)
class ControlChart:
    """An exponentially weighted moving average of the differences of T checks.

    Attributes:
        averages: T.
        limits: T, beyond which an average has drifted.
    """

    averages: FloatArray
    limits: FloatArray

    @property
    def drifted(self) -> BoolArray:
        """T, whether the average is beyond its limit."""
        found: BoolArray = np.abs(self.averages) > self.limits
        return found


def control_chart(
    differences: FloatArray, errors: FloatArray, baseline: FloatArray, scores: int = 1
) -> ControlChart:
    """Average the differences of checks, the latest weighted most, and say when they have drifted.

    `averages[t] = WEIGHT * differences[t] + (1 - WEIGHT) * averages[t - 1]`, from 0. All checks
    share the error of the baseline, which no number of checks averages away; it is added to the
    limits with its full size, the errors of the runs with what the average leaves of them.

    Source: Roberts (1959), Control chart tests based on geometric moving averages; Lucas and
    Saccucci (1990) for the weight and the width.

    Args:
        differences: T, of one score from the baseline's, in the order of the checks.
        errors: T standard errors of the differences.
        baseline: T, the part of each error that is the baseline's own.
        scores: how many are charted side by side; the limits hold for all of them (Bonferroni).

    >>> chart = control_chart(np.full(10, 0.1), np.full(10, 0.05), np.full(10, 0.03))
    >>> chart.averages.round(3).tolist()[::3], bool(chart.drifted[-1])
    ([0.02, 0.059, 0.079, 0.089], True)
    """
    width = float(normal_quantile(1 - LEVEL / (2 * scores)))
    own = np.maximum(errors**2 - baseline**2, 0.0)
    averages, variances, common = np.zeros((3, len(differences)))
    average = variance = weight = 0.0
    for t in range(len(differences)):
        average = WEIGHT * differences[t] + (1 - WEIGHT) * average
        variance = WEIGHT**2 * own[t] + (1 - WEIGHT) ** 2 * variance
        weight = WEIGHT + (1 - WEIGHT) * weight
        averages[t], variances[t], common[t] = average, variance, weight * baseline[t]
    return ControlChart(averages, width * np.sqrt(variances + common**2))
