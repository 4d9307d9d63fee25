"""sigma-INEQUITY: how unevenly a model reads people of different groups.

Jiang et al. (2025), section 2.2: for each demographic dimension the standard deviation, over its
groups, of the accuracy within the group; then the mean over the dimensions. Few people in a group
make its accuracy noisy, and noise alone spreads the groups. So the index as published
comes with the same index without the noise, its interval, and what the published index would be
if groups did not matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import ratio
from scorers.scores.spread_interval import (
    Dimension,
    group_layout,
    raw_spread,
    spread_interval,
    spread_noises,
    variance_left,
)

Groups = npt.NDArray[np.intp]

PERMUTATIONS = 1_000
_PERCENT = 100.0


@dataclass(frozen=True)
class Inequity:
    """The index of one dimension, or the mean over dimensions, in percentage points.

    Attributes:
        groups: number of groups, G; of all dimensions together for the mean.
        people: number of people in them.
        raw: standard deviation over the groups' accuracies, as published; NaN with one group.
        corrected: the same without sampling noise, with its interval; over dimensions the root
            of their mean variance. Zero when the groups differ no more than noise alone would
            make them. No interval, with the reason, when they differ even less than that.
        null: mean of `raw` over permutations of the people, and the range of 95% of them.
        p_value: share of permutations with a `raw` at least as large.
    """

    groups: int
    people: int
    raw: float
    corrected: Estimate
    null: Estimate
    p_value: float


def sigma_inequity(
    accuracies: FloatArray, groups: Mapping[str, Groups], seed: int = 0
) -> tuple[dict[str, Inequity], Inequity]:
    """The index of each dimension, and the mean over those with at least two groups.

    The correction is the method of moments for unweighted group means in a one-way layout: the
    variance of the groups' means exceeds the variance of their true means by the mean of
    s^2 / n_g, where s^2 is the pooled variance within groups. What is left is averaged over the
    dimensions before the root is taken, because the mean of noisy roots is too small. The
    interval inverts a test (`spread_interval`). The null permutes people over the groups
    in all dimensions at once.

    Args:
        accuracies: of n people, shares from 0 to 1.
        groups: by dimension, the group of each person from 0, or -1 where it is not known.
        seed: of the bootstrap and the permutations.

    Returns:
        Of each dimension in the order given, and of all of them: the mean of the published
        indices, and the root of the mean variance for the corrected one.
    """
    y = _PERCENT * np.asarray(accuracies, dtype=float)
    layouts = {name: group_layout(codes) for name, codes in groups.items()}
    defined = {name: layout for name, layout in layouts.items() if _is_defined(layout)}
    permuted = _permutations(y, seed)
    nulls = {name: raw_spread(layout, permuted) for name, layout in defined.items()}
    noises = spread_noises(list(defined.values()), y, seed)
    out = {name: _undefined(layout) for name, layout in layouts.items()}
    for noise, (name, layout) in zip(noises, defined.items(), strict=True):
        out[name] = Inequity(
            groups=layout.groups,
            people=int(layout.sizes.sum()),
            raw=float(raw_spread(layout, y[None])[0]),
            corrected=spread_interval([noise], seed),
            null=_null(nulls[name]),
            p_value=_p_value(float(raw_spread(layout, y[None])[0]), nulls[name]),
        )
    if not defined:
        nothing = undefined("no dimension has two groups")
        return out, Inequity(0, len(y), np.nan, nothing, nothing, np.nan)
    raw = float(np.mean([out[name].raw for name in defined]))
    null = np.mean(list(nulls.values()), axis=0)
    mean = Inequity(
        groups=sum(layout.groups for layout in defined.values()),
        people=len(y),
        raw=raw,
        corrected=spread_interval(noises, seed),
        null=_null(null),
        p_value=_p_value(raw, null),
    )
    return out, mean


def spread_replicates(
    accuracies: FloatArray, groups: Mapping[str, Groups], weights: FloatArray
) -> FloatArray:
    """B published indices, means over dimensions, when people count as B x n weights say."""
    layouts = [layout for layout in map(group_layout, groups.values()) if _is_defined(layout)]
    if not layouts:
        return np.full(len(weights), np.nan)
    return _drawn_raw(layouts, _PERCENT * np.asarray(accuracies, dtype=float), weights)


def corrected_replicates(
    accuracies: FloatArray, groups: Mapping[str, Groups], weights: FloatArray
) -> tuple[float, FloatArray]:
    """The corrected index over all dimensions, and B values of it with people resampled.

    People are drawn in groups whose means were first drawn together to the corrected spread, so
    that noise is not counted twice. Values are roots of mean variances, and zero where these
    are below zero.
    """
    y = _PERCENT * np.asarray(accuracies, dtype=float)
    layouts = [layout for layout in map(group_layout, groups.values()) if _is_defined(layout)]
    if not layouts:
        return np.nan, np.full(len(weights), np.nan)
    left = [variance_left(layout, y) for layout in layouts]
    kept = np.maximum(left, 0.0)
    # Dimensions below zero are drawn to zero, so the others are to hold less.
    held = max(float(np.mean(left)), 0.0) / float(kept.mean()) if kept.any() else 0.0
    drawn = np.mean(
        [
            _replicates(layout, y, weights, spread)
            for layout, spread in zip(layouts, np.sqrt(kept * held), strict=True)
        ],
        axis=0,
    )
    return float(_root(np.array(np.mean(left)))), _root(drawn)


def _root(variance: FloatArray) -> FloatArray:
    root: FloatArray = np.sqrt(np.maximum(variance, 0.0))
    return root


def _drawn_raw(layouts: Sequence[Dimension], y: FloatArray, weights: FloatArray) -> FloatArray:
    spreads = []
    for layout in layouts:
        count = weights @ layout.members
        first = weights @ layout.members.multiply(y[:, None]).tocsr()
        means = ratio(first, count)
        enough = (count > 0).sum(axis=1) > 1
        spread = np.full(len(weights), np.nan)
        spread[enough] = np.nanstd(means[enough], axis=1, ddof=1)
        spreads.append(spread)
    drawn: FloatArray = np.mean(spreads, axis=0)
    return drawn


def _is_defined(layout: Dimension) -> bool:
    """At least two groups, and somewhere two people to tell the noise from."""
    return layout.groups > 1 and layout.sizes.sum() > layout.groups


def _undefined(layout: Dimension) -> Inequity:
    one = layout.groups < 2
    reason = "fewer than two groups" if one else "no group has two people"
    people = int(layout.sizes.sum())
    nothing = undefined(reason)
    return Inequity(layout.groups, people, np.nan, nothing, nothing, np.nan)


def _replicates(layout: Dimension, y: FloatArray, weights: FloatArray, spread: float) -> FloatArray:
    """The variance left with people resampled, B values; NaN where a draw leaves one group."""
    members, sizes = layout.members, layout.sizes
    means = (y @ members) / sizes
    raw = float(means.std(ddof=1))
    shrunk = means.mean() + (spread / raw if raw > 0 else 0.0) * (means - means.mean())
    there = members.sum(axis=1) > 0
    # Residuals around a mean of n_g people are too small by sqrt((n_g - 1) / n_g).
    widened = np.sqrt(sizes / np.maximum(sizes - 1, 1))
    residuals = np.where(there, (y - members @ means) * (members @ widened), 0.0)
    count = weights @ members
    first = weights @ members.multiply(residuals[:, None]).tocsr()
    second = weights @ members.multiply(residuals[:, None] ** 2).tocsr()
    drawn = count > 0
    share = ratio(first, count, empty=0.0)
    groups = drawn.sum(axis=1)
    within = (second - first * share).sum(axis=1) / np.maximum(count.sum(axis=1) - groups, 1)
    inverse = ratio(1.0, count, empty=0.0).sum(axis=1)
    values = np.where(drawn, shrunk + share, np.nan)
    enough = groups > 1
    variance = np.full(len(weights), np.nan)
    variance[enough] = np.nanvar(values[enough], axis=1, ddof=1)
    left: FloatArray = variance - within * inverse / np.maximum(groups, 1)
    return left


def _permutations(y: FloatArray, seed: int) -> FloatArray:
    rng = np.random.default_rng([seed, 1])
    return rng.permuted(np.broadcast_to(y, (PERMUTATIONS, len(y))), axis=1)


def _null(values: FloatArray) -> Estimate:
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(float(values.mean()), float(low), float(high))


def _p_value(observed: float, null: FloatArray) -> float:
    # Equal values computed in another order differ in the last bits.
    reached = np.count_nonzero(null >= observed - 1e-9)
    return float((1 + reached) / (1 + len(null)))
