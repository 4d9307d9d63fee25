"""What one run of a benchmark says: read from its log, scored again in full."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSampleSummary, read_eval_log, read_eval_log_sample_summaries
from inspect_ai.scorer import SampleScore

from ratings.dimensions import family_of
from ratings.errors import DataError, DataMissingError
from scorers.estimate import Estimate
from scorers.inspect_adapter.portrait import (
    EXPECTED,
    answer_counts,
    consistency_of,
    portrait_scores,
    ratings_matrix,
)
from scorers.schwartz import Score
from scorers.sensitivity import GStudy

TASK = "value_portrait"
SCORERS = ("portrait", "portrait_with_expected")


@dataclass(frozen=True)
class Report:
    """Everything a run of Value Portrait says.

    Attributes:
        expected: the scores from expected ratings; empty where the run asked for none.
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
    expected: dict[str, Score]
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
        data["scores"] = {name: _score_json(score) for name, score in self.scores.items()}
        data["expected"] = {name: _score_json(score) for name, score in self.expected.items()}
        data["consistency"] = {name: asdict(e) for name, e in self.consistency.items()}
        data["variance"] = asdict(self.study)
        data["valid"] = self.valid
        cleaned = _without_nan(data)
        assert isinstance(cleaned, dict)
        return cleaned


def read_report(path: Path) -> Report:
    """Read and score the log of a run of Value Portrait.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log, or of another task.
    """
    if not path.is_file():
        raise DataMissingError(f"there is no log at {path}")
    try:
        log = read_eval_log(str(path), header_only=True)
        summaries = read_eval_log_sample_summaries(str(path))
    except Exception as error:  # whatever Inspect's reader meets in a broken file
        raise DataError(f"{path} cannot be read as an Inspect log: {error}") from error
    if log.eval.task.rsplit("/", 1)[-1] != TASK or "dimensions" not in (log.eval.metadata or {}):
        raise DataError(f"{path} is a log of {log.eval.task}; valuegauge show reads {TASK}")
    scores = _sample_scores(summaries)
    if log.status == "success" and not scores:
        raise DataError(f"{path} has no scores; `inspect score {path}` makes them")
    return _report(path, log, scores)


def _report(path: Path, log: EvalLog, scores: list[SampleScore]) -> Report:
    metadata = dict(log.eval.metadata or {})
    dimensions = metadata["dimensions"]
    consistency, study = consistency_of(scores)
    asked = any(key.endswith(EXPECTED) for s in scores for key in _value(s))
    expected = portrait_scores(scores, dimensions, EXPECTED) if asked else {}
    total = log.results.total_samples if log.results else (log.eval.dataset.samples or 0)
    return Report(
        model=log.eval.model,
        task=log.eval.task.rsplit("/", 1)[-1],
        log=str(path),
        status=log.status,
        complete=log.status == "success" and len(scores) >= total,
        items=len({s.sample_id for s in scores}),
        metadata=metadata,
        arguments=dict(log.eval.task_args_passed),
        variants=ratings_matrix(scores)[2],
        scores=portrait_scores(scores, dimensions),
        expected=expected,
        counts=answer_counts(scores),
        consistency=consistency,
        study=study,
    )


def _sample_scores(summaries: list[EvalSampleSummary]) -> list[SampleScore]:
    """Scores of the scorer that ran last, where a log was scored more than once."""
    ran = [name for s in summaries for name in s.scores or {} if name in SCORERS]
    return [
        SampleScore(score=score, sample_id=summary.id, sample_metadata=summary.metadata)
        for summary in summaries
        for name, score in (summary.scores or {}).items()
        if name == ran[-1]
    ]


def _value(score: SampleScore) -> dict[str, Any]:
    value = score.score.value
    return value if isinstance(value, dict) else {}


def _score_json(score: Score) -> dict[str, Any]:
    return {**asdict(score), "family": family_of(score.dimension)}


def _without_nan(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
