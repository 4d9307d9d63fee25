"""The interval of any statistic of clustered answers: leave out each cluster in turn."""

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import ANYWHERE
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.quantiles import student_quantile

ALIKE = 1e-9  # a coefficient this close to 1 is 1


def jackknife_error(without: FloatArray) -> float:
    """The standard error of a statistic from its C values without each cluster; NaN with fewer.

    >>> round(jackknife_error(np.array([2.5, 2.0, 1.5])), 3)
    0.577
    """
    count = len(without)
    if count < 2 or np.isnan(without).any():
        return float("nan")
    return float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))


def jackknifed(value: float, without: FloatArray, ends: tuple[float, float] = ANYWHERE) -> Estimate:
    """A statistic with its 95% interval by Student's t with C - 1 degrees of freedom.

    Source: Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 11.

    Args:
        value: of all clusters.
        without: C values of it, without each cluster in turn.
        ends: the least and the greatest value that it can take.
    """
    if np.isnan(value):
        return undefined("not defined for these answers")
    error = jackknife_error(without)
    if np.isnan(error):
        return Estimate(value, reason="no interval: it rests on one cluster")
    reach = float(student_quantile(0.975, len(without) - 1) * error)
    low, high = np.clip([value - reach, value + reach], *ends).tolist()
    return Estimate(value, low, high)


def jackknifed_coefficient(value: float, without: FloatArray) -> Estimate:
    """The same of a coefficient that is 1 at most, on the scale of ln(1 - coefficient).

    Source: Bonett and Wright (2015), who use it for alpha.
    """
    if np.isnan(value):
        return undefined("not defined for these answers")
    if value > 1 - ALIKE and (without > 1 - ALIKE).all():
        return Estimate(value, value, value)
    if np.isnan(without).any() or value > 1 - ALIKE or (without > 1 - ALIKE).any():
        return Estimate(value, reason="no interval: one cluster holds all that differs")
    found = jackknifed(float(np.log(1 - value)), np.log(1 - without))
    return Estimate(value, 1 - float(np.exp(found.high)), 1 - float(np.exp(found.low)))
