"""Raters put into clusters by the candidate profile that predicts their fit ratings best.

Source: Value Profiles, section 6 and Algorithm 2. Candidates are what is given about some training
raters; the search itself is in `scorers.information.profile_clusters`.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from decoders.family import Decoder
from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.instances import instances_of
from ratings.errors import DataError
from ratings.prepared import PreparedSplit
from ratings.representations.rater_context import RaterContext, no_context
from ratings.splits import Split
from scorers.information.profile_clusters import (
    ProfileClusters,
    assign,
    cluster_profiles,
    loss_table,
)

CANDIDATES = 100
_ROWS = 200_000
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class RaterClusters:
    """Clusters of the raters of a split.

    Attributes:
        raters: V positions of the training raters that the candidates describe.
        candidates: what is given about them.
        log_probabilities: I x V x K, of every instance's choices given each candidate.
        found: the chosen candidates and who of the training raters is in which cluster.
    """

    raters: IntArray
    candidates: RaterContext
    log_probabilities: npt.NDArray[np.float32]
    found: ProfileClusters

    def of(self, prepared: PreparedSplit) -> IntArray:
        """The cluster of each of the R raters, from 0, by their fit ratings alone."""
        losses = fit_losses(self.log_probabilities, prepared)
        return assign(losses, self.found.chosen)

    def given(self, prepared: PreparedSplit, column: str) -> RaterContext:
        """The cluster of each rater as a label, with the texts of its profile if it has any."""
        cluster = self.of(prepared)
        plain = no_context(tuple(map(str, prepared.data.table.raters.index)))
        texts = self.candidates.texts.iloc[np.array(self.found.chosen)[cluster]]
        labels = pd.DataFrame({column: [f"{number + 1}" for number in cluster]})
        return replace(plain, labels=labels, texts=texts.reset_index(drop=True))


def candidate_raters(split: Split, given: RaterContext) -> IntArray:
    """Training raters whose descriptions are the candidates, at most a hundred, drawn by seed.

    Where descriptions hold texts, such as profiles, raters without one are no candidates.
    """
    rng = np.random.default_rng([split.seed, 7])
    texts = given.texts.iloc[split.train]
    empty = (texts == "").all(axis=1).to_numpy() & bool(texts.shape[1])
    described = split.train[~empty]
    size = min(CANDIDATES, len(described))
    return np.sort(rng.choice(described, size=size, replace=False))


def cluster_raters(
    prepared: PreparedSplit, decoder: Decoder, given: RaterContext, clusters: int
) -> RaterClusters:
    """Find clusters among the training raters.

    Args:
        prepared: whose training raters are clustered by their fit ratings.
        decoder: fitted on what is given.
        given: of all R raters.
        clusters: their number.

    Raises:
        DataError: for more clusters than candidates.
    """
    split = prepared.split
    raters = candidate_raters(split, given)
    require_candidates(clusters, len(raters))
    candidates = given.take(raters)
    table = candidate_log_probabilities(decoder, candidates, prepared.data)
    losses = fit_losses(table, prepared)[split.train]
    found = cluster_profiles(losses, clusters, seed=split.seed)
    return RaterClusters(raters, candidates, table, found)


def require_candidates(clusters: int, candidates: int) -> None:
    """Refuse more clusters than candidates.

    Raises:
        DataError: says how many there are.
    """
    if clusters > candidates:
        raise DataError(f"{clusters} clusters need as many candidates; there are {candidates}")


def candidate_log_probabilities(
    decoder: Decoder, candidates: RaterContext, data: DataSet
) -> npt.NDArray[np.float32]:
    """Log-probabilities of every choice of every instance given each candidate, I x V x K."""
    instances = instances_of(data)
    size, count = len(instances), len(candidates)
    out = np.empty((size, count, instances.most_choices), dtype=np.float32)
    step = max(1, _ROWS // count)
    for start in range(0, size, step):
        rows = np.arange(start, min(start + step, size))
        raters = np.tile(np.arange(count), len(rows))
        found = decoder.predict_proba(candidates, raters, np.repeat(rows, count))
        out[rows] = np.log(np.maximum(found, _TINY)).reshape(len(rows), count, -1)
    return out


def fit_losses(log_probabilities: npt.NDArray[np.float32], prepared: PreparedSplit) -> FloatArray:
    """Loss of each rater's fit ratings given each candidate, R x V."""
    table, rows = prepared.data.table, prepared.partition.fit
    known = log_probabilities[table.instance_codes[rows], :, table.rating_values[rows] - 1]
    return loss_table(known, table.rater_codes[rows], len(table.raters))
