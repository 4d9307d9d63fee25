"""The runs of a suite made ready: tasks and models built, and what keeps a run from starting."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from inspect_ai import Epochs, Task, task_with
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import GenerateConfig, Model, get_model
from rich.text import Text

from evals.suites.suite import ModelChoice, Run, SolverChoice, as_json_key
from ratings.errors import (
    DataError,
    DataMissingError,
    HashMismatchError,
    TermsError,
    UnknownNameError,
)
from scorers.scores.manifests import manifest_of, named_object, task_modules

# Which kind of error it is decides the exit code; other kinds are made of more than a message.
_KEPT = (UnknownNameError, DataMissingError, HashMismatchError, TermsError)


@dataclass(frozen=True)
class ReadyRun:
    """A run with what it needs, or what it lacks.

    Attributes:
        task: built with its arguments, and its model where this could be made; None where its
            data are missing.
        expected: number of samples, epochs counted; None where the data are missing.
        lacks: what is missing: data, a key, a package; empty where nothing is.
    """

    run: Run
    task: Task | None
    expected: int | None
    lacks: str = ""

    @property
    def can_start(self) -> bool:
        """Whether nothing is missing."""
        return not self.lacks


def make_ready(runs: Sequence[Run], limit: int | None = None) -> list[ReadyRun]:
    """Build the task and the model of each run; nothing is asked yet.

    A run that lacks data, a key or a package is kept with what it lacks, so that the others run.

    Args:
        runs: of a suite.
        limit: number of samples of each task, None for all.

    Raises:
        UnknownNameError: for an argument's value that is not allowed.
        DataError: for an argument that is out of range.
    """
    models: dict[str, Model | str] = {}
    lacking: dict[str, str] = {}
    return [_ready(run, limit, models, lacking) for run in runs]


def build_task(run: Run) -> Task:
    """The task of a run, with its arguments and epochs and without a model.

    Raises:
        DataMissingError, HashMismatchError, TermsError: when its data are not at hand.
        DataError: for arguments that are wrong.
    """
    module = import_module(task_modules()[run.task])
    try:
        task: Task = getattr(module, run.task)(**run.arguments)
    except PrerequisiteError as error:
        cause = error.__cause__
        kind = type(cause) if isinstance(cause, _KEPT) else DataError
        reason = str(cause) if isinstance(cause, DataError) else _plain(error)
        raise kind(f"{run.location}: {reason}") from error
    return task_with(task, epochs=run.epochs) if run.epochs else task


def sample_count(task: Task, limit: int | None) -> int:
    """Number of samples that a run of a task is to make, epochs counted."""
    samples = len(task.dataset) if limit is None else min(limit, len(task.dataset))
    epochs = task.epochs.epochs if isinstance(task.epochs, Epochs) else task.epochs
    return samples * (epochs or 1)


def build_model(choice: ModelChoice) -> Model:
    """The model that a suite names.

    Raises:
        DataError: when it cannot be made: an unknown provider, a key or a package that is
            missing, arguments that the provider does not take.
    """
    try:
        return get_model(
            choice.name,
            config=GenerateConfig(**choice.generate),
            base_url=choice.base_url,
            **choice.arguments,
        )
    except PrerequisiteError as error:
        reason = _plain(error)
    except Exception as error:  # whatever a provider's own package raises for a wrong set-up
        reason = str(error) or type(error).__name__
    raise DataError(f"{choice.name} cannot be asked: {' '.join(reason.split())}")


def _ready(
    run: Run, limit: int | None, models: dict[str, Model | str], lacking: dict[str, str]
) -> ReadyRun:
    """A run made ready; `lacking` remembers what is not at hand, so that it is sought once."""
    key = run.task_key
    if key in lacking:
        return ReadyRun(run, None, None, lacking[key])
    try:
        task = build_task(run)
    except (DataMissingError, HashMismatchError, TermsError) as error:
        lacking[key] = str(error)
        return ReadyRun(run, None, None, lacking[key])
    expected = sample_count(task, limit)
    if isinstance(run.who, SolverChoice):
        return _with_solver(run, run.who, task, expected)
    found = _model(run.who, models)
    if isinstance(found, str):
        return ReadyRun(run, task, expected, found)
    # What a suite says of a model comes before what the task sets, which comes before what the
    # model itself is made with.
    config = task.config.merge(GenerateConfig(**run.who.generate))
    return ReadyRun(run, task_with(task, model=found, config=config), expected)


def _model(choice: ModelChoice, models: dict[str, Model | str]) -> Model | str:
    """The model, made once; or why it cannot be."""
    key = as_json_key({"model": [choice.name, choice.generate, choice.arguments, choice.base_url]})
    if key not in models:
        try:
            models[key] = build_model(choice)
        except DataError as error:
            models[key] = str(error)
    return models[key]


def _with_solver(run: Run, who: SolverChoice, task: Task, expected: int) -> ReadyRun:
    """Try the baseline's arguments, which Inspect would only meet in the run."""
    try:
        named_object(manifest_of(run.task).solvers[who.name])(**who.arguments)
    except TypeError as error:
        raise UnknownNameError(f"{run.location}: {who.label}: {error}") from error
    except PrerequisiteError as error:
        cause = error.__cause__
        kind = type(cause) if isinstance(cause, _KEPT) else DataError
        raise kind(f"{run.location}: {who.label}: {_plain(error)}") from error
    return ReadyRun(run, task, expected)


def _plain(error: PrerequisiteError) -> str:
    """What Inspect would print, without its markup, in one line."""
    reason = " ".join(Text.from_markup(str(error.message)).plain.split())
    return reason.removeprefix("ERROR: ")
