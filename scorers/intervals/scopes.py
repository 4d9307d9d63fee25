"""How sure a score is, or a difference of two runs: on these items, or beyond them.

Two questions have two answers. *On these items*: would the number be the same if the same items
were asked again? Its error is that of asking, what prompt variants and epochs scatter by.
*Beyond these items*: would it be the same with other items of the kind? There the clusters of
items (queries, people) are drawn from many, and the error of asking is a part of what they scatter
by.

A score is linear in its observations, which are items, people or single answers, so the
difference of two runs is the score of their differences: one function a scope serves a run and a
pair alike. Both take many runs at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.bootstrap import ANYWHERE, CONFIDENCE
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import mean_of_present
from scorers.intervals.observations import LinearObservations, Observations
from scorers.intervals.quantiles import student_beyond, student_quantile

Scope = Literal["on", "beyond"]

ASKED_ONCE = "no interval: too little was asked for twice; repeat with --epochs 2 or more"
ONE_CLUSTER = "no interval: it rests on one participant, query or text"
NO_ANSWER = "no answer could be read"
_CERTAIN = 1e-9
_MOST_LONE = 1 / 3  # of a score's squared weight may be observations that were answered once


@dataclass(frozen=True, eq=False)
class Scoped:
    """B x D scores, or differences, with their error in one scope.

    Attributes:
        values: NaN where a score is not defined.
        errors: standard errors; NaN where there is none.
        freedom: their degrees of freedom.
        least: the least p-value that there can be.
        reason: why errors are NaN where they are.
        within: the same in a narrower scope, whose intervals lie within these.
    """

    values: FloatArray
    errors: FloatArray
    freedom: FloatArray
    least: FloatArray
    reason: str
    within: "Scoped | None" = None

    def only(self, positions: Sequence[int]) -> "Scoped":
        """Some of the D scores."""
        return self._taken((slice(None), list(positions)))

    def of_rows(self, positions: npt.NDArray[np.intp]) -> "Scoped":
        """Some of the B rows."""
        return self._taken((positions, slice(None)))

    def without(self, lost: BoolArray) -> "Scoped":
        """The same with some of the B rows undefined."""
        return replace(self, values=np.where(lost[:, None], np.nan, self.values))

    def with_added(self, errors: FloatArray, freedom: float) -> "Scoped":
        """The same with a further, independent error of each score.

        Args:
            errors: B x D standard errors; NaN leaves a score without an error.
            freedom: their degrees of freedom; those of the sum are Satterthwaite's.
        """
        squares, added = self.errors**2, errors**2
        total = squares + added
        parts = squares**2 / np.maximum(self.freedom, 1e-3) + added**2 / freedom
        whole = np.divide(total**2, parts, out=np.full_like(total, freedom), where=parts > 0)
        return replace(self, errors=np.sqrt(total), freedom=whole)

    def _taken(self, positions: Any) -> "Scoped":  # noqa: ANN401
        return Scoped(
            self.values[positions],
            self.errors[positions],
            self.freedom[positions],
            self.least[positions],
            self.reason,
            None if self.within is None else self.within._taken(positions),
        )

    def reach(self, confidence: float = CONFIDENCE) -> FloatArray:
        """Half the widths of Student's intervals, no narrower than those within."""
        quantiles = student_quantile((1 + confidence) / 2, np.maximum(self.freedom, 1e-3))
        found: FloatArray = quantiles * self.errors
        if self.within is None:
            return found
        inner = self.within.reach(confidence)
        return np.where(np.isnan(found), found, np.fmax(found, inner))

    def p_values(self) -> FloatArray:
        """Two-sided p-values of zero, by Student's t; NaN where there is no error.

        A difference that no repeat and no cluster moves is certain, unless it is 0.
        With n clusters a p-value is never below 2 / 2^n: each as likely to differ one way as the
        other, all agree that often. On these items it is never below 2^-f with f degrees of
        freedom in all. Student's t is exact for normal differences, and makes too much of a few
        that are all alike.
        """
        sizes = np.abs(self.values)
        still = np.where(sizes > _CERTAIN, np.inf, 0.0)
        ratios = np.divide(sizes, self.errors, out=still, where=~(self.errors <= _CERTAIN))
        found: FloatArray = 2 * student_beyond(ratios, np.maximum(self.freedom, 1e-3))
        found = np.minimum(np.maximum(found, self.least), 1.0)
        found = np.where(sizes > _CERTAIN, found, 1.0)
        if self.within is not None:
            found = np.fmax(found, self.within.p_values())
        return np.where(np.isnan(self.values) | np.isnan(self.errors), np.nan, found)

    def estimates(
        self,
        row: int = 0,
        confidence: float = CONFIDENCE,
        ends: tuple[float, float] = ANYWHERE,
    ) -> list[Estimate]:
        """The D estimates of one run or pair.

        Args:
            row: of the run or pair.
            confidence: nominal coverage of the intervals.
            ends: the least and the greatest value a score can take; intervals are cut off there.
        """
        reach = self.reach(confidence)[row]
        out = []
        for value, half in zip(self.values[row].tolist(), reach.tolist(), strict=True):
            if np.isnan(value):
                out.append(undefined(NO_ANSWER))
            elif np.isnan(half):
                out.append(Estimate(value, reason=self.reason))
            else:
                low, high = np.clip([value - half, value + half], *ends).tolist()
                out.append(Estimate(value, low, high))
        return out


def beyond_items(observed: Observations | LinearObservations) -> Scoped:
    """Scores with the error that drawing other clusters of items would make.

    The standard error is the jackknife's over the n clusters that carry a score: how far it moves
    when each cluster in turn is left out, times sqrt((n - 1) / n); degrees of freedom are n - 1.
    The error of asking is a part of it; where it comes out smaller, as it may by chance, intervals
    reach as far as on these items.

    Source: Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 11, for the
    jackknife; Cameron and Miller (2015), A practitioner's guide to cluster-robust inference, for
    few clusters and Student's t.

    >>> every = np.ones((1, 3), dtype=bool)
    >>> found = Observations.asked_once(np.array([[1.0, 2.0, 6.0]]), every, ["a", "b", "c"])
    >>> (mean,) = beyond_items(found).estimates()
    >>> round(mean.low, 2), mean.value, round(mean.high, 2)
    (-3.57, 3.0, 9.57)
    """
    scores = observed.scores()
    errors, carrying = np.empty_like(scores), np.empty_like(scores)
    for d, (moves, counts) in enumerate(observed.moves()):
        carrying[:, d] = (counts > 0).sum(axis=1)
        errors[:, d] = np.sqrt((moves**2).sum(axis=1))
    several = carrying > 1
    shrunk = np.sqrt(np.maximum(carrying - 1, 0) / np.maximum(carrying, 1))
    errors = np.where(several, abs(observed.scale) * shrunk * errors, np.nan)
    least = least_p_value(carrying)
    return Scoped(scores, errors, carrying - 1, least, ONE_CLUSTER, within=on_items(observed))


def on_items(observed: Observations | LinearObservations) -> Scoped:
    """Scores with the error that asking the same items again would make.

    The variance of a score adds up the variances of its observations, each by the square of its
    weight; degrees of freedom are Satterthwaite's. One that was answered once borrows the variance
    of others; there is no error where more than a third of a score's squared weight is such ones.

    Source: Satterthwaite (1946), An approximate distribution of estimates of variance components.

    >>> every = np.ones((1, 2), dtype=bool)
    >>> found = on_items(Observations(np.array([[1.0, 2.0]]), np.full((1, 2), 0.02),
    ...                               np.full((1, 2), 5.0), every, clusters=np.array([0, 0])))
    >>> found.errors.round(3).item(), found.freedom.item()
    (0.1, 10.0)
    """
    there = ~np.isnan(observed.values)
    known = there & (observed.freedom > 0)
    variances = np.where(known, observed.variances, 0.0)
    squares = np.divide(variances**2, observed.freedom, out=np.zeros_like(variances), where=known)
    variance, square = observed.weighed((2, variances), (4, squares))
    once = there & ~known
    lone = once if observed.lone is None else once | (there & observed.lone)
    enough = observed.at_most(_MOST_LONE, lone)
    errors = np.where(enough, abs(observed.scale) * np.sqrt(variance), np.nan)
    least = np.where(known, observed.freedom, np.inf).min(axis=1, initial=np.inf)[:, None]
    freedom = np.divide(
        variance**2, square, out=np.broadcast_to(least, square.shape).copy(), where=square > 0
    )
    estimated = known & ~lone & np.isfinite(observed.freedom)
    own = observed.counted(np.where(estimated, observed.freedom, 0.0))
    return Scoped(observed.scores(), errors, freedom, np.exp2(-own), ASKED_ONCE)


def of_replicates(values: FloatArray, replicates: FloatArray, clusters: int) -> Scoped:
    """Scores that are no means, with the error that their bootstrap replicates scatter by.

    Args:
        values: B scores of as many runs or pairs, a column (B x 1).
        replicates: N x B, with clusters resampled; NaN ones are left out.
        clusters: n, that are drawn; replicates understate the error by sqrt((n - 1) / n).
    """
    squares = (replicates - mean_of_present(replicates, axis=0)) ** 2
    spread = np.sqrt(mean_of_present(squares, axis=0))[:, None]
    enough = ((~np.isnan(replicates)).sum(axis=0) > 1)[:, None] & (clusters > 1)
    errors = np.where(enough, spread * np.sqrt(clusters / max(clusters - 1, 1)), np.nan)
    several = np.full(values.shape, float(clusters))
    return Scoped(values, errors, several - 1, least_p_value(several), ONE_CLUSTER)


def joined_scopes(parts: Sequence[Scoped], axis: int) -> Scoped:
    """Scores of several runs or pairs (axis 0), or several scores of each (axis 1)."""
    within = [part.within for part in parts if part.within is not None]
    return Scoped(
        np.concatenate([part.values for part in parts], axis=axis),
        np.concatenate([part.errors for part in parts], axis=axis),
        np.concatenate([part.freedom for part in parts], axis=axis),
        np.concatenate([part.least for part in parts], axis=axis),
        parts[0].reason,
        joined_scopes(within, axis) if within else None,
    )


def without_error(values: FloatArray, reason: str) -> Scoped:
    """Scores or differences that have no error in a scope, and why."""
    nothing = np.zeros(values.shape)
    return Scoped(values, np.full(values.shape, np.nan), nothing, nothing, reason)


def least_p_value(clusters: FloatArray) -> FloatArray:
    """The least p-value that so many clusters can give, 2 / 2^n."""
    found: FloatArray = np.exp2(1 - np.maximum(clusters, 1.0))
    return found


def clustered_mean(values: FloatArray, clusters: Sequence[object]) -> Estimate:
    """The mean of K numbers, NaN where missing, with the error of drawing other clusters of them.

    >>> clustered_mean(np.array([1.0, 1.0, 2.0]), ["ann", "ann", "bob"]).value.__round__(3)
    1.333
    """
    every = np.ones((1, len(values)), dtype=bool)
    return beyond_items(Observations.asked_once(values[None], every, clusters)).estimates()[0]
