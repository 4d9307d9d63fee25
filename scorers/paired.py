"""Two runs of the same benchmark, score by score, on the answers that both gave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ratings.errors import DataError
from ratings.manifests import ScoreFamily
from scorers.answer_grid import AnswerGrid
from scorers.bootstrap import cluster_interval, cluster_weights
from scorers.comparison import sign_flip_p_values
from scorers.estimate import Estimate, undefined
from scorers.estimators import SPREADS, TAGGED, per_variant_scores, ratio_scores, spread_of
from scorers.inequity import spread_change

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PairedScores:
    """How D scores of a family differ between two runs.

    Attributes:
        family: of the manifest.
        names: D.
        before: D scores of the first run, on the answers of both.
        after: D scores of the second.
        differences: D, after less before, with intervals over clusters.
        p_values: D, of no difference.
        replicates: B x D differences with clusters drawn anew.
        carrying: D numbers of clusters that each score rests on.
        changed: D, whether any answer that counts for the score differs between the runs.
        per_variant: D lists with the difference from each prompt variant alone; may be empty.
    """

    family: ScoreFamily
    names: tuple[str, ...]
    before: FloatArray
    after: FloatArray
    differences: list[Estimate]
    p_values: FloatArray
    replicates: FloatArray
    carrying: npt.NDArray[np.intp]
    changed: npt.NDArray[np.bool_]
    per_variant: list[list[float]]

    def intervals(self, confidence: float) -> list[tuple[float, float]]:
        """D intervals of the differences at another confidence."""
        return [
            cluster_interval(
                estimate.value, self.replicates[:, d], int(self.carrying[d]), confidence
            )
            for d, estimate in enumerate(self.differences)
        ]


def common_answers(before: AnswerGrid, after: AnswerGrid) -> tuple[AnswerGrid, AnswerGrid]:
    """The samples and columns that both runs have; a rating that one lacks is missing in both.

    A choice that one run lacks stays as it is, because a missing choice counts as wrong.

    Raises:
        DataError: when they have no sample or no column in common.
    """
    samples = set(before.samples) & set(after.samples)
    columns = [name for name in before.columns if name in after.columns]
    if not samples or not columns:
        raise DataError("the two runs have no items or people in common")
    one, other = (
        grid.of_samples(samples).of_columns(columns).by_sample() for grid in (before, after)
    )
    if one.right is None:
        lost = np.isnan(one.ratings) | np.isnan(other.ratings)
        return one.without(lost), other.without(lost)
    return one, other


def paired_scores(
    before: AnswerGrid,
    after: AnswerGrid,
    families: Iterable[ScoreFamily],
    *,
    per_variant: bool = True,
) -> list[PairedScores]:
    """Compare two runs family by family; both must come from `common_answers`.

    Clusters are drawn anew for both runs together; the p-value of a mean flips the signs of whole
    clusters, that of a spread of groups swaps the two runs person by person.

    Args:
        before: answers of the first run.
        after: of the second.
        families: of the manifest.
        per_variant: whether the differences from each prompt variant alone are wanted too.
    """
    out = []
    for family in families:
        if family.estimator in SPREADS:
            if family.estimator == "group_spread":
                out.append(_paired_spread(before, after, family))
            continue
        found = _paired_ratio(before, after, family, per_variant)
        if found is not None:
            out.append(found)
    return out


def _paired_ratio(
    before: AnswerGrid, after: AnswerGrid, family: ScoreFamily, per_variant: bool
) -> PairedScores | None:
    one, other = ratio_scores(before, family), ratio_scores(after, family)
    if one is None or other is None:
        return None
    weights = cluster_weights(len(one.clusters), 0)
    replicates = other.replicates(weights) - one.replicates(weights)
    values = other.values() - one.values()
    carrying = np.minimum(one.carrying(), other.carrying())
    return PairedScores(
        family=family,
        names=one.names,
        before=one.values(),
        after=other.values(),
        differences=[
            _estimate(values[d], replicates[:, d], int(carrying[d])) for d in range(len(values))
        ],
        p_values=sign_flip_p_values(other.contributions(one)),
        replicates=replicates,
        carrying=carrying,
        changed=_changed(before, after, family),
        per_variant=(
            _per_variant(before, after, family, len(values))
            if per_variant
            else [[] for _ in values]
        ),
    )


def _changed(before: AnswerGrid, after: AnswerGrid, family: ScoreFamily) -> npt.NDArray[np.bool_]:
    """D: the scores of how far each answer moved are above zero only where one did."""
    moved = replace(before, ratings=np.abs(after.ratings - before.ratings))
    if before.right is not None and after.right is not None:
        moved = replace(moved, right=np.abs(after.right - before.right))
    if before.values:
        values = {name: np.abs(after.values[name] - of) for name, of in before.values.items()}
        moved = replace(moved, values=values)
    found = ratio_scores(moved, family)
    assert found is not None
    totals = (found.sums + found.centre_sums).sum(axis=1)
    return np.array([total > 0 for total in totals])


def _per_variant(
    before: AnswerGrid, after: AnswerGrid, family: ScoreFamily, scores: int
) -> list[list[float]]:
    if family.estimator not in TAGGED or len(before.columns) < 2:
        return [[] for _ in range(scores)]
    pairs = zip(per_variant_scores(before, family), per_variant_scores(after, family), strict=True)
    columns = [other.values() - one.values() for one, other in pairs]
    return [[float(value) for value in row] for row in np.array(columns).T]


def _paired_spread(before: AnswerGrid, after: AnswerGrid, family: ScoreFamily) -> PairedScores:
    (one, groups), (other, _) = spread_of(before, family), spread_of(after, family)
    found = spread_change(one, other, groups)
    people = int((~np.isnan(one)).sum())
    return PairedScores(
        family=family,
        names=(family.name,),
        before=np.array([found.before]),
        after=np.array([found.after]),
        differences=[_estimate(found.after - found.before, found.replicates, people)],
        p_values=np.array([found.p_value]),
        replicates=found.replicates[:, None],
        carrying=np.array([people]),
        changed=np.array([not np.array_equal(one, other, equal_nan=True)]),
        per_variant=[[]],
    )


def _estimate(value: float, replicates: FloatArray, clusters: int) -> Estimate:
    if np.isnan(value):
        return undefined("no answer that both runs gave counts for it")
    low, high = cluster_interval(value, replicates, clusters)
    reason = "no interval: it rests on one cluster" if clusters < 2 else None
    return Estimate(float(value), low, high, reason)


def names_of(found: Sequence[PairedScores]) -> list[str]:
    """Names of all scores compared, in order."""
    return [name for family in found for name in family.names]
