"""Two runs of the same benchmark, score by score, on the answers that both gave."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.intervals.bootstrap import cluster_weights
from scorers.intervals.scopes import Scoped, of_replicates, without_error
from scorers.scores.families import SPREADS, ratio_scores, spread_of
from scorers.scores.inequity import corrected_replicates
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import SharedResponses, counted_for, shared_responses

COMPARED_SPREAD = "group_spread_corrected"  # of spreads the one that runs are compared by
NOT_ON_ITEMS = "no interval: a spread of groups is compared beyond these people only"


@dataclass(frozen=True, eq=False)
class PairedScores:
    """How D scores of a family differ between two runs.

    Attributes:
        family: of the manifest.
        names: D.
        before: D scores of the first run, on the answers of both.
        after: D scores of the second.
        on: the 1 x D differences, after less before, with the error of asking the same again.
        beyond: the same with the error of drawing other items of the kind.
        carrying: D numbers of clusters that each score rests on.
        changed: D, whether any answer that counts for the score differs between the runs.
    """

    family: ScoreFamily
    names: tuple[str, ...]
    before: FloatArray
    after: FloatArray
    on: Scoped
    beyond: Scoped
    carrying: npt.NDArray[np.intp]
    changed: npt.NDArray[np.bool_]

    def only(self, names: Collection[str]) -> "PairedScores":
        """Some of the scores."""
        positions = [d for d, name in enumerate(self.names) if name in names]
        return replace(
            self,
            names=tuple(self.names[d] for d in positions),
            before=self.before[positions],
            after=self.after[positions],
            on=self.on.only(positions),
            beyond=self.beyond.only(positions),
            carrying=self.carrying[positions],
            changed=self.changed[positions],
        )


def common_answers(
    before: ResponseMatrix, after: ResponseMatrix
) -> tuple[ResponseMatrix, ResponseMatrix]:
    """The samples and columns that both runs have; a rating that one lacks is missing in both.

    A choice that one run lacks stays as it is, because a missing choice counts as wrong; a further
    number that one lacks is missing in both.

    Raises:
        DataError: when they have no sample or no column in common.
    """
    one, other = (grid.by_sample() for grid in shared_samples(before, after))
    if one.right is None:
        lost = np.isnan(one.ratings) | np.isnan(other.ratings)
        return one.without(lost), other.without(lost)
    both = {name: ~np.isnan(of + other.values[name]) for name, of in one.values.items()}
    one, other = (
        replace(grid, values={n: np.where(both[n], of, np.nan) for n, of in grid.values.items()})
        for grid in (one, other)
    )
    return one, other


def shared_samples(
    before: ResponseMatrix, after: ResponseMatrix
) -> tuple[ResponseMatrix, ResponseMatrix]:
    """The samples and columns that both runs have, with each run's own answers and epochs.

    Raises:
        DataError: when they have no sample or no column in common.
    """
    samples = set(before.samples) & set(after.samples)
    columns = [name for name in before.columns if name in after.columns]
    if not samples or not columns:
        raise DataError("the two runs have no items or people in common")
    one, other = (grid.of_samples(samples).of_columns(columns) for grid in (before, after))
    return one, other


def paired_scores(
    before: ResponseMatrix, after: ResponseMatrix, families: Iterable[ScoreFamily]
) -> list[PairedScores]:
    """Compare two runs family by family, on the answers that both gave.

    Args:
        before: answers of the first run.
        after: of the second.
        families: of the manifest; of spreads of groups the corrected one alone is compared, since
            noise inflates the others, and the more the nearer accuracies are to a half.

    Raises:
        DataError: when the runs have no sample or no column in common.
    """
    asked = shared_samples(before, after)
    common = common_answers(before, after)
    out = []
    for family in families:
        if family.estimator in SPREADS:
            if family.estimator == COMPARED_SPREAD:
                out.append(_paired_spread(*common, family))
            continue
        found = _paired_ratio(asked, common, family)
        if found is not None:
            out.append(found)
    return out


def _paired_ratio(
    asked: tuple[ResponseMatrix, ResponseMatrix],
    common: tuple[ResponseMatrix, ResponseMatrix],
    family: ScoreFamily,
) -> PairedScores | None:
    one, other = (ratio_scores(grid, family) for grid in common)
    if one is None or other is None:
        return None
    runs = shared_responses(asked, family)
    (scoped,) = runs.differences(0, [1])
    assert scoped is not None
    return PairedScores(
        family=family,
        names=one.names,
        before=one.values(),
        after=other.values(),
        on=scoped.on,
        beyond=scoped.beyond,
        carrying=np.minimum(one.carrying(), other.carrying()),
        changed=_changed(runs.less(0, [1])),
    )


def _changed(differences: SharedResponses) -> npt.NDArray[np.bool_]:
    """D: whether an answer that counts moved; those of the centre move each of its scores."""
    moved = np.nan_to_num(differences.numbers[0]) != 0
    counted = counted_for(differences.layout, differences.family).values()
    if differences.family.estimator in ("centred_tagged_mean", "predicted_values"):
        return np.full(len(counted), moved.any())
    return np.array([(moved & each).any() for each in counted])


def _paired_spread(
    before: ResponseMatrix, after: ResponseMatrix, family: ScoreFamily
) -> PairedScores:
    (one, groups), (other, _) = spread_of(before, family), spread_of(after, family)
    people = int((~np.isnan(one)).sum())
    weights = cluster_weights(len(one), 0)
    (first, drawn), (second, drawn_after) = (
        corrected_replicates(shares, groups, weights) for shares in (one, other)
    )
    difference = np.array([[second - first]])
    return PairedScores(
        family=family,
        names=(family.name,),
        before=np.array([first]),
        after=np.array([second]),
        on=without_error(difference, NOT_ON_ITEMS),
        beyond=of_replicates(difference, (drawn_after - drawn)[:, None], people),
        carrying=np.array([people]),
        changed=np.array([not np.array_equal(one, other, equal_nan=True)]),
    )
