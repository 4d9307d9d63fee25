"""A suite: tasks, models and arguments in one strict YAML file, and the runs that it stands for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any

from evals.suites.suite_yaml import Part, Plain, SuiteError, as_json_key, read_parts
from ratings.errors import DataError, DataMissingError, unknown_name
from ratings.input.text_files import read_text_argument
from ratings.sources.locations import resolve_from_start
from scorers.scores.manifests import manifest_of, manifests

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


@dataclass(frozen=True)
class ModelChoice:
    """A model as a suite names it.

    Attributes:
        name: as Inspect names it.
        generate: how it generates, Inspect's `GenerateConfig`; comes before what a task sets.
        arguments: of its provider.
        base_url: where it is reached, None for the provider's own address.
    """

    name: str
    generate: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    base_url: str | None = None

    @property
    def label(self) -> str:
        """Its name, and in what it differs from the model as it comes."""
        return label(self.name, {**self.arguments, **self.generate})


@dataclass(frozen=True)
class SolverChoice:
    """A baseline that answers in a model's place."""

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
        who: a model, or a baseline in its place.
        place: where the suite asks for it, for messages.
    """

    task: str
    arguments: Mapping[str, Any]
    epochs: int | None
    who: ModelChoice | SolverChoice
    place: str

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
        """The same for two runs that Inspect cannot tell apart."""
        generate = self.who.generate if isinstance(self.who, ModelChoice) else {}
        who = [self.who.name, self.who.arguments, generate]
        return as_json_key({"task": self.task, "arguments": self.arguments, "who": who})


@dataclass(frozen=True)
class Entry:
    """A task of a suite.

    Attributes:
        arguments: each combination of arguments to run it with.
        solvers: baselines that answer; then no model does.
        models: who answers in place of the suite's models, empty for those.
    """

    task: str
    arguments: Sequence[Mapping[str, Any]]
    epochs: int | None
    solvers: Sequence[SolverChoice]
    models: Sequence[ModelChoice]
    place: str


@dataclass(frozen=True)
class Suite:
    """What a suite's file says."""

    name: str
    description: str
    entries: Sequence[Entry]
    models: Sequence[ModelChoice]
    origin: str


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
        SuiteError: when the file is not a suite; says where and what.
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
        SuiteError: for an unknown or missing key, a value of another kind, an unknown task, an
            argument that the task does not have.
    """
    whole = read_parts(text, origin)
    parts = whole.fields(["name", "tasks"], ["description", "models"])
    name = parts["name"].text()
    if not _NAME.fullmatch(name):
        raise parts["name"].error(f"must be letters, digits, '.', '_' and '-', found {name!r}")
    return Suite(
        name=name,
        description=parts["description"].text() if "description" in parts else "",
        entries=[_entry(part) for part in parts["tasks"].items()],
        models=_models(parts),
        origin=origin,
    )


def runs_of(suite: Suite, models: Sequence[str] = ()) -> list[Run]:
    """The runs of a suite: each task with each combination of its arguments and each model.

    Args:
        suite: the suite.
        models: who answers in place of the models that the suite names; none keeps these.

    Raises:
        SuiteError: when nobody is named to answer a task, or one run stands twice.
    """
    given = [ModelChoice(name) for name in models]
    runs: dict[str, Run] = {}
    for entry in suite.entries:
        who = entry.solvers or given or entry.models or suite.models
        if not who:
            raise SuiteError(
                f"{suite.origin}: {entry.place}: no model is named; say who answers with --model"
            )
        for arguments, one in product(entry.arguments, who):
            run = Run(entry.task, arguments, entry.epochs, one, entry.place)
            if run.key in runs:
                raise SuiteError(
                    f"{suite.origin}: {entry.place}: {run.label} stands twice (first in "
                    f"{runs[run.key].place}); runs must differ in task, arguments, model or how "
                    f"it generates"
                )
            runs[run.key] = run
    return list(runs.values())


def _read(path: Path) -> str:
    if path.is_dir():
        raise DataError(f"{path} is a folder; name the suite's file")
    if not path.is_file():
        raise DataMissingError(f"there is no suite at {path}")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SuiteError(f"{path} is not UTF-8 text") from error


def _entry(part: Part) -> Entry:
    parts = part.fields(["task"], ["arguments", "vary", "epochs", "solvers", "models"])
    task = parts["task"].named("task", manifests())
    if "solvers" in parts and "models" in parts:
        raise parts["models"].error("a task is answered by solvers or by models, not by both")
    solvers = [_solver(one, task) for one in parts["solvers"].items()] if "solvers" in parts else []
    return Entry(
        task=task,
        arguments=_combinations(parts, task),
        epochs=parts["epochs"].whole_number(1) if "epochs" in parts else None,
        solvers=solvers,
        models=_models(parts),
        place=part.place,
    )


def _combinations(parts: Mapping[str, Part], task: str) -> list[dict[str, Any]]:
    """The fixed arguments with each combination of the varied ones."""
    fixed = _arguments(parts["arguments"], task) if "arguments" in parts else {}
    varied = _arguments(parts["vary"], task) if "vary" in parts else {}
    for name, one in varied.items():
        if name in fixed:
            raise one.error("stands under 'arguments' too")
    choices = [
        [_argument(task, name, one) for one in part.items()] for name, part in varied.items()
    ]
    plain = {name: _argument(task, name, part) for name, part in fixed.items()}
    return [
        {**plain, **dict(zip(varied, combination, strict=True))}
        for combination in product(*choices)
    ]


def _argument(task: str, name: str, part: Part) -> Plain | list[Plain]:
    """An argument's value; of a text that is in a file, the text, as the log will have it."""
    value = part.plain()
    if not manifest_of(task).arguments[name].text or not isinstance(value, str):
        return value
    try:
        return read_text_argument(name, value)
    except DataError as error:
        raise part.error(str(error)) from error


def _arguments(part: Part, task: str) -> dict[str, Part]:
    return part.fields([], manifest_of(task).arguments)


def _models(parts: Mapping[str, Part]) -> list[ModelChoice]:
    return [_model(one) for one in parts["models"].items()] if "models" in parts else []


def _model(part: Part) -> ModelChoice:
    if isinstance(part.value, str):
        return ModelChoice(part.text())
    parts = part.fields(["model"], ["generate", "arguments", "base_url"])
    arguments = parts["arguments"].entries() if "arguments" in parts else {}
    if "api_key" in arguments:
        raise arguments["api_key"].error("a key belongs in the environment, not in a file")
    return ModelChoice(
        name=parts["model"].text(),
        generate=_generate(parts["generate"]) if "generate" in parts else {},
        arguments={name: one.value for name, one in arguments.items()},
        base_url=parts["base_url"].text() if "base_url" in parts else None,
    )


def _generate(part: Part) -> dict[str, Any]:
    """How a model generates, checked by Inspect's own description of it."""
    from inspect_ai.model import GenerateConfig
    from pydantic import ValidationError

    parts = part.fields([], GenerateConfig.model_fields)
    found = {name: one.value for name, one in parts.items()}
    try:
        GenerateConfig.model_validate(found, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        wrong = parts.get(str(first["loc"][0]), part)
        raise wrong.error(f"{first['msg']}, found {wrong.value!r}") from error
    return found


def _solver(part: Part, task: str) -> SolverChoice:
    """A baseline's name, or a mapping of it to its arguments."""
    allowed = manifest_of(task).solvers
    if not allowed:
        raise part.error(f"{task} has no baselines")
    if isinstance(part.value, str):
        return SolverChoice(part.named("baseline", allowed))
    found = part.fields([], allowed)
    if len(found) != 1:
        raise part.error("name one baseline with its arguments, as in {resemble: {k: 24}}")
    ((name, arguments),) = found.items()
    return SolverChoice(name, {key: one.plain() for key, one in arguments.entries().items()})


def label(name: str, arguments: Mapping[str, Any]) -> str:
    """A name with its arguments, for people; long texts are cut."""
    told = ", ".join(f"{key}={_short(value)}" for key, value in arguments.items())
    return f"{name} ({told})" if told else name


def _short(value: object) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:37]}..."
