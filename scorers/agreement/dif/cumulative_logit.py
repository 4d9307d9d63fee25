"""Ordinal logistic regression with proportional odds, by Newton's method.

`statsmodels` has it as `OrderedModel`, with numeric derivatives: fifty times slower, which
hundreds of items, and simulations of them, cannot afford. A test compares the two.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from ratings.arrays import FloatArray

_STEPS = 60
_SMALL = 1e-9
_LEAST = 1e-12  # of a probability


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model.

    Attributes:
        likelihood: the logarithm.
        slopes: P, log odds of a higher choice.
        errors: P standard errors; NaN where the information cannot be inverted.
        converged: whether the likelihood stopped rising.
    """

    likelihood: float
    slopes: FloatArray
    errors: FloatArray
    converged: bool


def cumulative_logit(choices: npt.NDArray[np.intp], predictors: FloatArray) -> Fit:
    """Fit P(choice <= k) = logistic(threshold k - predictors @ slopes).

    The likelihood is concave, so that a maximum found is the only one. Choices that nobody made
    are left out of the scale.

    Source: McCullagh (1980), Regression models for ordinal data.

    Args:
        choices: N whole numbers.
        predictors: N x P.

    >>> found = cumulative_logit(np.array([1, 1, 2, 2]), np.empty((4, 0)))
    >>> round(found.likelihood, 4)  # four times log 1/2
    -2.7726
    """
    codes = np.unique(choices, return_inverse=True)[1]
    levels = int(codes.max()) + 1
    count, slopes = predictors.shape
    if levels < 2:
        return Fit(0.0, np.zeros(slopes), np.full(slopes, np.nan), True)
    # thresholds 0 and K are infinite; a design of N x (K - 1 + P) for each end of a choice
    ends = np.zeros((2, count, levels - 1 + slopes))
    inner = codes < levels - 1, codes > 0
    for which, shift in ((0, 0), (1, -1)):
        rows = np.flatnonzero(inner[which])
        ends[which, rows, codes[rows] + shift] = 1.0
        ends[which, rows, levels - 1 :] = -predictors[rows]
    shares = np.cumsum(np.bincount(codes, minlength=levels))[:-1] / count
    values = np.concatenate([scipy.special.logit(shares), np.zeros(slopes)])
    likelihood, gradient, information = _derivatives(values, ends, inner, levels)
    converged = False
    for _ in range(_STEPS):
        step = np.linalg.lstsq(information, gradient, rcond=1e-12)[0]
        for _ in range(30):
            tried = values + step
            rising = (np.diff(tried[: levels - 1]) > 0).all()
            found = _derivatives(tried, ends, inner, levels) if rising else None
            if found is not None and found[0] >= likelihood - _SMALL:
                break
            step = step / 2
        else:
            break
        gain, (likelihood, gradient, information) = found[0] - likelihood, found
        values = tried
        if abs(gain) < _SMALL:
            converged = True
            break
    variances = np.diag(np.linalg.pinv(information))[levels - 1 :]
    return Fit(
        float(likelihood), values[levels - 1 :], np.sqrt(np.maximum(variances, 0.0)), converged
    )


def _derivatives(
    values: FloatArray,
    ends: FloatArray,
    inner: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]],
    levels: int,
) -> tuple[float, FloatArray, FloatArray]:
    """The log likelihood, its gradient, and the information (less the second derivatives)."""
    below = [scipy.special.expit(end @ values) for end in ends]
    upper = np.where(inner[0], below[0], 1.0)
    lower = np.where(inner[1], below[1], 0.0)
    chance = np.maximum(upper - lower, _LEAST)
    density = [np.where(there, b * (1 - b), 0.0) for there, b in zip(inner, below, strict=True)]
    bends = [d * (1 - 2 * b) for d, b in zip(density, below, strict=True)]
    up, low = density[0] / chance, density[1] / chance
    gradient = up @ ends[0] - low @ ends[1]
    first = up**2 - bends[0] / chance
    second = low**2 + bends[1] / chance
    cross = (ends[0] * (up * low)[:, None]).T @ ends[1]
    information = (
        (ends[0] * first[:, None]).T @ ends[0]
        + (ends[1] * second[:, None]).T @ ends[1]
        - cross
        - cross.T
    )
    return float(np.log(chance).sum()), gradient, information
