"""How stable topics are: found again from a part of the people, is a topic still there?

Source: Hennig (2007), Cluster-wise assessment of cluster stability, by subsets, of people here: a
text that a bootstrap draws twice would be a dense region of its own. Hubert and Arabie (1985),
Comparing partitions, for the adjusted Rand index.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError

DRAWS = 20
SHARE = 0.5  # of the people in a draw

Cluster = Callable[[IntArray], IntArray]


@dataclass(frozen=True, eq=False)
class Stability:
    """How topics that were found again from some of the people agree with those of all.

    Attributes:
        topics: T rows with `stability`, the mean Jaccard index with the most similar cluster over
            the draws in which the topic has a text, 1 where the same texts are always found
            together, and `low` and `high`, between which 95 per cent of the draws lie; NaN where no
            draw has a text of the topic.
        agreement: mean over the draws of the adjusted Rand index between both, for the texts of the
            draw, of which those of no topic count as one topic: 1 for the same topics, 0 by chance.
        low: 95 per cent of the draws lie between this
        high: and this.
    """

    topics: pd.DataFrame
    agreement: float
    low: float
    high: float


def topic_stability(
    topic: IntArray,
    person: IntArray,
    cluster: Cluster,
    seed: int = 0,
    draws: int = DRAWS,
    share: float = SHARE,
) -> Stability:
    """Find topics again from some of the people, and compare.

    Args:
        topic: N, 0 to T - 1, or -1 for texts of no topic.
        person: N, 0 to R - 1, whose text it is.
        cluster: from positions of some texts to their clusters, 0 and up, -1 for none. A draw from
            which it can find none, which it says by `DataError`, has similarity 0 for every topic.
        seed: of the draws.
        draws: B.
        share: of the people in each.
    """
    rng = np.random.default_rng(seed)
    count, people = int(topic.max(initial=-1)) + 1, int(person.max(initial=-1)) + 1
    size = max(1, round(share * people))
    found: FloatArray = np.full((draws, count), np.nan)
    agreement = np.zeros(draws)
    for draw in range(draws):
        rows = np.flatnonzero(np.isin(person, rng.choice(people, size, replace=False)))
        try:
            again = cluster(rows)
        except DataError:
            again = np.full(len(rows), -1, dtype=np.intp)
        found[draw] = _best_matches(topic[rows], again, count)
        agreement[draw] = adjusted_rand_score(topic[rows], again)
    known = ~np.isnan(found).all(axis=0)
    out = np.full((3, count), np.nan)
    if known.any():
        out[0, known] = np.nanmean(found[:, known], axis=0)
        out[1:, known] = np.nanquantile(found[:, known], [0.025, 0.975], axis=0)
    low, high = np.quantile(agreement, [0.025, 0.975])
    topics = pd.DataFrame(out.T, columns=["stability", "low", "high"])
    return Stability(topics, float(agreement.mean()), float(low), float(high))


def _best_matches(topic: IntArray, again: IntArray, count: int) -> FloatArray:
    """T: the greatest Jaccard index with any cluster; NaN for a topic without a text."""
    clusters = int(again.max(initial=-1)) + 1
    both = np.zeros((count + 1, clusters + 1))
    np.add.at(both, (topic, again), 1)  # the last row and column are those of -1
    of_topic, of_cluster = both.sum(axis=1)[:count], both.sum(axis=0)[:clusters]
    shared = both[:count, :clusters]
    either = of_topic[:, None] + of_cluster - shared
    index = np.divide(shared, either, out=np.zeros_like(shared), where=either > 0)
    best = index.max(axis=1, initial=0.0)
    return np.where(of_topic > 0, best, np.nan)
