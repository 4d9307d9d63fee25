"""Did a rater's answers move? Two sets of askings of the same items or people, score by score.

What a regression check says: the paired difference of each score, whether it is the same, moved
or undecided, how much more would decide it, and the items or questions behind what moved.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.change.asking_noise import Changes, Yardstick, changes
from scorers.change.askings import askings
from scorers.change.rounds import Further, further_askings
from scorers.comparison.differences import (
    SIGNIFICANCE,
    ScopedDifference,
    holm,
    scoped_differences,
)
from scorers.comparison.equivalence import Equivalence, verdict
from scorers.comparison.moved_items import MovedItem, counted_answers, moved_most
from scorers.comparison.paired import PairedScores, common_answers, paired_scores, shared_samples
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.scopes import NO_ANSWER, Scope
from scorers.scores.families import SPREADS
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
# After so many further askings, or times as many clusters, a forecast looks whether they decide.
MOST_ASKINGS = 20
_GROWTH = np.concatenate([np.linspace(0.05, 1, 20), np.linspace(1.25, 5, 16)])


@dataclass(frozen=True)
class ScoreCheck:
    """What the check says of one score.

    Attributes:
        name: of the score.
        family: of the manifest that it belongs to.
        unit: what it is counted in.
        before: in the first run, on the answers of both.
        after: in the second.
        scope: in which the verdict judges; beyond these items for a score that has no error on
            them.
        on: the difference, after less before, on these items.
        beyond: the same beyond these items.
        low90: lower end of the interval in that scope by which `same` is judged: that of two
            one-sided tests, 90% unless the check is one look of several.
        high90: upper end.
        low_all: lower end of the interval in that scope that holds for all scores at once.
        high_all: upper end.
        margin: the largest difference that is the same.
        verdict: `same`, `moved` or `undecided`.
        units: number of clusters (queries, people) behind the difference.
        items: number of items (or people) behind the difference.
        error: standard error of the difference on these items, by what asking again changes; NaN
            where it has none.
        baseline_error: the part of it that the baseline makes, which all checks against it share.
        answers: how many answers count for it.
        changed: how many of them differ.
        further: how many more would decide it in half of the cases: repeats of the later run on
            these items, items (or people) of the kind beyond them. NaN where it is decided,
            infinity where nothing within reach does.
        further_most: the same in four of five cases.
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
    low_all: float
    high_all: float
    margin: float
    verdict: Equivalence
    units: int
    items: int
    error: float
    baseline_error: float
    answers: int
    changed: int
    further: float
    further_most: float
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


@dataclass(frozen=True)
class ScoreChecks:
    """What the check says of all scores.

    Attributes:
        checks: of each score, and last the share of valid answers.
        yardstick: what the error on these items is read off.
        repeats: the largest number of askings before and after.
    """

    checks: list[ScoreCheck]
    yardstick: Yardstick
    repeats: tuple[int, int]


def check_scores(
    before: ResponseMatrix,
    after: ResponseMatrix,
    families: Iterable[ScoreFamily],
    margins: Mapping[str, float] | None = None,
    scope: Scope = "on",
    level: float = SIGNIFICANCE,
    only: Collection[str] = (),
) -> ScoreChecks:
    """Check every score of two sets of askings, and last the share of valid answers.

    Scores are compared on the answers that both gave; the share of valid answers on the samples and
    columns of both, with each one's own missing answers. On these items the yardstick is what
    asking again changes, by `asking_noise.changes`. The p-values of a scope are corrected together.
    Verdicts are those of `equivalence`, with two rules besides: a score of which no answer changed
    is the same however few clusters it has; and one with fewer clusters than `FEWEST_CLUSTERS` is
    otherwise undecided beyond these items.

    Args:
        before: the accepted askings; a sample that was asked several times in several rows.
        after: the later ones.
        families: of the manifest.
        margins: of scores or families, instead of those of the families; others are passed over.
        scope: in which the verdicts judge. A spread of groups has no error on these items and is
            judged beyond them.
        level: of all `moved` together, and of `same`; less than 5% for one look of several.
        only: names of those to check and correct over; all by default, unknown ones passed over.

    Raises:
        DataError: when the two have no sample or no column in common.
    """
    one, other = common_answers(before, after)
    shared = shared_samples(before, after)
    valid, of_valid = _valid_answers(*shared)
    scores = paired_scores(before, after, families)
    found = [*((part, _noise(*shared, part.family)) for part in scores), (valid, of_valid)]
    if only:
        found = [
            (part.only(only), None if noise is None else noise.only(only))
            for part, noise in found
            if set(only) & set(part.names)
        ]
    if not found:
        return ScoreChecks([], of_valid.yardstick, of_valid.repeats)
    on = _on_items(found)
    apart = [part.family.apart for part, _ in found]
    beyond = scoped_differences([part.beyond for part, _ in found], apart)
    positions = [(part, noise, d) for part, noise in found for d in range(len(part.names))]
    both: list[tuple[Scope, list[ScopedDifference]]] = [("on", on), ("beyond", beyond)]
    tested: dict[tuple[bool, Scope], int] = {
        (group, of): sum(
            part.family.apart == group and not math.isnan(each.corrected)
            for (part, _, _), each in zip(positions, judged, strict=True)
        )
        for group in (False, True)
        for of, judged in both
    }
    checks = [
        _check(
            part, noise, d, (on[k], beyond[k]), tested, margins or {}, (one, other), scope, level
        )
        for k, (part, noise, d) in enumerate(positions)
    ]
    return ScoreChecks(checks, of_valid.yardstick, of_valid.repeats)


def _noise(before: ResponseMatrix, after: ResponseMatrix, family: ScoreFamily) -> Changes | None:
    """What asking again changes of a family's scores; None for spreads, of which it is unknown."""
    asked = None if family.estimator in SPREADS else askings(before, after, family)
    return None if asked is None else changes(asked)


def _on_items(
    found: Sequence[tuple[PairedScores, Changes | None]],
) -> list[ScopedDifference]:
    """The differences on these items, corrected together."""
    estimates: list[Estimate] = []
    p_values: list[float] = []
    for part, noise in found:
        if noise is None:
            estimates += part.on.estimates()
            p_values += [math.nan] * len(part.names)
            continue
        p_values += noise.p_values().tolist()
        differences, reach = noise.differences.tolist(), noise.reach(CONFIDENCE).tolist()
        estimates += [
            undefined(NO_ANSWER) if math.isnan(d) else Estimate(d, d - half, d + half)
            for d, half in zip(differences, reach, strict=True)
        ]
    apart = np.repeat([p.family.apart for p, _ in found], [len(p.names) for p, _ in found])
    corrected = np.full(len(p_values), np.nan)
    for group in (apart, ~apart):
        corrected[group] = holm(np.array(p_values)[group])
    return [
        ScopedDifference(*one) for one in zip(estimates, p_values, corrected.tolist(), strict=True)
    ]


def _check(
    part: PairedScores,
    noise: Changes | None,
    d: int,
    differences: tuple[ScopedDifference, ScopedDifference],
    tested: Mapping[tuple[bool, Scope], int],
    margins: Mapping[str, float],
    grids: tuple[ResponseMatrix, ResponseMatrix],
    scope: Scope,
    level: float,
) -> ScoreCheck:
    name, units = part.names[d], int(part.carrying[d])
    margin = margins.get(name, margins.get(part.family.name, part.family.margin))
    on = noise if scope == "on" else None
    judged = differences[1] if on is None else differences[0]
    scope = "beyond" if on is None else "on"
    comparisons = max(tested[part.family.apart, scope], 1)
    value = judged.difference.value

    def reach(confidence: float) -> float:
        half = part.beyond.reach(confidence)[0] if on is None else on.reach(confidence)
        return float(half[d])

    half, at_once = reach(1 - 2 * level), reach(1 - level / comparisons)
    decided = verdict(
        judged.difference, value - half, value + half, margin, judged.corrected, level
    )
    if not part.changed[d] and not math.isnan(value):
        decided = "same"
    elif on is None and units < FEWEST_CLUSTERS:
        decided = "undecided"
    counted = counted_answers(name, part.family, *grids)
    items = units if grids[0].right is not None else int(counted.any(axis=1).sum())
    further = most = math.nan
    if decided == "undecided":
        foretold = (
            _further_items(part, d, margin, comparisons, items)
            if on is None
            else _further_repeats(on, d, margin, comparisons)
        )
        further, most = float(foretold.median[0]), float(foretold.most[0])
    return ScoreCheck(
        name=name,
        family=part.family.name,
        unit=part.family.unit,
        before=float(part.before[d]),
        after=float(part.after[d]),
        scope=scope,
        on=differences[0],
        beyond=differences[1],
        low90=value - half,
        high90=value + half,
        low_all=value - at_once,
        high_all=value + at_once,
        margin=margin,
        verdict=decided,
        units=units,
        items=items,
        error=math.nan if noise is None else float(noise.errors[d]),
        baseline_error=math.nan
        if noise is None
        else float(noise.noise[d]) / math.sqrt(noise.repeats[0]),
        answers=int(counted.sum()) if noise is None else int(noise.answers[d]),
        changed=int(part.changed[d]) if noise is None else int(noise.changed[d]),
        further=further,
        further_most=most,
        moved_items=_moved_items(part.family, counted, *grids) if decided == "moved" else (),
        apart=part.family.apart,
    )


def _further_repeats(noise: Changes, d: int, margin: float, comparisons: int) -> Further:
    """How many further repeats of the later run are likely to decide a score."""
    before, after = noise.repeats
    return further_askings(
        noise.differences[d : d + 1],
        noise.noise[d : d + 1],
        np.array([margin]),
        so_far=after,
        before=before,
        further=np.arange(1.0, MOST_ASKINGS + 1),
        comparisons=comparisons,
    )


def _further_items(
    part: PairedScores, d: int, margin: float, comparisons: int, items: int
) -> Further:
    """How many further items, in clusters as large as these, are likely to decide a score."""
    units = int(part.carrying[d])
    if not units:
        return Further(np.array([math.nan]), np.array([math.nan]))
    # A test of fewer clusters cannot be significant at all.
    least = max(FEWEST_CLUSTERS, math.ceil(-math.log2(SIGNIFICANCE / (2 * comparisons)))) - units
    found = further_askings(
        part.beyond.values[0, d : d + 1],
        part.beyond.errors[0, d : d + 1] * math.sqrt(units),
        np.array([margin]),
        so_far=units,
        before=math.inf,
        further=np.unique(np.ceil(np.maximum(_GROWTH * units, max(least, 1)))),
        comparisons=comparisons,
    )
    return Further(np.ceil(found.median * items / units), np.ceil(found.most * items / units))


def _valid_answers(before: ResponseMatrix, after: ResponseMatrix) -> tuple[PairedScores, Changes]:
    """The share of valid answers of both, the mean over clusters, in per cent."""
    grids = tuple(replace(grid, right=_valid(grid)) for grid in (before, after))
    variants = before.right is None and not before.values
    runs = shared_responses(grids, VALID_FAMILY, by_column=variants)
    shares, (scoped,) = scoped_scores(runs.observations), runs.differences(0, [1])
    assert shares is not None
    assert scoped is not None
    asked = askings(grids[0], grids[1], VALID_FAMILY, wordings=variants)
    assert asked is not None
    paired = PairedScores(
        family=VALID_FAMILY,
        names=(VALID,),
        before=shares.beyond.values[0],
        after=shares.beyond.values[1],
        on=scoped.on,
        beyond=scoped.beyond,
        carrying=np.array([len(set(before.clusters))]),
        changed=np.array([bool(np.nan_to_num(runs.less(0, [1]).numbers).any())]),
    )
    return paired, changes(asked)


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
