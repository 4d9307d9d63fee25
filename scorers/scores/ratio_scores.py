"""Scores that are ratios of sums over clusters, and so can be drawn anew and compared in one way.

A mean of tagged items, centred or not, a mean share of right choices over people and a mean of
numbers are all of the form
`scale * (sum of sums / sum of counts - sum of centre sums / sum of centre counts)`. What each
cluster adds is kept, so that any number of runs can be redrawn with the same clusters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scorers.intervals.bootstrap import resampled

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class RatioScores:
    """D scores of one run as sums over C clusters.

    Attributes:
        names: D.
        clusters: C labels, sorted.
        sums: D x C.
        counts: D x C.
        centre_sums: D x C, of what is subtracted; zero where nothing is.
        centre_counts: D x C.
        scale: D, what each difference is multiplied by.
    """

    names: tuple[str, ...]
    clusters: tuple[str, ...]
    sums: FloatArray
    counts: FloatArray
    centre_sums: FloatArray
    centre_counts: FloatArray
    scale: FloatArray

    def values(self) -> FloatArray:
        """D scores; NaN where nothing was counted."""
        found: FloatArray = self.replicates(np.ones((1, len(self.clusters))))[0]
        return found

    def replicates(self, weights: FloatArray) -> FloatArray:
        """B x D scores when clusters count as often as the B x C weights say."""
        own, counts, centre, centre_counts = (
            resampled(weights, part)
            for part in (self.sums, self.counts, self.centre_sums, self.centre_counts)
        )
        found: FloatArray = self.scale * (
            ratio(own, counts) - ratio(centre, centre_counts, empty=0.0)
        )
        return found

    def carrying(self) -> npt.NDArray[np.intp]:
        """D numbers of clusters that each score rests on."""
        numbers: npt.NDArray[np.intp] = (self.counts > 0).sum(axis=1)
        return numbers


def ratio(top: FloatArray, bottom: FloatArray, empty: float = np.nan) -> FloatArray:
    """Element by element quotients; `empty` where nothing was counted."""
    bottom = np.broadcast_to(bottom, top.shape)
    found: FloatArray = np.divide(top, bottom, out=np.full(top.shape, empty), where=bottom > 0)
    return found


def tagged_sums(
    names: Sequence[str],
    means: FloatArray,
    tagged: BoolArray,
    clusters: Sequence[str],
    *,
    centred: bool,
    scale: float = 1.0,
) -> RatioScores:
    """Mean ratings of the items tagged with D dimensions, less the mean of all tagged items.

    Args:
        names: D.
        means: I item means, NaN where no answer is valid.
        tagged: D x I.
        clusters: I labels.
        centred: whether the mean over the items with any of the tags is subtracted.
        scale: what each score is multiplied by.
    """
    labels, place = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    there = ~np.isnan(means)
    counted = (tagged & there).astype(float)
    family = (tagged.any(axis=0) & there).astype(float)
    filled = np.where(there, means, 0.0)
    member = np.zeros((len(means), len(labels)))
    member[np.arange(len(means)), place] = 1.0
    shape = (len(names), len(labels))
    centre = np.stack([family * filled, family]) @ member if centred else np.zeros((2, shape[1]))
    return RatioScores(
        names=tuple(names),
        clusters=tuple(labels.tolist()),
        sums=(counted * filled) @ member,
        counts=counted @ member,
        centre_sums=np.broadcast_to(centre[0], shape),
        centre_counts=np.broadcast_to(centre[1], shape),
        scale=np.full(len(names), scale),
    )


def value_sums(
    name: str, values: FloatArray, clusters: Sequence[str], scale: float = 1.0
) -> RatioScores:
    """The mean of S x P numbers, NaN where missing, as sums over the clusters of the S rows.

    Every number counts alike, so a cluster with many weighs more than one with few.

    >>> values = np.array([[1.0, np.nan], [2.0, 3.0]])
    >>> value_sums("loss", values, ["ann", "bob"]).values()
    array([2.])
    """
    labels, place = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    there = ~np.isnan(values)
    tops = np.where(there, values, 0.0).sum(axis=1)
    sums, counts = (
        np.bincount(place, row, len(labels)).astype(float)[None]
        for row in (tops, there.sum(axis=1))
    )
    nothing = np.zeros(sums.shape)
    return RatioScores(
        names=(name,),
        clusters=tuple(labels.tolist()),
        sums=sums,
        counts=counts,
        centre_sums=nothing,
        centre_counts=nothing,
        scale=np.full(1, scale),
    )


def share_sums(
    names: Sequence[str], clusters: Sequence[str], shares: FloatArray, scale: float = 1.0
) -> RatioScores:
    """Means over C clusters of D x C shares of each; a cluster with NaN is not counted."""
    there = ~np.isnan(shares)
    nothing = np.zeros_like(shares)
    return RatioScores(
        names=tuple(names),
        clusters=tuple(clusters),
        sums=np.where(there, shares, 0.0),
        counts=there.astype(float),
        centre_sums=nothing,
        centre_counts=nothing,
        scale=np.full(len(names), scale),
    )
