"""Fit a family on one split of a data set, for one representation."""

from dataclasses import dataclass, field

from threadpoolctl import threadpool_limits

from decoders.cluster_raters import RaterClusters, cluster_raters
from decoders.family import Decoder, Family
from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.instances import instances_of
from ratings.prepared import PreparedSplit
from ratings.representations.names import MAX, Component, Representation
from ratings.representations.rater_context import RaterContext, Targets, require_no_leak

# What a cluster is described by, where its name does not say.
_CANDIDATES = Representation((Component("examples", MAX),))


@dataclass(frozen=True, eq=False)
class SplitFit:
    """A family fitted on the training raters of a split.

    Attributes:
        prepared: the split, with the partition that test raters are measured on.
        given: what is given about all R raters.
        decoder: fitted on the training raters.
        clusters: by the name of each part that gives clusters.
    """

    prepared: PreparedSplit
    given: RaterContext
    decoder: Decoder
    clusters: dict[str, RaterClusters] = field(default_factory=dict)

    def predict(self, raters: IntArray, instances: IntArray) -> FloatArray:
        """Distributions of N ratings over the choices, N x K; both are positions in the table."""
        with threadpool_limits(1, "blas"):
            return self.decoder.predict_proba(self.given, raters, instances)

    def test_targets(self) -> Targets:
        """The evaluation part of the test raters; `raters` are positions in the table.

        Raises:
            DataError: when one of them is given.
        """
        test = self.prepared.split.test
        found = self.prepared.targets(test)
        targets = Targets(test[found.raters], found.instances, found.ratings)
        require_no_leak(self.given, targets)
        return targets


def fit_split(
    prepared: PreparedSplit,
    family: Family,
    representation: Representation,
    partitions: int | None = None,
) -> SplitFit:
    """Fit a family to the evaluation parts of the training raters.

    Args:
        prepared: the split; its seed is that of further partitions and of the fit too.
        family: to fit.
        representation: what is given.
        partitions: how many of each training rater; by default as many as the family wants. Two
            fits may only be compared with the same number. Profiles were written from the first,
            so with profiles it is 1.

    Raises:
        DataError: when the data set lacks what is to be given, or something leaks.
    """
    wanted = family.partitions if partitions is None else partitions
    if not redrawable(representation):
        wanted = 1
    drawn = [prepared, *(prepared.redrawn(number) for number in range(1, wanted))]
    clusters: dict[str, RaterClusters] = {}

    def given_of(one: PreparedSplit) -> RaterContext:
        def cluster_context(part: Component) -> RaterContext:
            if part.name not in clusters:
                clusters[part.name] = _clusters(prepared, family, part, wanted)
            return clusters[part.name].given(one, part.name)

        return one.given(representation, cluster_context)

    everything = [given_of(one) for one in drawn]
    train = prepared.split.train
    training = [one.episode(given, train) for one, given in zip(drawn, everything, strict=True)]
    # Threads of a linear algebra library slow many small products down several times.
    with threadpool_limits(1, "blas"):
        decoder = family.fit(instances_of(prepared.data), training, prepared.split.seed)
    return SplitFit(prepared, everything[0], decoder, clusters)


def redrawable(representation: Representation) -> bool:
    """Whether training raters may be given by other partitions than the first."""
    return "profile" not in representation.kinds()


def _clusters(
    prepared: PreparedSplit, family: Family, part: Component, partitions: int
) -> RaterClusters:
    """Clusters by what the part names in parentheses, each rater's examples by default."""
    number = part.number
    assert number is not None
    fitted = fit_split(prepared, family, part.inner or _CANDIDATES, partitions)
    return cluster_raters(prepared, fitted.decoder, fitted.given, number)
