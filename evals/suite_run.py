"""A suite as one Inspect eval set, resumed where it stopped and judged by the logs on disk."""

import contextlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inspect_ai import eval_set
from inspect_ai.log import (
    EvalLog,
    list_eval_logs,
    read_eval_log,
    read_eval_log_sample_summaries,
)
from inspect_ai.model import GenerateConfig
from inspect_ai.solver import SolverSpec

from evals.suite import ModelChoice, SolverChoice
from evals.suite_build import ReadyRun
from evals.suite_yaml import as_json_key
from ratings.errors import DataError
from scorers.inspect_adapter.run_log import task_name

# What failed is tried once more, after everything else of its run; the next command does so again.
RETRIES = 1
# Runs at a time. Inspect's own number is that of the models: then all run in step, and the first of
# many ends when the last does.
MAX_TASKS = 4
# How long a call may take and how it is sent change no answer; Inspect goes on with such a run.
_TRANSPORT = (
    "max_retries", "timeout", "attempt_timeout", "stream_idle_timeout", "max_connections",
    "adaptive_connections", "batch", "cache", "cache_prompt",
)  # fmt: skip
_SOURCES = {"survey_sha256": "survey", "template_sha256": "prompt", "card_revision": "card"}


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes:
        task: the task's name.
        arguments: its arguments, as the suite gives them.
        who: the model, or the baseline in its place.
        status: `complete`, `failed` (an error), `unfinished` (not all samples), or `missing`
            (data, a key or a package).
        done: samples with an answer, epochs counted.
        expected: samples that there are to be, None where the data are missing.
        log: the newest log, None where there is none.
        reason: why it is not complete, in one line.
    """

    task: str
    arguments: Mapping[str, Any]
    who: str
    status: str
    done: int
    expected: int | None
    log: str | None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The outcome as plain data."""
        return asdict(self)


def run_suite(
    ready: Sequence[ReadyRun],
    log_dir: Path,
    limit: int | None = None,
    max_connections: int | None = None,
    max_tasks: int = MAX_TASKS,
) -> bool:
    """Run, or go on with, all runs that can start; what was answered is not asked again.

    Everything that Inspect prints goes to standard error.

    Args:
        ready: the runs of a suite.
        log_dir: one folder a suite; logs in it are gone on with, those of other runs are left.
        limit: number of samples of each task, None for all.
        max_connections: how many calls at a time, None for the provider's own number.
        max_tasks: how many runs at a time.

    Returns:
        Whether it was interrupted.

    Raises:
        DataError: when the folder holds a log that cannot be read, or one of the same run with
            another survey, prompt or card revision.
    """
    can_start = [one for one in ready if one.can_start]
    if log_dir.exists():
        _refuse_other_sources(can_start, log_dir)
    if can_start:
        log_dir.mkdir(parents=True, exist_ok=True)
    for spec, group in _by_solver(can_start):
        try:
            with contextlib.redirect_stdout(sys.stderr):
                _, logs = eval_set(
                    tasks=[one.task for one in group if one.task],
                    model=None,
                    solver=spec,
                    log_dir=str(log_dir),
                    log_dir_allow_dirty=True,
                    display="log",
                    log_level="info",
                    score_display=False,
                    limit=limit,
                    max_connections=max_connections,
                    max_tasks=max_tasks,
                    retry_attempts=RETRIES,
                    continue_on_fail=True,
                )
        except KeyboardInterrupt:
            return True
        # Inspect may say that all went well after Ctrl-C, and give no log of what it broke off.
        if len(logs) < len(group) or any(log.status == "cancelled" for log in logs):
            return True
    return False


def read_outcomes(ready: Sequence[ReadyRun], log_dir: Path) -> list[Outcome]:
    """What became of each run, from the logs in a folder.

    Raises:
        DataError: when a log cannot be read.
    """
    logs: dict[str, list[EvalLog]] = {}
    for header in _headers(log_dir):
        logs.setdefault(_key_of_log(header), []).append(header)
    return [_outcome(one, logs.get(_key_of_run(one), [])) for one in ready]


def _by_solver(ready: Sequence[ReadyRun]) -> list[tuple[SolverSpec | None, list[ReadyRun]]]:
    """Runs that share a solver, which an eval set has one of; baselines first, they are quick."""
    groups: dict[str, tuple[SolverSpec | None, list[ReadyRun]]] = {}
    for one in ready:
        spec = None
        if isinstance(one.run.who, SolverChoice):
            arguments = dict(one.run.who.arguments)
            spec = SolverSpec(f"benchmarks/{one.run.who.name}", arguments, arguments)
        groups.setdefault(repr(spec), (spec, []))[1].append(one)
    return sorted(groups.values(), key=lambda group: group[0] is None)


def _outcome(ready: ReadyRun, logs: Sequence[EvalLog]) -> Outcome:
    """The outcome of one run from its logs: the newest that is complete, else the newest."""
    found = [_told_by(header, ready.expected or 0) for header in logs]
    found.sort(key=lambda one: (one[0] == "complete", one[1], one[2].eval.created))
    status, done, header, reason = found[-1] if found else ("unfinished", 0, None, "not started")
    if status != "complete" and ready.lacks:
        status, reason = "missing", ready.lacks
    return Outcome(
        task=ready.run.task,
        arguments=ready.run.arguments,
        who=ready.run.who.label,
        status=status,
        done=done,
        expected=max(ready.expected or 0, done) if status == "complete" else ready.expected,
        log=None if header is None else _path(header.location),
        reason=reason,
    )


def _told_by(header: EvalLog, expected: int) -> tuple[str, int, EvalLog, str]:
    summaries = read_eval_log_sample_summaries(header.location)
    errors = [str(one.error) for one in summaries if one.error]
    done = sum(1 for one in summaries if not one.error and one.completed)
    if header.status == "success" and done >= expected:
        return "complete", done, header, ""
    why = {"started": "stopped in the middle", "cancelled": "interrupted"}
    if header.status in why:
        return "unfinished", done, header, why[header.status]
    if header.status == "error" or errors:
        first = errors[0] if errors else str(header.error.message if header.error else "an error")
        count = f"{len(errors)} samples ended in an error, first: " if errors else ""
        return "failed", done, header, count + " ".join(first.split())
    return "unfinished", done, header, "more samples are asked for now"


def _refuse_other_sources(ready: Sequence[ReadyRun], log_dir: Path) -> None:
    """Refuse a folder with the same run on another survey, prompt or revision of its card."""
    tasks = {_key_of_run(one): one.task for one in ready if one.task}
    for header in _headers(log_dir):
        task = tasks.get(_key_of_log(header))
        if task is None:
            continue
        for name, what in _SOURCES.items():
            if (header.eval.metadata or {}).get(name) != (task.metadata or {}).get(name):
                raise DataError(
                    f"{log_dir} holds a run of {task_name(header)} with another {what} than the "
                    f"one at hand; give this one a folder of its own with --log-dir"
                )


def _headers(log_dir: Path) -> list[EvalLog]:
    headers: list[EvalLog] = []
    if not log_dir.exists():
        return headers
    for info in list_eval_logs(str(log_dir)):
        try:
            headers.append(read_eval_log(info, header_only=True))
        except Exception as error:  # whatever Inspect's reader meets in a broken file
            raise DataError(
                f"{_path(info.name)} cannot be read as an Inspect log, move it away: {error}"
            ) from error
    return headers


def _key_of_run(ready: ReadyRun) -> str:
    who, task = ready.run.who, ready.task
    # A model that could not be made may have answered before: then its name must do.
    model = str(task.model) if task and task.model else who.name
    return _key(
        task=ready.run.task,
        version=task.version if task else None,
        arguments=ready.run.arguments,
        solver=who.name if isinstance(who, SolverChoice) else None,
        model=model if isinstance(who, ModelChoice) else None,
        given=who.arguments,
        generate=GenerateConfig(**who.generate) if isinstance(who, ModelChoice) else None,
    )


def _key_of_log(header: EvalLog) -> str:
    found = header.eval
    solver = found.solver.rsplit("/", 1)[-1] if found.solver else None
    return _key(
        task=task_name(header),
        version=found.task_version,
        arguments=found.task_args_passed,
        solver=solver,
        model=None if solver else found.model,
        given=(found.solver_args_passed or found.solver_args or {}) if solver else found.model_args,
        generate=None if solver else found.model_generate_config,
    )


def _key(generate: GenerateConfig | None, **parts: Any) -> str:  # noqa: ANN401 - JSON's own
    """One text for what tells two runs apart."""
    settings = (generate or GenerateConfig()).model_dump(mode="json", exclude_none=True)
    told = {name: value for name, value in settings.items() if name not in _TRANSPORT}
    return as_json_key({**parts, "generate": told})


def _path(location: str) -> str:
    return location.removeprefix("file://")
