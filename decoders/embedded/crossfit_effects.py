"""What ratings show before anything is given about a rater: instances, and how raters stray.

It is the same whatever is given, so one fit serves every representation of a split.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from decoders.embedded.instance_effects import Rated, expected_scores
from decoders.embedded.loadings import FACTORS, learned_loadings
from decoders.embedded.padded import Padded, padded
from decoders.embedded.rater_gp import Alike, RaterProcess, fitted_process

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

FOLDS = 5
_MOST_RATERS = 150  # for variances, which need few
_MOST_FOR_LOADINGS = 1_500
_LEAST_SHARE = 0.02  # of the variance, below which loadings are not worth learning


@dataclass(frozen=True, eq=False)
class Setting:
    """What is known before any rating.

    Attributes:
        scores: (K + 1) x K x D score functions by number of choices.
        counts: I numbers of choices.
        there: I x D, which score functions an instance has.
        texts: I x F features of the instances' texts.
        groups: I codes.
        ordered: whether choices stand in an order.
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
class Ground:
    """Estimates from the ratings of some raters.

    Attributes:
        expected: I x D, mean scores of the instances.
        processes: D, how raters stray from them.
    """

    expected: FloatArray
    processes: Sequence[RaterProcess]


@dataclass(frozen=True, eq=False)
class Grounds:
    """Estimates from all training raters, and for each fold of them from the others.

    Attributes:
        rated: the ratings of training raters, each once, by rater.
        fold: R codes.
        whole: from all.
        without: a fold each, from the raters outside of it.
    """

    setting: Setting
    rated: Rated
    fold: IntArray
    whole: Ground
    without: Sequence[Ground]


def fit_grounds(setting: Setting, rated: Rated, raters: int) -> Grounds:
    """Estimate from all of `raters` training raters and across folds of them.

    Variances, and whether learned loadings are of use, are few numbers and are estimated once;
    all that has a number for each instance is estimated anew in each fold.
    """
    rng = np.random.default_rng([setting.seed, 5])
    fold = rng.permutation(np.arange(raters) % FOLDS).astype(np.intp)
    expected = expected_scores(rated, setting.texts, setting.groups)
    chosen = [_choose_process(rated, setting, expected, d) for d in range(rated.scores.shape[1])]
    whole = _ground(setting, rated, chosen)
    without = [_ground(setting, rated.rows(fold[rated.raters] != f), chosen) for f in range(FOLDS)]
    return Grounds(setting, rated, fold, whole, without)


def by_rater(rated: Rated, ground: Ground, raters: IntArray, d: int) -> tuple[Padded, FloatArray]:
    """The ratings of some raters that have score d, side by side, and their residuals."""
    return _side_by_side(rated, ground.expected, raters, d)


def _ground(setting: Setting, rated: Rated, chosen: Sequence[tuple[RaterProcess, bool]]) -> Ground:
    expected = expected_scores(rated, setting.texts, setting.groups)
    alike = _alike(setting, expected)
    processes = []
    for d, (process, learns) in enumerate(chosen):
        mine = alike
        if learns:
            raters = np.unique(rated.raters)[:_MOST_FOR_LOADINGS]
            found = _loadings(rated, setting, expected, alike, raters, d)
            mine = replace(alike, loadings=found)
        processes.append(replace(process, alike=mine))
    return Ground(expected, processes)


def _alike(setting: Setting, expected: FloatArray) -> Alike:
    """Likeness without learned loadings; the lean is the leading direction of the means."""
    centred = expected - expected.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    lean = centred @ axes[0]
    spread = lean.std()
    nothing = np.zeros((len(lean), 0))
    return Alike(setting.groups, setting.texts, lean / (spread if spread > 0 else 1.0), nothing)


def _choose_process(
    rated: Rated, setting: Setting, expected: FloatArray, d: int
) -> tuple[RaterProcess, bool]:
    """The process, and whether loadings learned from half of the raters help with the others."""
    alike = _alike(setting, expected)
    order = np.random.default_rng([setting.seed, 6]).permutation(np.unique(rated.raters))
    half = len(order) // 2
    first = np.sort(order[: min(half, _MOST_FOR_LOADINGS)])
    second = np.sort(order[half : half + _MOST_RATERS])
    known, residuals = _side_by_side(rated, expected, second, d)
    plain = fitted_process(alike, known, residuals)
    found = _loadings(rated, setting, expected, alike, first, d)
    total = float((residuals[known.there] ** 2).mean()) if known.there.any() else 0.0
    if (found**2).sum(axis=1).mean() <= _LEAST_SHARE * total:
        return plain, False
    factored = fitted_process(replace(alike, loadings=found), known, residuals)
    gain = factored.log_likelihood(known, residuals) - plain.log_likelihood(known, residuals)
    return (factored, True) if gain > 0 else (plain, False)


def _loadings(
    rated: Rated, setting: Setting, expected: FloatArray, alike: Alike, raters: IntArray, d: int
) -> FloatArray:
    mine = rated.rows(np.isin(rated.raters, raters) & rated.there[:, d])
    if len(np.unique(mine.raters)) <= FACTORS:
        return np.zeros((len(expected), FACTORS))
    constant = np.ones((len(expected), 1))
    return learned_loadings(
        np.unique(mine.raters, return_inverse=True)[1],
        mine.instances,
        mine.scores[:, d] - expected[mine.instances, d],
        known=np.hstack([constant, alike.lean[:, None]]),
        features=np.hstack([constant, alike.texts]),
        seed=setting.seed,
    )


def _side_by_side(
    rated: Rated, expected: FloatArray, raters: IntArray, d: int
) -> tuple[Padded, FloatArray]:
    mine = rated.rows(np.isin(rated.raters, raters) & rated.there[:, d])
    ends = np.append(raters, raters[-1] + 1)
    starts = np.searchsorted(mine.raters, ends)
    known = padded(starts, mine.instances)
    return known, known.fill(mine.scores[:, d] - expected[mine.instances, d])
