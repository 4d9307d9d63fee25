"""Topics of texts: clusters of what lies densely, in few dimensions.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix R.1: UMAP to 20 dimensions with a
minimum distance of 0, then HDBSCAN with clusters of at least 80 texts, about 1 per cent; all else
as the libraries have it. McInnes, Healy and Melville (2018), UMAP; Campello, Moulavi and Sander
(2013), Density-based clustering based on hierarchical density estimates.

Points of 20 dimensions or fewer are clustered as they are, where a text is in a dense region if
five texts are near, and not as many as a topic has at least: words are too few for the latter.
"""

import warnings
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from sklearn.cluster import HDBSCAN

from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError, DataMissingError, with_extra

OUTLIER = -1
DIMENSIONS = 20
SHARE = 0.01  # of the texts that a topic has at least
FEWEST = 5  # texts that a topic has at least, however few there are

UMAP_MAP, NO_MAP = "umap", "none"
_FEW_FOR_UMAP = DIMENSIONS + 15  # its neighbours


@dataclass(frozen=True, eq=False)
class Topics:
    """Which text is of which topic.

    Attributes:
        topic: N, 0 to T - 1, the largest topic first; `OUTLIER` for a text of none, which an empty
            text always is.
        dimensions: of the points that were clustered.
        reduction: `umap`, or `none` where points have few dimensions or texts are too few for it.
        smallest: how many texts a topic has at least.
    """

    topic: IntArray
    dimensions: int
    reduction: str
    smallest: int

    @property
    def count(self) -> int:
        """T."""
        return int(self.topic.max(initial=OUTLIER)) + 1


def find_topics(embedded: FloatArray, seed: int = 0, smallest: int | None = None) -> Topics:
    """Cluster embedded texts.

    Args:
        embedded: N x D; rows of zeros are texts without content.
        seed: of UMAP.
        smallest: texts that a topic has at least; None for 1 per cent of them, and 5 or more.

    Raises:
        DataError: when the texts are too few, or all the same.
        DataMissingError: when points have more than `DIMENSIONS` and umap-learn is not installed.
    """
    least = smallest or max(FEWEST, round(SHARE * len(embedded)))
    there = np.flatnonzero(embedded.any(axis=1))
    if len(there) < 2 * least:
        raise DataError(
            f"{len(there)} of {len(embedded)} texts can be compared with others: too few for "
            f"topics of at least {least}; give more conversations"
        )
    if not np.ptp(embedded[there], axis=0).any():
        raise DataError(f"all {len(there)} texts are the same: there are no topics to find")
    points, reduction, near = embedded[there], NO_MAP, min(FEWEST, least)
    if embedded.shape[1] > DIMENSIONS and len(there) > _FEW_FOR_UMAP:
        points, reduction, near = _mapped(points, seed), UMAP_MAP, least
    clusters = HDBSCAN(min_cluster_size=least, min_samples=near, copy=True).fit_predict(points)
    topic = np.full(len(embedded), OUTLIER, dtype=np.intp)
    topic[there] = _largest_first(clusters)
    return Topics(topic, points.shape[1], reduction, least)


def _mapped(rows: FloatArray, seed: int) -> FloatArray:
    if not find_spec("umap"):
        raise DataMissingError(
            f"topics in {rows.shape[1]} dimensions need umap-learn: {with_extra('prism')}"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one seed means one thread; graphs in several parts
        from umap import UMAP

        mapping = UMAP(n_components=DIMENSIONS, min_dist=0.0, random_state=seed)
        return np.asarray(mapping.fit_transform(rows), dtype=np.float64)


def _largest_first(found: IntArray) -> IntArray:
    """Labels renumbered by size; equal sizes as the first text of each comes."""
    labels, first, sizes = np.unique(found[found >= 0], return_index=True, return_counts=True)
    new = np.full(len(labels) + 1, OUTLIER, dtype=np.intp)  # the last for -1
    new[labels[np.lexsort((first, -sizes))]] = np.arange(len(labels))
    return new[found]
