"""Whether a study can tell what it is asked to, found out before anything is fitted."""

from collections.abc import Iterable

from decoders.cluster_raters import candidate_raters, require_candidates
from ratings.data_sets.data_set import DataSet
from ratings.prepared import PreparedSplit
from ratings.representations.names import Part, Representation
from ratings.representations.told import Told, nothing_told


def require_told(data: DataSet, representations: Iterable[Representation], seeds: int) -> None:
    """Refuse a study that would end at a fit, perhaps after many others.

    Args:
        data: raters have at least four ratings.
        representations: what is to be told.
        seeds: of the splits, from 0; profiles are needed of each.

    Raises:
        DataError: when the data set or a profile run lacks what is to be told.
    """
    every = list(representations)
    for seed in range(seeds):
        prepared = PreparedSplit.of(data, seed)
        for one in every:
            if seed == 0 or "profile" in one.kinds():
                _tell(prepared, one)


def _tell(prepared: PreparedSplit, one: Representation) -> Told:
    nothing = nothing_told(tuple(map(str, prepared.data.table.raters.index)))

    def tell_cluster(part: Part) -> Told:
        """What describes the clusters; who is in which is known only once it is fitted."""
        told = _tell(prepared, part.inner) if part.inner else nothing
        assert part.number is not None
        require_candidates(part.number, len(candidate_raters(prepared.split, told)))
        return nothing

    return prepared.given(one, tell_cluster)
