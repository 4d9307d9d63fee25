"""A suite: tasks, models and arguments in one strict YAML file, and the runs that it describes."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from ratings.errors import DataError, DataMissingError, unknown_name
from ratings.input.strict_files import (
    Document,
    MalformedFileError,
    StrictFields,
    Text,
    Whole,
    parse_yaml,
    read_text,
)
from ratings.input.text_files import read_text_argument
from ratings.sources.locations import resolve_from_start
from scorers.scores.manifests import manifest_of, manifests

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_PLAIN = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class ModelChoice(StrictFields):
    """A model as a suite names it.

    Attributes:
        name: as Inspect names it.
        generate: how it generates, Inspect's `GenerateConfig`; comes before what a task sets.
        arguments: of its provider.
        base_url: where it is reached, None for the provider's own address.
    """

    name: Annotated[Text, Field(alias="model")]
    generate: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    base_url: Text | None = None

    @property
    def label(self) -> str:
        """Its name, and in what it differs from the model as it comes."""
        return label(self.name, {**self.arguments, **self.generate})


@dataclass(frozen=True)
class SolverChoice:
    """A baseline that answers instead of a model."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """As reports name it."""
        return label(f"baseline {self.name}", self.arguments)


@dataclass(frozen=True)
class Run:
    """One task with its arguments, and who answers.

    Attributes:
        who: a model, or a baseline instead.
        location: where the suite asks for it, for messages.
    """

    task: str
    arguments: Mapping[str, Any]
    epochs: int | None
    who: ModelChoice | SolverChoice
    location: str

    @property
    def label(self) -> str:
        """What is run, for people."""
        return f"{label(self.task, self.arguments)} by {self.who.label}"

    @property
    def task_key(self) -> str:
        """The same for runs that ask the same, whoever answers."""
        found = {"task": self.task, "arguments": self.arguments, "epochs": self.epochs}
        return as_json_key(found)

    @property
    def key(self) -> str:
        """The same for two runs that are the same to Inspect."""
        generate = self.who.generate if isinstance(self.who, ModelChoice) else {}
        who = [self.who.name, self.who.arguments, generate]
        return as_json_key({"task": self.task, "arguments": self.arguments, "who": who})


@dataclass(frozen=True)
class Entry:
    """A task of a suite.

    Attributes:
        arguments: each combination of arguments to run it with.
        solvers: baselines that answer; then no model does.
        models: who answers instead of the suite's models, empty for those.
        location: its path in the suite's file, for messages.
        line: there, None where it is in no file.
    """

    task: str
    arguments: Sequence[Mapping[str, Any]]
    epochs: int | None
    solvers: Sequence[SolverChoice]
    models: Sequence[ModelChoice]
    location: str
    line: int | None = None


@dataclass(frozen=True)
class Suite:
    """What a suite's file says."""

    name: str
    description: str
    entries: Sequence[Entry]
    models: Sequence[ModelChoice]
    origin: str


def _as_model(given: object) -> object:
    return {"model": given} if isinstance(given, str) else given


def _as_solver(given: object) -> object:
    return {given: {}} if isinstance(given, str) else given


def _file_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"must be letters, digits, '.', '_' and '-', found {name!r}")
    return name


_Models = Annotated[
    tuple[Annotated[ModelChoice, BeforeValidator(_as_model)], ...], Field(min_length=1)
]
_Solver = Annotated[dict[str, dict[str, Any]], BeforeValidator(_as_solver)]
_Choices = Annotated[list[Any], Field(min_length=1)]


@dataclass(frozen=True)
class _Task(StrictFields):
    task: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    vary: Mapping[str, _Choices] = field(default_factory=dict)
    epochs: Annotated[Whole, Field(ge=1)] | None = None
    solvers: Annotated[tuple[_Solver, ...], Field(min_length=1)] = ()
    models: _Models = ()


@dataclass(frozen=True)
class _File(StrictFields):
    name: Annotated[str, AfterValidator(_file_name)]
    tasks: Annotated[tuple[_Task, ...], Field(min_length=1)]
    description: Text = ""
    models: _Models = ()


def ready_suites() -> list[str]:
    """Names of the suites that ship with the package."""
    folder = resources.files("evals.suites") / "shipped"
    return sorted(
        entry.name.removesuffix(".yaml")
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    )


def load_suite(given: str) -> Suite:
    """The suite of a file, or a ready one.

    Args:
        given: the path of a YAML file, or the name of a suite that ships with the package.

    Raises:
        UnknownNameError: for a name that is neither.
        DataMissingError: when there is no file at a path.
        MalformedFileError: when the file is not a suite; says where and what.
    """
    path = resolve_from_start(given)
    if path.suffix in (".yaml", ".yml") or "/" in given or path.is_file():
        return parse_suite(_read(path), given)
    if given not in ready_suites():
        raise unknown_name("suite (a .yaml file, or a ready one)", given, ready_suites())
    shipped = resources.files("evals.suites") / "shipped" / f"{given}.yaml"
    return parse_suite(shipped.read_text(encoding="utf-8"), f"suite {given}")


def parse_suite(text: str, origin: str) -> Suite:
    """Read a suite from its text.

    Args:
        text: the whole file.
        origin: where the text comes from, for messages.

    Raises:
        MalformedFileError: for an unknown or missing key, a value of another kind, an unknown
            task, an argument that the task does not have.
    """
    document = parse_yaml(text, origin)
    found = document.check(_File)
    _check_models(document, found.models)
    return Suite(
        name=found.name,
        description=found.description,
        entries=[_entry(document.part("tasks", i), task) for i, task in enumerate(found.tasks)],
        models=found.models,
        origin=origin,
    )


def runs_of(suite: Suite, models: Sequence[str] = ()) -> list[Run]:
    """The runs of a suite: each task with each combination of its arguments and each model.

    Args:
        suite: the suite.
        models: who answers instead of the models that the suite names; none keeps these.

    Raises:
        MalformedFileError: when nobody is named to answer a task, or one run is listed twice.
    """
    given = [ModelChoice(name) for name in models]
    runs: dict[str, Run] = {}
    for entry in suite.entries:
        who = entry.solvers or given or entry.models or suite.models
        if not who:
            message = "no model is named; say who answers with --model"
            raise MalformedFileError(suite.origin, message, "rule", entry.line, entry.location)
        for arguments, one in product(entry.arguments, who):
            run = Run(entry.task, arguments, entry.epochs, one, entry.location)
            if run.key in runs:
                message = (
                    f"{run.label} is listed twice (first in {runs[run.key].location}); runs must "
                    f"differ in task, arguments, model or how it generates"
                )
                raise MalformedFileError(suite.origin, message, "rule", entry.line, entry.location)
            runs[run.key] = run
    return list(runs.values())


def _read(path: Path) -> str:
    if path.is_dir():
        raise DataError(f"{path} is a folder; name the suite's file")
    if not path.is_file():
        raise DataMissingError(f"there is no suite at {path}")
    return read_text(path)


def _entry(part: Document, found: _Task) -> Entry:
    if found.task not in manifests():
        raise part.error(("task",), unknown_name("task", found.task, manifests()))
    if found.solvers and found.models:
        raise part.error(("models",), "a task is answered by solvers or by models, not by both")
    _check_models(part, found.models)
    return Entry(
        task=found.task,
        arguments=_combinations(part, found),
        epochs=found.epochs,
        solvers=[
            _solver(part.part("solvers", i), one, found.task) for i, one in enumerate(found.solvers)
        ],
        models=found.models,
        location=part.key,
        line=part.line,
    )


def _combinations(part: Document, found: _Task) -> list[dict[str, Any]]:
    """The fixed arguments with each combination of the varied ones."""
    known = manifest_of(found.task).arguments
    for key, given in (("arguments", found.arguments), ("vary", found.vary)):
        for name in given:
            if name not in known:
                raise part.error((key, name), unknown_name("argument", name, known))
            if key == "vary" and name in found.arguments:
                raise part.error((key, name), "is listed under 'arguments' too")

    def value(*steps: str | int) -> Any:  # noqa: ANN401 - an argument
        one = part.part(*steps)
        return _text(one, str(steps[1])) if known[str(steps[1])].text else _plain(one)

    fixed = {name: value("arguments", name) for name in found.arguments}
    choices = [
        [value("vary", name, i) for i in range(len(values))] for name, values in found.vary.items()
    ]
    return [
        {**fixed, **dict(zip(found.vary, combination, strict=True))}
        for combination in product(*choices)
    ]


def _plain(part: Document) -> Any:  # noqa: ANN401 - what an argument can be
    """A text, a number, true or false, null, or a list of these."""
    for value in part.value if isinstance(part.value, list) else [part.value]:
        if not isinstance(value, _PLAIN):
            raise part.error(
                (),
                f"must be text, a number, true or false, or a list of these, found {value!r:.80}; "
                f"put text in quotes",
            )
    return part.value


def _text(part: Document, argument: str) -> Any:  # noqa: ANN401 - a text, or what else is given
    """An argument that is a text; of one that is in a file, the text, as the log will have it."""
    value = _plain(part)
    try:
        return read_text_argument(argument, value) if isinstance(value, str) else value
    except DataError as error:
        raise part.error((), error) from error


def _check_models(part: Document, models: Sequence[ModelChoice]) -> None:
    """Refuse keys in the file, and what Inspect's own description of generating does not have."""
    from inspect_ai.model import GenerateConfig

    for i, model in enumerate(models):
        if "api_key" in model.arguments:
            at = ("models", i, "arguments", "api_key")
            raise part.error(at, "a key belongs in the environment, not in a file")
        for name in model.generate:
            if name not in GenerateConfig.model_fields:
                message = unknown_name("key", name, GenerateConfig.model_fields)
                raise part.error(("models", i, "generate", name), message)
        if model.generate:
            part.part("models", i, "generate").check(GenerateConfig, strict=True)


def _solver(part: Document, found: Mapping[str, Mapping[str, Any]], task: str) -> SolverChoice:
    """A baseline's name, or a mapping of it to its arguments."""
    allowed = tuple(manifest_of(task).solvers)
    if not allowed:
        raise part.error((), f"{task} has no baselines")
    if len(found) != 1:
        raise part.error((), "name one baseline with its arguments, as in {resemble: {k: 24}}")
    ((name, arguments),) = found.items()
    if name not in allowed:
        raise part.error((), unknown_name("baseline", name, allowed))
    return SolverChoice(name, {key: _plain(part.part(name, key)) for key in arguments})


def as_json_key(value: Mapping[str, Any]) -> str:
    """Arguments as one text, the same for the same arguments in any order."""
    return json.dumps(value, sort_keys=True, default=str)


def label(name: str, arguments: Mapping[str, Any]) -> str:
    """A name with its arguments, for people; long texts are cut."""
    shown = ", ".join(f"{key}={_short(value)}" for key, value in arguments.items())
    return f"{name} ({shown})" if shown else name


def _short(value: object) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:37]}..."
