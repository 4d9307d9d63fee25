"""What tags cover: topics of the queries, shares of the values, and which values share an item.

Source: Value Portrait, Tables 1 to 3 and Appendix C.2.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.intervals.bootstrap import (
    cluster_sums,
    cluster_weights,
    expanded_percentile,
    resampled,
)
from scorers.intervals.estimate import Estimate
from scorers.intervals.means import ratio

KINDS = ("same", "opposite")


@dataclass(frozen=True, eq=False)
class Spread:
    """How evenly the tags lie over D values (Table 2).

    Attributes:
        counts: D numbers of tags.
        shares: D shares of all tags; NaN without any tag.
        deviation: standard deviation of the shares, D - 1 in the denominator; NaN for one value.
        imbalance: the most tags of a value over the fewest; NaN where a value has none.
    """

    counts: IntArray
    shares: FloatArray
    deviation: float
    imbalance: float


def topic_shares(topics: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Queries of each topic and per cent of all queries, most first; a query may have several."""
    counts = pd.Series([topic for of in topics.values() for topic in of]).value_counts(sort=False)
    counts = counts.sort_values(ascending=False, kind="stable")
    return pd.DataFrame({"queries": counts, "per cent": 100 * counts / len(topics)})


def spread(found: BoolArray) -> Spread:
    """How evenly tags lie over the values.

    Args:
        found: D x I, the tags that count.
    """
    counts = found.sum(axis=1)
    shares = counts / counts.sum() if counts.any() else np.full(len(counts), math.nan)
    imbalance = float(counts.max() / counts.min()) if counts.all() else math.nan
    deviation = float(shares.std(ddof=1)) if len(shares) > 1 else math.nan
    return Spread(counts, shares, deviation, imbalance)


def circle_distances(values: int) -> npt.NDArray[np.int_]:
    """Steps between two of D values that lie in order on a circle, D x D.

    >>> circle_distances(5)[0]
    array([0, 1, 2, 2, 1])
    """
    positions = np.arange(values)
    steps = np.abs(positions[:, None] - positions)
    around: npt.NDArray[np.int_] = np.minimum(steps, values - steps)
    return around


def chance_distance(values: int) -> float:
    """Mean distance of two different values taken at random."""
    return float(circle_distances(values)[np.triu_indices(values, 1)].mean())


def pair_distances(correlations: FloatArray, found: BoolArray, kind: str) -> FloatArray:
    """Pairs of values at each distance on the circle that each item is tagged with (Table 3).

    Args:
        correlations: D x I, values in the order of the circle.
        found: D x I, the tags that count, of either sign.
        kind: `same`, both correlations of one sign, or `opposite`.

    Returns:
        D // 2 x I: at distance 1 in the first row.
    """
    values = len(correlations)
    signs = np.sign(correlations) * found
    first, second = np.triu_indices(values, 1)
    products = signs[first] * signs[second]
    pairs = (products > 0) if kind == "same" else (products < 0)
    distances = circle_distances(values)[first, second]
    steps = np.arange(1, values // 2 + 1)
    out: FloatArray = (distances == steps[:, None]).astype(float) @ pairs
    return out


def mean_distance(by_item: FloatArray, queries: Sequence[object], seed: int) -> Estimate:
    """Mean distance over all pairs, with its 95% interval from queries resampled.

    Args:
        by_item: as `pair_distances` gives them.
        queries: I labels; items of one query are drawn together.
        seed: of the draws.
    """
    clusters = pd.factorize(np.asarray(queries))[0]
    count = int(clusters.max()) + 1
    sums = cluster_sums(by_item, clusters, count)
    weights = cluster_weights(count, seed)
    steps = np.arange(1, len(by_item) + 1)
    drawn = resampled(np.vstack([np.ones((1, count)), weights]), sums)
    means = ratio(drawn @ steps, drawn.sum(axis=1))
    carrying = int((sums.sum(axis=0) > 0).sum())
    low, high = expanded_percentile(means[1:], carrying)
    reason = "no item has such a pair" if carrying == 0 else None
    return Estimate(float(means[0]), low, high, reason)
