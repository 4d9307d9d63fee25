"""How far asking again moves a score: the yardstick of a change on the same items.

A rater that has not changed still answers differently when it is asked again. How much is read off
the repeats that there are, pooled over answers, and each change is compared with it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from scorers.change.askings import Askings
from scorers.intervals.means import mean_of_present, ratio
from scorers.intervals.quantiles import student_beyond, student_quantile

Yardstick = Literal["repeats", "wordings", "differences"]
_STILL = 1e-9


@dataclass(frozen=True, eq=False)
class Changes:
    """D scores of two sets of askings, and what asking again would have changed.

    Attributes:
        names: D.
        before: D scores of the first set, on the answers of both.
        after: D scores of the second.
        errors: D standard errors of the differences if nothing changed but by asking again; NaN
            where a score is not defined.
        freedom: D degrees of freedom of the errors.
        noise: D, the error of one asking; with r and s askings on either side the standard error of
            a difference is noise times the root of 1 / r + 1 / s.
        changed: D, how many answers that count for the score differ, those of its centre left out.
        answers: D, how many count.
        least: D, the least p-value that so many changed answers can give.
        repeats: the largest number of askings before and after.
        yardstick: what the error is read off. `repeats`: answers asked more than once. `wordings`:
            how the change varies over the wordings of an item, which is at least the error.
            `differences`: the size of the changes themselves, likewise.
    """

    names: tuple[str, ...]
    before: FloatArray
    after: FloatArray
    errors: FloatArray
    freedom: FloatArray
    noise: FloatArray
    changed: npt.NDArray[np.intp]
    answers: npt.NDArray[np.intp]
    least: FloatArray
    repeats: tuple[int, int]
    yardstick: Yardstick

    @property
    def differences(self) -> FloatArray:
        """D, after less before."""
        return self.after - self.before

    @property
    def steady(self) -> bool:
        """Whether asking again was never seen to change an answer."""
        return self.yardstick == "repeats" and not np.nansum(self.noise)

    def only(self, names: Collection[str]) -> "Changes":
        """Some of the scores."""
        positions = [d for d, name in enumerate(self.names) if name in names]
        taken = {
            name: getattr(self, name)[positions]
            for name in ("before", "after", "errors", "freedom", "noise", "changed", "answers",
                         "least")
        }  # fmt: skip
        return replace(self, names=tuple(self.names[d] for d in positions), **taken)

    def p_values(self) -> FloatArray:
        """D two-sided p-values of no change, by Student's t; NaN where there is no error."""
        sizes = np.abs(self.differences)
        still = np.where(sizes > _STILL, np.inf, 0.0)
        ratios = np.divide(sizes, self.errors, out=still, where=~(self.errors <= _STILL))
        found = np.maximum(2 * student_beyond(ratios, self.freedom), self.least)
        found = np.where(sizes > _STILL, np.minimum(found, 1.0), 1.0)
        return np.where(np.isnan(sizes) | np.isnan(self.errors), np.nan, found)

    def reach(self, confidence: float) -> FloatArray:
        """D half widths of Student's intervals."""
        found: FloatArray = student_quantile((1 + confidence) / 2, self.freedom) * self.errors
        return found


@dataclass(frozen=True, eq=False)
class _Noise:
    """The variance of one asking of an answer, in U units of S x P answers that share an estimate.

    Attributes:
        variances: U.
        known: U, how many degrees of freedom each rests on; above 0.
        unit: S x P, the unit of each answer.
        shared: how many times more than single answers sums over clusters scatter, 1 or more.
        blocks: how many independent parts that was read off.
        yardstick: what it was read off.
    """

    variances: FloatArray
    known: FloatArray
    unit: npt.NDArray[np.intp]
    shared: float
    blocks: float
    yardstick: Yardstick


def changes(asked: Askings) -> Changes:
    """The difference of each score with the error that asking again explains.

    The variance of an answer when it is asked again is estimated from repeats of either set. That
    of a score adds them up by the squares of the answers' weights; it is then shrunk towards what
    the mean variance of all answers would make it, as far as the scores' own estimates scatter no
    more than chance (DerSimonian and Laird's moment estimate), since a score of few answers knows
    little of its own noise. Where answers of one cluster (a query, a person) scatter together, all
    errors grow by how much more the sums of clusters vary than single answers; none shrinks by it.

    Without any repeat the noise of a difference is read off how it varies over the wordings of an
    item, or, with one wording, off its size. Both hold what changed besides, so the error is then
    an upper bound on that of asking again, if the calls of an item are answered independently:
    whether they scatter together nobody can tell without a repeat.

    Source: DerSimonian and Laird (1986) for the moment estimate; Smyth (2004), Linear models and
    empirical Bayes methods, for borrowing variance; Kish (1965) for the design effect.

    Args:
        asked: two sets of askings.
    """
    one, other = ((~np.isnan(a)).sum(axis=2) for a in (asked.before, asked.after))
    counted: BoolArray = np.any(asked.weights, axis=0)
    halves = ratio(1.0, one, empty=0.0) + ratio(1.0, other, empty=0.0)
    found = _noise(asked, counted)
    squares = asked.weights**2
    variances, freedom = _shrunk(_by_unit(squares * halves, found), found)
    single, _ = _shrunk(_by_unit(squares, found), found)
    before, after = asked.scores(asked.before), asked.scores(asked.after)
    differ = asked.change != 0
    weighing = (differ & (asked.weights != 0)).sum(axis=(1, 2)).astype(float)
    # Each answer that differs could as well have been another asking that stood out.
    askings = 1 + max(asked.before.shape[2], asked.after.shape[2])
    defined = ~np.isnan(before + after)
    return Changes(
        names=asked.names,
        before=before,
        after=after,
        errors=np.where(defined, np.sqrt(variances * found.shared), np.nan),
        freedom=freedom,
        noise=np.where(defined, np.sqrt(single * found.shared), np.nan),
        changed=(differ & asked.counted).sum(axis=(1, 2)),
        answers=asked.counted.sum(axis=(1, 2)),
        least=np.where(weighing > 0, 2.0 * float(askings) ** -weighing, 1.0),
        repeats=(asked.before.shape[2], asked.after.shape[2]),
        yardstick=found.yardstick,
    )


def _noise(asked: Askings, counted: BoolArray) -> _Noise:
    """What asking again does to single answers, among those that weigh."""
    residuals = [
        np.where(np.isnan(a) | ~counted[:, :, None], 0.0, a - mean_of_present(a, 2)[:, :, None])
        for a in (asked.before, asked.after)
    ]
    numbers = [(~np.isnan(a)).sum(axis=2) for a in (asked.before, asked.after)]
    freedom = np.where(counted, sum(np.maximum(n - 1, 0) for n in numbers), 0).astype(float)
    shape = counted.shape
    if freedom.any():
        squares = sum((r**2).sum(axis=2) for r in residuals)
        every = np.arange(counted.size).reshape(shape)
        runs = np.concatenate([r for r in residuals if r.shape[2] > 1], axis=2)
        times = sum(r.shape[2] - 1 for r in residuals)
        together = _sums(runs, asked.clusters)
        shared = float(ratio((together**2).sum(), np.sum(squares), empty=1.0))
        return _kept(
            ratio(squares, freedom, empty=0.0),
            freedom,
            every,
            shared,
            times * len(together),
            "repeats",
        )
    change = np.where(counted, asked.change, 0.0)
    columns = counted.sum(axis=1)
    if asked.wordings and (columns > 1).any():
        gaps = np.where(counted, change - ratio(change.sum(axis=1), columns, empty=0.0)[:, None], 0)
        known = np.maximum(columns - 1, 0).astype(float)
        variances = ratio((gaps**2).sum(axis=1), known, empty=0.0) / 2
        every = np.broadcast_to(np.arange(shape[0])[:, None], shape)
        return _kept(variances, known, every, 1.0, np.inf, "wordings")
    every = np.arange(counted.size).reshape(shape)
    together = (_sums(change[:, :, None], asked.clusters) ** 2).sum()
    shared = float(ratio(together, (change**2).sum(), empty=1.0))
    blocks = len(np.unique(asked.clusters))
    return _kept(change**2 / 2, counted.astype(float), every, shared, blocks, "differences")


def _kept(
    variances: FloatArray,
    known: FloatArray,
    unit: npt.NDArray[np.intp],
    shared: float,
    blocks: float,
    yardstick: Yardstick,
) -> _Noise:
    return _Noise(variances.ravel(), known.ravel(), unit, max(1.0, shared), blocks, yardstick)


def _sums(values: FloatArray, clusters: npt.NDArray[np.intp]) -> FloatArray:
    """C x E sums over the answers of each cluster, of S x P x E."""
    out = np.zeros((clusters.max(initial=-1) + 1, values.shape[2]))
    np.add.at(out, clusters, values.sum(axis=1))
    return out


def _by_unit(squares: FloatArray, noise: _Noise) -> FloatArray:
    """D x U, what each unit's variance counts for in that of each score."""
    out = np.zeros((len(squares), len(noise.variances)))
    np.add.at(out.T, noise.unit.ravel(), squares.reshape(len(squares), -1).T)
    return out


def _shrunk(weights: FloatArray, noise: _Noise) -> tuple[FloatArray, FloatArray]:
    """D variances of scores, and their degrees of freedom by Satterthwaite's rule.

    Args:
        weights: D x U, by `_by_unit`.
        noise: of single answers.
    """
    known = noise.known > 0
    # A unit without an estimate has the mean one.
    mean = float(ratio((noise.known * noise.variances).sum(), noise.known.sum(), empty=0.0))
    every = np.full(len(weights), np.inf)
    if mean <= 0:
        return np.zeros(len(weights)), every
    variances = np.where(known, noise.variances, mean)
    scatter = ((variances[known] - mean) ** 2).sum() / max(known.sum() - 1, 1)
    pooled = mean * weights.sum(axis=1)
    own = ratio(weights @ variances, pooled, empty=1.0)
    chance = ratio(scatter * (weights**2) @ known, pooled**2, empty=0.0)
    there = chance > 0
    between = 0.0
    if there.sum() > 1:
        excess = ((own[there] - 1) ** 2 / chance[there] - 1).sum()
        between = max(0.0, excess / (1 / chance[there]).sum())
    weight = ratio(between, between + chance, empty=0.0)
    shrunk = 1 + weight * (own - 1)
    uncertain = weight * chance + scatter / (known.sum() * mean**2) + 2 * shrunk**2 / noise.blocks
    return pooled * shrunk, 2 * shrunk**2 / uncertain
