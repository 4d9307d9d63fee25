"""A data set made ready for a fit: raters in halves, and each rater's ratings in two parts."""

from dataclasses import dataclass, replace

from ratings.arrays import IntArray
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.registry import load_data_set
from ratings.representations.names import Representation
from ratings.representations.rater_context import Episode, RaterContext, Targets, require_no_leak
from ratings.representations.represent import ClusterContext, represent
from ratings.splits import (
    LEAST_RATINGS,
    Partition,
    Split,
    draw_partition,
    evaluation_targets,
    require_apart,
    require_parts_apart,
    split_raters,
)


@dataclass(frozen=True, eq=False)
class PreparedSplit:
    """A data set of R raters with a split of them and a partition of their ratings.

    Attributes:
        data: raters with at least four ratings.
        split: who is in which half.
        partition: which ratings of each rater may be given to a predictor; the others it predicts.
    """

    data: DataSet
    split: Split
    partition: Partition

    @classmethod
    def of(cls, data: DataSet, seed: int) -> "PreparedSplit":
        """Draw the split of a seed and the partition that is measured on, number 0.

        Args:
            data: raters with at least four ratings; see `DataSet.with_at_least`.
            seed: of the split.

        Raises:
            DataError: for a rater with fewer ratings, or fewer than eight raters.
        """
        split = split_raters(data, seed)
        require_apart(split)
        return cls(data, split, _partition(data, seed, 0))

    def redrawn(self, number: int) -> "PreparedSplit":
        """The same split with another partition of the ratings, to train on."""
        return replace(self, partition=_partition(self.data, self.split.seed, number))

    def given(
        self, representation: Representation, cluster_context: ClusterContext | None = None
    ) -> RaterContext:
        """What a representation gives of all R raters; `represent` says more.

        Raises:
            DataError: when the data set or a profile run lacks it.
        """
        return represent(self.data, self.split, self.partition, representation, cluster_context)

    def targets(self, raters: IntArray) -> Targets:
        """The evaluation part of some raters; `Targets.raters` are positions among them."""
        return evaluation_targets(self.data, self.partition, raters)

    def episode(self, given: RaterContext, raters: IntArray) -> Episode:
        """The evaluation part of some raters, with what is given of these.

        Args:
            given: of all R raters.
            raters: their positions in the table.

        Raises:
            DataError: when a rating to predict is given.
        """
        episode = Episode(given.take(raters), self.targets(raters))
        require_no_leak(episode.given, episode.targets)
        return episode


def load_prepared(name: str, seed: int) -> tuple[PreparedSplit, tuple[str, ...]]:
    """A data set by name or path, without raters of fewer than four ratings, and its split.

    Returns:
        The split, and notes for the user, one line each; see `load_data_set`.

    Raises:
        UnknownNameError: when no data set has that name.
        DataError: when files are missing or malformed, or too few raters are left.
    """
    data, notes = load_data_set(name)
    return PreparedSplit.of(data.with_at_least(LEAST_RATINGS), seed), notes


def _partition(data: DataSet, seed: int, number: int) -> Partition:
    partition = draw_partition(data, seed, number)
    require_parts_apart(partition)
    return partition
