"""Fit a family on one split of a data set, for one representation."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from decoders.cluster_raters import RaterClusters, cluster_raters
from decoders.family import Decoder, Family
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.instances import instances_of
from ratings.representations.names import Part, Representation, parse_representation
from ratings.representations.represent import represent
from ratings.representations.told import Episode, Targets, Told, require_no_leak
from ratings.splits import (
    Partition,
    Split,
    draw_partition,
    evaluation_targets,
    require_apart,
    require_parts_apart,
    split_raters,
)

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

# What a cluster is described by, where its name does not say.
_CANDIDATES = parse_representation("examples:max")


@dataclass(frozen=True, eq=False)
class SplitFit:
    """A family fitted on the training raters of a split.

    Attributes:
        data: raters with at least four ratings.
        split: who is in which half.
        partition: the one that test raters are measured on.
        told: what is told of all R raters.
        decoder: fitted on the training raters.
        clusters: by the name of each part that tells clusters.
    """

    data: DataSet
    split: Split
    partition: Partition
    told: Told
    decoder: Decoder
    clusters: dict[str, RaterClusters] = field(default_factory=dict)

    def predict(self, raters: IntArray, instances: IntArray) -> FloatArray:
        """Distributions of N ratings over the choices, N x K; both are places in the table."""
        with threadpool_limits(1, "blas"):
            return self.decoder.predict_proba(self.told, raters, instances)

    def test_targets(self) -> Targets:
        """The evaluation part of the test raters; `raters` are places in the table.

        Raises:
            DataError: when one of them is told.
        """
        found = evaluation_targets(self.data, self.partition, self.split.test)
        targets = Targets(self.split.test[found.raters], found.instances, found.ratings)
        require_no_leak(self.told, targets)
        return targets


def fit_split(
    data: DataSet,
    family: Family,
    representation: Representation,
    seed: int,
    partitions: int | None = None,
) -> SplitFit:
    """Fit a family to the evaluation parts of the training raters.

    Args:
        data: raters with at least four ratings.
        family: to fit.
        representation: what is told.
        seed: of the split, the partitions and the fit.
        partitions: how many of each training rater; by default as many as the family wants. Two
            fits may only be compared with the same number. Profiles were written from the first,
            so with profiles it is 1.

    Raises:
        DataError: when the data set lacks what is to be told, or something leaks.
    """
    split = split_raters(data, seed)
    require_apart(split)
    wanted = family.partitions if partitions is None else partitions
    if not redrawable(representation):
        wanted = 1
    drawn = [draw_partition(data, seed, number) for number in range(wanted)]
    for partition in drawn:
        require_parts_apart(partition)
    clusters: dict[str, RaterClusters] = {}

    def told_of(partition: Partition) -> Told:
        def tell_cluster(part: Part) -> Told:
            if part.name not in clusters:
                clusters[part.name] = _clusters(data, family, part, seed, wanted)
            return clusters[part.name].told(data, partition, part.name)

        return represent(data, split, partition, representation, tell_cluster)

    everything = [told_of(partition) for partition in drawn]
    training = [
        _episode(data, split, partition, told)
        for partition, told in zip(drawn, everything, strict=True)
    ]
    # Threads of a linear algebra library slow many small products down several times.
    with threadpool_limits(1, "blas"):
        decoder = family.fit(instances_of(data), training, seed)
    return SplitFit(data, split, drawn[0], everything[0], decoder, clusters)


def redrawable(representation: Representation) -> bool:
    """Whether training raters may be told by other partitions than the first."""
    return "profile" not in representation.kinds()


def _episode(data: DataSet, split: Split, partition: Partition, told: Told) -> Episode:
    episode = Episode(told.take(split.train), evaluation_targets(data, partition, split.train))
    require_no_leak(episode.told, episode.targets)
    return episode


def _clusters(
    data: DataSet, family: Family, part: Part, seed: int, partitions: int
) -> RaterClusters:
    """Clusters by what the part names in parentheses, each rater's examples by default."""
    number = part.number
    assert number is not None
    inner = part.inner or _CANDIDATES
    fitted = fit_split(data, family, inner, seed, partitions)
    return cluster_raters(data, fitted.split, fitted.partition, fitted.decoder, fitted.told, number)
