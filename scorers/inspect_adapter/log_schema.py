"""What a log of a benchmark must look like: strict models of all that is read of it.

A log may be cut, edited or written by another program. What passes here has the types that its
readers count on; whether its values are possible is for `scorers.scores.response_checks`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from inspect_ai.log import EvalLog, EvalSampleSummary
from inspect_ai.scorer import SampleScore, Score
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    create_model,
)

from ratings.errors import DataError
from scorers.inspect_adapter.layouts import CHOSEN, chosen_of, label_names, number_names
from scorers.scores.manifests import Content, Manifest

_SHOWN = 60
_MOST_EPOCHS = 1_000_000

Text = Annotated[str, StringConstraints(max_length=100_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Number = float | None
Scalar = Text | int | float | bool | None
Whole = Annotated[int, Field(ge=1, le=2**53)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)] | None
Share = Annotated[float, Field(ge=0, le=1 + 1e-9)] | None


class _Strict(BaseModel):
    """Text is text and a number is a number; fields that nobody reads are passed over."""

    model_config = ConfigDict(strict=True, extra="ignore")


def _time(text: str) -> str:
    if text:
        datetime.fromisoformat(text)
    return text


class _Task(_Strict):
    """What the task says of itself."""

    card: Name
    card_revision: Name | None = None
    template_sha256: Name | None = None
    survey_sha256: Name | None = None
    survey: Text | None = None
    data_set: Text | None = None
    answers_in_full: Whole | None = None
    dimensions: list[Name] | None = None
    notes: list[Text] = []
    split_seed: int | None = None


class _Stats(_Strict):
    started_at: Annotated[str, AfterValidator(_time)]
    completed_at: Annotated[str, AfterValidator(_time)]


class _Usage(_Strict):
    input_tokens: Amount = None
    output_tokens: Amount = None
    seconds: Amount = None


class _Sample(_Strict):
    """What is read of any sample, scored or not."""

    id: Name | int
    epoch: Annotated[int, Field(ge=1, le=_MOST_EPOCHS)]
    working_time: Amount
    model_usage: dict[Name, _Usage]


class _Kept(_Strict):
    """What a scorer may leave beside any score."""

    options: dict[Name, Scalar] = {}


class _KeptOfVariants(_Kept):
    statuses: Annotated[dict[Name, Name], Field(min_length=1)]
    usage: dict[Name, _Usage] = {}
    tags: list[Name] = []


class _KeptOfLists(_Kept):
    statuses: Annotated[list[Name], Field(min_length=1)]


class _Variants(_Strict):
    value: dict[Name, Number]
    metadata: _KeptOfVariants


_Chosen = list[Annotated[int, Field(ge=0, le=999_999_999)] | None]
# The same in older logs, where a line is a missing answer.
_ChosenText = Annotated[str, StringConstraints(pattern=r"^(-|\d{1,9})( (-|\d{1,9}))*$")]

# What a benchmark's own report reads beyond its layout: a field, and a list of them.
_TYPES: Mapping[Content, tuple[Any, Any]] = {
    "number": (Number, list[Number]),
    "share": (Share, list[Share]),
    "text": (Name, list[Name]),
    "whole": (int, list[int]),
}


def check_header(header: EvalLog, manifest: Manifest) -> None:
    """Refuse a header whose fields are not what their readers count on.

    Raises:
        DataError: a phrase with the log as its subject.
    """
    found = header.eval
    task = _with(_Task, dict.fromkeys(label_names(manifest), list[Text]))
    arguments = _with(_Strict, dict.fromkeys(manifest.arguments, Scalar | list[Scalar]))
    passed = {name: found.task_args.get(name) for name in manifest.arguments}
    _check(task, found.metadata or {}, manifest, "metadata")
    _check(arguments, passed, manifest, "task_args")
    _check(_Stats, _fields(header.stats, _Stats), manifest, "stats")
    try:
        header.model_dump_json(include={"eval", "error"})
    except ValueError as error:  # half of a surrogate pair, which no file can hold
        raise DataError("holds text that is not Unicode") from error


def check_samples(
    summaries: Sequence[EvalSampleSummary], scores: Sequence[SampleScore], manifest: Manifest
) -> None:
    """Refuse samples that do not have what a scorer of the benchmark leaves.

    Args:
        summaries: of all samples of a log.
        scores: of those that have one.
        manifest: of the benchmark.

    Raises:
        DataError: a phrase with the log as its subject.
    """
    for summary in summaries:
        fields = _fields(summary, _Sample)
        fields["model_usage"] = {
            name: {"input_tokens": used.input_tokens, "output_tokens": used.output_tokens}
            for name, used in summary.model_usage.items()
        }
        _check(_Sample, fields, manifest, _sample(summary.id))
    known = _known_model(manifest)
    models = {older: _score_model(manifest, older) for older in (False, True)}
    first: Sequence[str] | int | None = None
    for score in scores:
        where, about = _sample(score.sample_id), score.sample_metadata or {}
        scored = models[CHOSEN not in (score.score.metadata or {})]
        fields = _fields(score.score, scored)
        _check(known, about, manifest, where)
        _check(scored, fields, manifest, where)
        if manifest.answers.layout == "variants":
            columns: Sequence[str] | int = list(fields["metadata"]["statuses"])
            _check_expected(fields, manifest, where)
        else:
            columns = len(fields["metadata"]["statuses"])
            _check_lists(score.score, about, manifest, where)
        first = columns if first is None else first
        if columns != first and manifest.answers.layout != "predictions":
            raise DataError(f"has other answers in {where} than in the first")


def _known_model(manifest: Manifest) -> type[BaseModel]:
    """What must be known of a sample."""
    families = manifest.scores.values()
    fields: dict[str, Any] = {f.by["sample"]: Name | int for f in families if "sample" in f.by}
    if manifest.answers.layout == "variants":
        fields["tags"] = list[Name]
    fields |= {name: _TYPES[content][0] for name, content in manifest.answers.fields.items()}
    fields[manifest.answers.cluster] = Name | int
    optional = {group: Text | None for family in families for group in family.groups}
    return _with(_Strict, fields, optional)


def _score_model(manifest: Manifest, older: bool) -> type[BaseModel]:
    """What a scorer must have left; an older one left the choices in the text of the answer."""
    if manifest.answers.layout == "variants":
        return _Variants
    lists: dict[str, Any] = dict.fromkeys(number_names(manifest), list[Number])
    if manifest.answers.layout == "choices":
        lists["right"] = list[Number]
    lists |= {name: _TYPES[content][1] for name, content in manifest.answers.lists.items()}
    if older:
        return _with(_Strict, {"answer": _ChosenText, "metadata": _with(_KeptOfLists, lists)})
    return _with(_Strict, {"metadata": _with(_KeptOfLists, lists | {CHOSEN: _Chosen})})


def _check_expected(fields: Mapping[str, Any], manifest: Manifest, where: str) -> None:
    ends = [end for family in manifest.scores.values() for end in family.ratings]
    for name in fields["metadata"]["statuses"]:
        expected = fields["value"].get(f"{name}_expected")
        if expected is not None and (expected < min(ends) or expected > max(ends)):
            raise DataError(f"has the expected rating {expected:g} ({where}, {name})")


def _check_lists(score: Score, about: Mapping[str, Any], manifest: Manifest, where: str) -> None:
    """Refuse lists of unequal length, and a choice beyond those that there are."""
    kept, chosen = score.metadata or {}, chosen_of(score)
    width = len(kept["statuses"])
    names = {*number_names(manifest), *manifest.answers.lists}
    lists = {CHOSEN: chosen, **{name: kept[name] for name in sorted(names)}}
    if "right" in kept:
        lists["right"] = kept["right"]
    counts = about.get("counts")
    if counts is not None:
        lists["counts"] = counts if isinstance(counts, list) else []
    for name, found in lists.items():
        if len(found) != width:
            raise DataError(f"has {width} statuses and {len(found)} of {name} ({where})")
    for number, count in zip(chosen, counts or [], strict=False):
        if type(count) is not int or (number is not None and number > count):
            shown = "-" if number is None else number
            raise DataError(f"has the choice {shown} of {count!r:.20} ({where})")


def _with(
    base: type[BaseModel], fields: Mapping[str, Any], optional: Mapping[str, Any] | None = None
) -> type[BaseModel]:
    """A model with further fields, whose names may be any text."""
    found: dict[str, Any] = {
        f"field_{index}": (kind, Field(alias=name))
        for index, (name, kind) in enumerate(fields.items())
    }
    found |= {
        f"optional_{index}": (kind, Field(default=None, alias=name))
        for index, (name, kind) in enumerate((optional or {}).items())
    }
    return create_model(base.__name__, __base__=base, **found)


def _fields(found: object, model: type[BaseModel]) -> dict[str, Any]:
    names = (field.alias or name for name, field in model.model_fields.items())
    return {name: getattr(found, name) for name in names}


def _check(model: type[BaseModel], found: object, manifest: Manifest, where: str) -> None:
    try:
        model.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        wrong = first["msg"].replace("Input should be", "it should be")
        value = "" if first["type"] == "missing" else f", found {_shown(first['input'])}"
        raise DataError(
            f"is not as {manifest.name} leaves it: {where}, {place}: {wrong}{value}"
        ) from None


def _shown(value: object) -> str:
    """A value in a few signs, however large it is."""
    if isinstance(value, str | int | float | None):
        return f"{value!r:.{_SHOWN}}"
    return "a list" if isinstance(value, list) else "an object"


def _sample(name: object) -> str:
    return f"the sample {name!r:.{_SHOWN}}"
