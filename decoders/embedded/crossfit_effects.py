"""Item effects and rater deviations estimated without side information, cross-fitted.

They do not depend on the representation, so one fit serves every representation of a split.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from decoders.embedded.instance_effects import Rated, expected_scores
from decoders.embedded.loadings import FACTORS, learned_loadings
from decoders.embedded.padded import Padded, padded
from decoders.embedded.rater_gp import ItemKernel, RaterProcess, fitted_process
from ratings.arrays import FloatArray, IntArray

FOLDS = 5
_MOST_RATERS = 150  # for variances, which need few
_MOST_FOR_LOADINGS = 1_500
_LEAST_SHARE = 0.02  # of the variance, below which loadings are not worth learning


@dataclass(frozen=True, eq=False)
class ItemFeatures:
    """What is known of the instances before any rating.

    Attributes:
        scores: (K + 1) x K x D score functions by number of choices.
        counts: I numbers of choices.
        there: I x D, which score functions an instance has.
        texts: I x F features of the instances' texts.
        groups: I codes.
        ordered: whether choices are ordered.
        seed: of every draw.
    """

    scores: FloatArray
    counts: IntArray
    there: npt.NDArray[np.bool_]
    texts: FloatArray
    groups: IntArray
    ordered: bool
    seed: int


@dataclass(frozen=True, eq=False)
class BaseFit:
    """Estimates from the ratings of some raters.

    Attributes:
        expected: I x D, mean scores of the instances.
        processes: D, how raters deviate from them.
    """

    expected: FloatArray
    processes: Sequence[RaterProcess]


@dataclass(frozen=True, eq=False)
class CrossFit:
    """Estimates from all training raters, and for each fold of them from the others.

    Attributes:
        rated: the ratings of training raters, each once, by rater.
        fold: R codes.
        whole: from all.
        without: a fold each, from the raters outside of it.
    """

    items: ItemFeatures
    rated: Rated
    fold: IntArray
    whole: BaseFit
    without: Sequence[BaseFit]


def fit_crossfit(items: ItemFeatures, rated: Rated, raters: int) -> CrossFit:
    """Estimate from all of `raters` training raters and across folds of them.

    Variances, and whether learned loadings are of use, are few numbers and are estimated once;
    all that has a number for each instance is estimated again in each fold.
    """
    rng = np.random.default_rng([items.seed, 5])
    fold = rng.permutation(np.arange(raters) % FOLDS).astype(np.intp)
    expected = expected_scores(rated, items.texts, items.groups)
    chosen = [_choose_process(rated, items, expected, d) for d in range(rated.scores.shape[1])]
    whole = _base_fit(items, rated, chosen)
    without = [_base_fit(items, rated.rows(fold[rated.raters] != f), chosen) for f in range(FOLDS)]
    return CrossFit(items, rated, fold, whole, without)


def _base_fit(
    items: ItemFeatures, rated: Rated, chosen: Sequence[tuple[RaterProcess, bool]]
) -> BaseFit:
    expected = expected_scores(rated, items.texts, items.groups)
    item_kernel = _item_kernel(items, expected)
    processes = []
    for d, (process, learns) in enumerate(chosen):
        mine = item_kernel
        if learns:
            raters = np.unique(rated.raters)[:_MOST_FOR_LOADINGS]
            found = _loadings(rated, items, expected, item_kernel, raters, d)
            mine = replace(item_kernel, loadings=found)
        processes.append(replace(process, item_kernel=mine))
    return BaseFit(expected, processes)


def _item_kernel(items: ItemFeatures, expected: FloatArray) -> ItemKernel:
    """Similarity without learned loadings; the item axis is the leading direction of the means."""
    centred = expected - expected.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    item_axis = centred @ axes[0]
    spread = item_axis.std()
    nothing = np.zeros((len(item_axis), 0))
    return ItemKernel(
        items.groups, items.texts, item_axis / (spread if spread > 0 else 1.0), nothing
    )


def _choose_process(
    rated: Rated, items: ItemFeatures, expected: FloatArray, d: int
) -> tuple[RaterProcess, bool]:
    """The process, and whether loadings learned from half of the raters help with the others."""
    item_kernel = _item_kernel(items, expected)
    order = np.random.default_rng([items.seed, 6]).permutation(np.unique(rated.raters))
    half = len(order) // 2
    first = np.sort(order[: min(half, _MOST_FOR_LOADINGS)])
    second = np.sort(order[half : half + _MOST_RATERS])
    known, residuals = by_rater(rated, expected, second, d)
    plain = fitted_process(item_kernel, known, residuals)
    found = _loadings(rated, items, expected, item_kernel, first, d)
    total = float((residuals[known.there] ** 2).mean()) if known.there.any() else 0.0
    if (found**2).sum(axis=1).mean() <= _LEAST_SHARE * total:
        return plain, False
    factored = fitted_process(replace(item_kernel, loadings=found), known, residuals)
    gain = factored.log_likelihood(known, residuals) - plain.log_likelihood(known, residuals)
    return (factored, True) if gain > 0 else (plain, False)


def _loadings(
    rated: Rated,
    items: ItemFeatures,
    expected: FloatArray,
    item_kernel: ItemKernel,
    raters: IntArray,
    d: int,
) -> FloatArray:
    mine = rated.rows(np.isin(rated.raters, raters) & rated.there[:, d])
    if len(np.unique(mine.raters)) <= FACTORS:
        return np.zeros((len(expected), FACTORS))
    constant = np.ones((len(expected), 1))
    return learned_loadings(
        np.unique(mine.raters, return_inverse=True)[1],
        mine.instances,
        mine.scores[:, d] - expected[mine.instances, d],
        known=np.hstack([constant, item_kernel.item_axis[:, None]]),
        features=np.hstack([constant, item_kernel.texts]),
        seed=items.seed,
    )


def by_rater(
    rated: Rated, expected: FloatArray, raters: IntArray, d: int
) -> tuple[Padded, FloatArray]:
    """The ratings of some raters that have score d, a row a rater, and their residuals."""
    mine = rated.rows(np.isin(rated.raters, raters) & rated.there[:, d])
    ends = np.append(raters, raters[-1] + 1)
    starts = np.searchsorted(mine.raters, ends)
    known = padded(starts, mine.instances)
    return known, known.fill(mine.scores[:, d] - expected[mine.instances, d])
