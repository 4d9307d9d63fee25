"""Did a rater's answers move? Two runs on the same items or people, score by score.

What a regression check says: the paired difference of each score, whether it is the same, moved
or undecided, how much more would decide it, and the items or questions behind what moved.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from ratings.manifests import ScoreFamily
from scorers.answer_grid import AnswerGrid
from scorers.bootstrap import cluster_interval, cluster_weights
from scorers.comparison import SIGNIFICANCE, holm, sign_flip_p_values
from scorers.detectable import units_to_decide
from scorers.equivalence import Equivalence, verdict
from scorers.estimate import Estimate
from scorers.moved_items import MovedItem, counted_cells, moved_most
from scorers.paired import PairedScores, common_answers, paired_scores
from scorers.ratio_scores import share_sums

FloatArray = npt.NDArray[np.float64]

VALID = "valid answers"
VALID_FAMILY = ScoreFamily(
    name=VALID,
    title="Valid answers",
    estimator="share_right",
    unit="per cent of the answers",
    range=(0, 100),
    direction="higher",
    margin=2.0,
)
# With five clusters a shift of every one of them has a p-value of 2 / 2^5 = .06, uncorrected, so
# nothing can be said of them unless no answer changed.
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
        difference: after less before, with its 95% interval.
        low90: lower end of the 90% interval, by which `same` is judged.
        high90: upper end.
        p_value: of no difference.
        corrected: the same after Holm's correction over all scores.
        margin: the largest difference that is the same.
        verdict: `same`, `moved` or `undecided`.
        units: number of clusters (queries, people) behind the difference.
        units_to_decide: how many would decide it; NaN where it is decided.
        items: number of items (or people) behind the difference.
        more_to_decide: how many items (or people) of the kind would have to be asked besides.
        moved_items: for a score that moved, the items or questions that moved most.
    """

    name: str
    family: str
    unit: str
    before: float
    after: float
    difference: Estimate
    low90: float
    high90: float
    p_value: float
    corrected: float
    margin: float
    verdict: Equivalence
    units: int
    units_to_decide: float
    items: int
    more_to_decide: float
    moved_items: tuple[MovedItem, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether it fails a gate: it moved, and is not merely more valid answers."""
        return self.verdict == "moved" and not (self.name == VALID and self.difference.value > 0)


def check_scores(
    before: AnswerGrid,
    after: AnswerGrid,
    families: Iterable[ScoreFamily],
    margins: Mapping[str, float] | None = None,
) -> list[ScoreCheck]:
    """Check every score of two runs, and last the share of valid answers.

    Scores are compared on the answers that both runs gave; the share of valid answers on the
    samples and columns of both, with each run's own missing answers. All p-values are corrected
    together. Verdicts are those of `scorers.equivalence`, with three rules besides: a score of
    which no answer changed is the same however few clusters it has; one with fewer clusters than
    `FEWEST_CLUSTERS` is otherwise undecided; and `moved` asks of the 95% interval too that it
    leave zero out, because a small p-value alone can come from answers that only scatter
    otherwise.

    Args:
        before: of the first run; a sample that ran for several epochs in several rows.
        after: of the second.
        families: of the manifest.
        margins: of scores or families, in place of those of the families; others are passed over.

    Raises:
        DataError: when the two have no sample or no column in common.
    """
    one, other = common_answers(before, after)
    found = paired_scores(one, other, families, per_variant=False)
    found.append(_paired_valid(*_both(before, after)))
    corrected = holm(np.concatenate([part.p_values for part in found]))
    places = [(part, d) for part in found for d in range(len(part.names))]
    comparisons = int((~np.isnan(corrected)).sum())
    return [
        _check(part, d, float(p_value), _margin(part, d, margins or {}), comparisons, one, other)
        for (part, d), p_value in zip(places, corrected, strict=True)
    ]


def _margin(part: PairedScores, d: int, given: Mapping[str, float]) -> float:
    return given.get(part.names[d], given.get(part.family.name, part.family.margin))


def _check(
    part: PairedScores,
    d: int,
    corrected: float,
    margin: float,
    comparisons: int,
    one: AnswerGrid,
    other: AnswerGrid,
) -> ScoreCheck:
    name, difference, units = part.names[d], part.differences[d], int(part.carrying[d])
    low90, high90 = part.intervals(_TOST)[d]
    decided = _verdict(difference, (low90, high90), margin, corrected, units, bool(part.changed[d]))
    needed = math.nan
    if decided == "undecided" and units > 0:
        error = float(np.nanstd(part.replicates[:, d]))
        needed = _units_to_decide(units, difference.value, error, margin, comparisons)
    cells = counted_cells(name, part.family, one, other)
    items = units if one.right is not None else int(cells.any(axis=1).sum())
    return ScoreCheck(
        name=name,
        family=part.family.name,
        unit=part.family.unit,
        before=float(part.before[d]),
        after=float(part.after[d]),
        difference=difference,
        low90=low90,
        high90=high90,
        p_value=float(part.p_values[d]),
        corrected=corrected,
        margin=margin,
        verdict=decided,
        units=units,
        units_to_decide=needed,
        items=items,
        more_to_decide=_more(items, units, needed),
        moved_items=_moved_items(part.family, cells, one, other) if decided == "moved" else (),
    )


def _verdict(
    difference: Estimate,
    interval90: tuple[float, float],
    margin: float,
    corrected: float,
    units: int,
    changed: bool,
) -> Equivalence:
    if not changed and not math.isnan(difference.value):
        return "same"
    if units < FEWEST_CLUSTERS:
        return "undecided"
    found = verdict(difference, *interval90, margin, corrected)
    return "undecided" if found == "moved" and difference.low <= 0 <= difference.high else found


def _units_to_decide(
    units: int, difference: float, error: float, margin: float, comparisons: int
) -> float:
    """How many clusters would make the same difference `same` or `moved`, whichever is sooner.

    `moved` takes as many as put it z(1 - .05 / 2m) standard errors from zero, with m comparisons,
    and as many as let m times the least p-value of sign flips, 2 / 2^n, pass below .05.
    """
    if math.isnan(difference + error):
        return math.nan
    same = moved = math.inf
    if abs(difference) < margin:
        same = units_to_decide(units, difference, error, margin)
    if difference != 0:
        level = SIGNIFICANCE / (2 * comparisons)
        quantile = float(stats.norm.ppf(1 - level))
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


def _both(before: AnswerGrid, after: AnswerGrid) -> tuple[AnswerGrid, AnswerGrid]:
    """The samples and columns of both, with each run's own missing answers and epochs."""
    samples = set(before.samples) & set(after.samples)
    columns = [name for name in before.columns if name in after.columns]
    one, other = (grid.of_samples(samples).of_columns(columns) for grid in (before, after))
    return one, other


def _paired_valid(before: AnswerGrid, after: AnswerGrid) -> PairedScores:
    """The share of valid answers of both runs, cluster by cluster, in per cent."""
    labels = sorted(set(before.clusters))
    one, other = (
        share_sums([VALID], labels, _valid_shares(grid, labels)[None], VALID_FAMILY.range[1])
        for grid in (before, after)
    )
    weights = cluster_weights(len(labels), 0)
    replicates = other.replicates(weights) - one.replicates(weights)
    value = float((other.values() - one.values())[0])
    low, high = cluster_interval(value, replicates[:, 0], len(labels))
    return PairedScores(
        family=VALID_FAMILY,
        names=(VALID,),
        before=one.values(),
        after=other.values(),
        differences=[Estimate(value, low, high)],
        p_values=sign_flip_p_values(other.contributions(one)),
        replicates=replicates,
        carrying=np.array([len(labels)]),
        changed=np.array([not np.array_equal(_valid_rows(before), _valid_rows(after))]),
        per_variant=[[]],
    )


def _valid_rows(grid: AnswerGrid) -> FloatArray:
    """Share of valid answers in each cell of the samples, over their epochs."""
    samples, row = np.unique(np.asarray(grid.samples, dtype=str), return_inverse=True)
    sums = np.zeros((len(samples), len(grid.columns)))
    np.add.at(sums, row, (grid.statuses == "valid").astype(float))
    shares: FloatArray = sums / np.bincount(row)[:, None]
    return shares


def _valid_shares(grid: AnswerGrid, labels: Sequence[str]) -> FloatArray:
    place = np.searchsorted(np.asarray(labels, dtype=str), np.asarray(grid.clusters, dtype=str))
    valid = np.bincount(place, (grid.statuses == "valid").sum(axis=1), len(labels))
    shares: FloatArray = valid / np.bincount(place, grid.asked.sum(axis=1), len(labels))
    return shares


def _moved_items(
    family: ScoreFamily, cells: npt.NDArray[np.bool_], one: AnswerGrid, other: AnswerGrid
) -> tuple[MovedItem, ...]:
    before, after = (_values(family, grid) for grid in (one, other))
    if one.right is None:
        return moved_most(cells, before, after, list(one.samples), axis=1)
    return moved_most(cells, before, after, [f"question {c}" for c in one.columns], axis=0)


def _values(family: ScoreFamily, grid: AnswerGrid) -> FloatArray:
    if family is VALID_FAMILY:
        valid: FloatArray = (grid.statuses == "valid").astype(float)
        return valid
    if family.estimator == "mean_of":
        return grid.values[family.of]
    return grid.ratings if grid.right is None else grid.right
