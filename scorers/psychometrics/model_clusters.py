"""Models with profiles alike: how many groups, who is in which, and does it hold."""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import (
    adjusted_rand_score,
    silhouette_score,
)

from ratings.arrays import BoolArray, FloatArray, IntArray

LEAST_MODELS = 4
REDRAWN = 200


@dataclass(frozen=True)
class Clusters:
    """Groups of models.

    Attributes:
        number: of groups; 0 when there are none.
        labels: the group of each of M models, from 1, the largest group first; 0 for a model that
            was left out.
        silhouette: mean over models, -1 to 1. Below .25 it found no structure worth a name.
        stability: mean adjusted Rand index with the groups of bootstrap replicates, 1 when all
            replicates give the same groups and 0 when they agree by chance; NaN without replicates.
        reason: why there are no groups, None when there are.
    """

    number: int
    labels: tuple[int, ...]
    silhouette: float
    stability: float
    reason: str | None = None


def cluster_profiles(
    profiles: FloatArray, replicates: FloatArray | None = None, most: int = 8, seed: int = 0
) -> Clusters:
    """Groups of models by Ward's method, as many as give the best mean silhouette.

    There are always two groups or more, also where models scatter evenly: look at the silhouette
    (Kaufman and Rousseeuw call less than .25 no substantial structure) and the stability first.

    Source: Ward (1963); Rousseeuw (1987), Silhouettes; Hubert and Arabie (1985) for the adjusted
    Rand index; Hennig (2007), Cluster-wise assessment of cluster stability.

    Args:
        profiles: M x D; a model with a NaN is left out.
        replicates: M x B x D bootstrap replicates of the profiles, all models from the same
            clusters drawn; at most 200 of them are used, those without a NaN. Each is divided
            into the same number of groups.
        most: the largest number of groups to consider; never more than M - 1.
        seed: of which replicates are used.

    >>> near = np.array([[0.0, 0.1], [0.1, 0.0], [5.0, 5.1], [5.1, 5.0]])
    >>> cluster_profiles(near).labels
    (1, 1, 2, 2)
    """
    kept: BoolArray = np.all(~np.isnan(profiles), axis=1)
    complete = profiles[kept]
    if len(complete) < LEAST_MODELS:
        return _none(kept, f"needs {LEAST_MODELS} complete profiles, found {len(complete)}")
    divisions = _divisions(complete, range(2, min(most, len(complete) - 1) + 1))
    scored = [(float(silhouette_score(complete, found)), found) for found in divisions]
    if not scored:
        return _none(kept, "the profiles do not differ enough to divide them")
    silhouette, best = max(scored, key=lambda pair: pair[0])  # the fewest groups of equals
    number = int(best.max())
    labels = np.zeros(len(profiles), dtype=int)
    labels[kept] = _largest_first(best)
    stability = np.nan if replicates is None else _stability(best, replicates[kept], seed)
    return Clusters(number, tuple(labels.tolist()), silhouette, stability)


def _divisions(profiles: FloatArray, numbers: range) -> list[IntArray]:
    """Labels from 1 for each number of groups that the tree can be cut into."""
    tree = linkage(profiles, method="ward")
    cuts = [(number, fcluster(tree, number, criterion="maxclust")) for number in numbers]
    # Equal profiles merge at one height, and then there are fewer groups than asked for.
    return [cut for number, cut in cuts if cut.max() == number]


def _largest_first(labels: IntArray) -> IntArray:
    """Labels from 1 by size; of groups of one size, that of the earlier model first."""
    names, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    index = {names[i]: new + 1 for new, i in enumerate(np.lexsort((first, -sizes)))}
    return np.array([index[label] for label in labels], dtype=np.intp)


def _stability(labels: IntArray, replicates: FloatArray, seed: int) -> float:
    defined = np.flatnonzero(~np.isnan(replicates).any(axis=(0, 2)))
    rng = np.random.default_rng([seed, 7])
    used = rng.choice(defined, size=min(REDRAWN, len(defined)), replace=False)
    number = int(labels.max())
    found = [_divisions(replicates[:, b], range(number, number + 1)) for b in used]
    indices = [adjusted_rand_score(labels, cut[0]) for cut in found if cut]
    return float(np.mean(indices)) if indices else float("nan")


def _none(kept: BoolArray, reason: str) -> Clusters:
    return Clusters(0, (0,) * len(kept), float("nan"), float("nan"), reason)
