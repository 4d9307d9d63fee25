"""How far tags would be the same with other people.

The share of bootstrap resamples of raters in which a tag holds is what people look at, and it is
too high: a tag was picked because its correlation came out high in this sample, and every resample
starts from there. So the true correlations are estimated first. People are halved at random; what
an item's two correlations share is true, since no person is in both. On Fisher's scale the true
correlations of a dimension with items have the mean and variance that the halves share. They are
taken to be normal, or, where the likelihood is better by BIC, to be the mean for some items and
normal for the rest. Each correlation is pulled towards the mean (an empirical Bayes estimate), and
the chance follows that it would pass the rule again in a sample of as many other people.

Means and variances of dimensions that chance alone can make so different are pulled to each other
(James and Stein); permuted scores say how different that is.

In simulations of 46 raters an item, 240 items and normal true correlations 12.1 per cent of the
tags were tags of other people too and 12.6 were foretold (66 per cent of resamples held them). With
one pair of ten at a strong true correlation and the rest at zero it was 63, foretold 54: it errs on
the side of too few where true correlations are few and alike. With 60 items of two or three groups
it errs on the high side: 15 foretold of 11, and of unrelated pairs 4 of 2.

Source: Efron and Morris (1973) for the shrinkage; Efron (2011), Tweedie's formula and selection
bias, for why it undoes the selection; Bonett and Wright (2000) for the error on Fisher's scale.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.table import RatingTable
from scorers.intervals.means import mean_of_present, ratio
from scorers.tags.correlations import (
    ALPHA,
    THRESHOLD,
    centred_ranks,
    p_values,
    spearman,
)
from scorers.tags.false_tags import permuted_correlations
from scorers.tags.people import known_scores, same_raters, survey_groups
from scorers.tags.power import critical_correlation
from scorers.tags.shrinkage import Posterior, related_share, steadied

RESAMPLES = 500
SPLITS = 50
LEAST_ITEMS = 10  # of a variance over items
_NEXT_TO_ONE = 0.999
_BATCH = 100
_NULL = 50  # permutations for what chance does to a mean and a variance


@dataclass(frozen=True, eq=False)
class TrueCorrelations:
    """What is likely to be true of each correlation, and what another sample would show.

    Attributes:
        dimensions: D names.
        mean: D means of the true correlations over items, on Fisher's scale.
        deviation: D standard deviations of them.
        related: the share of items whose true correlation differs from the mean.
        error: how much the standard errors are larger than Bonett and Wright's.
        expected: D x I expected true correlations.
            high: D x I upper ends.
        sign: D x I chance that the true correlation has the sign of the one found.
        again: D x I chance that as many other people would show a tag of the same sign.
        reason: why all is NaN, None where it is not.
    """

    dimensions: tuple[str, ...]
    mean: FloatArray
    deviation: FloatArray
    related: float
    error: float
    expected: FloatArray
    sign: FloatArray
    again: FloatArray
    reason: str | None = None


@dataclass(frozen=True)
class HalfCheck:
    """Tags of one half of the people in the other half; means over splits.

    Attributes:
        tags: number of tags in a half.
        held: share of them that the other half shows with the same sign.
        foretold: the share that was to be expected from the first half alone.
        r: their mean |r| in the half in which they were found.
        r_other: their mean correlation in the other half, with the sign found.
        r_foretold: what was to be expected of it.
    """

    tags: float
    held: float
    foretold: float
    r: float
    r_other: float
    r_foretold: float


def true_correlations(
    table: RatingTable,
    scores: pd.DataFrame,
    threshold: float = THRESHOLD,
    alpha: float = ALPHA,
    *,
    splits: int = SPLITS,
    seed: int = 0,
) -> TrueCorrelations:
    """Shrunken correlations, and how likely each tag is to be found again.

    Args:
        table: ratings of R raters on I items.
        scores: R x D, as `correlate` takes them.
        threshold: of the published rule.
        alpha: of the published rule.
        splits: how often people are halved.
        seed: of the halves.

    Returns:
        All NaN with a reason where a dimension has fewer than ten items with a correlation, or a
        half too few people.

    Raises:
        DataError: when a rater has no row in the scores, or has more than one.
    """
    matrix, known = table.matrix(), known_scores(table, scores)
    return _shrunken(matrix, known, tuple(map(str, scores.columns)), threshold, alpha, splits, seed)


def half_check(
    table: RatingTable,
    scores: pd.DataFrame,
    threshold: float = THRESHOLD,
    alpha: float = ALPHA,
    *,
    halves: int = 12,
    splits: int = 6,
    seed: int = 0,
) -> HalfCheck:
    """Is what `true_correlations` foretells from half of the people so in the other half?

    Args:
        table: ratings of R raters on I items.
        scores: R x D, as `correlate` takes them.
        threshold: of the published rule.
        alpha: of the published rule.
        halves: how often people are halved.
        splits: how often a half is halved again to estimate the true correlations from it.
        seed: of both.
    """
    matrix, known = table.matrix(), known_scores(table, scores)
    rows = []
    for number, first in enumerate(_halves(matrix, known, halves, seed)):
        names = tuple(map(str, scores.columns))
        known_half = _shrunken(
            matrix[first], known[first], names, threshold, alpha, splits, seed + number
        )
        r, n, _ = spearman(matrix[first], known[first])
        other, others, _ = spearman(matrix[~first], known[~first])
        sign = np.sign(r)
        found = _passes(r, n, threshold, alpha) & ~np.isnan(other)
        held = _passes(other, others, threshold, alpha) & (np.sign(other) == sign)
        expected = sign * known_half.expected
        parts = (held, known_half.again, np.abs(r), sign * other, expected)
        rows.append(
            [found.sum(), *(part[found].mean() if found.any() else np.nan for part in parts)]
        )
    return HalfCheck(*mean_of_present(np.array(rows, dtype=float), axis=0).tolist())


def bootstrap_shares(
    table: RatingTable,
    scores: pd.DataFrame,
    threshold: float = THRESHOLD,
    alpha: float = ALPHA,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> FloatArray:
    """Share of resamples of raters in which each pair is a tag with the sign found, D x I.

    Raters are drawn with replacement from each set that rated the same items. The share of a tag is
    too high a guess of whether it will hold with other people: see `true_correlations`.

    Args:
        table: ratings of R raters on I items.
        scores: R x D, as `correlate` takes them.
        threshold: of the published rule.
        alpha: of the published rule.
        resamples: B.
        seed: of the draws.

    Returns:
        NaN where there is no correlation. A resample in which one side does not vary counts as
        one in which the tag does not hold.
    """
    matrix, known = table.matrix(), known_scores(table, scores)
    rng = np.random.default_rng(seed)
    r, _, _ = spearman(matrix, known)
    holds = np.zeros(r.shape)
    for people, dimensions in same_raters(~np.isnan(known)):
        for inner, items in same_raters(~np.isnan(matrix[people])):
            rows = people[inner]
            if len(rows) < 4:
                continue
            cells = np.ix_(dimensions, items)
            x, y = matrix[np.ix_(rows, items)], known[np.ix_(rows, dimensions)]
            needed = max(float(critical_correlation(len(rows), alpha)), threshold)
            for first in range(0, resamples, _BATCH):
                size = min(_BATCH, resamples - first)
                drawn = rng.integers(len(rows), size=(size, len(rows)))
                found = _resampled(x, y, drawn)
                holds[cells] += (found * np.sign(r[cells]) > needed).sum(axis=0)
    return np.where(np.isnan(r), np.nan, holds / resamples)


def _resampled(x: FloatArray, y: FloatArray, drawn: IntArray) -> FloatArray:
    """Correlations of B resamples of n x I ratings and n x D scores, B x D x I; 0 where flat."""
    of_x, of_y = (
        centred_ranks(np.moveaxis(values[drawn], 1, 0)) for values in (x, y)
    )  # n x B x I and n x B x D
    squares = (of_y**2).sum(axis=0)[:, :, None] * (of_x**2).sum(axis=0)[:, None, :]
    sums = np.einsum("nbd,nbi->bdi", of_y, of_x)
    found: FloatArray = sums / np.sqrt(np.maximum(squares, 1.0))
    return found


def _shrunken(
    matrix: FloatArray,
    scores: FloatArray,
    dimensions: tuple[str, ...],
    threshold: float,
    alpha: float,
    splits: int,
    seed: int,
) -> TrueCorrelations:
    r, n, _ = spearman(matrix, scores)
    z, base = _fisher(r), 1.0 / np.where(n > 3, n - 3.0, np.nan)
    there = ~np.isnan(z) & ~np.isnan(base)
    if (there.sum(axis=1) < LEAST_ITEMS).any() or not there.any():
        reason = f"a dimension has fewer than {LEAST_ITEMS} items with a correlation"
        return _nothing(dimensions, r.shape, reason)
    means, shared = np.zeros((2, 0, len(r)))
    for first in _halves(matrix, scores, splits, seed):
        one, other = (_fisher(spearman(matrix[h], scores[h])[0]) for h in (first, ~first))
        both = ~np.isnan(one) & ~np.isnan(other)
        one, other = (np.where(both, half, np.nan) for half in (one, other))
        middle, across = mean_of_present(one, 1), mean_of_present(other, 1)
        product = mean_of_present((one - middle[:, None]) * (other - across[:, None]), 1)
        counted = both.sum(axis=1)
        means = np.vstack([means, middle * across])
        shared = np.vstack([shared, product * ratio(counted, counted - 1)])
    if np.isnan(means).any():
        return _nothing(dimensions, r.shape, "half of the people are too few for a correlation")
    centre = mean_of_present(z, 1)
    chance = _fisher(np.concatenate(list(permuted_correlations(matrix, scores, _NULL, seed))))
    centres = mean_of_present(chance, 2)
    spreads = mean_of_present((chance - centres[:, :, None]) ** 2, 2)
    squares = steadied(means.mean(axis=0), float((centres**2).var(axis=0).mean()))
    mean = np.sign(centre) * np.sqrt(np.clip(squares, 0.0, centre**2))
    variance = np.maximum(steadied(shared.mean(axis=0), float(spreads.var(axis=0).mean())), 0.0)
    counted = there.sum(axis=1)
    spread = mean_of_present((z - centre[:, None]) ** 2, 1) * counted / (counted - 1)
    error = float(np.mean(spread - variance) / mean_of_present(base, 1).mean())
    noise = max(error, 1.0) * base
    needed = np.arctanh(np.maximum(critical_correlation(n, alpha), threshold))
    related = related_share(z - mean[:, None], variance, noise)
    slab = Posterior.given(z - mean[:, None], variance[:, None], noise, related)
    sign = np.sign(r)
    return TrueCorrelations(
        dimensions=dimensions,
        mean=mean,
        deviation=np.sqrt(variance),
        related=related,
        error=float(np.sqrt(max(error, 1.0))),
        expected=np.tanh(mean[:, None] + slab.chance * slab.mean),
        sign=slab.above(-sign * mean[:, None], sign),
        again=slab.above(needed - sign * mean[:, None], sign, noise),
    )


def _halves(matrix: FloatArray, scores: FloatArray, splits: int, seed: int) -> list[BoolArray]:
    """Who is in the first half, R truth values a split: half of each group of `survey_groups`.

    People without ratings or scores are in the first half.
    """
    rated: BoolArray = ~np.isnan(matrix)
    rated[np.isnan(scores).all(axis=1)] = False
    group = survey_groups(rated)
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(splits):
        order = rng.permutation(len(matrix))
        # The position of each person among those of the group, in a random order.
        position = pd.Series(group[order]).groupby(group[order]).cumcount().to_numpy()
        first = np.ones(len(matrix), dtype=bool)
        first[order] = position % 2 == 0
        first[group < 0] = True
        out.append(first)
    return out


def _passes(r: FloatArray, n: IntArray, threshold: float, alpha: float) -> BoolArray:
    return (np.abs(r) > threshold) & (p_values(r, n) < alpha)


def _fisher(r: FloatArray) -> FloatArray:
    found: FloatArray = np.arctanh(np.clip(r, -_NEXT_TO_ONE, _NEXT_TO_ONE))
    return found


def _nothing(dimensions: tuple[str, ...], shape: tuple[int, ...], reason: str) -> TrueCorrelations:
    of_dimension, of_pair = np.full(shape[0], np.nan), np.full(shape, np.nan)
    return TrueCorrelations(
        dimensions=dimensions,
        mean=of_dimension,
        deviation=of_dimension,
        related=np.nan,
        error=np.nan,
        expected=of_pair,
        sign=of_pair,
        again=of_pair,
        reason=reason,
    )
