"""Topics of texts: fewer dimensions first, then clusters of what lies densely.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix R.1: UMAP to 20 dimensions with a
minimum distance of 0, then HDBSCAN with clusters of at least 80 texts, about 1 per cent; all else
as the libraries have it. McInnes, Healy and Melville (2018), UMAP; Campello, Moulavi and Sander
(2013), Density-based clustering based on hierarchical density estimates.

Without umap-learn, Laplacian eigenmaps of the graph of the 15 nearest neighbours, from which UMAP
starts, with rows of length 1: Belkin and Niyogi (2003), Laplacian eigenmaps; Ng, Jordan and Weiss
(2001), On spectral clustering. Principal components do not keep topics apart in 20 dimensions.
"""

import warnings
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from sklearn.cluster import HDBSCAN
from sklearn.manifold import SpectralEmbedding

from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError

OUTLIER = -1
DIMENSIONS = 20
SHARE = 0.01  # of the texts that a topic has at least
FEWEST = 5  # texts that a topic has at least, however few there are

_NEIGHBOURS = 15  # of a text in the graph, UMAP's default
_FEW_FOR_UMAP = DIMENSIONS + _NEIGHBOURS


@dataclass(frozen=True, eq=False)
class Topics:
    """Which text is of which topic.

    Attributes:
        topic: N, 0 to T - 1, the largest topic first; `OUTLIER` for a text of none, which an empty
            text always is.
        reduced: N x at most `DIMENSIONS`, what was clustered; zeros for an empty text.
        reduction: `umap`, or `spectral` where umap-learn is not installed or texts are too few for
            it.
        smallest: how many texts a topic has at least.
    """

    topic: IntArray
    reduced: FloatArray
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
    """
    least = smallest or max(FEWEST, round(SHARE * len(embedded)))
    there = np.flatnonzero(embedded.any(axis=1))
    if len(there) < 2 * least:
        raise DataError(
            f"{len(there)} of {len(embedded)} texts have content: too few for topics of at least "
            f"{least}; give more conversations"
        )
    if not np.ptp(embedded[there], axis=0).any():
        raise DataError(f"all {len(there)} texts are the same: there are no topics to find")
    small, reduction = _reduced(embedded[there], seed)
    reduced = np.zeros((len(embedded), small.shape[1]))
    reduced[there] = small
    topic = np.full(len(embedded), OUTLIER, dtype=np.intp)
    topic[there] = dense_clusters(small, least)
    return Topics(topic, reduced, reduction, least)


def dense_clusters(points: FloatArray, smallest: int) -> IntArray:
    """Clusters of N points by HDBSCAN, 0 and up, the largest first; `OUTLIER` for points of none.

    Raises:
        DataError: when the points are fewer than two clusters need.
    """
    if len(points) < 2 * smallest:
        raise DataError(f"{len(points)} texts are too few for topics of at least {smallest}")
    return _largest_first(HDBSCAN(min_cluster_size=smallest, copy=True).fit_predict(points))


def _reduced(rows: FloatArray, seed: int) -> tuple[FloatArray, str]:
    if len(rows) > _FEW_FOR_UMAP and rows.shape[1] > DIMENSIONS and find_spec("umap"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one seed means one thread; graphs in several parts
            from umap import UMAP

            mapping = UMAP(n_components=DIMENSIONS, min_dist=0.0, random_state=seed)
            return np.asarray(mapping.fit_transform(rows), dtype=np.float64), "umap"
    size, near = min(DIMENSIONS, len(rows) - 2), min(_NEIGHBOURS, len(rows) - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a graph in several parts
        graph = SpectralEmbedding(size, n_neighbors=near, random_state=seed)
        found = np.asarray(graph.fit_transform(rows), dtype=np.float64)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 0), "spectral"


def _largest_first(found: IntArray) -> IntArray:
    """Labels renumbered by size; equal sizes as the first text of each comes."""
    labels, first, sizes = np.unique(found[found >= 0], return_index=True, return_counts=True)
    new = np.full(len(labels) + 1, OUTLIER, dtype=np.intp)  # the last for -1
    new[labels[np.lexsort((first, -sizes))]] = np.arange(len(labels))
    return new[found]
