"""Checks that all that a study gives its predictors is there, before anything is fitted."""

from collections.abc import Iterable

from decoders.cluster_raters import candidate_raters, require_candidates
from ratings.data_sets.data_set import DataSet
from ratings.prepared import PreparedSplit
from ratings.representations.names import Component, Representation
from ratings.representations.rater_context import RaterContext, no_context


def require_available(data: DataSet, representations: Iterable[Representation], seeds: int) -> None:
    """Refuse a study that would end at a fit, perhaps after many others.

    Args:
        data: raters have at least four ratings.
        representations: what is to be given.
        seeds: of the splits, from 0; profiles are needed of each.

    Raises:
        DataError: when the data set or a profile run lacks what is to be given.
    """
    every = list(representations)
    for seed in range(seeds):
        prepared = PreparedSplit.of(data, seed)
        for one in every:
            if seed == 0 or "profile" in one.kinds():
                _context(prepared, one)


def _context(prepared: PreparedSplit, one: Representation) -> RaterContext:
    nothing = no_context(tuple(map(str, prepared.data.table.raters.index)))

    def cluster_context(part: Component) -> RaterContext:
        """What describes the clusters; who is in which is known only once it is fitted."""
        given = _context(prepared, part.inner) if part.inner else nothing
        assert part.number is not None
        require_candidates(part.number, len(candidate_raters(prepared.split, given)))
        return nothing

    return prepared.given(one, cluster_context)
