"""How raters are expected to stray, given what is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decoders.embedded.ground import Ground, Grounds, Setting, by_rater
from decoders.embedded.instance_effects import Rated
from decoders.embedded.padded import padded
from decoders.embedded.random_coefficients import (
    Sums,
    coefficient_sums,
    coefficient_variances,
    coefficients,
)
from decoders.embedded.rater_process import Alike
from decoders.embedded.told_features import STYLES
from ratings.representations.told import Told

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Effects:
    """Effects of instances and raters.

    Attributes:
        setting: what was known before.
        ground: what ratings show of instances and of how raters stray.
        coefficients: D times Z x P, of what is told but for known ratings.
    """

    setting: Setting
    ground: Ground
    coefficients: Sequence[FloatArray]

    def of(
        self, told: Told, columns: FloatArray, raters: IntArray, instances: IntArray
    ) -> FloatArray:
        """How N raters are expected to stray on N instances, N x D.

        Args:
            told: of R raters; only their known ratings are read here.
            columns: R x Z, the rest of what is told.
            raters: N places.
            instances: N places.
        """
        setting, expected = self.setting, self.ground.expected
        known = padded(told.starts, told.instances)
        chosen = setting.scores[setting.counts[told.instances], told.ratings - 1]
        residuals = chosen - expected[told.instances]
        out = np.zeros((len(raters), expected.shape[1]))
        pairs = zip(self.ground.processes, self.coefficients, strict=True)
        for d, (process, found) in enumerate(pairs):
            mine = known.where(setting.there[known.instances, d])
            rest = known.fill(residuals[:, d]) * mine.there
            if columns.shape[1]:
                design = design_of(process.alike)
                by_person = columns @ found
                rest -= np.einsum("rp,rnp->rn", by_person, design[known.instances])
                out[:, d] += np.einsum("np,np->n", by_person[raters], design[instances])
            if mine.there.any():
                weighed = process.solve(mine, rest)
                out[:, d] += process.expected(mine, weighed, raters, instances)
        return out * setting.there[instances]


def design_of(alike: Alike) -> FloatArray:
    """What coefficients may depend on, I x P: a constant, the lean, texts, learned loadings."""
    constant = np.ones((len(alike.lean), 1))
    return np.hstack([constant, alike.lean[:, None], alike.texts, alike.loadings])


def fit_effects(
    grounds: Grounds, columns: FloatArray, kinds: IntArray
) -> tuple[Effects, list[Effects]]:
    """Effects from all training raters, and for each fold from the raters outside of it.

    Args:
        grounds: what ratings show whatever is told.
        columns: R x Z, what is told of the training raters but for known ratings.
        kinds: Z, of the columns.
    """
    variances = [
        coefficient_variances(*_sums(grounds.rated, grounds.whole, columns, kinds, d))
        for d in range(len(grounds.whole.processes))
        if columns.shape[1]
    ]

    def effects(ground: Ground, rated: Rated) -> Effects:
        found = []
        for d, process in enumerate(ground.processes):
            width = design_of(process.alike).shape[1]
            if columns.shape[1]:
                sums, blocks = _sums(rated, ground, columns, kinds, d)
                found.append(coefficients(sums, blocks, variances[d], width))
            else:
                found.append(np.zeros((0, width)))
        return Effects(grounds.setting, ground, found)

    rated, fold = grounds.rated, grounds.fold
    across = [
        effects(ground, rated.rows(fold[rated.raters] != f))
        for f, ground in enumerate(grounds.without)
    ]
    return effects(grounds.whole, rated), across


def _sums(
    rated: Rated, ground: Ground, columns: FloatArray, kinds: IntArray, d: int
) -> tuple[Sums, IntArray]:
    process = ground.processes[d]
    raters = np.unique(rated.raters)
    known, residuals = by_rater(rated, ground, raters, d)
    design = design_of(process.alike)
    sums = coefficient_sums(process, known, residuals, columns[raters], design)
    return sums, _blocks(kinds, design.shape[1])


def _blocks(kinds: IntArray, width: int) -> IntArray:
    """A block for each kind of column and part of the design: constant, lean, all the rest.

    -1 for coefficients that stay 0: elevation, scatter and levels tell of how a scale is used,
    and need no interaction with texts.
    """
    part = np.minimum(np.arange(width), 2)
    blocks = 3 * kinds[:, None] + part
    unused = np.isin(kinds, STYLES)[:, None] & (part == 2)
    out = np.full(blocks.shape, -1, dtype=np.intp)
    out[~unused] = np.unique(blocks[~unused], return_inverse=True)[1]
    return out.ravel()
