"""How much of a rater's answers is the item, and how much the prompt.

A generalizability study: items, wordings and option orders are crossed random facets with one
answer in each cell. The variance components follow from the expected mean squares.
Source: Cronbach et al. (1972); Brennan (2001), Generalizability theory, chapters 3 to 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import (
    CONFIDENCE,
    cluster_interval,
    cluster_sums,
    cluster_weights,
    resampled,
)
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import ratio
from scorers.intervals.quantiles import student_quantile

Effect = tuple[str, ...]


@dataclass(frozen=True)
class GStudy:
    """Variance components of answers, and how well they generalise.

    Attributes:
        components: variance of each effect; `residual` is the highest interaction with error.
            Negative estimates are kept here as they come out.
        shares: share of each effect in the total variance, negative components counted as 0.
        g_coefficient: relative generalizability of an item's mean over the prompts at hand.
        items: number of items without a missing answer, which the study rests on.
    """

    components: dict[str, float]
    shares: dict[str, Estimate]
    g_coefficient: Estimate
    items: int


def g_study(
    ratings: FloatArray, facets: Sequence[str], queries: Sequence[object], seed: int = 0
) -> GStudy:
    """Variance components of I items crossed with one or two facets of the prompt.

    Args:
        ratings: I x F1 or I x F1 x F2, NaN where missing; items with a missing cell are left out.
        facets: names of the axes after the first, such as `("wording", "order")`. A facet with
            one level tells nothing and is left out.
        queries: I labels; intervals resample items by query.
        seed: of the bootstrap.
    """
    kept = [axis for axis in range(1, ratings.ndim) if ratings.shape[axis] > 1]
    names = ("item", *(facets[axis - 1] for axis in kept))
    cells = ratings.reshape([len(ratings), *(ratings.shape[axis] for axis in kept)])
    there = ~np.isnan(cells).any(axis=tuple(range(1, cells.ndim)))
    cells = cells[there]
    effects = _effects(names)
    labels = [_label(effect, names) for effect in effects]
    reason = _unfit(cells)
    if reason:
        nothing = undefined(reason)
        return GStudy(
            dict.fromkeys(labels, float("nan")), dict.fromkeys(labels, nothing), nothing, len(cells)
        )
    clusters = np.unique(np.asarray(queries, dtype=str)[there], return_inverse=True)[1]
    count = int(clusters.max()) + 1
    weights = np.vstack([np.ones((1, count)), cluster_weights(count, seed)])
    components = _components(cells, names, effects, clusters, weights)
    positive = np.clip(components, 0.0, None)
    shares = ratio(positive, positive.sum(axis=1, keepdims=True))
    g = _g_coefficient(positive, effects, dict(zip(names, cells.shape, strict=True)))
    return GStudy(
        {label: float(components[0, e]) for e, label in enumerate(labels)},
        {label: _estimate(shares[:, e], count) for e, label in enumerate(labels)},
        _estimate(g, count),
        len(cells),
    )


def beyond_wordings(score: float, per_variant: Sequence[float]) -> Estimate:
    """A score with the error that drawing other prompt variants would make, the items kept.

    The variants asked are taken as some of many that might have been; what they do alike to all
    items of a score counts here, and not on these items, where each item's answers scatter for
    themselves. With few variants the interval is wide.

    Args:
        score: over all variants.
        per_variant: the score from each of V variants alone; NaN ones are left out.

    >>> found = beyond_wordings(0.2, [0.1, 0.2, 0.3])
    >>> round(found.low, 3), round(found.high, 3)
    (-0.048, 0.448)
    """
    values = np.asarray(per_variant, dtype=float)
    values = values[~np.isnan(values)]
    if np.isnan(score):
        return undefined("there is no score")
    if len(values) < 2:
        return Estimate(score, reason="no interval: needs two prompt variants or more")
    quantile = student_quantile((1 + CONFIDENCE) / 2, len(values) - 1)
    reach = float(quantile * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(score, score - reach, score + reach)


def order_effect(
    forward: FloatArray, reversed_: FloatArray, queries: Sequence[object], seed: int = 0
) -> Estimate:
    """Mean rating with the options reversed minus with the options forward, over I items.

    Args:
        forward: I x W ratings, one column a wording, options from agreement to disagreement.
        reversed_: I x W ratings of the same wordings with the options reversed.
        queries: I labels; the interval resamples items by query.
        seed: of the bootstrap.

    >>> order_effect(np.array([[4.0], [2.0]]), np.array([[5.0], [3.0]]), ["a", "b"]).value
    1.0
    """
    difference = reversed_ - forward
    pairs = ~np.isnan(difference)
    if not pairs.any():
        return undefined("no item was answered in both orders")
    clusters = np.unique(np.asarray(queries, dtype=str), return_inverse=True)[1]
    count = int(clusters.max()) + 1
    weights = cluster_weights(count, seed)
    per_item = np.stack([np.where(pairs, difference, 0.0).sum(axis=1), pairs.sum(axis=1)])
    sums, counts = cluster_sums(per_item, clusters, count)
    drawn = resampled(weights, np.stack([sums, counts])).T
    replicates = ratio(drawn[0], drawn[1])
    carrying = int((counts > 0).sum())
    value = float(sums.sum() / counts.sum())
    low, high = cluster_interval(value, replicates, carrying)
    reason = "no interval: all items belong to one query" if carrying < 2 else None
    return Estimate(value, low, high, reason)


def _unfit(cells: FloatArray) -> str | None:
    if cells.ndim < 2:
        return "needs two prompt variants or more"
    if len(cells) < 2:
        return f"needs two items answered in every variant, found {len(cells)}"
    if np.ptp(cells) == 0:
        return "all answers are the same"
    return None


def _effects(names: Sequence[str]) -> list[Effect]:
    return [effect for size in range(1, len(names) + 1) for effect in combinations(names, size)]


def _label(effect: Effect, names: Sequence[str]) -> str:
    return "residual" if len(effect) == len(names) and len(names) > 1 else " x ".join(effect)


def _components(
    cells: FloatArray,
    names: Sequence[str],
    effects: Sequence[Effect],
    clusters: npt.NDArray[np.intp],
    weights: FloatArray,
) -> FloatArray:
    """B x E variance components from the expected mean squares, items weighted by cluster."""
    levels = dict(zip(names[1:], cells.shape[1:], strict=True))
    ones = np.ones((1, len(cells)))
    counts = resampled(weights, cluster_sums(ones, clusters, weights.shape[1]))[:, 0]
    raw = {
        effect: _raw_squares(cells, names, effect, clusters, weights, counts)
        for effect in [(), *effects]
    }
    mean_squares = {}
    for effect in effects:
        squares = sum(
            (-1.0) ** (len(effect) - len(part)) * raw[part]
            for part in raw
            if set(part) <= set(effect)
        )
        freedom = np.prod(
            [
                counts - 1 if name == "item" else np.full_like(counts, levels[name] - 1)
                for name in effect
            ],
            axis=0,
        )
        mean_squares[effect] = ratio(squares, freedom)
    columns = []
    for effect in effects:
        signed = sum(
            (-1.0) ** (len(larger) - len(effect)) * mean_squares[larger]
            for larger in effects
            if set(effect) <= set(larger)
        )
        outside = [name for name in names if name not in effect]
        size = np.prod(
            [counts if name == "item" else np.full_like(counts, levels[name]) for name in outside],
            axis=0,
        )
        columns.append(signed / size)
    return np.stack(columns, axis=1)


def _raw_squares(
    cells: FloatArray,
    names: Sequence[str],
    part: Effect,
    clusters: npt.NDArray[np.intp],
    weights: FloatArray,
    counts: FloatArray,
) -> FloatArray:
    """B uncorrected sums of squares of the means over all facets outside `part`."""
    outside = tuple(axis for axis, name in enumerate(names) if axis and name not in part)
    means = cells.mean(axis=outside) if outside else cells
    means = means.reshape(len(cells), -1)
    averaged = int(np.prod([cells.shape[axis] for axis in outside]))
    if "item" in part:
        per_item = (means**2).sum(axis=1) * averaged
        sums = cluster_sums(per_item[None], clusters, weights.shape[1])
        return resampled(weights, sums)[:, 0]
    item_sums = resampled(weights, cluster_sums(means.T, clusters, weights.shape[1]))
    squares: FloatArray = (item_sums**2).sum(axis=1) / counts * averaged
    return squares


def _g_coefficient(
    components: FloatArray, effects: Sequence[Effect], levels: dict[str, int]
) -> FloatArray:
    """B relative G coefficients: item variance over it plus its interactions, averaged."""
    item = components[:, effects.index(("item",))]
    error = np.zeros_like(item)
    for e, effect in enumerate(effects):
        if "item" in effect and len(effect) > 1:
            error += components[:, e] / np.prod([levels[name] for name in effect[1:]])
    return ratio(item, item + error)


def _estimate(values: FloatArray, clusters: int) -> Estimate:
    value = float(values[0])
    if np.isnan(value):
        return undefined("no variance to share")
    low, high = cluster_interval(value, values[1:], clusters, ends=(0.0, 1.0))
    reason = "no interval: all items belong to one query" if clusters < 2 else None
    return Estimate(value, low, high, reason)
