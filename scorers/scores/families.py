"""The statistic that a manifest names for a family of scores, from the answers of a run.

`score_rows` gives each score with its interval, `ratio_scores` the same scores as sums over
clusters, which can be resampled together with those of other runs, and `spread_of` what a spread of
groups is made of.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import ANYWHERE
from scorers.intervals.estimate import Estimate, undefined
from scorers.scores.bounds import score_bounds
from scorers.scores.inequity import Inequity, sigma_inequity
from scorers.scores.manifests import ScoreFamily
from scorers.scores.ratio_scores import RatioScores
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import (
    RATED,
    SharedResponses,
    counted_for,
    numbers_of,
    scoped_scores,
    shared_responses,
)

Groups = npt.NDArray[np.intp]
Spreads = tuple[dict[str, Inequity], Inequity]

SPREADS = ("group_spread", "group_spread_corrected", "group_spread_each")
_NO_INTERVAL = "no interval: chance inflates the published index; see the corrected one"
_NOT_ON_ITEMS = "no interval: a spread of groups has one beyond these people only"


@dataclass(frozen=True)
class ScoreRow:
    """One score of a run.

    Attributes:
        name: of the score.
        family: of the manifest.
        estimate: with its interval beyond these items (or people).
        on_items: the same with its interval on these items.
        lowest: the score if every missing answer is read in the worst way for it.
        highest: the score if every missing answer is read in the best way for it.
        valid: share of valid answers among those it rests on.
        items: number of samples with an answer that counts for it.
        per_variant: the score from each prompt variant alone; empty where there is none.
    """

    name: str
    family: str
    estimate: Estimate
    on_items: Estimate
    lowest: float
    highest: float
    valid: float
    items: int
    per_variant: tuple[float, ...] = ()

    @property
    def moves_with_missing(self) -> bool:
        """Whether the score depends on how missing answers, its own or the centre's, are read."""
        return self.highest - self.lowest > 1e-9


def score_rows(grid: ResponseMatrix, families: Iterable[ScoreFamily]) -> list[ScoreRow]:
    """Every score of the families that the run can have, with intervals."""
    spreads: dict[tuple[str, ...], Spreads] = {}
    out: list[ScoreRow] = []
    for family in families:
        if family.estimator not in SPREADS:
            out += _ratio_rows(grid, family)
            continue
        if family.groups not in spreads:
            spreads[family.groups] = sigma_inequity(*spread_of(grid, family))
        out += _spread_rows(family, spreads[family.groups], grid)
    return out


def ratio_scores(grid: ResponseMatrix, family: ScoreFamily) -> RatioScores | None:
    """The scores of a family as sums over clusters; None if its score is not a ratio."""
    if family.estimator in SPREADS:
        return None
    return ratio_scores_of(shared_responses([grid], family))


def ratio_scores_of(answers: SharedResponses) -> RatioScores | None:
    """The scores of one run's answers as sums over clusters; None where nothing counts."""
    parts, clusters = answers.observations, np.unique(answers.layout.clusters).tolist()
    return RatioScores.of(parts, clusters) if parts else None


def spread_of(grid: ResponseMatrix, family: ScoreFamily) -> tuple[FloatArray, dict[str, Groups]]:
    """Accuracy of each of C people, and by dimension the group of each, -1 where unknown."""
    ((_, people),) = shared_responses([grid], family).observations
    first = dict(zip(grid.clusters, grid.attributes, strict=True))
    groups = {
        name: pd.factorize(np.array([first[one].get(name) for one in sorted(first)], object))[0]
        for name in family.groups
    }
    return people.values[0], groups


def _ratio_rows(grid: ResponseMatrix, family: ScoreFamily) -> list[ScoreRow]:
    answers = shared_responses([grid], family)
    found = scoped_scores(answers.observations)
    if found is None:
        return []
    rated, shares = family.estimator in RATED, family.estimator == "share_right"
    ends = (0.0, family.scale) if shares else ANYWHERE
    on, beyond = found.on.estimates(ends=ends), found.beyond.estimates(ends=ends)
    lowest, highest = score_bounds(grid, family, found.beyond.values[0])
    there = ~np.isnan(numbers_of(grid, family))
    valid = grid.statuses == "valid"
    read = valid if shares else there
    # A valid answer without the number has none: it is not missing.
    asked = grid.asked if shares or rated else there | (grid.asked & ~valid)
    counted = [each & asked for each in counted_for(grid, family).values()]
    items = [len(np.unique(np.array(grid.samples)[each.any(axis=1)])) for each in counted]
    variants = _of_each_variant(answers) if rated else np.empty((0, len(found.names)))
    if family.estimator == "mean_of" and valid.any() and not any(map(np.any, counted)):
        on = beyond = [undefined("no answer has this number")] * len(found.names)
    return [
        ScoreRow(
            name,
            family.name,
            _of_items(beyond[d], items[d]) if rated else beyond[d],
            _of_items(on[d], items[d], asked_again=True) if rated else on[d],
            float(lowest[d]),
            float(highest[d]),
            float(read[counted[d]].mean()) if counted[d].any() else np.nan,
            items[d],
            tuple(variants[:, d].tolist()),
        )
        for d, name in enumerate(found.names)
    ]


def _of_items(found: Estimate, items: int, *, asked_again: bool = False) -> Estimate:
    """An estimate that rests on tagged items, with what that means where there is none."""
    if not items:
        return undefined("no item is tagged with it")
    if np.isnan(found.value):
        return undefined("no valid answer to any of its items")
    if np.isnan(found.low) and not asked_again:
        return Estimate(found.value, reason="no interval: its rated items belong to one query")
    return found


def _of_each_variant(answers: SharedResponses) -> FloatArray:
    """V x D scores of one run from each of V prompt variants alone."""
    alone = replace(answers, repeats=answers.numbers[0].T[:, :, None, None])
    ((_, observed),) = alone.observations
    return observed.scores()


def _spread_rows(family: ScoreFamily, found: Spreads, grid: ResponseMatrix) -> list[ScoreRow]:
    dimensions, mean = found
    if family.estimator == "group_spread_corrected":
        estimates = {family.name: mean.corrected}
    elif family.estimator == "group_spread":
        estimates = {family.name: _as_published(mean)}
    else:
        estimates = {
            name: _as_published(dimensions[field]) for name, field in family.of_each_group.items()
        }
    return [
        ScoreRow(
            name,
            family.name,
            estimate,
            Estimate(estimate.value, reason=_NOT_ON_ITEMS),
            np.nan,
            np.nan,
            grid.valid,
            len(set(grid.samples)),
        )
        for name, estimate in estimates.items()
    ]


def _as_published(found: Inequity) -> Estimate:
    return Estimate(found.raw, reason=found.corrected.reason or _NO_INTERVAL)
