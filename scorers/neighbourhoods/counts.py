"""Which clusters of texts are neighbourhoods of several people, how many, and how large.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix S.1 and Table 23.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class NeighbourhoodCounts:
    """Clusters of N texts at one threshold.

    A neighbourhood is a cluster of two texts or more by two authors or more.

    Attributes:
        texts: N.
        clusters: how many, those of one text included.
        singletons: clusters of one text.
        one_author: clusters of two texts or more, all by the same author.
        neighbourhoods: the others.
        smallest: texts in the smallest neighbourhood; NaN where there is none, as below.
        largest: texts in the largest one.
        mean: texts in a neighbourhood.
        sd: of the same, with one degree of freedom less.
        members: texts in neighbourhoods.
        repeating: clusters of two texts or more in which an author has two or more.
        duplicates: mean over the clusters of two texts or more of the share of texts that are
            not an author's first.
    """

    texts: int
    clusters: int
    singletons: int
    one_author: int
    neighbourhoods: int
    smallest: float
    largest: float
    mean: float
    sd: float
    members: int
    repeating: int
    duplicates: float

    @property
    def share(self) -> float:
        """Share of the texts that are in a neighbourhood."""
        return self.members / self.texts if self.texts else np.nan

    @property
    def printed_share(self) -> float:
        """What the paper prints as the share of prompts in neighbourhoods.

        It is the number of neighbourhoods over the number of texts.
        """
        return self.neighbourhoods / self.texts if self.texts else np.nan


def neighbourhood_counts(cluster: IntArray, author: npt.ArrayLike) -> NeighbourhoodCounts:
    """Count clusters and neighbourhoods.

    Args:
        cluster: N, numbers from 0.
        author: N, who wrote each text.

    >>> found = neighbourhood_counts(np.array([0, 0, 0, 1, 1, 2]), list("aabccd"))
    >>> found.neighbourhoods, found.one_author, found.singletons, found.share
    (1, 1, 1, 0.5)
    """
    size, people = sizes(cluster, author)
    several = size > 1
    kept = size[several & (people > 1)]
    some = len(kept) > 0
    return NeighbourhoodCounts(
        texts=len(cluster),
        clusters=len(size),
        singletons=int((size == 1).sum()),
        one_author=int((several & (people == 1)).sum()),
        neighbourhoods=len(kept),
        smallest=float(kept.min()) if some else np.nan,
        largest=float(kept.max()) if some else np.nan,
        mean=float(kept.mean()) if some else np.nan,
        sd=float(kept.std(ddof=1)) if len(kept) > 1 else np.nan,
        members=int(kept.sum()),
        repeating=int((several & (people < size)).sum()),
        duplicates=float((1 - people[several] / size[several]).mean()) if several.any() else np.nan,
    )


def in_neighbourhoods(cluster: IntArray, author: npt.ArrayLike) -> BoolArray:
    """Whether each of N texts is in a cluster of several authors, N."""
    people = sizes(cluster, author)[1]
    found: BoolArray = people[cluster] > 1
    return found


def sizes(cluster: IntArray, author: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Texts and authors of each cluster; N cluster numbers from 0, and N authors."""
    person, _ = pd.factorize(np.asarray(author))
    count = int(cluster.max(initial=-1)) + 1
    pairs = np.unique(np.stack([cluster, person]), axis=1)
    size, people = (np.bincount(of, minlength=count) for of in (cluster, pairs[0]))
    return size.astype(float), people.astype(float)
