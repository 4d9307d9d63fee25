"""The statistic that a manifest names for a family of scores, from the answers of a run.

`score_rows` gives each score with its interval, `ratio_scores` the same scores as sums over
clusters, which can be redrawn together with those of other runs, and `spread_of` what a spread of
groups is made of.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from scorers.intervals.bootstrap import ANYWHERE
from scorers.intervals.estimate import Estimate
from scorers.scores.inequity import Inequity, sigma_inequity
from scorers.scores.manifests import ScoreFamily
from scorers.scores.ratio_scores import RatioScores, share_sums, tagged_sums, value_sums
from scorers.scores.responses import AnswerGrid, mean_over_epochs
from scorers.scores.schwartz import score_family
from scorers.scores.shared_responses import TAGGED, counted_for, scoped_scores, stacked, tags_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Groups = npt.NDArray[np.intp]
Spreads = tuple[dict[str, Inequity], Inequity]

SPREADS = ("group_spread", "group_spread_corrected", "group_spread_each")
# Spreads that noise inflates, so that a difference of two runs may be one of their noise alone.
UNTESTED = ("group_spread", "group_spread_each")
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
        per_variant: the score from each prompt variant alone; empty where there is none.
    """

    name: str
    family: str
    estimate: Estimate
    on_items: Estimate
    lowest: float
    highest: float
    valid: float
    per_variant: tuple[float, ...] = ()


def score_rows(grid: AnswerGrid, families: Iterable[ScoreFamily]) -> list[ScoreRow]:
    """Every score of the families that the run can have, with intervals."""
    spreads: dict[tuple[str, ...], Spreads] = {}
    out: list[ScoreRow] = []
    for family in families:
        if family.estimator in TAGGED:
            out += _tagged_rows(grid, family)
        elif family.estimator in SPREADS:
            if family.groups not in spreads:
                spreads[family.groups] = sigma_inequity(*spread_of(grid, family))
            out += _spread_rows(family, spreads[family.groups], grid.valid)
        elif family.estimator == "mean_of":
            out.append(_mean_row(grid, family))
        else:
            out += _share_rows(grid, family)
    return out


def ratio_scores(grid: AnswerGrid, family: ScoreFamily) -> RatioScores | None:
    """The scores of a family as sums over clusters; None for a family that is no ratio."""
    if family.estimator in TAGGED:
        items, means, tagged = _tagged(grid, family)
        if not tagged.any():
            return None
        centred = family.estimator == "centred_tagged_mean"
        return tagged_sums(
            family.names, means, tagged, items.clusters, centred=centred, scale=family.scale
        )
    if family.estimator == "mean_of":
        return value_sums(family.name, grid.values[family.of], grid.clusters, family.scale)
    if family.estimator == "share_right":
        names, clusters, shares, _ = _shares(grid, family)
        return share_sums(names, clusters, shares, family.scale)
    return None


def spread_of(grid: AnswerGrid, family: ScoreFamily) -> tuple[FloatArray, dict[str, Groups]]:
    """Accuracy of each of C people, and by dimension the group of each, -1 where unknown."""
    _, people, shares, _ = _shares(grid, family)
    first = dict(zip(grid.clusters, grid.attributes, strict=True))
    groups = {
        name: pd.factorize(np.array([first[person].get(name) for person in people], object))[0]
        for name in family.groups
    }
    return shares[0], groups


def _tagged(grid: AnswerGrid, family: ScoreFamily) -> tuple[AnswerGrid, FloatArray, BoolArray]:
    """Items once each, their mean ratings over the valid variants, and D x I tags."""
    items = grid.by_sample()
    there = ~np.isnan(items.ratings)
    counts = there.sum(axis=1)
    sums = np.where(there, items.ratings, 0.0).sum(axis=1)
    means = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
    return items, means, tags_of(items, family)


def _tagged_rows(grid: AnswerGrid, family: ScoreFamily) -> list[ScoreRow]:
    items, _, tagged = _tagged(grid, family)
    if not tagged.any():
        return []
    row = np.unique(np.asarray(grid.samples, dtype=str), return_inverse=True)[1]
    _, missing = mean_over_epochs(grid.ratings, row, len(items.samples))
    found = score_family(
        items.ratings,
        tagged,
        items.clusters,
        family.names,
        missing=missing,
        normalised=family.estimator == "centred_tagged_mean",
        scale=family.scale,
        ends=family.ratings,
    )
    intervals = _both_scopes(grid, family)
    return [
        ScoreRow(
            name=score.dimension,
            family=family.name,
            estimate=score.estimate if np.isnan(beyond.low) else beyond,
            on_items=Estimate(score.estimate.value, reason=score.estimate.reason)
            if np.isnan(score.estimate.value)
            else on,
            lowest=score.lowest,
            highest=score.highest,
            valid=score.valid,
            per_variant=score.per_variant,
        )
        for score, (on, beyond) in zip(found, intervals, strict=True)
    ]


def _both_scopes(
    grid: AnswerGrid, family: ScoreFamily, ends: tuple[float, float] = ANYWHERE
) -> list[tuple[Estimate, Estimate]]:
    """Each score with its interval on these items, and beyond them."""
    found = scoped_scores(stacked([grid], family).cells)
    assert found is not None
    return list(zip(found.on.estimates(ends=ends), found.beyond.estimates(ends=ends), strict=True))


def _shares(
    grid: AnswerGrid, family: ScoreFamily
) -> tuple[list[str], list[str], FloatArray, FloatArray]:
    """D names, C people, D x C shares of right choices, and the same had all missing been right."""
    assert grid.right is not None
    people, place = np.unique(np.asarray(grid.clusters, dtype=str), return_inverse=True)
    missing = (grid.statuses != "valid").astype(float)
    names, cells = counted_for(grid, family)
    shares: list[FloatArray] = []
    best: list[FloatArray] = []
    for mine in cells:
        asked = np.bincount(place, mine.sum(axis=1), len(people))
        right = np.bincount(place, (grid.right * mine).sum(axis=1), len(people))
        lost = np.bincount(place, (missing * mine).sum(axis=1), len(people))
        for out, top in ((shares, right), (best, right + lost)):
            out.append(np.divide(top, asked, out=np.full(len(people), np.nan), where=asked > 0))
    return names, people.tolist(), np.array(shares), np.array(best)


def _share_rows(grid: AnswerGrid, family: ScoreFamily) -> list[ScoreRow]:
    names, _, _, best = _shares(grid, family)
    highest = family.scale * _means(best)
    valid = [
        float((grid.statuses == "valid")[mine > 0].mean()) for mine in counted_for(grid, family)[1]
    ]
    intervals = _both_scopes(grid, family, (0.0, family.scale))
    return [
        ScoreRow(name, family.name, beyond, on, beyond.value, float(highest[d]), valid[d])
        for d, (name, (on, beyond)) in enumerate(zip(names, intervals, strict=True))
    ]


def _mean_row(grid: AnswerGrid, family: ScoreFamily) -> ScoreRow:
    """A mean of numbers; the bounds put the ends of the family's range for each missing one."""
    ((on, beyond),) = _both_scopes(grid, family)
    there = int((~np.isnan(grid.values[family.of])).sum())
    asked = int(grid.asked.sum())
    known = beyond.value * there if there else 0.0
    lowest, highest = (
        (known + end * (asked - there)) / asked if asked else np.nan for end in family.range
    )
    valid = there / asked if asked else np.nan
    return ScoreRow(family.name, family.name, beyond, on, float(lowest), float(highest), valid)


def _means(rows: FloatArray) -> FloatArray:
    there = ~np.isnan(rows)
    counts = there.sum(axis=1)
    sums = np.where(there, rows, 0.0).sum(axis=1)
    means: FloatArray = np.divide(sums, counts, out=np.full(len(rows), np.nan), where=counts > 0)
    return means


def _spread_rows(family: ScoreFamily, found: Spreads, valid: float) -> list[ScoreRow]:
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
            valid,
        )
        for name, estimate in estimates.items()
    ]


def _as_published(found: Inequity) -> Estimate:
    return Estimate(found.raw, reason=found.corrected.reason or _NO_INTERVAL)
