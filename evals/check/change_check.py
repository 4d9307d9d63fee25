"""Did a model move? A run against the baseline, score by score, on the same items or people."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from evals.check.baseline import BaselineRun
from ratings.errors import DataError, DataMissingError, unknown_name
from ratings.input.strict_files import Number, read_yaml
from ratings.output.json_values import json_object
from scorers.comparison.paired import common_answers
from scorers.comparison.score_checks import ScoreCheck, check_scores
from scorers.inspect_adapter.run_log import RunLog
from scorers.intervals.scopes import Scope
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import Manifest

Margins = Annotated[
    dict[str, Annotated[Number, Field(gt=0)]],
    Field(min_length=1),
]
_SHOWN = 5  # the sentence names so many of the scores that moved, those that moved most


@dataclass(frozen=True)
class Regression:
    """A run checked against its baseline.

    Attributes:
        benchmark: what was asked.
        log: name of the run's log.
        before: who answered the baseline.
        after: who answered the run.
        units: number of items (or people) that both were asked.
        baseline_units: number of them in the baseline.
        unit: what they are: such as `items`, `people` or `raters`.
        resampling_unit: what is resampled together.
        synthetic: whether the data are a sample.
        scope: in which the verdicts judge.
        scores: of each score; the last is the share of valid answers.
        lacking: scores of the baseline that the run has no answer for.
        sentence: one to paste.
    """

    benchmark: str
    log: str
    before: str
    after: str
    units: int
    baseline_units: int
    unit: str
    resampling_unit: str
    synthetic: bool
    scope: Scope
    scores: list[ScoreCheck]
    lacking: list[str]
    sentence: str

    @property
    def failed(self) -> bool:
        """Whether a score moved, or fewer answers are valid; more valid answers are welcome."""
        return any(check.fails for check in self.scores)

    def as_json(self) -> dict[str, Any]:
        """The check as JSON data; a number that is not defined or not finite is null."""
        found = asdict(self) | {"failed": self.failed}
        for data, check in zip(found["scores"], self.scores, strict=True):
            data |= asdict(check.judged)
        return json_object(found)


def check_run(
    run: RunLog,
    baseline: BaselineRun,
    margins: Mapping[str, float] | None = None,
    scope: Scope = "beyond",
) -> Regression:
    """Check a run against the run of a baseline that measured the same.

    Args:
        run: complete.
        baseline: by `baseline.baseline_for`.
        margins: of scores or families, instead of those of the manifest. Those of other
            benchmarks are passed over; `refuse_unknown_margins` finds the misspelt ones.
        scope: in which the verdicts judge.

    Raises:
        DataError: when the two have no items or people in common.
    """
    manifest, grid = run.manifest, run.grid()
    try:
        one, _ = common_answers(baseline.grid, grid)
        scores = check_scores(baseline.grid, grid, manifest.scores.values(), margins, scope)
    except DataError as error:
        raise DataError(f"{run.path.name} cannot be checked: {error}") from None
    people = one.right is not None
    units, of = (
        len(set(found.clusters if people else found.samples)) for found in (one, baseline.grid)
    )
    unit = manifest.answers.units
    shared = f"{units:,} {unit}" + (f" of the baseline's {of:,}" if units < of else "")
    return Regression(
        benchmark=run.task,
        log=run.path.name,
        before=baseline.rater,
        after=run.model,
        units=units,
        baseline_units=of,
        unit=unit,
        resampling_unit=manifest.resampling_unit,
        synthetic=bool(baseline.key["synthetic"]),
        scope=scope,
        scores=scores,
        lacking=_lacking(baseline, manifest, scores),
        sentence=_sentence(
            manifest, baseline, run.model, f"on the same {shared}, judged {scope} them", scores
        ),
    )


def _lacking(baseline: BaselineRun, manifest: Manifest, checks: Sequence[ScoreCheck]) -> list[str]:
    """Scores of the baseline that were not compared: a gate must not pass for want of answers."""
    compared = {check.name for check in checks if not math.isnan(check.difference.value)}
    found = [ratio_scores(baseline.grid, family) for family in manifest.scores.values()]
    return [
        name
        for scores in found
        if scores is not None
        for name, value in zip(scores.names, scores.values(), strict=True)
        if not math.isnan(value) and name not in compared
    ]


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


def _sentence(
    manifest: Manifest, baseline: BaselineRun, after: str, shared: str, checks: Sequence[ScoreCheck]
) -> str:
    checks = [check for check in checks if not check.apart]
    moved = [check for check in checks if check.verdict == "moved"]
    numbers = {
        verdict: sum(check.verdict == verdict for check in checks)
        for verdict in ("same", "moved", "undecided")
    }
    shown = ", ".join(
        f"{check.name} {check.difference.value:+.2f} "
        f"({check.difference.low:+.2f} to {check.difference.high:+.2f})"
        for check in sorted(moved, key=_in_margins, reverse=True)[:_SHOWN]
    )
    more = f" and {len(moved) - _SHOWN} more" if len(moved) > _SHOWN else ""
    what = f"moved on {shown}{more}" if moved else _unmoved(numbers["undecided"])
    valid = checks[-1]
    sample = " (synthetic sample data)" if baseline.key["synthetic"] else ""
    return (
        f"On {manifest.title}{sample}, {after} {what} against the baseline of {baseline.rater} of "
        f"{baseline.started[:10] or 'unknown date'}, {shared}: {numbers['same']} of "
        f"{len(checks)} scores are the same within their margins, {numbers['moved']} moved, "
        f"{numbers['undecided']} are undecided; valid answers {valid.before:.1f}% before and "
        f"{valid.after:.1f}% after."
    )


def _in_margins(check: ScoreCheck) -> float:
    """How many margins a score moved by, which orders scores of any unit."""
    return abs(check.difference.value) / check.margin


def _unmoved(undecided: int) -> str:
    """That nothing moved is said only where it was shown."""
    return "is not shown to have moved" if undecided else "did not move"
