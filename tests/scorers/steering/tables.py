"""Tables of changes with known errors."""

import numpy as np

from ratings.arrays import FloatArray
from ratings.instruments.dimensions import SCHWARTZ
from scorers.intervals.joint_errors import JointErrors
from scorers.intervals.scopes import Scoped
from scorers.steering.changes import ChangeErrors, Changes

ANGLES = 2 * np.pi * np.arange(10) / 10
AROUND = np.cos(ANGLES[:, None] - ANGLES)


def table(values: FloatArray, covariance: FloatArray | None = None) -> Changes:
    """Changes on the circle, with the same errors in both scopes, or with none."""
    if covariance is None:
        return Changes(SCHWARTZ, SCHWARTZ, values)
    every = np.full(values.shape, 100.0)
    errors = np.sqrt(np.diag(covariance)).reshape(values.shape)
    scoped = Scoped(values, errors, every, np.zeros(values.shape), "no interval")
    both = ChangeErrors(scoped, JointErrors(covariance, every.ravel(), "no interval"))
    return Changes(SCHWARTZ, SCHWARTZ, values, {"on": both, "beyond": both})


def shared_errors(size: float) -> FloatArray:
    """Errors of rows that are compared with the same run: half of each variance is in common."""
    own = np.eye(100)
    common = np.kron(np.ones((10, 10)), np.eye(10))
    found: FloatArray = size**2 * (own + common) / 2
    return found


def drawn(true: FloatArray, covariance: FloatArray, seed: int) -> FloatArray:
    """Changes with errors as they may come out."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(covariance + 1e-12 * np.eye(len(covariance)))
    found: FloatArray = true + (root @ rng.standard_normal(len(covariance))).reshape(true.shape)
    return found
