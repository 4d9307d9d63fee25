"""What one run of Value Portrait says: read from its log, scored again in full."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inspect_ai.scorer import SampleScore

from evals.reports.on_items import on_items_of
from ratings.instruments.dimensions import ALL_DIMENSIONS, family_of
from ratings.output.json_values import json_object
from scorers.inspect_adapter.portrait import (
    EXPECTED,
    answer_counts,
    consistency_of,
    portrait_scores,
    ratings_matrix,
    variance_of_values,
)
from scorers.inspect_adapter.run_log import RunLog, read_run
from scorers.intervals.estimate import Estimate
from scorers.psychometrics.generalizability import GStudy, beyond_wordings
from scorers.scores.profile_variance import ProfileVariance
from scorers.scores.schwartz import Score

TASK = "value_portrait"


@dataclass(frozen=True)
class Report:
    """Everything a run of Value Portrait says.

    Attributes:
        on_items: each score with its interval on these items.
        beyond_wordings: each score with its interval beyond these prompt variants.
        expected: the scores from expected ratings; empty where the run asked for none.
        profile_variance: of the ten values; None where they were not scored.
        counts: number of answers by status.
        complete: whether the run finished every sample it was to make.
    """

    model: str
    task: str
    log: str
    status: str
    complete: bool
    items: int
    metadata: dict[str, Any]
    arguments: dict[str, Any]
    variants: list[str]
    scores: dict[str, Score]
    on_items: dict[str, Estimate]
    beyond_wordings: dict[str, Estimate]
    expected: dict[str, Score]
    profile_variance: ProfileVariance | None
    counts: dict[str, int]
    consistency: dict[str, Estimate]
    study: GStudy

    @property
    def synthetic(self) -> bool:
        """Whether the instrument is the sample that ships with the package."""
        return bool(self.metadata.get("synthetic"))

    @property
    def valid(self) -> float:
        """Share of the answers that could be read as a rating."""
        total = sum(self.counts.values())
        return self.counts["valid"] / total if total else math.nan

    def as_json(self) -> dict[str, Any]:
        """The report as JSON data; a number that is not defined is null."""
        data = {name: value for name, value in vars(self).items() if name != "study"}
        data["scores"] = {
            name: _score_json(score) | {"on_items": asdict(self.on_items[name])}
            for name, score in self.scores.items()
        }
        del data["on_items"], data["beyond_wordings"]
        data["expected"] = {name: _score_json(score) for name, score in self.expected.items()}
        of_values = self.profile_variance
        data["profile_variance"] = asdict(of_values) if of_values is not None else None
        data["consistency"] = {name: asdict(e) for name, e in self.consistency.items()}
        wordings = {name: asdict(e) for name, e in self.beyond_wordings.items()}
        data["variance"] = asdict(self.study) | {"beyond_wordings": wordings}
        data["valid"] = self.valid
        return json_object(data)


def read_report(path: str | Path) -> Report:
    """Read and score the log of a run of Value Portrait, an `.eval` or `.json` file.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log, or of another task.
    """
    return portrait_report(read_run(Path(path), (TASK,)))


def portrait_report(run: RunLog) -> Report:
    """Score a run of Value Portrait."""
    scores, dimensions = run.scores, run.metadata.get("dimensions") or ALL_DIMENSIONS
    consistency, study = consistency_of(scores)
    found = portrait_scores(scores, dimensions)
    asked = any(key.endswith(EXPECTED) for s in scores for key in _value(s))
    expected = portrait_scores(scores, dimensions, EXPECTED) if asked else {}
    return Report(
        model=run.model,
        task=run.task,
        log=str(run.path),
        status=run.header.status,
        complete=run.complete,
        items=len({s.sample_id for s in scores}),
        metadata=run.metadata,
        arguments=run.arguments,
        variants=ratings_matrix(scores)[2],
        scores=found,
        on_items=on_items_of(run),
        beyond_wordings={
            name: beyond_wordings(score.estimate.value, score.per_variant)
            for name, score in found.items()
        },
        expected=expected,
        profile_variance=variance_of_values(scores),
        counts=answer_counts(scores),
        consistency=consistency,
        study=study,
    )


def _value(score: SampleScore) -> dict[str, Any]:
    value = score.score.value
    return value if isinstance(value, dict) else {}


def _score_json(score: Score) -> dict[str, Any]:
    return {**asdict(score), "family": family_of(score.dimension)}
