"""Did a model move? A run against the baseline, score by score, on the same items or people."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from leaderboard.baseline import BaselineRun
from ratings.errors import DataError, unknown_name
from ratings.manifests import Manifest, ScoreFamily
from scorers.answer_grid import AnswerGrid
from scorers.bootstrap import cluster_weights, expanded_percentile
from scorers.comparison import holm, sign_flip_p_values
from scorers.detectable import units_to_decide
from scorers.equivalence import verdict
from scorers.estimate import Estimate
from scorers.inspect_adapter.run_log import RunLog, without_nan
from scorers.paired import PairedScores, common_answers, paired_scores
from scorers.ratio_scores import share_sums

FloatArray = npt.NDArray[np.float64]

VALID = "valid answers"
_VALID_FAMILY = ScoreFamily(
    name=VALID,
    title="Valid answers",
    estimator="share_right",
    unit="per cent of the answers",
    range=(0, 100),
    direction="higher",
    margin=2.0,
)
_TOST = 0.90  # the interval of two one-sided tests at 5%
_SHOWN_ITEMS = 5


@dataclass(frozen=True)
class MovedItem:
    """An item or a question whose answers moved."""

    instance: str
    before: float
    after: float


@dataclass(frozen=True)
class ScoreCheck:
    """What the check says of one score.

    Attributes:
        before: in the baseline, on the answers of both.
        after: in the run.
        difference: after less before, with its 95% interval.
        low90: lower end of the 90% interval, by which `same` is judged.
        high90: upper end.
        p_value: of no difference.
        corrected: the same after Holm's correction over all scores.
        margin: the largest difference that is the same.
        verdict: `same`, `moved` or `undecided`.
        units: number of clusters (queries, people) behind the difference.
        units_to_decide: how many would decide it; NaN where it is decided.
        moved_items: for a score that moved, the items that moved most.
    """

    name: str
    unit: str
    before: float
    after: float
    difference: Estimate
    low90: float
    high90: float
    p_value: float
    corrected: float
    margin: float
    verdict: str
    units: int
    units_to_decide: float
    moved_items: tuple[MovedItem, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether it fails the gate: it moved, and is not merely more valid answers."""
        return self.verdict == "moved" and not (self.name == VALID and self.difference.value > 0)


@dataclass(frozen=True)
class Regression:
    """A run checked against its baseline.

    Attributes:
        scores: of each score; the last is the share of valid answers.
        sentence: one to paste.
    """

    benchmark: str
    log: str
    before: str
    after: str
    units: int
    unit: str
    resampling_unit: str
    synthetic: bool
    scores: list[ScoreCheck]
    sentence: str

    @property
    def failed(self) -> bool:
        """Whether a score moved, or fewer answers are valid; more valid answers are welcome."""
        return any(check.fails for check in self.scores)

    def as_json(self) -> dict[str, Any]:
        """The check as JSON data; a number that is not defined is null."""
        cleaned = without_nan({**asdict(self), "failed": self.failed})
        assert isinstance(cleaned, dict)
        return cleaned


def check_run(
    run: RunLog, baseline: BaselineRun, margins: Mapping[str, float] | None = None
) -> Regression:
    """Check a run against the run of a baseline that measured the same.

    Args:
        run: complete.
        baseline: by `baseline.baseline_for`.
        margins: of scores or families, in place of those of the manifest.

    Raises:
        DataError: when the two have no items or people in common, or a margin names no score.
    """
    manifest = run.manifest
    before, after = (grid.by_sample() for grid in (baseline.grid, run.grid()))
    try:
        one, other = common_answers(before, after)
    except DataError as error:
        raise DataError(f"{run.path.name} cannot be checked: {error}") from None
    found = [
        *paired_scores(one, other, manifest.scores.values()),
        _paired_valid(*_both(before, after)),
    ]
    limits = _margins(found, margins or {})
    corrected = holm(np.concatenate([part.p_values for part in found]))
    places = [(part, d) for part in found for d in range(len(part.names))]
    checks = [
        _check(part, d, float(p_value), limits, one, other)
        for (part, d), p_value in zip(places, corrected, strict=True)
    ]
    choices = one.right is not None
    units = len(set(one.clusters)) if choices else len(one.samples)
    unit = "people" if choices else "items"
    return Regression(
        benchmark=run.task,
        log=run.path.name,
        before=baseline.rater,
        after=run.model,
        units=units,
        unit=unit,
        resampling_unit=manifest.resampling_unit,
        synthetic=bool(baseline.key["synthetic"]),
        scores=checks,
        sentence=_sentence(manifest, baseline, run.model, f"{units:,} {unit}", checks),
    )


def read_margins(path: Path) -> dict[str, float]:
    """Margins from a YAML file that maps scores or families to numbers above zero.

    Raises:
        DataError: when it is anything else.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{path} cannot be read as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(found, dict):
        raise DataError(f"{path} must map names of scores to margins")
    for name, margin in found.items():
        if isinstance(margin, bool) or not isinstance(margin, int | float) or not margin > 0:
            raise DataError(f"{path}: the margin of {name} must be above 0, found {margin!r}")
    return {str(name): float(margin) for name, margin in found.items()}


def _margins(found: Sequence[PairedScores], given: Mapping[str, float]) -> dict[str, float]:
    families = {part.family.name for part in found}
    names = {name for part in found for name in part.names}
    for name in given:
        if name not in families | names:
            raise unknown_name("score or family for a margin", name, sorted(families | names))
    return {
        name: given.get(name, given.get(part.family.name, part.family.margin))
        for part in found
        for name in part.names
    }


def _check(
    part: PairedScores,
    d: int,
    corrected: float,
    margins: Mapping[str, float],
    one: AnswerGrid,
    other: AnswerGrid,
) -> ScoreCheck:
    name, difference = part.names[d], part.differences[d]
    low90, high90 = part.intervals(_TOST)[d]
    decided = verdict(difference, low90, high90, margins[name], corrected)
    units = int(part.carrying[d])
    needed = np.nan
    if decided == "undecided" and units > 0:
        error = float(np.nanstd(part.replicates[:, d]))
        needed = units_to_decide(units, difference.value, error, margins[name])
    return ScoreCheck(
        name=name,
        unit=part.family.unit,
        before=float(part.before[d]),
        after=float(part.after[d]),
        difference=difference,
        low90=low90,
        high90=high90,
        p_value=float(part.p_values[d]),
        corrected=corrected,
        margin=margins[name],
        verdict=decided,
        units=units,
        units_to_decide=needed,
        moved_items=_moved_items(name, part, one, other) if decided == "moved" else (),
    )


def _both(before: AnswerGrid, after: AnswerGrid) -> tuple[AnswerGrid, AnswerGrid]:
    """The samples and columns of both, with each run's own missing answers."""
    samples = set(before.samples) & set(after.samples)
    columns = [name for name in before.columns if name in after.columns]
    one, other = (grid.of_samples(samples).of_columns(columns) for grid in (before, after))
    return one, other


def _paired_valid(before: AnswerGrid, after: AnswerGrid) -> PairedScores:
    """The share of valid answers of both runs, cluster by cluster, in per cent."""
    labels, place = np.unique(np.asarray(before.clusters, dtype=str), return_inverse=True)
    one, other = (
        share_sums([VALID], labels.tolist(), _valid_shares(grid, place)[None], 100.0)
        for grid in (before, after)
    )
    weights = cluster_weights(len(labels), 0)
    replicates = other.replicates(weights) - one.replicates(weights)
    value = float((other.values() - one.values())[0])
    low, high = expanded_percentile(replicates[:, 0], len(labels))
    return PairedScores(
        family=_VALID_FAMILY,
        names=(VALID,),
        before=one.values(),
        after=other.values(),
        differences=[Estimate(value, low, high)],
        p_values=sign_flip_p_values(other.contributions(one)),
        replicates=replicates,
        carrying=np.array([len(labels)]),
        per_variant=[[]],
    )


def _valid_shares(grid: AnswerGrid, place: npt.NDArray[np.intp]) -> FloatArray:
    valid = (grid.statuses == "valid").mean(axis=1)
    count = int(place.max()) + 1
    shares: FloatArray = np.bincount(place, valid, count) / np.bincount(place, minlength=count)
    return shares


def _moved_items(
    name: str, part: PairedScores, one: AnswerGrid, other: AnswerGrid
) -> tuple[MovedItem, ...]:
    """The items that count for a score, or its questions, whose answers moved most."""
    if one.right is not None and other.right is not None:
        labels = [f"question {column}" for column in one.columns]
        before, after = one.right.mean(axis=0), other.right.mean(axis=0)
        mine = np.ones(len(labels), dtype=bool)
        if "column" in part.family.by:
            mine = np.array(one.labels[part.family.by["column"]]) == name
    else:
        labels = list(one.samples)
        before, after = (_means(grid.ratings) for grid in (one, other))
        mine = np.array([name in about.get("tags", ()) for about in one.attributes], dtype=bool)
        if name == VALID:
            before, after = ((grid.statuses == "valid").mean(axis=1) for grid in (one, other))
            mine = np.ones(len(labels), dtype=bool)
    moved = np.abs(after - before)
    moved[~mine | np.isnan(moved)] = 0.0
    order = np.argsort(-moved, kind="stable")[:_SHOWN_ITEMS]
    return tuple(
        MovedItem(labels[i], float(before[i]), float(after[i])) for i in order if moved[i] > 0
    )


def _means(ratings: FloatArray) -> FloatArray:
    there = ~np.isnan(ratings)
    counts = there.sum(axis=1)
    sums = np.where(there, ratings, 0.0).sum(axis=1)
    means: FloatArray = np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
    return means


def _sentence(
    manifest: Manifest, baseline: BaselineRun, after: str, units: str, checks: Sequence[ScoreCheck]
) -> str:
    moved = [check for check in checks if check.verdict == "moved"]
    numbers = {
        verdict: sum(check.verdict == verdict for check in checks)
        for verdict in ("same", "moved", "undecided")
    }
    told = ", ".join(
        f"{check.name} {check.difference.value:+.2f} "
        f"({check.difference.low:+.2f} to {check.difference.high:+.2f})"
        for check in sorted(moved, key=lambda check: check.corrected)[:5]
    )
    more = f" and {len(moved) - 5} more" if len(moved) > 5 else ""
    what = f"moved on {told}{more}" if moved else "did not move"
    valid = checks[-1]
    sample = " (synthetic sample data)" if baseline.key["synthetic"] else ""
    return (
        f"On {manifest.title}{sample}, {after} {what} against the baseline of {baseline.rater} of "
        f"{baseline.started[:10] or 'unknown date'}, on the same {units}: {numbers['same']} of "
        f"{len(checks)} scores are the same within their margins, {numbers['moved']} moved, "
        f"{numbers['undecided']} are undecided; valid answers {valid.before:.1f}% before and "
        f"{valid.after:.1f}% after."
    )
