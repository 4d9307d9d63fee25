"""What the rest of the package must know of a benchmark, from its manifest.

A benchmark joins reports, comparisons and the leaderboard by this file alone: how its answers lie
in a log, what is resampled together, which arguments change what is measured, and its scores
with the statistic that makes each, its unit, range and direction.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from ratings.errors import DataError, unknown_name
from ratings.input.strict_files import Flag, Number, StrictFields, parse_yaml, read_text

# What an argument of a task changes.
ROLES = {
    "setting": "what is measured: runs that differ never share a table",
    "condition": "what is measured: never share a table, but may be compared",
    "rater": "who answers: another row of the same table",
    "part": "how much of the instrument is asked",
    "free": "nothing that the log does not say otherwise",
}
Role = Literal["setting", "condition", "rater", "part", "free"]
Layout = Literal["variants", "choices", "predictions"]
Estimator = Literal[
    "centred_tagged_mean",
    "tagged_mean",
    "predicted_values",
    "share_right",
    "group_spread",
    "group_spread_corrected",
    "group_spread_each",
    "mean_of",
]
Direction = Literal["none", "higher", "lower"]
Content = Literal["number", "share", "text", "whole"]
LAYOUTS, ESTIMATORS, DIRECTIONS = get_args(Layout), get_args(Estimator), get_args(Direction)
# What rows of a leaderboard are.
Kind = Literal["model", "simulated", "baseline", "recording", "human"]
# What is answered by the package's providers that call nobody who sends a bill.
OFFLINE: Mapping[str, Kind] = {
    "replay": "recording",
    "respondent": "simulated",
    "mockllm": "simulated",
    "humans": "human",
    "family": "baseline",
    "decoder": "model",
}
# The layouts of answers that each statistic can be made from.
_OF_LAYOUTS: Mapping[Estimator, tuple[Layout, ...]] = {
    "centred_tagged_mean": ("variants",),
    "tagged_mean": ("variants",),
    "predicted_values": ("variants",),
    "share_right": ("choices",),
    "group_spread": ("choices",),
    "group_spread_corrected": ("choices",),
    "group_spread_each": ("choices",),
    "mean_of": ("predictions", "choices"),
}


def _rises(ends: tuple[float, float]) -> tuple[float, float]:
    if not ends[0] < ends[1]:
        raise ValueError(f"must rise, found {list(ends)}")
    return ends


Ends = Annotated[tuple[Number, Number], AfterValidator(_rises)]


@dataclass(frozen=True)
class ScoreFamily(StrictFields):
    """Scores that are made the same way.

    Attributes:
        name: of the family; also of its only score where it names none.
        title: for people.
        estimator: the statistic, one of `ESTIMATORS`.
        unit: what the scores are counted in.
        range: the least and the greatest value a score can have.
        direction: which end is better; `none` for a value, of which more is not better.
        margin: the largest difference that a regression check calls the same.
        names: of the scores, where they are fixed.
        by: what splits a score into several, a field of the samples (`sample`) or a list in the
            task's metadata with a label for each column (`column`).
        groups: fields of a sample's metadata with the group of its person, for a spread of groups,
            or for a share of right choices in each group.
        scale: what the statistic is multiplied by.
        ratings: the least and the greatest rating of an item, for the bounds over missing ones.
        of: the number of each answer that a mean is taken of.
        circle: whether the names are the values of Schwartz's circle in their order.
        headline: whether it is shown first.
        apart: whether its p-values are corrected apart from those of the other families, and fail
            no check.
    """

    name: str
    title: str
    estimator: Estimator
    unit: str
    range: Ends
    direction: Direction
    margin: Annotated[Number, Field(gt=0)]
    names: tuple[str, ...] = ()
    by: Mapping[Literal["sample", "column"], str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    scale: Number = 1.0
    ratings: Ends = (1.0, 6.0)
    of: str = ""
    circle: Flag = False
    headline: Flag = False
    apart: Flag = False

    def __post_init__(self) -> None:
        """Refuse parts that do not fit each other.

        Raises:
            ValueError: says which.
        """
        if bool(self.of) != (self.estimator == "mean_of"):
            raise ValueError("'of' says what mean_of is the mean of, and goes with it alone")

    @property
    def of_each_group(self) -> dict[str, str]:
        """By score the field in `groups` that it is of, where a family has one score for each."""
        if self.estimator != "group_spread_each":
            return {}
        return {f"{self.name} {field}": field for field in self.groups}


@dataclass(frozen=True)
class Argument(StrictFields):
    """An argument of a task.

    Attributes:
        what: what it is, in a line.
        role: what it changes, one of `ROLES`.
        text: whether it is a text of the user's own, which may also be in a file.
        values: which values it takes, for its row in the manual.
        effect: what it does, in Markdown, for its row in the manual; `what` where it is empty.
    """

    what: str
    role: Role
    text: Flag = False
    values: str = ""
    effect: str = ""

    @property
    def summary(self) -> str:
        """What it is, and of a text how a file with it is given, to a command line or a suite."""
        return f"{self.what}, or file:FILE with it" if self.text else self.what


@dataclass(frozen=True)
class AnswerLayout(StrictFields):
    """How a scorer leaves answers in a log.

    Attributes:
        scorers: names of the scorers that do.
        layout: `variants`, a rating of the sample's item from each prompt variant; `choices`,
            a chosen statement for each question that the sample asks; or `predictions`, several
            numbers for each thing that the sample asks, of which samples may ask unequally many.
        cluster: field of a sample's metadata; samples that share it are resampled together.
        units: what is counted where two runs are compared, in the plural, for people.
        statuses: `module:name` of the statuses that an answer may have; any, where None.
        lists: what is in each further list of the scorer's that a report reads, an entry an answer.
        fields: what is in each further field of a sample's metadata that a report reads.
    """

    scorers: tuple[str, ...]
    layout: Layout
    cluster: str
    units: str
    statuses: str | None = None
    lists: Mapping[str, Content] = field(default_factory=dict)
    fields: Mapping[str, Content] = field(default_factory=dict)


@dataclass(frozen=True)
class HumanRatings(StrictFields):
    """Where ratings of the same instances by people are.

    Attributes:
        loader: `module:function`, which takes the data's name and returns a `RatingTable`.
        groups: of the card's files that it needs.
    """

    loader: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Plan(StrictFields):
    """How `valuegauge plan` finds out what a run asks and what answers will cost.

    Attributes:
        respondent: the simulated model that answers some samples.
        talkative: how many times as long as its answers those of a talkative model are.
    """

    respondent: str
    talkative: Annotated[Number, Field(ge=1)]


def _named(families: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """Each family with its name, where it does not give another."""
    if not isinstance(families, dict):
        return families
    return {
        name: {"name": name, **one} if isinstance(one, dict) else one
        for name, one in families.items()
    }


@dataclass(frozen=True)
class Manifest(StrictFields):
    """A benchmark as its `manifest.yaml` describes it.

    Attributes:
        about: what it measures, for people.
        limits: what it does not, a sentence each.
        cards: the data card of each value of the argument `data`.
        answers: how they lie in a log.
        arguments: of the task.
        plan: how a forecast is made; None where it cannot be.
        solvers: `module:function` of each baseline that answers instead of a model, by its name.
        providers: what the rows are of each provider of its own, which calls nobody, by its name.
        report: what `show` adds to the scores, a name in `evals.reports.report`; None for nothing.
        scores: families, in the order they are shown in.
        instrument: `module:function`, which takes the data's name and returns the items, their
            choices and their tags as three tables.
        human_ratings: where ratings of the same instances by people are, if anywhere.
        texts: `module:function`, which takes the data's name and returns by instance the `query`
            and the `response` of each item, or None where the files are not at hand.
        samples: `module:function`, which takes the data's name and returns the cluster of each
            sample that there is by its id, or None where the files are not at hand.
        own_data: `module:function`, which takes the id and revision of a card that does not ship
            with the package, and returns the value of `data` and the card of what a user built, or
            None where it is not at hand.
        ceilings: `module:function`, which takes the scores of a run's samples and what the task
            says of itself, and returns by name, in a family's unit, what people would score.
    """

    name: str
    title: str
    paper: str
    comparability: str
    about: str
    limits: tuple[str, ...]
    cards: Mapping[str, str]
    rater: str
    instance: str
    resampling_unit: str
    answers: AnswerLayout
    arguments: Mapping[str, Argument]
    scores: Annotated[Mapping[str, ScoreFamily], BeforeValidator(_named)]
    plan: Plan | None = None
    solvers: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, Kind] = field(default_factory=dict)
    report: str | None = None
    instrument: str | None = None
    human_ratings: HumanRatings | None = None
    texts: str | None = None
    samples: str | None = None
    own_data: str | None = None
    ceilings: str | None = None

    def arguments_of(self, *roles: str) -> list[str]:
        """Names of the arguments of some roles."""
        return [name for name, argument in self.arguments.items() if argument.role in roles]


@lru_cache
def manifests() -> Mapping[str, Manifest]:
    """The manifests of all benchmarks in the package, by name.

    Raises:
        MalformedFileError: for a manifest that is not as it should be.
        DataError: for a name that two benchmarks share, or two baselines or two providers that
            differ.
    """
    found = [read_manifest(path) for path in manifest_paths()]
    baselines = {pair for one in found for pair in one.solvers.items()}
    providers = {pair for one in found for pair in one.providers.items()} | set(OFFLINE.items())
    for kind, names in (
        ("benchmark", [one.name for one in found]),
        ("baseline", [name for name, _ in baselines]),
        ("provider", [name for name, _ in providers]),
    ):
        shared = [name for name, count in Counter(names).items() if count > 1]
        if shared:
            raise DataError(
                f"there is more than one {kind} named {shared[0]!r}; Inspect finds it by its name "
                f"alone, so give one of them another"
            )
    return {manifest.name: manifest for manifest in found}


def manifest_paths() -> list[Path]:
    """The manifests in the package: of a folder's only task, or of one of several tasks."""
    patterns = ("*/manifest.yaml", "*/*.manifest.yaml")
    return sorted(
        path for folder in benchmark_folders() for one in patterns for path in folder.glob(one)
    )


def task_modules() -> Mapping[str, str]:
    """The module with the task of each benchmark, by the benchmark's name."""
    out = {}
    for path in manifest_paths():
        alone = path.name == "manifest.yaml"
        name = path.parent.name if alone else path.name.removesuffix(".manifest.yaml")
        out[name] = f"benchmarks.{path.parent.name}.{'task' if alone else name}"
    return out


def benchmark_folders() -> list[Path]:
    """Where folders of benchmarks are: the package's own, and what was added to its path."""
    return [Path(folder) for folder in import_module("benchmarks").__path__]


def baseline_names() -> frozenset[str]:
    """Names of the baselines of all benchmarks, which answer whatever model a run names."""
    return frozenset(name for manifest in manifests().values() for name in manifest.solvers)


def offline_providers() -> Mapping[str, Kind]:
    """What the rows are of each provider that calls nobody: the package's and the benchmarks'."""
    kinds = dict(OFFLINE)
    for manifest in manifests().values():
        kinds |= manifest.providers
    return kinds


def named_object(path: str) -> Any:  # noqa: ANN401 - whatever is there
    """What a manifest names as `module:name`; the module is imported only then.

    >>> named_object("math:inf")
    inf
    """
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def manifest_of(benchmark: str) -> Manifest:
    """The manifest of a benchmark.

    Raises:
        UnknownNameError: for none of that name.
    """
    if benchmark not in manifests():
        raise unknown_name("benchmark", benchmark, manifests())
    return manifests()[benchmark]


def read_manifest(path: Path) -> Manifest:
    """Read a manifest strictly.

    Raises:
        MalformedFileError: for a field that is unknown, missing or of the wrong kind.
    """
    document = parse_yaml(read_text(path), str(path))
    manifest = document.check(Manifest)
    for name, family in manifest.scores.items():
        needed = _OF_LAYOUTS[family.estimator]
        if manifest.answers.layout not in needed:
            at = ("scores", name, "estimator")
            raise document.error(at, f"{family.estimator} needs the layout {' or '.join(needed)}")
    return manifest
