"""How raters are expected to deviate, by what is given about them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decoders.embedded.context_features import STYLES
from decoders.embedded.crossfit_effects import BaseFit, CrossFit, ItemFeatures, by_rater
from decoders.embedded.instance_effects import Rated
from decoders.embedded.padded import padded
from decoders.embedded.random_coefficients import (
    OwnSums,
    Sums,
    coefficient_sums,
    coefficient_variances,
    coefficients,
    own_coefficients,
    own_sums,
    own_variance,
)
from decoders.embedded.rater_gp import ItemKernel
from ratings.arrays import FloatArray, IntArray
from ratings.representations.rater_context import RaterContext

# Instances get coefficients of their own from so many ratings each, and up to so many numbers.
_LEAST_RATINGS, _MOST_NUMBERS = 30, 20_000_000
_MOST_RATERS = 2_000


@dataclass(frozen=True, eq=False)
class Effects:
    """Effects of instances and raters.

    Attributes:
        items: what was known before.
        base: what ratings show of instances and of how raters deviate.
        coefficients: D times Z x P, of what is given but for known ratings, shared by instances.
        own: D times I x Z, those of each instance in addition.
    """

    items: ItemFeatures
    base: BaseFit
    coefficients: Sequence[FloatArray]
    own: Sequence[FloatArray]

    def of(
        self, given: RaterContext, columns: FloatArray, raters: IntArray, instances: IntArray
    ) -> FloatArray:
        """How N raters are expected to deviate on N instances, N x D.

        Args:
            given: of R raters; only their known ratings are read here.
            columns: R x Z, the rest of what is given.
            raters: N indices.
            instances: N indices.
        """
        items, expected = self.items, self.base.expected
        known = padded(given.starts, given.instances)
        chosen = items.scores[items.counts[given.instances], given.ratings - 1]
        residuals = chosen - expected[given.instances]
        out = np.zeros((len(raters), expected.shape[1]))
        for d, process in enumerate(self.base.processes):
            mine = known.where(items.there[known.instances, d])
            rest = known.fill(residuals[:, d]) * mine.there
            if columns.shape[1]:
                rest -= known.fill(self._by_columns(columns, d, given.owners(), given.instances))
                out[:, d] += self._by_columns(columns, d, raters, instances)
            if mine.there.any():
                weighed = process.solve(mine, rest)
                out[:, d] += process.expected(mine, weighed, raters, instances)
        return out * items.there[instances]

    def _by_columns(
        self, columns: FloatArray, d: int, raters: IntArray, instances: IntArray
    ) -> FloatArray:
        """What columns alone say of score d of N ratings."""
        design = design_of(self.base.processes[d].item_kernel)
        by_person = columns @ self.coefficients[d]
        out: FloatArray = np.einsum("np,np->n", by_person[raters], design[instances])
        out += np.einsum("nz,nz->n", columns[raters], self.own[d][instances])
        return out


def design_of(item_kernel: ItemKernel) -> FloatArray:
    """What coefficients may depend on, I x P: 1, the item axis, texts, learned loadings."""
    constant = np.ones((len(item_kernel.item_axis), 1))
    return np.hstack(
        [constant, item_kernel.item_axis[:, None], item_kernel.texts, item_kernel.loadings]
    )


def fit_effects(
    crossfit: CrossFit, columns: FloatArray, kinds: IntArray
) -> tuple[Effects, list[Effects]]:
    """Effects from all training raters, and for each fold from the raters outside of it.

    Args:
        crossfit: what ratings show whatever is given.
        columns: R x Z, what is given about the training raters but for known ratings.
        kinds: Z, of the columns.
    """
    rated, fold = crossfit.rated, crossfit.fold
    side = _SideInformation(columns, kinds, crossfit.items)
    variances = [
        side.variances(rated, crossfit.whole, d) for d in range(len(crossfit.whole.processes))
    ]
    across = [
        side.effects(base, rated.rows(fold[rated.raters] != f), variances)
        for f, base in enumerate(crossfit.without)
    ]
    return side.effects(crossfit.whole, rated, variances), across


@dataclass(frozen=True, eq=False)
class _Variances:
    """Of the coefficients of one score function: shared ones by block, and instances' own."""

    shared: FloatArray
    own: float


@dataclass(frozen=True, eq=False)
class _SideInformation:
    """What is given about the training raters but for known ratings, R x Z, and its kinds, Z."""

    columns: FloatArray
    kinds: IntArray
    items: ItemFeatures

    def variances(self, rated: Rated, base: BaseFit, d: int) -> _Variances:
        """Estimated once, from all training raters."""
        if not self.columns.shape[1]:
            return _Variances(np.zeros(0), 0.0)
        sums, blocks = self._shared_sums(rated, base, d)
        shared = coefficient_variances(sums, blocks)
        if not self._with_own(rated):
            return _Variances(shared, 0.0)
        found = coefficients(
            sums, blocks, shared, design_of(base.processes[d].item_kernel).shape[1]
        )
        return _Variances(shared, own_variance(self._own_sums(rated, base, found, d)))

    def effects(self, base: BaseFit, rated: Rated, variances: Sequence[_Variances]) -> Effects:
        """Effects from some ratings, with the variances already known."""
        shared, own = [], []
        for d, (process, variance) in enumerate(zip(base.processes, variances, strict=True)):
            width = design_of(process.item_kernel).shape[1]
            size = self.columns.shape[1]
            found = np.zeros((size, width))
            of_items = np.zeros((len(base.expected), size))
            if size:
                sums, blocks = self._shared_sums(rated, base, d)
                found = coefficients(sums, blocks, variance.shared, width)
            if variance.own > 0:
                sums_of_own = self._own_sums(rated, base, found, d)
                of_items[:, self._own_columns] = own_coefficients(sums_of_own, variance.own)
            shared.append(found)
            own.append(of_items)
        return Effects(self.items, base, shared, own)

    @property
    def _own_columns(self) -> npt.NDArray[np.bool_]:
        """Columns that an instance may have coefficients of its own for, but for styles: Z."""
        return np.asarray(self.kinds != STYLES[0])

    def _with_own(self, rated: Rated) -> bool:
        """Whether the data support coefficients of each instance's own."""
        size, count = int(self._own_columns.sum()), len(self.items.counts)
        return len(rated.raters) >= _LEAST_RATINGS * count and count * size**2 <= _MOST_NUMBERS

    def _shared_sums(self, rated: Rated, base: BaseFit, d: int) -> tuple[Sums, IntArray]:
        process = base.processes[d]
        raters = self._some(np.unique(rated.raters))
        known, residuals = by_rater(rated, base.expected, raters, d)
        design = design_of(process.item_kernel)
        sums = coefficient_sums(process, known, residuals, self.columns[raters], design)
        return sums, _blocks(self.kinds, design.shape[1])

    def _some(self, raters: IntArray) -> IntArray:
        """At most so many of them, drawn by seed: enough for coefficients that all share."""
        if len(raters) <= _MOST_RATERS:
            return raters
        rng = np.random.default_rng([self.items.seed, 9])
        return np.sort(rng.permutation(raters)[:_MOST_RATERS])

    def _own_sums(self, rated: Rated, base: BaseFit, shared: FloatArray, d: int) -> OwnSums:
        mine = rated.rows(rated.there[:, d])
        design = design_of(base.processes[d].item_kernel)
        by_person = self.columns @ shared
        fitted = np.einsum("np,np->n", by_person[mine.raters], design[mine.instances])
        rest = mine.scores[:, d] - base.expected[mine.instances, d] - fitted
        columns = self.columns[mine.raters][:, self._own_columns]
        return own_sums(mine.instances, rest, columns, len(base.expected))


def _blocks(kinds: IntArray, width: int) -> IntArray:
    """A block for each kind of column and part of the design: constant, item axis, all the rest.

    -1 for coefficients that stay 0: elevation, scatter and levels describe how a scale is used,
    and need no interaction with texts.
    """
    part = np.minimum(np.arange(width), 2)
    blocks = 3 * kinds[:, None] + part
    unused = np.isin(kinds, STYLES)[:, None] & (part == 2)
    out = np.full(blocks.shape, -1, dtype=np.intp)
    out[~unused] = np.unique(blocks[~unused], return_inverse=True)[1]
    return out.ravel()
