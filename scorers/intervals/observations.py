"""What scores of runs, or of differences of runs, are made of, and what moves them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.means import ratio
from scorers.intervals.repeats import added_variances


@dataclass(frozen=True, eq=False)
class Observations:
    """What D scores of B runs, or of B pairs of runs, are means of.

    A score is `scale` times the mean of the observations tagged with it, less, where it is centred,
    the mean of all observations with any tag.

    Attributes:
        values: B x K; NaN where there is none.
        variances: B x K, of each value over repeats of its asking; NaN where it was asked once.
        freedom: B x K, degrees of freedom of each variance; 0 where there is none.
        tagged: D x K.
        clusters: K numbers from 0; observations of one cluster are resampled together.
        centred: whether the mean over the observations with any tag is subtracted.
        scale: what the scores are multiplied by.
        lone: B x K, where the variance is borrowed from the others; nowhere by default.
    """

    values: FloatArray
    variances: FloatArray
    freedom: FloatArray
    tagged: BoolArray
    clusters: npt.NDArray[np.intp]
    centred: bool = False
    scale: float = 1.0
    lone: BoolArray | None = None

    def less(self, run: int, others: Sequence[int]) -> "Observations":
        """The differences of some runs to one: theirs less its own, where both have a value."""
        rows = list(others)
        variances, freedom = added_variances(
            (self.variances[rows], self.freedom[rows]), (self.variances[run], self.freedom[run])
        )
        return replace(
            self,
            values=self.values[rows] - self.values[run],
            variances=variances,
            freedom=freedom,
            lone=None if self.lone is None else self.lone[rows] | self.lone[run],
        )

    @classmethod
    def asked_once(
        cls,
        values: FloatArray,
        tagged: BoolArray,
        clusters: Sequence[object],
        *,
        centred: bool = False,
    ) -> "Observations":
        """Observations without an error of asking.

        Args:
            values: B x K; NaN where there is none.
            tagged: D x K.
            clusters: K labels.
            centred: whether the mean over the observations with any tag is subtracted.
        """
        numbers = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)[1]
        nothing = np.full(values.shape, np.nan)
        return cls(values, nothing, np.zeros(values.shape), tagged, numbers, centred)

    def scores(self) -> FloatArray:
        """B x D scores; NaN where nothing was observed."""
        there = ~np.isnan(self.values)
        filled = np.where(there, self.values, 0.0)
        counts, total = self._counts(there)
        means = ratio(self.counted(filled), counts)
        if self.centred:
            means -= ratio(filled @ self._family(), total, empty=0.0)[:, None]
        found: FloatArray = self.scale * means
        return found

    def counted(self, parts: FloatArray) -> FloatArray:
        """B x D sums of B x K parts over the observations that count for each score."""
        found: FloatArray = parts @ self.tagged.T.astype(float)
        return found

    def weighed(self, *parts: tuple[int, FloatArray]) -> list[FloatArray]:
        """B x D sums of B x K parts, each times a power of what its observation adds to a score.

        Args:
            parts: powers, and the parts that are summed up.
        """
        counts, total = self._counts(~np.isnan(self.values))
        weight = ratio(1.0, counts, empty=0.0)
        rest = ratio(1.0, total, empty=0.0)[:, None] * self.centred
        out = []
        for power, each in parts:
            own = self.counted(each)
            others = np.maximum((each @ self._family())[:, None] - own, 0.0)  # but for rounding
            out.append(own * (weight - rest) ** power + others * rest**power)
        return out

    def at_most(self, share: float, some: BoolArray) -> BoolArray:
        """B x D, whether some observations, B x K, have no more of a score's squared weight."""
        there = (~np.isnan(self.values)).astype(float)
        every, mine = self.weighed((2, there), (2, some.astype(float)))
        found: BoolArray = (every > 0) & (mine <= share * every)
        return found

    def moves(self) -> Iterator[tuple[FloatArray, FloatArray]]:
        """How far each of the D scores falls without a cluster, before it is scaled.

        Yields:
            B x C falls, clusters in the order of their numbers, and B x C counts of the
            observations that a cluster has of the score.
        """
        there = ~np.isnan(self.values)
        filled = np.where(there, self.values, 0.0)
        order = np.argsort(self.clusters, kind="stable")
        labels, numbers = np.unique(self.clusters[order], return_inverse=True)

        def left_out(counting: BoolArray) -> tuple[FloatArray, FloatArray]:
            """Of the observations that count, over all clusters: most of a score's have none."""
            mine = order[counting[order]]
            inside, starts = np.unique(numbers[counting[order]], return_index=True)
            moves, counts = np.zeros((2, len(filled), len(labels)))
            if starts.size:
                known = np.add.reduceat(there[:, mine].astype(float), starts, axis=1)
                sums = np.add.reduceat(filled[:, mine], starts, axis=1)
                moves[:, inside], counts[:, inside] = _falls(sums, known), known
            return moves, counts

        family: BoolArray = np.any(self.tagged, axis=0)
        centre = left_out(family)[0] if self.centred else 0.0
        for tagged in self.tagged:
            moves, counts = left_out(tagged)
            yield moves - centre, counts

    def _counts(self, there: BoolArray) -> tuple[FloatArray, FloatArray]:
        """B x D numbers of observations of each score, and B of those with any tag."""
        return self.counted(there.astype(float)), there.astype(float) @ self._family()

    def _family(self) -> FloatArray:
        """K, 1 for an observation with any tag."""
        return self.tagged.any(axis=0).astype(float)


@dataclass(frozen=True, eq=False)
class LinearObservations:
    """What D scores of B runs, or of B pairs of runs, are linear functions of.

    Every one of K observations adds to every score, by a slope; which slopes these are depends on
    which observations there are.

    Attributes:
        values: B x K; NaN where there is none.
        variances: B x K, of each value over repeats of its asking; NaN where it was asked once.
        freedom: B x K, degrees of freedom of each variance; 0 where there is none.
        lone: B x K, where the variance is borrowed from the others.
        clusters: K numbers from 0; observations of one cluster are resampled together.
        slopes: U x D x K of as many functions; 0 for an observation that it does without.
        constants: U x D, what is added to the scores.
        function: B numbers of functions.
        scale: what the scores are multiplied by.
    """

    values: FloatArray
    variances: FloatArray
    freedom: FloatArray
    lone: BoolArray
    clusters: npt.NDArray[np.intp]
    slopes: FloatArray
    constants: FloatArray
    function: npt.NDArray[np.intp]
    scale: float = 1.0

    def scores(self) -> FloatArray:
        """B x D scores; NaN where nothing was observed."""
        there = ~np.isnan(self.values)
        (sums,) = self.weighed((1, np.where(there, self.values, 0.0)))
        nothing = ~there.any(axis=1, keepdims=True)
        found: FloatArray = np.where(nothing, np.nan, self.constants[self.function] + sums)
        return self.scale * found

    def counted(self, parts: FloatArray) -> FloatArray:
        """B x D sums of B x K parts over the observations that count for each score."""
        shape = len(parts), self.slopes.shape[1]
        return np.broadcast_to(parts.sum(axis=1, keepdims=True), shape)

    def weighed(self, *parts: tuple[int, FloatArray]) -> list[FloatArray]:
        """B x D sums of B x K parts, each times a power of what its observation adds to a score.

        Args:
            parts: powers, and the parts that are summed up.
        """
        out = [np.empty((len(self.values), self.slopes.shape[1])) for _ in parts]
        for u, slopes in enumerate(self.slopes):
            rows = self.function == u
            for found, (power, each) in zip(out, parts, strict=True):
                found[rows] = each[rows] @ (slopes**power).T
        return out

    def at_most(self, share: float, some: BoolArray) -> BoolArray:
        """B x D, whether some observations, B x K, are no more than a share of all there are."""
        every = (~np.isnan(self.values)).sum(axis=1)
        found = (every > 0) & (some.sum(axis=1) <= share * every)
        return np.broadcast_to(found[:, None], (len(found), self.slopes.shape[1]))

    def moves(self) -> Iterator[tuple[FloatArray, FloatArray]]:
        """How far each of the D scores falls without a cluster, before it is scaled.

        A score is the mean of what its observations add to it, times their number.

        Yields:
            B x C falls, clusters in the order of their numbers, and B x C counts of the
            observations that a cluster has.
        """
        order = np.argsort(self.clusters, kind="stable")
        starts = np.unique(self.clusters[order], return_index=True)[1]
        there = ~np.isnan(self.values[:, order])
        filled = np.where(there, self.values[:, order], 0.0)
        known = np.add.reduceat(there.astype(float), starts, axis=1)
        number = known.sum(axis=1, keepdims=True)
        for slopes in np.swapaxes(self.slopes, 0, 1)[:, :, order]:
            mine = slopes if len(slopes) == 1 else slopes[self.function]
            sums = np.add.reduceat(filled * mine, starts, axis=1)
            yield _falls(number * sums, known), known

    def as_means(self) -> Observations:
        """The same scores as means of D x K observations, of which each counts for one score."""
        runs, (values, count) = len(self.values), self.slopes.shape[1:]
        number = (~np.isnan(self.values)).sum(axis=1)[:, None, None]
        slopes = number * self.slopes[self.function]
        own = slopes * self.values[:, None] + self.constants[self.function][:, :, None]

        def for_each_score(rows: FloatArray | BoolArray) -> FloatArray:
            repeated: FloatArray = np.broadcast_to(rows[:, None], slopes.shape)
            return repeated.reshape(runs, -1)

        return Observations(
            own.reshape(runs, -1),
            (slopes**2).reshape(runs, -1) * for_each_score(self.variances),
            for_each_score(self.freedom),
            tagged=np.repeat(np.eye(values, dtype=bool), count, axis=1),
            clusters=np.tile(self.clusters, values),
            scale=self.scale,
            lone=for_each_score(self.lone).astype(bool),
        )


def _falls(sums: FloatArray, counts: FloatArray) -> FloatArray:
    """B x C, how far a mean falls without a cluster.

    Args:
        sums: B x C, over each cluster.
        counts: B x C, how many there are in each.
    """
    total = counts.sum(axis=1, keepdims=True)
    means = sums.sum(axis=1, keepdims=True) / np.maximum(total, 1)
    return ratio(sums - counts * means, np.broadcast_to(total, counts.shape) - counts, empty=0.0)
