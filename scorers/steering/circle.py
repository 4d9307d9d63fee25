"""Whether steering towards one value moves the others as Schwartz's circle has them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.scopes import Scope
from scorers.psychometrics.correlation import row_correlations
from scorers.steering.changes import NO_ERRORS, Changes

ONLY_NOISE = "the changes differ by no more than their errors"


@dataclass(frozen=True)
class CircleAgreement:
    """How the changes go with the cosine of the angle between steered and scored value.

    Attributes:
        correlation: of the changes with the cosines, as they are.
        without_noise: by scope the correlation that changes without error would have.
        p: of so high a correlation when changes have nothing to do with the tags; NaN if not known.
        by_chance: the mean correlation in that case.
    """

    correlation: float
    without_noise: Mapping[Scope, Estimate]
    p: float
    by_chance: float


def distances(changes: Changes) -> npt.NDArray[np.intp]:
    """B x D steps on the circle from the steered value to the scored one, from 0 to D / 2."""
    around = len(changes.scores)
    apart = np.abs(changes.targets[:, None] - np.arange(around))
    found: npt.NDArray[np.intp] = np.minimum(apart, around - apart)
    return found


def cosines(changes: Changes) -> FloatArray:
    """B x D cosines of the angles between steered and scored value, spaced alike on the circle."""
    found: FloatArray = np.cos(2 * np.pi * distances(changes) / len(changes.scores))
    return found


def circle_agreement(changes: Changes, chance: FloatArray | None = None) -> CircleAgreement:
    """The correlation of all B x D changes with the cosines.

    Errors of the changes pull it towards 0. Their covariances are known, so what they add to the
    spread of the changes is taken off for `without_noise`, whose interval follows from its
    gradient. It is not defined where the spread is not more than errors alone would give.

    Values that share items move together whatever the model knows of values, and neighbours share
    most. So the null keeps the tags, and puts the items' changes on other items.

    Args:
        changes: scores in the order of the circle.
        chance: N x B x D changes from `chance_profiles.chance_profiles`; None for none, as of
            printed figures.
    """
    expected = cosines(changes).ravel()
    found = _correlations(changes.values[None], expected)[0]
    null = None if chance is None else _correlations(chance, expected)
    return CircleAgreement(
        correlation=float(found),
        without_noise={scope: _without_noise(changes, scope) for scope in ("on", "beyond")},
        # Equal ones computed in another order differ in the last bits.
        p=np.nan
        if null is None or np.isnan(found)
        else float((1 + (~(null < found - 1e-9)).sum()) / (1 + len(null))),
        by_chance=np.nan if null is None or np.isnan(null).all() else float(np.nanmean(null)),
    )


def _correlations(tables: FloatArray, expected: FloatArray) -> FloatArray:
    return row_correlations(tables.reshape(len(tables), -1), expected)


def _without_noise(changes: Changes, scope: Scope) -> Estimate:
    """The correlation with the expected share of noise taken off the spread of the changes."""
    if scope not in changes.errors:
        return undefined(NO_ERRORS)
    errors = changes.errors[scope].joint
    if np.isnan(errors.covariance).any():
        return undefined(errors.reason)
    covariance = _centred(_centred(errors.covariance).T)
    flat = changes.values.ravel()
    values, expected = flat - flat.mean(), cosines(changes).ravel()
    expected = expected - expected.mean()
    noise = float(np.trace(covariance))
    spread = float(values @ values) - noise
    # what noise alone exceeds once in forty times or so
    if spread <= 2 * np.sqrt(2 * float((covariance**2).sum())) or spread <= 1e-12:
        return undefined(ONLY_NOISE)
    length = np.sqrt(expected @ expected)
    along = float(values @ expected) / length
    value = along / np.sqrt(spread)
    gradient = expected / length / np.sqrt(spread) - along * values / spread**1.5
    return changes.estimate(scope, value, gradient.reshape(changes.values.shape), (-1.0, 1.0))


def _centred(rows: FloatArray) -> FloatArray:
    found: FloatArray = rows - rows.mean(axis=0)
    return found
