"""A study: the same task run several ways as one Inspect eval set, resumed where it stopped."""

import contextlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspect_ai import Task, eval_set
from inspect_ai.log import list_eval_logs, read_eval_log
from inspect_ai.model import get_model

from evals.choice_report import TASK, ChoiceReport, choice_report
from ratings.errors import DataError
from scorers.inspect_adapter.run_log import read_run, task_name

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Variation:
    """One way to run the task.

    Attributes:
        label: how the study's table names it.
        arguments: task arguments in which it differs from the study's other runs.
    """

    label: str
    arguments: Arguments


def run_study(
    variations: Sequence[Variation],
    common: Arguments,
    model: str,
    log_dir: Path,
    max_connections: int | None = None,
) -> dict[str, ChoiceReport]:
    """Run, or go on with, all variations, and read what each came to.

    What counts as done is read from the logs on disk, not from what Inspect returns.

    Args:
        variations: of the task.
        common: task arguments of all of them.
        model: who answers.
        log_dir: one folder a study; logs in it are gone on with.
        max_connections: how many calls at a time.

    Returns:
        The report of each variation that has one, by label; an incomplete one says so.

    Raises:
        DataError: when Inspect does not know the model's provider, or the folder holds logs of
            something else.
    """
    from benchmarks.indie_value.task import indie_value

    try:
        get_model(model)
    except ValueError as error:  # Inspect's, for a provider that it does not know
        raise DataError(f"{model} is not a model that Inspect knows: {error}") from error
    tasks: list[Task] = [indie_value(**common, **v.arguments) for v in variations]
    if log_dir.exists():
        _refuse_other_logs(tasks, variations, common, model, log_dir)
    log_dir.mkdir(parents=True, exist_ok=True)
    with contextlib.redirect_stdout(sys.stderr):
        eval_set(
            tasks=tasks,
            model=model,
            log_dir=str(log_dir),
            display="plain",
            max_connections=max_connections,
        )
    return read_study(variations, common, model, log_dir)


def read_study(
    variations: Sequence[Variation], common: Arguments, model: str, log_dir: Path
) -> dict[str, ChoiceReport]:
    """The newest report of each variation from the logs in a folder.

    Raises:
        DataError: when a log cannot be read.
    """
    found: dict[str, ChoiceReport] = {}
    for info in list_eval_logs(str(log_dir), descending=True):
        path = Path(info.name.removeprefix("file://"))
        header = read_eval_log(str(path), header_only=True)
        if task_name(header) != TASK or header.eval.model != model:
            continue
        asked = _key(header.eval.task_args_passed)
        for variation in variations:
            if variation.label not in found and asked == _key({**common, **variation.arguments}):
                found[variation.label] = choice_report(read_run(path))
    return {v.label: found[v.label] for v in variations if v.label in found}


def _refuse_other_logs(
    tasks: Sequence[Task],
    variations: Sequence[Variation],
    common: Arguments,
    model: str,
    log_dir: Path,
) -> None:
    """Refuse a folder with logs of other options, another survey or another prompt."""
    wanted = {_key({**common, **v.arguments}): t for v, t in zip(variations, tasks, strict=True)}
    for info in list_eval_logs(str(log_dir)):
        header = read_eval_log(info, header_only=True)
        task = wanted.get(_key(header.eval.task_args_passed))
        if header.eval.model != model or task is None:
            raise DataError(
                f"{log_dir} holds the log of another run ({header.eval.model}, "
                f"{header.eval.task_args_passed}); give this study a folder of its own with --out"
            )
        for name in ("survey_sha256", "template_sha256"):
            if (header.eval.metadata or {}).get(name) != (task.metadata or {}).get(name):
                what = "survey" if name == "survey_sha256" else "prompt"
                raise DataError(
                    f"{log_dir} holds runs with another {what} than the one at hand; "
                    f"give this study a folder of its own with --out"
                )


def _key(arguments: Arguments) -> str:
    return json.dumps(dict(arguments), sort_keys=True, default=str)
