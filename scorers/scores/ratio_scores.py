"""Scores that are ratios of sums over clusters, so that runs can be resampled in one way.

A mean of tagged items, centred or not, a mean share of right choices over people and a mean of
numbers are all of the form
`scale * (sum of sums / sum of counts - sum of centre sums / sum of centre counts)`. What each
cluster adds is kept, so that any number of runs can be resampled with the same clusters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import cluster_sums, resampled
from scorers.intervals.means import ratio
from scorers.intervals.observations import Observations


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

    @classmethod
    def of(
        cls, parts: Sequence[tuple[Sequence[str], Observations]], clusters: Sequence[str]
    ) -> "RatioScores":
        """The scores of some observations of one run.

        Args:
            parts: names of scores, and the observations that they are means of.
            clusters: C labels, sorted, in the order of the observations' numbers.
        """
        sums = []
        for names, observed in parts:
            there = ~np.isnan(observed.values[0])
            filled = np.where(there, observed.values[0], 0.0)
            own = observed.tagged & there
            centre = observed.centred & own.any(axis=0, keepdims=True)
            added = [
                cluster_sums(each, observed.clusters, len(clusters))
                for each in (own * filled, own, centre * filled, centre)
            ]
            sums.append([np.broadcast_to(each, (len(names), len(clusters))) for each in added])
        own_sums, counts, centre_sums, centre_counts = map(np.concatenate, zip(*sums, strict=True))
        return cls(
            names=tuple(name for names, _ in parts for name in names),
            clusters=tuple(clusters),
            sums=own_sums,
            counts=counts,
            centre_sums=centre_sums,
            centre_counts=centre_counts,
            scale=np.concatenate([[observed.scale] * len(names) for names, observed in parts]),
        )

    def values(self) -> FloatArray:
        """D scores; NaN where nothing was counted."""
        found: FloatArray = self.replicates(np.ones((1, len(self.clusters))))[0]
        return found

    def replicates(self, weights: FloatArray) -> FloatArray:
        """B x D scores when clusters count as often as the B x C weights say."""
        own, counts = (resampled(weights, part) for part in (self.sums, self.counts))
        centre, centre_counts = (
            resampled(weights, part[:1] if (part == part[:1]).all() else part)  # one of a family
            for part in (self.centre_sums, self.centre_counts)
        )
        found: FloatArray = self.scale * (
            ratio(own, counts) - ratio(centre, centre_counts, empty=0.0)
        )
        return found

    def carrying(self) -> npt.NDArray[np.intp]:
        """D numbers of clusters that each score rests on."""
        numbers: npt.NDArray[np.intp] = (self.counts > 0).sum(axis=1)
        return numbers
