"""How one rater deviates from the others: a Gaussian process over instances for each rater.

A rater's deviations from the average on some instances predict those on other instances as far as
these are similar: all are a little, those of a group more, those with similar texts, those that
most raters like or dislike, and those with similar learned loadings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from decoders.embedded.padded import Padded
from ratings.arrays import FloatArray, IntArray

_STEPS = 12
_CHUNK = 256
_ROWS = 20_000


@dataclass(frozen=True, eq=False)
class ItemKernel:
    """What makes I instances similar.

    Attributes:
        groups: I codes; all different where there are no groups.
        texts: I x F.
        item_axis: I, the leading direction of the mean scores, standardised.
        loadings: I x L, learned; of variance as they are.
    """

    groups: IntArray
    texts: FloatArray
    item_axis: FloatArray
    loadings: FloatArray

    def kernels(self, instances: IntArray) -> Iterator[FloatArray]:
        """For each kind of likeness R x n x n, learned loadings last."""
        yield np.ones((*instances.shape, instances.shape[1]))
        groups = self.groups[instances]
        yield (groups[:, :, None] == groups[:, None]).astype(float)
        for features in (self.texts, self.item_axis[:, None], self.loadings):
            rows = features[instances]
            yield rows @ rows.transpose(0, 2, 1)


@dataclass(frozen=True, eq=False)
class RaterProcess:
    """The process of a score function.

    Attributes:
        item_kernel: similarity of instances.
        weights: five variances, one for each kind of likeness.
        noise: variance of what nothing explains.
    """

    item_kernel: ItemKernel
    weights: FloatArray
    noise: float

    def covariance(self, known: Padded) -> FloatArray:
        """R x n x n; positions without a rating are apart from all others."""
        kernels = self.item_kernel.kernels(known.instances)
        total = sum(w * k for w, k in zip(self.weights, kernels, strict=True))
        both = known.there[:, :, None] & known.there[:, None]
        diagonal = np.where(known.there, self.noise, 1.0)
        out: FloatArray = np.where(both, total, 0.0)
        positions = np.arange(out.shape[1])
        out[:, positions, positions] += diagonal
        return out

    def solve(self, known: Padded, residuals: FloatArray) -> FloatArray:
        """Residuals weighed by the inverse covariance, R x n."""
        out = np.zeros_like(residuals)
        for start in range(0, len(residuals), _CHUNK):
            rows = slice(start, start + _CHUNK)
            covariance = self.covariance(known.rows(rows))
            masked = (residuals[rows] * known.there[rows])[..., None]
            out[rows] = np.linalg.solve(covariance, masked)[..., 0]
        return out

    def expected(
        self, known: Padded, weighed: FloatArray, raters: IntArray, instances: IntArray
    ) -> FloatArray:
        """How N raters are expected to deviate on N instances, given what `solve` returned."""
        item_kernel, weights = self.item_kernel, self.weights
        out: FloatArray = weights[0] * weighed.sum(axis=1)[raters]
        groups = np.where(known.there, item_kernel.groups[known.instances], -1)
        for start in range(0, len(raters), _ROWS):
            rows = slice(start, start + _ROWS)
            same = groups[raters[rows]] == item_kernel.groups[instances[rows], None]
            out[rows] += weights[1] * (same * weighed[raters[rows]]).sum(axis=1)
        for weight, features in zip(
            weights[2:],
            (item_kernel.texts, item_kernel.item_axis[:, None], item_kernel.loadings),
            strict=True,
        ):
            pulled = weight * np.einsum("rn,rnf->rf", weighed, features[known.instances])
            out += np.einsum("nf,nf->n", pulled[raters], features[instances])
        return out

    def log_likelihood(self, known: Padded, residuals: FloatArray) -> float:
        """Of the residuals of all raters, up to a constant."""
        weighed = self.solve(known, residuals)
        _, log_determinant = np.linalg.slogdet(self.covariance(known))
        return float(-0.5 * ((weighed * residuals).sum() + log_determinant.sum()))


def fitted_process(item_kernel: ItemKernel, known: Padded, residuals: FloatArray) -> RaterProcess:
    """The process whose variances make the residuals most likely; learned loadings keep theirs.

    By fixed-point updates of the likelihood's derivatives: each variance is multiplied by the
    ratio of what its kernel explains to what it would explain if the process were true. They
    leave it where the ratio is 1, and reach in ten steps what the square root of the ratio, which
    never lowers the likelihood (minorise and maximise), reaches in forty.
    """
    residuals = residuals * known.there
    total = float((residuals[known.there] ** 2).mean()) if known.there.any() else 0.0
    weights = np.array([0.15, 0.1, 0.1, 0.05, 1.0]) * total
    weights[-1] = 1.0
    process = RaterProcess(item_kernel, weights, max(0.6 * total, 1e-9))
    both = known.there[:, :, None] & known.there[:, None]
    kernels = [np.where(both, kernel, 0.0) for kernel in item_kernel.kernels(known.instances)]
    for _ in range(_STEPS if total > 0 else 0):
        inverse = np.linalg.inv(process.covariance(known))
        weighed = np.einsum("rij,rj->ri", inverse, residuals)
        weights = process.weights.copy()
        for k, kernel in enumerate(kernels[:-1]):
            pulled = np.einsum("ri,rij,rj->", weighed, kernel, weighed)
            weights[k] *= pulled / max(float((inverse * kernel).sum()), 1e-12)
        own = np.einsum("rii->ri", inverse)[known.there].sum()
        noise = process.noise * (weighed[known.there] ** 2).sum() / own
        process = replace(process, weights=weights, noise=float(noise))
    return process
