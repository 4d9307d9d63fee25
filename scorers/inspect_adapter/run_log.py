"""One run as Inspect logged it: what was asked, whether it finished, and its scored samples."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSampleSummary, read_eval_log, read_eval_log_sample_summaries
from inspect_ai.scorer import SampleScore

from ratings.errors import DataError, DataMissingError
from ratings.manifests import Manifest, manifest_of, manifests
from scorers.answer_grid import AnswerGrid
from scorers.inspect_adapter.asking import NOT_SENT
from scorers.inspect_adapter.layouts import read_grid

# Solvers that answer in a model's place, whatever model the run names.
BASELINES = ("random", "majority", "resemble", "demographics")

# An option of the scorer that is not the same in all samples.
MIXED = "mixed"

# What must be alike for two runs to have measured the same.
MEASURED = ("benchmark", "comparability", "card", "card_revision", "synthetic", "template_sha256",
            "survey_sha256", "settings")  # fmt: skip


@dataclass(frozen=True, eq=False)
class RunLog:
    """The log of a run of one of the benchmarks.

    Attributes:
        header: the log without its samples.
        scores: one a scored sample.
    """

    path: Path
    header: EvalLog
    scores: list[SampleScore]

    @property
    def task(self) -> str:
        """The benchmark's name."""
        return task_name(self.header)

    @property
    def manifest(self) -> Manifest:
        """What the benchmark says of itself."""
        return manifest_of(self.task)

    @property
    def model(self) -> str:
        """Who answered: the model, or the baseline that answered in its place."""
        found = self.header.eval
        name = _bare(found.solver or "")
        if name not in BASELINES:
            return found.model
        given = ", ".join(f"{name}={value}" for name, value in (found.solver_args or {}).items())
        return f"baseline {name}" + (f" ({given})" if given else "")

    @property
    def metadata(self) -> dict[str, Any]:
        """What the task says of itself."""
        return dict(self.header.eval.metadata or {})

    @property
    def arguments(self) -> dict[str, Any]:
        """The task arguments that were given."""
        return dict(self.header.eval.task_args_passed)

    @property
    def all_arguments(self) -> dict[str, Any]:
        """All task arguments, those left at their defaults included."""
        return dict(self.header.eval.task_args)

    def arguments_of(self, *roles: str) -> dict[str, Any]:
        """The arguments of some roles, as the scorer that ran last had them.

        A log that was scored again keeps the arguments of its task; a scorer's own options, such
        as how answers are read, stand beside its results.
        """
        arguments, options = self.all_arguments, self._scorer_options()
        return {
            name: options.get(name, arguments.get(name))
            for name in self.manifest.arguments_of(*roles)
        }

    @property
    def measured(self) -> dict[str, Any]:
        """What was measured: runs that differ in any of `MEASURED` never share a table."""
        metadata = self.metadata
        return {
            "benchmark": self.task,
            "comparability": str(self.header.eval.task_version),
            "card": str(metadata.get("card")),
            "card_revision": str(metadata.get("card_revision")),
            "synthetic": bool(metadata.get("synthetic")),
            "template_sha256": metadata.get("template_sha256"),
            "survey_sha256": metadata.get("survey_sha256"),
            "settings": self.arguments_of("setting", "condition"),
        }

    def _scorer_options(self) -> dict[str, Any]:
        """What the scorer left in each score: a log tells only the options that were given.

        An option that differs between the samples of a run is `mixed`.
        """
        out: dict[str, Any] = {}
        for score in self.scores:
            for name, value in ((score.score.metadata or {}).get("options") or {}).items():
                out[name] = value if out.setdefault(name, value) == value else MIXED
        return out

    @property
    def not_sent(self) -> list[str]:
        """Settings of the run that its provider left out of the requests, at least of some."""
        found = [(score.score.metadata or {}).get(NOT_SENT) or () for score in self.scores]
        return sorted({str(name) for names in found for name in names})

    def grid(self) -> AnswerGrid:
        """The answers of the run."""
        return read_grid(self.scores, self.manifest, self.metadata)

    @property
    def complete(self) -> bool:
        """Whether the run finished every sample it was to make."""
        results = self.header.results
        total = results.total_samples if results else (self.header.eval.dataset.samples or 0)
        return self.header.status == "success" and len(self.scores) >= total


def task_name(header: EvalLog) -> str:
    """A task's name without its package."""
    return header.eval.task.rsplit("/", 1)[-1]


def read_run(path: Path, tasks: Sequence[str] | None = None) -> RunLog:
    """Read the log of a run of one of some benchmarks, by default of any.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log, of another task, or without scores.
    """
    if not path.is_file():
        raise DataMissingError(f"there is no log at {path}")
    try:
        header = read_eval_log(str(path), header_only=True)
        summaries = read_eval_log_sample_summaries(str(path))
    except Exception as error:  # whatever Inspect's reader meets in a broken file
        raise DataError(f"{path} cannot be read as an Inspect log: {error}") from error
    task = task_name(header)
    tasks = sorted(manifests()) if tasks is None else tasks
    if task not in tasks or "card" not in (header.eval.metadata or {}):
        raise DataError(f"{path} is a log of {header.eval.task}; this reads {' and '.join(tasks)}")
    found = scored_samples(summaries, manifest_of(task).answers.scorers)
    scores = [score for _, score in found]
    if header.status == "success" and not scores:
        raise DataError(f"{path} has no scores; `inspect score {path}` makes them")
    return RunLog(path, header, scores)


def without_nan(value: object) -> object:
    """Plain data with null where a number is not finite, so that every reader can parse it."""
    if isinstance(value, dict):
        return {str(key): without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def scored_samples(
    summaries: Sequence[EvalSampleSummary], scorers: Sequence[str]
) -> list[tuple[EvalSampleSummary, SampleScore]]:
    """Samples with their scores of the scorer that ran last, where a log was scored twice.

    Inspect numbers the scorers that it appends: `portrait`, `portrait1`.
    """
    ours = re.compile(rf"(?:{'|'.join(map(re.escape, scorers))})\d*")
    ran = [name for s in summaries for name in s.scores or {} if ours.fullmatch(_bare(name))]
    return [
        (
            summary,
            SampleScore(score=score, sample_id=summary.id, sample_metadata=summary.metadata),
        )
        for summary in summaries
        for name, score in (summary.scores or {}).items()
        if name == ran[-1]
    ]


def _bare(scorer: str) -> str:
    return scorer.rsplit("/", 1)[-1]
