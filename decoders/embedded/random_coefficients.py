"""Effects of scores, labels and texts of a rater: coefficients shrunk by how much they explain."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from decoders.embedded.padded import Padded
from decoders.embedded.rater_gp import RaterProcess
from ratings.arrays import FloatArray, IntArray

_STEPS = 12
_CHUNK = 256


@dataclass(frozen=True, eq=False)
class Sums:
    """Everything that the ratings say of Z x P coefficients: precision and pull."""

    precision: FloatArray
    pull: FloatArray


def coefficient_sums(
    process: RaterProcess,
    known: Padded,
    residuals: FloatArray,
    columns: FloatArray,
    design: FloatArray,
) -> Sums:
    """Generalised least squares over raters, whose own deviations correlate their residuals.

    Args:
        process: of the residuals.
        known: R raters' ratings.
        residuals: R x n.
        columns: R x Z, what is given about the raters.
        design: I x P, what coefficients may depend on: a constant and features of the instance.
    """
    size, width = columns.shape[1], design.shape[1]
    precision = np.zeros((size * size, width * width))
    pull = np.zeros((size, width))
    for start in range(0, len(columns), _CHUNK):
        rows = slice(start, start + _CHUNK)
        part = known.rows(rows)
        inner = design[part.instances] * part.there[..., None]
        weighed = np.linalg.solve(process.covariance(part), inner)
        gram = (inner.transpose(0, 2, 1) @ weighed).reshape(len(inner), -1)
        mine = columns[rows]
        outer = (mine[:, :, None] * mine[:, None]).reshape(len(mine), -1)
        precision += outer.T @ gram
        pull += mine.T @ np.einsum("rnp,rn->rp", weighed, residuals[rows] * part.there)
    square = precision.reshape(size, size, width, width).transpose(0, 2, 1, 3)
    return Sums(square.reshape(size * width, size * width), pull.ravel())


def coefficient_variances(sums: Sums, blocks: IntArray) -> FloatArray:
    """The variance of each block of coefficients that makes the ratings most likely, by EM.

    Args:
        sums: of Z x P coefficients.
        blocks: Z x P codes from 0, flat; coefficients of a block share a variance, those of
            block -1 are 0.
    """
    used = np.flatnonzero(blocks >= 0)
    precision, pull, mine = sums.precision[np.ix_(used, used)], sums.pull[used], blocks[used]
    counts = np.bincount(mine)
    variances = np.full(len(counts), 0.01)
    for _ in range(_STEPS):
        unsure = _inverse(precision + np.diag(1 / variances[mine]))
        means = unsure @ pull
        moments = np.bincount(mine, means**2 + np.diag(unsure))
        variances = np.maximum(moments / np.maximum(counts, 1), 1e-10)
    return variances


def _inverse(matrix: FloatArray) -> FloatArray:
    """Of a positive definite matrix, from its Cholesky factor: half the work of a general one."""
    factor, _ = lapack.dpotrf(matrix, lower=True)
    lower, _ = lapack.dpotri(factor, lower=True, overwrite_c=True)
    out: FloatArray = np.tril(lower)
    out += np.tril(out, -1).T
    return out


def coefficients(sums: Sums, blocks: IntArray, variances: FloatArray, width: int) -> FloatArray:
    """Expected coefficients, Z x P."""
    used = np.flatnonzero(blocks >= 0)
    precision = sums.precision[np.ix_(used, used)] + np.diag(1 / variances[blocks[used]])
    found: FloatArray = np.zeros(len(blocks))
    found[used] = np.linalg.solve(precision, sums.pull[used])
    return found.reshape(-1, width)


@dataclass(frozen=True, eq=False)
class OwnSums:
    """What the ratings say of coefficients that each instance has of its own.

    Attributes:
        precision: I x Z x Z.
        pull: I x Z.
    """

    precision: FloatArray
    pull: FloatArray


def own_sums(
    instances: IntArray, residuals: FloatArray, columns: FloatArray, count: int
) -> OwnSums:
    """Least squares within each instance, residuals scaled to variance 1.

    Args:
        instances: N indices.
        residuals: N, less what the shared coefficients explain.
        columns: N x Z, what is given about the rater of each.
        count: I.
    """
    size = columns.shape[1]
    precision, pull = np.zeros((count, size, size)), np.zeros((count, size))
    variance = float((residuals**2).mean()) if len(residuals) else 1.0
    order = np.argsort(instances, kind="stable")
    ends = np.searchsorted(instances[order], np.arange(count + 1))
    for index in range(count):
        rows = order[ends[index] : ends[index + 1]]
        mine = columns[rows]
        precision[index] = mine.T @ mine
        pull[index] = mine.T @ residuals[rows]
    scale = max(variance, 1e-12)
    return OwnSums(precision / scale, pull / scale)


def own_variance(sums: OwnSums) -> float:
    """The variance of the coefficients that makes the ratings most likely, by EM."""
    variance = 0.01
    eye = np.eye(sums.pull.shape[1])
    for _ in range(_STEPS):
        unsure = np.linalg.inv(sums.precision + eye / variance)
        means = np.einsum("iab,ib->ia", unsure, sums.pull)
        moments = means**2 + np.einsum("iaa->ia", unsure)
        variance = max(float(moments.mean()), 1e-10)
    return variance


def own_coefficients(sums: OwnSums, variance: float) -> FloatArray:
    """Expected coefficients, I x Z."""
    eye = np.eye(sums.pull.shape[1])
    found = np.linalg.solve(sums.precision + eye / variance, sums.pull[..., None])
    return np.asarray(found[..., 0], dtype=float)
