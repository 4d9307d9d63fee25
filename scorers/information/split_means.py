"""Means over ratings in each split of the raters, and over splits, with what each rests on.

A decoder is trained and tested on several splits of the same people, and a rater may be tested in
more than one of them. So raters are resampled once for all splits, never split by split.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.intervals.bootstrap import (
    CONFIDENCE,
    FEW_CLUSTERS,
    REPLICATES,
    cluster_intervals,
    cluster_sums,
    resampled,
)
from scorers.intervals.estimate import Estimate
from scorers.intervals.means import ratio

Labels = Sequence[Any] | npt.NDArray[Any]

_BATCH = 2_000_000  # weights drawn at a time: 16 MB


@dataclass(frozen=True, eq=False)
class SplitMean:
    """A mean in each of S splits and over them.

    Attributes:
        estimate: the mean of the splits' means, each split counting the same.
        splits: S labels, sorted.
        per_split: S means over the ratings of one split, with intervals.
        training_sd: standard deviation between splits beyond what other test raters explain;
            0 when they explain all of it, NaN with one split.
        replicates: B x S means in the splits with raters resampled, NaN without an interval.
        drawn: seed, raters and ratings of the draw. Means with the same `drawn`, of the same
            ratings, have joint replicates.
    """

    estimate: Estimate
    splits: tuple[str, ...]
    per_split: tuple[Estimate, ...]
    training_sd: float
    replicates: FloatArray
    drawn: tuple[int, int, int]


def drawn_sums(sums: FloatArray, seed: int, replicates: int = REPLICATES) -> FloatArray:
    """Sums over C clusters resampled, K x C to B x K; the same seed draws the same clusters.

    For thousands of clusters: the weights are made a batch at a time and not kept, where
    `scorers.intervals.bootstrap.cluster_weights` keeps all B x C of them.

    >>> drawn_sums(np.ones((1, 3)), seed=0, replicates=2)
    array([[3.],
           [3.]])
    """
    clusters = sums.shape[1]
    rng = np.random.default_rng(seed)
    rows = max(1, _BATCH // max(clusters, 1))
    parts = []
    for first in range(0, replicates, rows):
        size = min(rows, replicates - first)
        chosen = rng.integers(clusters, size=(size, clusters))
        chosen += clusters * np.arange(size)[:, None]
        weights = np.bincount(chosen.ravel(), minlength=size * clusters).astype(float)
        parts.append(resampled(weights.reshape(size, clusters), sums))
    return np.concatenate(parts)


def numbered(labels: Labels, what: str) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Sorted distinct labels, and the position of each label among them.

    Args:
        labels: N of them, all strings or all numbers.
        what: they are, for the error.

    Raises:
        DataError: when a label is missing.

    >>> numbered(["b", "a", "b"], "raters")
    (array(['a', 'b'], dtype=object), array([1, 0, 1]))
    """
    values = np.asarray(labels)
    values = values.astype(object) if values.dtype.kind == "U" else values
    codes, names = pd.factorize(values, sort=True)
    if (codes < 0).any():
        raise DataError(f"{int((codes < 0).sum())} of {len(codes)} {what} are missing; name them")
    return np.asarray(names), codes


def split_means(
    values: FloatArray, raters: Labels, splits: Labels, seed: int = 0
) -> list[SplitMean]:
    """Means of M quantities, such as losses under M representations, over the same N ratings.

    Within a split: the mean over its ratings, with a percentile interval that draws raters, with
    all their ratings. It speaks of the one decoder that was trained on this split.

    Over S splits: the mean of the splits' means, for a decoder trained again on such a split and
    raters like these. Its interval has two parts. Raters are resampled in all splits at once, so
    that what two splits share through the same test raters is kept. And splits are few runs out
    of many possible: the variance between splits, less the part that other test raters alone
    would cause, is that of training, and a Student variable with S - 1 degrees of freedom and this
    variance over S is added to each replicate. (Adding the whole variance between splits would
    count the raters twice.) With one split the second part is unknown and left out. What all
    splits share, training raters from one pool of people and one set of instances, no interval
    covers.

    A value that is infinite makes its mean infinite and leaves it without an interval.

    Args:
        values: M x N, finite or infinite.
        raters: N labels.
        splits: N labels; a rating tested in two splits is here twice.
        seed: of the draws.

    Raises:
        DataError: when there are no ratings, or the lengths differ.
    """
    count = values.shape[1]
    if not len(raters) == len(splits) == count:
        raise DataError(
            f"{count} values with {len(raters)} raters and {len(splits)} splits; give one rater "
            "and one split for each rating"
        )
    if not count:
        raise DataError("there are no ratings to take a mean of")
    names, split = numbered(splits, "splits")
    rater_names, rater = numbered(raters, "raters")
    number, people = len(names), len(rater_names)
    cells = split * people + rater
    finite = np.isfinite(values)
    sums = cluster_sums(np.where(finite, values, 0.0), cells, number * people)
    counts = np.bincount(cells, minlength=number * people).reshape(number, people).astype(float)
    totals = cluster_sums(values, split, number) / counts.sum(axis=1)  # M x S, infinite ones too
    gaps = cluster_sums((~finite).astype(float), split, number)

    drawn = drawn_sums(np.vstack([sums.reshape(-1, people), counts]), seed)
    tops = drawn[:, :-number].reshape(-1, len(values), number)
    means = ratio(tops, drawn[:, None, -number:])  # B x M x S
    means[:, gaps > 0] = np.nan
    per_split = _within(totals, means, gaps, (counts > 0).sum(axis=1))
    steps, training = _training(totals, means, people, seed)
    overall = _estimates(totals.mean(axis=1), means.mean(axis=2), gaps.sum(axis=1), people, steps)
    return [
        SplitMean(
            overall[m],
            tuple(map(str, names)),
            tuple(per_split[m]),
            float(training[m]),
            means[:, m],
            (seed, people, count),
        )
        for m in range(len(values))
    ]


def joint_ratio(top: SplitMean, bottom: SplitMean, of_what: str) -> Estimate:
    """One mean over another of the same ratings, with an interval from their joint replicates.

    Raters are resampled for both at once. The part of training is that of the ratio itself: of
    how far top less ratio times bottom differs between splits, over the bottom.

    Args:
        top: the numerator.
        bottom: the denominator.
        of_what: name of the denominator, for the reason why there is no ratio.

    Returns:
        NaN with the reason where the denominator's interval is missing or not above 0: the ratio
        of something to nothing says nothing.

    Raises:
        ValueError: when the two come from different draws.
    """
    if top.drawn != bottom.drawn:
        raise ValueError("a ratio needs two means over the same ratings, drawn with the same seed")
    if not bottom.estimate.low > 0:
        why = bottom.estimate.reason or (
            f"interval {bottom.estimate.low:.4g} to {bottom.estimate.high:.4g} is not above 0"
        )
        return Estimate(np.nan, reason=f"no share of {of_what}: {why}")
    value = top.estimate.value / bottom.estimate.value
    if top.estimate.reason:
        return Estimate(value, reason=top.estimate.reason)
    seed, people, _ = top.drawn
    one, other = (np.array([part.value for part in mean.per_split]) for mean in (top, bottom))
    steps, _ = _training(
        (one - value * other)[None] / bottom.estimate.value,
        (top.replicates - value * bottom.replicates)[:, None] / bottom.estimate.value,
        people,
        seed,
    )
    shares = ratio(top.replicates.mean(axis=1), bottom.replicates.mean(axis=1))
    return _estimates(np.array([value]), shares[:, None], np.zeros(1), people, steps)[0]


def _within(
    totals: FloatArray, means: FloatArray, gaps: FloatArray, people: npt.NDArray[np.intp]
) -> list[list[Estimate]]:
    """M x S estimates of single splits."""
    by_split = [
        _estimates(totals[:, s], means[:, :, s], gaps[:, s], int(people[s]))
        for s in range(len(people))
    ]
    return [[row[m] for row in by_split] for m in range(len(totals))]


def _training(
    totals: FloatArray, means: FloatArray, people: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """B x M steps that training adds to means over splits, and its M standard deviations.

    From M x S means in the splits and B x M x S replicates of them with raters resampled.
    """
    number = totals.shape[1]
    if number < 2 or people < 2:
        return np.zeros(means.shape[:2]), np.full(len(totals), np.nan)
    finite: npt.NDArray[np.bool_] = np.all(np.isfinite(totals), axis=1)
    centred = np.where(finite[:, None], totals, 0.0)
    centred = centred - centred.mean(axis=1, keepdims=True)
    between = (centred**2).sum(axis=1) / (number - 1)
    whole = np.isfinite(means.sum(axis=2))
    moved = np.where(whole[..., None], means - np.where(finite[:, None], totals, 0.0), 0.0)
    by_raters = moved.var(axis=2, ddof=1).sum(axis=0) / np.maximum(whole.sum(axis=0), 1)
    by_raters *= people / (people - 1)
    training = np.sqrt(np.clip(between - by_raters, 0.0, None))
    # The same variables for all quantities, in directions of the splits' own deviations, so that
    # quantities which moved together between splits do so here.
    rng = np.random.default_rng([seed, 11])
    steps = rng.standard_normal((len(means), number))
    steps *= np.sqrt((number - 1) / rng.chisquare(number - 1, size=len(means)))[:, None]
    share = np.sqrt(ratio(training**2, between, empty=0.0))
    directions = centred * share[:, None] / np.sqrt(number * (number - 1))
    training[~finite] = np.nan
    return np.einsum("bs,ms->bm", steps, directions), training


def _estimates(
    values: FloatArray,
    replicates: FloatArray,
    gaps: FloatArray,
    people: int,
    steps: FloatArray | float = 0.0,
) -> list[Estimate]:
    """Estimates from B x M replicates over raters, and B x M steps that training adds."""
    counts = np.full(len(values), people)
    ends = cluster_intervals(values, replicates + steps, counts)
    if people <= FEW_CLUSTERS and not np.isscalar(steps):
        # Two Student variables of different freedom: each has its own reach, and these add as
        # the sides of a right angle (Howe 1974).
        alone = cluster_intervals(values, replicates, counts)
        training = np.quantile(np.abs(steps), CONFIDENCE, axis=0)
        reach = np.hypot(values - alone[0], training)
        ends = np.stack([values - reach, values + reach])
    return [
        Estimate(float(value), float(low), float(high), _reason(int(gap), people))
        for value, low, high, gap in zip(values, *ends, gaps, strict=True)
    ]


def _reason(gaps: int, people: int) -> str | None:
    if gaps:
        ratings = "1 rating" if gaps == 1 else f"{gaps} ratings"
        return f"no interval: probability 0 was given to the label chosen in {ratings}"
    return "no interval: all ratings are of one rater" if people < 2 else None
