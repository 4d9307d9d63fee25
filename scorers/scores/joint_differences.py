"""The errors of several runs' differences to one run, with their covariances.

Differences to one run share that run, and the scores of one run share items, so their errors go
together. On these items they do so through repeats of the same asking: prompt variants where these
are paired, and otherwise the run that all are compared with. Beyond them they do so through the
clusters of items, by which all scores of all runs are jackknifed at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.joint_errors import JointErrors
from scorers.intervals.means import mean_of_present, ratio
from scorers.intervals.observations import Observations
from scorers.intervals.scopes import joined_scopes
from scorers.scores.shared_responses import ScopedScores, SharedResponses, scoped_scores


@dataclass(frozen=True, eq=False)
class JointDifferences:
    """B x D differences of B runs to one, in both scopes, with the covariances of their errors.

    The N = B x D errors are in the order of the differences: all D of the first run, and so on.

    Attributes:
        scores: the differences, each with its own error.
        on: errors of asking the same items again.
        beyond: errors of drawing other items of the kind.
    """

    scores: ScopedScores
    on: JointErrors
    beyond: JointErrors

    @property
    def values(self) -> FloatArray:
        """B x D differences."""
        return self.scores.beyond.values


@dataclass(frozen=True, eq=False)
class _Parts:
    """Errors as sums of independent parts.

    Attributes:
        shared: B x D x M, parts that the B rows have in common.
        own: B x D x M, parts that each of the B rows has to itself.
    """

    shared: FloatArray
    own: FloatArray


def joint_differences(
    answers: Sequence[SharedResponses], run: int, others: Sequence[int]
) -> JointDifferences | None:
    """The differences of some runs to one, theirs less its own; None where nothing is tagged.

    Args:
        answers: of one or several families of tagged items, from the same runs.
        run: that the others are compared with.
        others: B of them.
    """
    differing = [_differences(each, run, others) for each in answers]
    found = [one for one in differing if one is not None]
    if not found:
        return None
    names = [name for scores, _, _ in found for name in scores.names]
    beyond = joined_scopes([scores.beyond for scores, _, _ in found], axis=1)
    assert beyond.within is not None
    on = beyond.within
    covariance = _covariance([parts for _, parts, _ in found], on.errors)
    narrow = JointErrors(covariance, on.freedom.ravel(), on.reason)
    jackknifed = _covariance([parts for _, _, parts in found], beyond.errors)
    wide = JointErrors(jackknifed, beyond.freedom.ravel(), beyond.reason, within=narrow)
    return JointDifferences(ScopedScores(names, on, beyond), narrow, wide)


def _differences(
    answers: SharedResponses, run: int, others: Sequence[int]
) -> tuple[ScopedScores, _Parts, _Parts] | None:
    """The differences, and what their errors on these items and beyond them are made of."""
    paired = answers.by_column and answers.repeats.shape[2] > 1
    less = answers.less(run, others) if paired else answers
    if not less.observations:
        return None
    ((names, observed),) = less.observations
    compared = observed if paired else observed.less(run, others)
    scores = scoped_scores([(names, compared)])
    assert scores is not None
    weights = _weights(compared)
    parts = (
        _by_variant(less.numbers, compared, weights)
        if paired
        else _by_run(observed, run, others, weights)
    )
    return scores, parts, _by_cluster(compared)


def _weights(observed: Observations) -> FloatArray:
    """B x D x K, what each observation adds to each score."""
    there = (~np.isnan(observed.values))[:, None]
    tagged = there & observed.tagged
    weights = ratio(tagged, tagged.sum(axis=2, keepdims=True), empty=0.0)
    if observed.centred:
        family = there & observed.tagged.any(axis=0)
        weights = weights - ratio(family, family.sum(axis=2, keepdims=True), empty=0.0)
    found: FloatArray = observed.scale * weights
    return found


def _by_variant(numbers: FloatArray, observed: Observations, weights: FloatArray) -> _Parts:
    """Parts of paired variants; what an item with one answer borrows is its own.

    Args:
        numbers: B x K x V differences; NaN where missing.
        observed: the B x K means over variants.
        weights: B x D x K.
    """
    there = ~np.isnan(numbers)
    counts = there.sum(axis=2, keepdims=True).astype(float)
    gaps = np.where(there, numbers - mean_of_present(numbers, axis=2)[..., None], 0.0)
    each = gaps * np.sqrt(ratio(1.0, counts * (counts - 1), empty=0.0))
    shared = weights[..., None] * each[:, None]
    lone = np.zeros(counts.shape[:2], dtype=bool) if observed.lone is None else observed.lone
    own = np.sqrt(np.where(lone, np.nan_to_num(observed.variances), 0.0))
    return _Parts(shared.reshape(*shared.shape[:2], -1), weights * own[:, None])


def _by_run(observed: Observations, run: int, others: Sequence[int], weights: FloatArray) -> _Parts:
    """Parts of the run that all are compared with, and of each of the others."""
    errors = np.sqrt(np.nan_to_num(observed.variances))
    return _Parts(weights * errors[run], weights * errors[list(others)][:, None])


def _by_cluster(observed: Observations) -> _Parts:
    """How far each of the differences moves without each cluster, scaled as the jackknife does."""
    moves, carrying = [], []
    for fall, counts in observed.moves():
        moves.append(fall)
        carrying.append((counts > 0).sum(axis=1))
    clusters = np.stack(carrying, axis=1).astype(float)
    shrunk = np.sqrt(ratio(np.maximum(clusters - 1, 0), clusters, empty=0.0))
    shared = observed.scale * shrunk[..., None] * np.stack(moves, axis=1)
    return _Parts(shared, np.zeros((*shared.shape[:2], 0)))


def _covariance(parts: Sequence[_Parts], errors: FloatArray) -> FloatArray:
    """N x N; NaN where a difference has no error.

    Args:
        parts: of each family.
        errors: B x D standard errors.
    """
    shared = np.concatenate([one.shared for one in parts], axis=1)
    runs, scores = shared.shape[:2]
    flat = shared.reshape(runs * scores, -1)
    out: FloatArray = flat @ flat.T
    own = np.concatenate([one.own for one in parts], axis=1)
    for b, mine in enumerate(own @ own.transpose(0, 2, 1)):
        at = slice(b * scores, (b + 1) * scores)
        out[at, at] += mine
    without = np.isnan(errors).ravel()
    out[without], out[:, without] = np.nan, np.nan
    return out
