"""What the rest of the package must know of a benchmark, from its manifest.

A benchmark joins reports, comparisons and the leaderboard by this file alone: how its answers lie
in a log, what is drawn anew together, which arguments change what is measured, and its scores
with the statistic that makes each, its unit, range and direction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from ratings.errors import DataError, unknown_name

# What an argument of a task changes.
ROLES = {
    "setting": "what is measured: runs that differ never share a table",
    "condition": "what is measured: never share a table, but may be compared",
    "rater": "who answers: another row of the same table",
    "part": "how much of the instrument is asked",
    "free": "nothing that the log does not say otherwise",
}
LAYOUTS = ("variants", "choices", "predictions")
# Each statistic, and the layout of answers that it needs.
_OF_LAYOUT = {
    "centred_tagged_mean": "variants",
    "tagged_mean": "variants",
    "share_right": "choices",
    "group_spread": "choices",
    "group_spread_corrected": "choices",
    "group_spread_each": "choices",
    "mean_of": "predictions",
}
ESTIMATORS = tuple(_OF_LAYOUT)
DIRECTIONS = ("none", "higher", "lower")


@dataclass(frozen=True)
class ScoreFamily:
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
        groups: fields of a sample's metadata with the group of its person, for a spread of groups.
        scale: what the statistic is multiplied by.
        ratings: the least and the greatest rating of an item, for the bounds over missing ones.
        of: the number of each answer that a mean is taken of.
        circle: whether the names are the values of Schwartz's circle in their order.
        headline: whether it is shown first.
    """

    name: str
    title: str
    estimator: str
    unit: str
    range: tuple[float, float]
    direction: str
    margin: float
    names: tuple[str, ...] = ()
    by: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    scale: float = 1.0
    ratings: tuple[float, float] = (1.0, 6.0)
    of: str = ""
    circle: bool = False
    headline: bool = False

    @property
    def of_each_group(self) -> dict[str, str]:
        """By score the field in `groups` that it is of, where a family has one score for each."""
        if self.estimator != "group_spread_each":
            return {}
        return {f"{self.name} {field}": field for field in self.groups}


@dataclass(frozen=True)
class Argument:
    """An argument of a task: what it is, what it changes, one of `ROLES`, and if it is a text.

    Attributes:
        text: whether it is a text of the user's own, which may also be given as `@FILE`.
    """

    what: str
    role: str
    text: bool = False


@dataclass(frozen=True)
class AnswerLayout:
    """How a scorer leaves answers in a log.

    Attributes:
        scorers: names of the scorers that do.
        layout: `variants`, a rating of the sample's item from each prompt variant; `choices`,
            a chosen statement for each question that the sample asks; or `predictions`, several
            numbers for each thing that the sample asks, of which samples may ask unequally many.
        cluster: field of a sample's metadata; samples that share it are drawn anew together.
        statuses: `module:name` of the statuses that an answer may have; any, where None.
    """

    scorers: tuple[str, ...]
    layout: str
    cluster: str
    statuses: str | None = None

    @property
    def unit(self) -> str:
        """What is counted when two runs are compared, for people."""
        if self.layout == "variants":
            return "items"
        return {"person": "people"}.get(self.cluster, f"{self.cluster}s")


@dataclass(frozen=True)
class HumanRatings:
    """Where ratings of the same instances by people are.

    Attributes:
        loader: `module:function`, which takes the data's name and returns a `RatingTable`.
        groups: of the card's files that it needs.
    """

    loader: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What `valuegauge plan` needs to know of a benchmark.

    Attributes:
        respondent: the simulated respondent that answers the sampled questions.
        talkative: how many times as long as its answer a talkative model's is.
    """

    respondent: str
    talkative: float


@dataclass(frozen=True)
class Manifest:
    """A benchmark as its `manifest.yaml` describes it.

    Attributes:
        about: what it measures, for people.
        limits: what it does not, a sentence each.
        cards: the data card of each value of the argument `data`.
        answers: how they lie in a log.
        arguments: of the task.
        scores: families, in the order they are shown in.
        plan: what a forecast of the cost needs; None where there is no simulated respondent.
        solvers: baselines that answer in a model's place: `module:function` by the solver's name.
        human_ratings: where ratings of the same instances by people are, if anywhere.
        texts: `module:function`, which takes the data's name and returns the text of each instance.
        samples: `module:function`, which takes the data's name and returns the cluster of each
            sample that there is by its id, or None where the files are not at hand.
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
    scores: Mapping[str, ScoreFamily]
    plan: Plan | None = None
    solvers: Mapping[str, str] = field(default_factory=dict)
    human_ratings: HumanRatings | None = None
    texts: str | None = None
    samples: str | None = None

    def arguments_of(self, *roles: str) -> list[str]:
        """Names of the arguments of some roles."""
        return [name for name, argument in self.arguments.items() if argument.role in roles]


@lru_cache
def manifests() -> Mapping[str, Manifest]:
    """The manifests of all benchmarks in the package, by name."""
    found = [read_manifest(path) for path in manifest_paths()]
    return {manifest.name: manifest for manifest in found}


def manifest_paths() -> list[Path]:
    """The manifests in the package: of a folder's only task, or of one of several tasks."""
    folder = benchmarks_folder()
    return sorted([*folder.glob("*/manifest.yaml"), *folder.glob("*/*.manifest.yaml")])


def task_modules() -> Mapping[str, str]:
    """The module with the task of each benchmark, by the benchmark's name."""
    out = {}
    for path in manifest_paths():
        alone = path.name == "manifest.yaml"
        name = path.parent.name if alone else path.name.removesuffix(".manifest.yaml")
        out[name] = f"benchmarks.{path.parent.name}.{'task' if alone else name}"
    return out


def benchmarks_folder() -> Path:
    """Where the benchmarks are, a folder each."""
    return Path(str(resources.files("benchmarks")))


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
        DataError: for a field that is unknown, missing or of the wrong kind.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise DataError(f"{path} is not valid YAML: {error}") from error
    try:
        return _manifest(found, str(path))
    except (TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{path} has a field of the wrong kind: {error}") from error


def _manifest(found: object, place: str) -> Manifest:
    values = _mapping(found, Manifest, place)
    _lists(values, ("limits",), place)
    answers = _mapping(values["answers"], AnswerLayout, f"{place}: answers")
    _lists(answers, ("scorers",), f"{place}: answers")
    _one_of(f"{place}: answers", "layout", answers["layout"], LAYOUTS)
    human = values.get("human_ratings")
    if human is not None:
        human = HumanRatings(**_mapping(human, HumanRatings, f"{place}: human_ratings"))
    plan = values.get("plan")
    if plan is not None:
        plan = Plan(**_mapping(plan, Plan, f"{place}: plan"))
    return Manifest(
        **{
            **values,
            "plan": plan,
            "human_ratings": human,
            "limits": tuple(values["limits"]),
            "answers": AnswerLayout(**{**answers, "scorers": tuple(answers["scorers"])}),
            "arguments": {
                str(name): _argument(entry, f"{place}: argument {name}")
                for name, entry in values["arguments"].items()
            },
            "scores": {
                str(name): _family(
                    str(name), entry, answers["layout"], f"{place}: scores of {name}"
                )
                for name, entry in values["scores"].items()
            },
        }
    )


def _argument(entry: object, place: str) -> Argument:
    argument = Argument(**_mapping(entry, Argument, place))
    _one_of(place, "role", argument.role, ROLES)
    return argument


def _family(name: str, entry: object, layout: str, place: str) -> ScoreFamily:
    if not isinstance(entry, dict):
        raise DataError(f"{place} must be a mapping, found {entry!r}")
    values = _mapping({"name": name, **entry}, ScoreFamily, place)
    _lists(values, ("names", "groups", "range", "ratings"), place)
    listed = {key: tuple(values.get(key, ())) for key in ("names", "groups")}
    ends: dict[str, Any] = {
        key: _ends(values[key], key, place) for key in ("range", "ratings") if key in values
    }
    margin = float(values["margin"])
    family = ScoreFamily(**{**values, **listed, **ends, "margin": margin})
    if not margin > 0:
        raise DataError(f"{place}: the margin must be above 0, found {margin}")
    if set(family.by) - {"sample", "column"}:
        raise DataError(f"{place}: 'by' takes 'sample' or 'column', found {dict(family.by)}")
    _one_of(place, "estimator", family.estimator, ESTIMATORS)
    _one_of(place, "direction", family.direction, DIRECTIONS)
    if _OF_LAYOUT[family.estimator] != layout:
        raise DataError(
            f"{place}: {family.estimator} needs the layout {_OF_LAYOUT[family.estimator]}"
        )
    if bool(family.of) != (family.estimator == "mean_of"):
        raise DataError(f"{place}: 'of' says what mean_of is the mean of, and goes with it alone")
    return family


def _ends(found: Sequence[Any], name: str, place: str) -> tuple[float, float]:
    low, high = (float(end) for end in found)
    if not low < high:
        raise DataError(f"{place}: the {name} must rise, found {found}")
    return low, high


def _lists(values: Mapping[str, Any], names: Sequence[str], place: str) -> None:
    for name in names:
        if name in values and not isinstance(values[name], list):
            raise DataError(f"{place}: {name!r} must be a list, found {values[name]!r}")


def _mapping(found: object, kind: Any, place: str) -> dict[str, Any]:  # noqa: ANN401
    """A mapping with just the fields of a dataclass."""
    if not isinstance(found, dict):
        raise DataError(f"{place} must be a mapping, found {found!r}")
    known = {one.name: one for one in fields(kind)}
    for key in found:
        if key not in known:
            raise DataError(f"{place}: {unknown_name('field', str(key), known)}")
    required = [
        name
        for name, one in known.items()
        if one.default is MISSING and one.default_factory is MISSING
    ]
    missing = [name for name in required if name not in found]
    if missing:
        raise DataError(f"{place}: missing field {missing[0]!r}")
    return dict(found)


def _one_of(place: str, what: str, value: str, allowed: Any) -> None:  # noqa: ANN401
    if value not in allowed:
        raise DataError(f"{place}: {unknown_name(what, value, allowed)}")
