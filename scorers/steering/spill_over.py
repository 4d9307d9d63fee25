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
            the mean on target is not above 0.
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
    return SpillOver(
        mean_target=mean,
        mean_absolute=absolute,
        noise=_noise(changes, scope, off),
        relative=absolute / mean.value if mean.value > 0 else np.nan,
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
    square = float((changes.values[off] ** 2).mean() - np.trace(covariance) / count)
    # A quadratic form of normal numbers has twice this variance on top of the linear part.
    scatter = float((covariance**2).sum()) / count**2
    slope = np.where(off, 2 * changes.values / count, 0.0)
    reach = _reach(changes, scope, slope, scatter)
    plain = _rooted(square, reach)
    if not mean.low > 0:
        return plain, undefined(NOT_RISEN)
    level = changes.on_target / changes.on_target.sum()
    slope = slope / mean.value**2 - 2 * max(square, 0.0) / mean.value**3 * level
    reach = _reach(changes, scope, slope, scatter / mean.value**4)
    return plain, _rooted(square / mean.value**2, reach)


def _reach(changes: Changes, scope: Scope, slope: FloatArray, scatter: float) -> float:
    """Half the width of an interval of a mean of squares.

    The linear part, computed from changes that hold noise, counts twice the scatter of squared
    noise too much; of that scatter itself twice belongs.
    """
    joint = changes.errors[scope].joint
    error, freedom = joint.error(slope.ravel())
    variance = max(error**2 - 2 * scatter, 2 * scatter)
    return float(student_quantile(0.975, max(freedom, 1e-3)) * np.sqrt(variance))


def _rooted(square: float, reach: float) -> Estimate:
    low, value, high = np.sqrt(np.maximum([square - reach, square, square + reach], 0.0)).tolist()
    return Estimate(value, low, high)
