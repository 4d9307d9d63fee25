"""A suite as one Inspect eval set, resumed where it stopped and judged by the logs on disk."""

import contextlib
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
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
from rich.text import Text

from benchmarks._model_call import in_one_line
from evals.suites.build import ReadyRun
from evals.suites.suite import ModelChoice, SolverChoice, as_json_key
from ratings.errors import DataError
from scorers.inspect_adapter.asking import NO_ANSWER
from scorers.inspect_adapter.run_log import task_name

# A sample that failed is asked again at once, and once more after everything else of its run; the
# next command does so again.
AT_ONCE, RETRIES = 1, 1
# Runs at a time. Inspect's own number is that of the models: then all run in step, and the first of
# many ends when the last does.
MAX_TASKS = 4
# How long a call may take and how it is sent change no answer; Inspect resumes such a run.
_TRANSPORT = (
    "max_retries", "timeout", "attempt_timeout", "stream_idle_timeout", "max_connections",
    "adaptive_connections", "batch", "cache", "cache_prompt",
)  # fmt: skip
# How the error of a sample begins that was in the middle when its run was interrupted.
_BROKEN_OFF = "CancelledError("
# In what errors of one kind differ: numbers, and ids that hold one.
_VARYING = re.compile(r"[\w-]*\d[\w-]*")
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
        errors: how many samples ended in each kind of error, the most frequent first.
        no_answer: answers that never came, which count as empty.
        asked_again: calls that were repeated because no answer came.
    """

    task: str
    arguments: Mapping[str, Any]
    who: str
    status: str
    done: int
    expected: int | None
    log: str | None
    reason: str = ""
    errors: Mapping[str, int] = field(default_factory=dict)
    no_answer: int = 0
    asked_again: int = 0

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
    """Run or resume all runs that can start; what was answered is not asked again.

    Everything that Inspect prints goes to standard error.

    Args:
        ready: the runs of a suite.
        log_dir: one folder per suite; logs in it are resumed, those of other runs are left.
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
                    retry_on_error=AT_ONCE,
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
    whole = Outcome(
        task=ready.run.task,
        arguments=ready.run.arguments,
        who=ready.run.who.label,
        status="unfinished",
        done=0,
        expected=ready.expected,
        log=None,
        reason="not started",
    )
    found = [(header.eval.created, _told_by(header, whole)) for header in logs]
    found.sort(key=lambda one: (one[1].status == "complete", one[1].done, one[0]))
    best = found[-1][1] if found else whole
    if best.status != "complete" and ready.lacks:
        return replace(best, status="missing", reason=ready.lacks, errors={})
    return best


def _told_by(header: EvalLog, whole: Outcome) -> Outcome:
    """The outcome as one log reports it."""
    summaries = read_eval_log_sample_summaries(header.location)
    ended = (one.error for one in summaries if one.error)
    errors = error_kinds(error for error in ended if not error.startswith(_BROKEN_OFF))
    scores = [score for one in summaries for score in (one.scores or {}).values()]
    status = replace(
        whole,
        done=sum(1 for one in summaries if not one.error and one.completed),
        log=_path(header.location),
        errors=errors,
        no_answer=sum((score.metadata or {}).get(NO_ANSWER, 0) for score in scores),
        asked_again=sum((score.metadata or {}).get("asked_again", 0) for score in scores),
    )
    expected = whole.expected or 0
    if header.status == "success" and status.done >= expected:
        return replace(status, status="complete", expected=max(expected, status.done), reason="")
    why = {"started": "stopped in the middle", "cancelled": "interrupted"}
    if header.status in why:
        return replace(status, status="unfinished", reason=why[header.status])
    if errors:
        count, first = sum(errors.values()), next(iter(errors))
        return replace(
            status, status="failed", reason=f"{_samples(count)} ended in an error: {first}"
        )
    if header.status == "error":
        message = header.error.message if header.error else "an error"
        return replace(status, status="failed", reason=in_one_line(message))
    return replace(status, status="unfinished", reason="more samples are asked for now")


def error_kinds(errors: Iterable[str]) -> dict[str, int]:
    """How many samples ended in each kind of error, the most frequent first.

    Errors are of one kind when they differ in numbers and ids alone; the first stands for all.

    >>> error_kinds(["Limit of 5 s", "Limit of 7 s", "No such model"])
    {'Limit of 5 s': 2, 'No such model': 1}
    """
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for error in errors:
        line = in_one_line(Text.from_markup(error).plain if "\\[" in error else error)
        kind = _VARYING.sub("#", line)
        counts[first.setdefault(kind, line)] += 1
    return dict(counts.most_common())


def _samples(count: int) -> str:
    return "1 sample" if count == 1 else f"{count} samples"


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
                    f"one at hand; give this one a folder of its own"
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
    """One text for what makes two runs different."""
    settings = (generate or GenerateConfig()).model_dump(mode="json", exclude_none=True)
    sent = {name: value for name, value in settings.items() if name not in _TRANSPORT}
    return as_json_key({**parts, "generate": sent})


def _path(location: str) -> str:
    return location.removeprefix("file://")
