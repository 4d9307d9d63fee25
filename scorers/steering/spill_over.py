"""How far steering towards one value moves the others."""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.quantiles import student_quantile
from scorers.intervals.scopes import Scope
from scorers.steering.changes import NO_ERRORS, Changes

NOT_RISEN = "the values steered towards are not shown to rise, so nothing can be set against them"


@dataclass(frozen=True)
class SpillOver:
    """Changes off target, in one scope.

    Attributes:
        mean_target: mean change of the values steered towards.
        mean_absolute: mean absolute change of the other values, as it is.
        noise: what that mean would be from errors alone; NaN where these are not known.
        relative: mean absolute change off target for each point on target, as it is; NaN where
            the mean on target is not shown to be above 0.
        root_mean_square: of the changes off target, with what errors add to it taken off.
        relative_without_noise: the same for each point on target.
    """

    mean_target: Estimate
    mean_absolute: float
    noise: float
    relative: float
    root_mean_square: Estimate
    relative_without_noise: Estimate


def spill_over(changes: Changes, scope: Scope) -> SpillOver:
    """How far the values that were not steered towards moved, alone and for each point on target.

    A mean of absolute changes is above 0 by noise alone. The mean of their squares is so by the
    mean of their variances, which are known and taken off; its interval counts that squares of
    noise scatter too, and is brought back by a square root.

    Args:
        changes: the table.
        scope: of the errors.
    """
    off = ~changes.on_target
    mean = changes.mean(scope, changes.on_target)
    absolute = float(np.abs(changes.values[off]).mean())
    plain, relative = _squares(changes, scope, off, mean)
    shown = mean.low > 0 if scope in changes.errors else mean.value > 0
    return SpillOver(
        mean_target=mean,
        mean_absolute=absolute,
        noise=_noise(changes, scope, off),
        relative=absolute / mean.value if shown else np.nan,
        root_mean_square=plain,
        relative_without_noise=relative,
    )


def _noise(changes: Changes, scope: Scope, off: BoolArray) -> float:
    """The mean absolute value of normal noise of the errors' sizes."""
    if scope not in changes.errors:
        return np.nan
    errors = changes.errors[scope].scoped.errors[off]
    return float(errors.mean() * np.sqrt(2 / np.pi))


def _squares(
    changes: Changes, scope: Scope, off: BoolArray, mean: Estimate
) -> tuple[Estimate, Estimate]:
    """Root mean square off target, and for each point on target."""
    if scope not in changes.errors:
        return undefined(NO_ERRORS), undefined(NO_ERRORS)
    joint = changes.errors[scope].joint
    at = np.flatnonzero(off)
    covariance = joint.covariance[np.ix_(at, at)]
    if np.isnan(covariance).any():
        return undefined(joint.reason), undefined(joint.reason)
    count = len(at)
    square = max(float((changes.values[off] ** 2).mean()), 1e-18)
    noise = float(np.trace(covariance)) / count
    # A quadratic form of normal numbers has twice this variance on top of the linear part.
    scatter = float((covariance**2).sum()) / count**2
    slope = np.where(off, 2 * changes.values / count, 0.0)
    plain = _rooted(square, noise, _error(changes, scope, slope, scatter))
    if not mean.low > 0:
        return plain, undefined(NOT_RISEN)
    # of the logarithm of the square for each squared point on target
    level = changes.on_target / changes.on_target.sum()
    slope = slope / square - 2 * level / mean.value
    error, freedom = _error(changes, scope, slope, scatter / square**2)
    reach = float(student_quantile(0.975, max(freedom, 1e-3))) * error
    ends = square * np.exp(reach * np.array([-1.0, 0.0, 1.0])) - noise
    roots: FloatArray = np.sqrt(np.maximum(ends, 0.0))
    low, value, high = (roots / mean.value).tolist()
    return plain, Estimate(value, low, high)


def _error(
    changes: Changes, scope: Scope, slope: FloatArray, scatter: float
) -> tuple[float, float]:
    """Standard error of a mean of squares, and its degrees of freedom.

    The linear part, computed from changes that hold noise, counts the scatter of squared noise
    four times, where it belongs twice.
    """
    error, freedom = changes.errors[scope].joint.error(slope.ravel())
    return float(np.sqrt(max(error**2 - 2 * scatter, 2 * scatter))), freedom


def _rooted(square: float, noise: float, found: tuple[float, float]) -> Estimate:
    """The root of a mean of squares less the noise in it.

    Squares scatter the more the larger they are, and their roots do not: so the interval is made
    for the root of what was found, and the noise is taken off its ends.
    """
    error, freedom = found
    root = np.sqrt(square)
    reach = student_quantile(0.975, max(freedom, 1e-3)) * error / max(2 * root, 1e-12)
    ends = np.maximum([root - reach, root, root + reach], 0.0) ** 2 - noise
    low, value, high = np.sqrt(np.maximum(ends, 0.0)).tolist()
    return Estimate(value, low, high)
