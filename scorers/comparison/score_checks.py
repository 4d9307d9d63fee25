"""Did a rater's answers move? Two runs on the same items or people, score by score.

What a regression check says: the paired difference of each score, whether it is the same, moved
or undecided, how much more would decide it, and the items or questions behind what moved.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.comparison.differences import SIGNIFICANCE, ScopedDifference, scoped_differences
from scorers.comparison.equivalence import Equivalence, verdict
from scorers.comparison.moved_items import MovedItem, counted_answers, moved_most
from scorers.comparison.paired import PairedScores, common_answers, paired_scores, shared_samples
from scorers.comparison.power import units_to_decide
from scorers.intervals.estimate import Estimate
from scorers.intervals.quantiles import normal_quantile
from scorers.intervals.scopes import Scope
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import numbers_of, scoped_scores, shared_responses

VALID = "valid answers"
VALID_FAMILY = ScoreFamily(
    name=VALID,
    title="Valid answers",
    estimator="share_right",
    unit="per cent of the answers",
    scale=100.0,
    range=(0, 100),
    direction="higher",
    margin=2.0,
)
# With five clusters no p-value is below 2 / 2^5 = .06, uncorrected, so nothing can be said of them
# unless no answer changed.
FEWEST_CLUSTERS = 6
_TOST = 0.90  # the interval of two one-sided tests at 5%


@dataclass(frozen=True)
class ScoreCheck:
    """What the check says of one score.

    Attributes:
        name: of the score.
        family: of the manifest that it belongs to.
        unit: what it is counted in.
        before: in the first run, on the answers of both.
        after: in the second.
        scope: in which the verdict judges.
        on: the difference, after less before, on these items.
        beyond: the same beyond these items.
        low90: lower end of the 90% interval in that scope, by which `same` is judged.
        high90: upper end.
        margin: the largest difference that is the same.
        verdict: `same`, `moved` or `undecided`.
        units: number of clusters (queries, people) behind the difference.
        units_to_decide: how many would decide it; NaN where it is decided.
        items: number of items (or people) behind the difference.
        more_to_decide: how many items (or people) of the kind would have to be asked besides.
        moved_items: for a score that moved, the items or questions that moved most.
        apart: whether it belongs to a family that is corrected apart and fails no check.
    """

    name: str
    family: str
    unit: str
    before: float
    after: float
    scope: Scope
    on: ScopedDifference
    beyond: ScopedDifference
    low90: float
    high90: float
    margin: float
    verdict: Equivalence
    units: int
    units_to_decide: float
    items: int
    more_to_decide: float
    moved_items: tuple[MovedItem, ...] = ()
    apart: bool = False

    @property
    def judged(self) -> ScopedDifference:
        """The difference in the scope of the verdict."""
        return self.on if self.scope == "on" else self.beyond

    @property
    def difference(self) -> Estimate:
        """After less before, with its 95% interval in the scope of the verdict."""
        return self.judged.difference

    @property
    def corrected(self) -> float:
        """The p-value in the scope of the verdict after Holm's correction over all scores."""
        return self.judged.corrected

    @property
    def fails(self) -> bool:
        """Whether it fails a gate: it moved, and is not apart nor merely more valid answers."""
        return (
            not self.apart
            and self.verdict == "moved"
            and not (self.name == VALID and self.difference.value > 0)
        )


def check_scores(
    before: ResponseMatrix,
    after: ResponseMatrix,
    families: Iterable[ScoreFamily],
    margins: Mapping[str, float] | None = None,
    scope: Scope = "beyond",
) -> list[ScoreCheck]:
    """Check every score of two runs, and last the share of valid answers.

    Scores are compared on the answers that both runs gave; the share of valid answers on the
    samples and columns of both, with each run's own missing answers. The p-values of a scope are
    corrected together. Verdicts are those of `equivalence`, with two rules besides: a score
    of which no answer changed is the same however few clusters it has; and one with fewer clusters
    than `FEWEST_CLUSTERS` is otherwise undecided beyond these items.

    Args:
        before: of the first run; a sample that ran for several epochs in several rows.
        after: of the second.
        families: of the manifest.
        margins: of scores or families, instead of those of the families; others are passed over.
        scope: in which the verdicts judge.

    Raises:
        DataError: when the two have no sample or no column in common.
    """
    one, other = common_answers(before, after)
    found = paired_scores(before, after, families)
    found.append(_paired_valid(*shared_samples(before, after)))
    apart = [part.family.apart for part in found]
    on = scoped_differences([part.on for part in found], apart)
    beyond = scoped_differences([part.beyond for part in found], apart)
    positions = [(part, d) for part in found for d in range(len(part.names))]
    judged = on if scope == "on" else beyond
    comparisons = {
        group: sum(
            part.family.apart == group and not math.isnan(each.corrected)
            for (part, _), each in zip(positions, judged, strict=True)
        )
        for group in (False, True)
    }
    return [
        _check(
            part,
            d,
            (on[k], beyond[k]),
            _margin(part, d, margins or {}),
            comparisons[part.family.apart],
            (one, other),
            scope,
        )
        for k, (part, d) in enumerate(positions)
    ]


def _margin(part: PairedScores, d: int, given: Mapping[str, float]) -> float:
    return given.get(part.names[d], given.get(part.family.name, part.family.margin))


def _check(
    part: PairedScores,
    d: int,
    differences: tuple[ScopedDifference, ScopedDifference],
    margin: float,
    comparisons: int,
    grids: tuple[ResponseMatrix, ResponseMatrix],
    scope: Scope,
) -> ScoreCheck:
    name, units = part.names[d], int(part.carrying[d])
    judged, scoped = (differences[0], part.on) if scope == "on" else (differences[1], part.beyond)
    interval90 = scoped.estimates(confidence=_TOST)[d]
    difference = judged.difference
    decided = verdict(difference, interval90.low, interval90.high, margin, judged.corrected)
    if not part.changed[d] and not math.isnan(difference.value):
        decided = "same"
    elif scope == "beyond" and units < FEWEST_CLUSTERS:
        decided = "undecided"
    needed = math.nan
    if decided == "undecided" and scope == "beyond" and units > 0:
        error = float(scoped.errors[0, d])
        needed = _units_to_decide(units, difference.value, error, margin, comparisons)
    counted = counted_answers(name, part.family, *grids)
    items = units if grids[0].right is not None else int(counted.any(axis=1).sum())
    return ScoreCheck(
        name=name,
        family=part.family.name,
        unit=part.family.unit,
        before=float(part.before[d]),
        after=float(part.after[d]),
        scope=scope,
        on=differences[0],
        beyond=differences[1],
        low90=interval90.low,
        high90=interval90.high,
        margin=margin,
        verdict=decided,
        units=units,
        units_to_decide=needed,
        items=items,
        more_to_decide=_more(items, units, needed),
        moved_items=_moved_items(part.family, counted, *grids) if decided == "moved" else (),
        apart=part.family.apart,
    )


def _units_to_decide(
    units: int, difference: float, error: float, margin: float, comparisons: int
) -> float:
    """How many clusters would make the same difference `same` or `moved`, whichever is sooner.

    `moved` takes as many as put it z(1 - .05 / 2m) standard errors from zero, with m comparisons,
    and as many as let m times the least p-value of n clusters, 2 / 2^n, pass below .05.
    """
    if math.isnan(difference + error):
        return math.nan
    same = moved = math.inf
    if abs(difference) < margin:
        same = units_to_decide(units, difference, error, margin)
    if difference != 0:
        level = SIGNIFICANCE / (2 * comparisons)
        quantile = float(normal_quantile(1 - level))
        moved = max(units * (quantile * error / difference) ** 2, -math.log2(level))
    needed = min(same, moved)
    # By these approximations it may be decided already, which the verdict knows better.
    least = max(units + 1, FEWEST_CLUSTERS)
    return needed if math.isinf(needed) else float(max(math.ceil(needed), least))


def _more(items: int, units: int, needed: float) -> float:
    """Items besides those at hand, when clusters are as large as these."""
    if not math.isfinite(needed):
        return needed
    return float(math.ceil(items * needed / units) - items)


def _paired_valid(before: ResponseMatrix, after: ResponseMatrix) -> PairedScores:
    """The share of valid answers of both runs, the mean over clusters, in per cent."""
    grids = [replace(grid, right=_valid(grid)) for grid in (before, after)]
    variants = before.right is None and not before.values
    runs = shared_responses(grids, VALID_FAMILY, by_column=variants)
    shares, scoped = scoped_scores(runs.observations), runs.differences(0, [1])
    assert shares is not None
    assert scoped is not None
    return PairedScores(
        family=VALID_FAMILY,
        names=(VALID,),
        before=shares.beyond.values[0],
        after=shares.beyond.values[1],
        on=scoped.on,
        beyond=scoped.beyond,
        carrying=np.array([len(set(before.clusters))]),
        changed=np.array([bool(np.nan_to_num(runs.less(0, [1]).numbers).any())]),
    )


def _valid(grid: ResponseMatrix) -> FloatArray:
    """S x P, 1 where an answer is valid; NaN where none was asked for."""
    return np.where(grid.asked, (grid.statuses == "valid").astype(float), np.nan)


def _moved_items(
    family: ScoreFamily, counted: npt.NDArray[np.bool_], one: ResponseMatrix, other: ResponseMatrix
) -> tuple[MovedItem, ...]:
    before, after = (_values(family, grid) for grid in (one, other))
    if one.right is None or len(one.columns) == 1:
        return moved_most(counted, before, after, list(one.samples), axis=1)
    return moved_most(counted, before, after, [f"question {c}" for c in one.columns], axis=0)


def _values(family: ScoreFamily, grid: ResponseMatrix) -> FloatArray:
    if family is VALID_FAMILY:
        valid: FloatArray = (grid.statuses == "valid").astype(float)
        return valid
    return numbers_of(grid, family)
