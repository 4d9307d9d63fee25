"""Did a model move? A run against the baseline: all answers at once, and score by score."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Annotated

from pydantic import Field

from evals.check.answer_lengths import grid_with_lengths
from evals.check.any_task import CheckedRun, manifest_for, same_categories
from evals.check.baseline import BaselineRun
from evals.check.conclusion import conclusion, sentence
from evals.check.regression import Regression
from ratings.errors import DataError, DataMissingError, unknown_name
from ratings.input.strict_files import Number, read_yaml
from ratings.output.numbers import how_many
from ratings.output.text import shown_rater
from scorers.change.lengths import length_change
from scorers.change.omnibus import LEVEL, changed_shares, omnibus
from scorers.comparison.differences import SIGNIFICANCE
from scorers.comparison.paired import COMPARED_SPREAD, common_answers
from scorers.comparison.score_checks import VALID, ScoreCheck, check_scores
from scorers.intervals.scopes import Scope
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import Manifest
from scorers.scores.responses import ResponseMatrix

Margins = Annotated[
    dict[str, Annotated[Number, Field(gt=0)]],
    Field(min_length=1),
]
_SHOWN = 5  # so many of the items that changed most are kept


def check_run(
    runs: Sequence[CheckedRun],
    baseline: BaselineRun,
    margins: Mapping[str, float] | None = None,
    scope: Scope = "on",
    level: float = SIGNIFICANCE,
    earlier: Regression | None = None,
    only: Collection[str] = (),
) -> Regression:
    """Check a run, or rounds of one, against the run of a baseline that measured the same.

    Args:
        runs: complete, one or several askings of the same by the same model.
        baseline: by `baseline.baseline_for`.
        margins: of scores or families, instead of those of the manifest. Those of other
            benchmarks are passed over; `refuse_unknown_margins` finds the misspelt ones.
        scope: in which the verdicts judge.
        level: of all scores that moved together; less than 5% for one look of several.
        earlier: what the look before found; what it decided stays so.
        only: names of the scores to check, over which alone p-values are corrected; all by default.
            Those of other benchmarks are passed over; `refuse_unknown_scores` finds the misspelt
            ones.

    Raises:
        DataError: when the two have no items or people in common.
    """
    run = runs[0]
    grid = reduce(ResponseMatrix.joined, map(grid_with_lengths, runs))
    grid = same_categories(grid, baseline.grid)
    baseline = replace(baseline, grid=same_categories(baseline.grid, grid))
    manifest = manifest_for(run.task, baseline.grid)
    try:
        one, _ = common_answers(baseline.grid, grid)
        found = check_scores(
            baseline.grid, grid, manifest.scores.values(), margins, scope, level, only
        )
    except DataError as error:
        raise DataError(f"{run.path.name} cannot be checked: {error}") from None
    people = one.right is not None
    units, of = (
        len(set(asked.clusters if people else asked.samples)) for asked in (one, baseline.grid)
    )
    unit = manifest.answers.units
    shared = how_many(units, unit) + (f" of the baseline's {of:,}" if units < of else "")
    # What may be spent on a false alarm is shared by the answers and their lengths (Bonferroni).
    whole = LEVEL * level / SIGNIFICANCE
    lengths = length_change(baseline.grid, grid, level=whole / 2)
    sameness = omnibus(
        baseline.grid,
        grid,
        wordings=manifest.answers.layout == "variants",
        level=whole if lengths.verdict == "unknown" else whole / 2,
    )
    scores = found.checks
    if earlier is not None:
        scores = [
            now if before.verdict == "undecided" else before
            for before, now in zip(earlier.scores, scores, strict=True)
        ]
        sameness = earlier.sameness if earlier.sameness.fails else sameness
        lengths = earlier.lengths if earlier.lengths.fails else lengths
    changed = changed_shares(baseline.grid, grid)
    regression = Regression(
        benchmark=run.task,
        log=run.path.name,
        log_id=run.header.eval.eval_id,
        accepted=baseline.logs,
        started=run.header.stats.started_at or "",
        before=baseline.rater,
        after=run.model,
        units=units,
        baseline_units=of,
        unit=unit,
        resampling_unit=manifest.resampling_unit,
        synthetic=bool(baseline.key["synthetic"]),
        scope=scope,
        sameness=sameness,
        lengths=lengths,
        yardstick=found.yardstick,
        repeats=found.repeats,
        statuses=_statuses(baseline.grid, grid),
        changed_items={name: share for name, share in list(changed.items())[:_SHOWN] if share > 0},
        scores=scores,
        lacking=_lacking(baseline, manifest, scores, only),
        sentence="",
        finding="",
    )
    before = f"{shown_rater(baseline.rater)} of {baseline.started[:10] or 'unknown date'}"
    said = sentence(regression, manifest.title, before, f"on the same {shared}")
    concluded = f"{run.task}: {conclusion(regression)}"
    return replace(regression, sentence=said, finding=concluded)


def _statuses(before: ResponseMatrix, after: ResponseMatrix) -> dict[str, tuple[float, float]]:
    """How answers were read, in per cent of those asked for, the most frequent first."""
    counts = [grid.counts() for grid in (before, after)]
    totals = [max(sum(of.values()), 1) for of in counts]
    names = dict.fromkeys(name for of in counts for name in of)
    shares = {
        name: (100 * counts[0].get(name, 0) / totals[0], 100 * counts[1].get(name, 0) / totals[1])
        for name in names
    }
    return dict(sorted(shares.items(), key=lambda one: -max(one[1])))


def _lacking(
    baseline: BaselineRun,
    manifest: Manifest,
    checks: Sequence[ScoreCheck],
    only: Collection[str],
) -> list[str]:
    """Scores of the baseline that were not compared: a gate must not pass for want of answers."""
    compared = {check.name for check in checks if not math.isnan(check.difference.value)}
    found = [ratio_scores(baseline.grid, family) for family in manifest.scores.values()]
    return [
        name
        for scores in found
        if scores is not None
        for name, value in zip(scores.names, scores.values(), strict=True)
        if not math.isnan(value) and name not in compared and (not only or name in only)
    ]


def refuse_unknown_scores(given: Collection[str], baselines: Sequence[BaselineRun]) -> None:
    """Refuse the name of a score that none of the baseline's runs has.

    Raises:
        UnknownNameError: names the scores that there are.
    """
    known: list[str] = []
    for held in baselines if given else ():
        for family in manifest_for(held.key["benchmark"], held.grid).scores.values():
            scores = ratio_scores(held.grid, family)
            spread = [family.name] if family.estimator == COMPARED_SPREAD else []
            known += spread if scores is None else scores.names
    for name in given:
        if name not in [*known, VALID]:
            raise unknown_name("score", name, dict.fromkeys([*known, VALID]))


def read_margins(path: Path) -> dict[str, float]:
    """Margins from a YAML file that maps scores or families to numbers above zero.

    Raises:
        DataMissingError: when there is no file.
        MalformedFileError: when it is anything else, or names a score twice.
    """
    if not path.is_file():
        raise DataMissingError(f"there are no margins at {path}")
    return read_yaml(path, Margins)


def refuse_unknown_margins(given: Mapping[str, float], found: Sequence[Regression]) -> None:
    """Refuse a margin that is for no score or family of any of the runs checked.

    Raises:
        UnknownNameError: names the scores and families that there are.
    """
    checks = [check for one in found for check in one.scores]
    known = list(dict.fromkeys(name for check in checks for name in (check.name, check.family)))
    for name in given:
        if name not in known:
            raise unknown_name("score or family for a margin", name, known)
