"""One run as Inspect logged it: what was asked, whether it finished, and its scored samples."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

from inspect_ai.log import EvalLog, EvalSampleSummary, read_eval_log, read_eval_log_sample_summaries
from inspect_ai.scorer import SampleScore
from pydantic import ValidationError

from ratings.errors import DataError, DataMissingError
from ratings.output.text import one_line, shown_rater
from ratings.sources.cards import Card, card_ids, load_card
from scorers.inspect_adapter.asking import NOT_SENT
from scorers.inspect_adapter.layouts import read_grid
from scorers.inspect_adapter.log_bounds import OutOfBoundsError, require_bounds
from scorers.inspect_adapter.log_files import find_logs
from scorers.inspect_adapter.log_schema import check_header, check_samples
from scorers.scores.manifests import Manifest, baseline_names, manifest_of, manifests
from scorers.scores.response_checks import fault_of, known_samples
from scorers.scores.responses import ResponseMatrix

# What a log holds of a baseline's defaults when it was started from Python, and not from a shell.
_USUAL = ("questions", "all")

# An option of the scorer that is not the same in all samples.
MIXED = "mixed"

# A user's own ratings: a file, a data set of the Hugging Face hub, or whatever is at a whole path.
_OWN = re.compile(r"\.(?:csv|parquet)$|^hf://|^(?:/|[a-z]:[\\/])", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class RunLog:
    """The log of a run of one of the benchmarks, checked.

    Attributes:
        header: the log without its samples.
        scores: one a scored sample.
        scored: the summaries of the scored samples, in the same order.
        summaries: of all samples.
    """

    path: Path
    header: EvalLog
    scores: list[SampleScore]
    scored: list[EvalSampleSummary]
    summaries: list[EvalSampleSummary]

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
        if name not in baseline_names():
            return found.model
        arguments = baseline_arguments(found.solver_args).items()
        given = ", ".join(f"{name}={value}" for name, value in arguments)
        return f"baseline {name}" + (f" ({given})" if given else "")

    @property
    def metadata(self) -> dict[str, Any]:
        """What the task says of itself; whether the data are synthetic, their card says.

        Of an instrument that somebody built the card may be elsewhere: then the task says it.
        """
        card, found = self.card, self.header.eval.metadata or {}
        if card is None and self.manifest.own_data is not None:
            return {**found, "synthetic": found.get("synthetic") is True}
        return {**found, "synthetic": card is not None and card.synthetic}

    @property
    def card(self) -> Card | None:
        """The data card; None for a user's own ratings."""
        data = self.all_arguments.get("data")
        own = isinstance(data, str) and data not in self.manifest.cards
        return None if own else load_card((self.header.eval.metadata or {})["card"])

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
        as how answers are read, are kept with its results.
        """
        arguments, options = self.all_arguments, self._scorer_options()
        return {
            name: options.get(name, arguments.get(name))
            for name in self.manifest.arguments_of(*roles)
        }

    @property
    def measured(self) -> dict[str, Any]:
        """What was measured: runs that differ in any of `MEASURED` never share a table."""
        metadata, card = self.metadata, str(self.metadata["card"])
        if self.card is None and card in card_ids():  # a user's file of the name of a card
            card = f"{card} (own ratings)"
        return {
            "benchmark": self.task,
            "comparability": str(self.header.eval.task_version),
            "card": card,
            "card_revision": str(metadata.get("card_revision")),
            "synthetic": metadata["synthetic"],
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

    def grid(self) -> ResponseMatrix:
        """The answers of the run."""
        return self._grid

    @cached_property
    def _grid(self) -> ResponseMatrix:
        epochs = [summary.epoch for summary in self.scored]
        return read_grid(self.scores, self.manifest, self.metadata, epochs)

    def known_samples(self) -> Mapping[str, str] | None:
        """The cluster of each sample of the instrument by its id, where that is at hand."""
        if self.card is None and self.manifest.own_data is None:
            return None
        measured = self.measured
        return known_samples(self.manifest, measured["card"], measured["card_revision"])

    def fault(self) -> str | None:
        """What is wrong with the answers, a phrase with the log as its subject; None if nothing."""
        if not self.scores:
            return None
        try:
            return fault_of(self.grid(), self.manifest, self.known_samples())
        except ValueError as error:
            return str(error)

    def answers_asked(self) -> tuple[int, int]:
        """How many of the instrument's answers were asked for, and how many it has.

        Epochs are not counted.
        """
        grid = self.grid()
        rows = dict(zip(grid.samples, grid.asked, strict=True))
        asked = int(sum(row.sum() for row in rows.values()))
        full = int(self.metadata.get("answers_in_full") or asked)
        known = self.known_samples()
        if known is not None and self.manifest.answers.layout == "variants":
            full = max(full, len(known) * len(grid.columns))  # whatever the log says
        return asked, full

    @property
    def complete(self) -> bool:
        """Whether the run finished every sample it was to make."""
        results = self.header.results
        total = results.total_samples if results else (self.header.eval.dataset.samples or 0)
        return self.header.status == "success" and len(self.scores) >= total


def model_name(model: str) -> str:
    """Who answered, in a sentence: recorded answers are those of the model recorded.

    >>> model_name("replay/gpt-4o-2024-05-13")
    'gpt-4o-2024-05-13'
    """
    return one_line(shown_rater(model))


def task_name(header: EvalLog) -> str:
    """A task's name without its package."""
    return header.eval.task.rsplit("/", 1)[-1]


def baseline_arguments(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Arguments of a baseline without a usual one, so that it has one name however it was started.

    >>> baseline_arguments({"k": 24, "questions": "all"})
    {'k': 24}
    """
    return {name: value for name, value in (given or {}).items() if (name, value) != _USUAL}


def read_run(path: Path, tasks: Sequence[str] | None = None) -> RunLog:
    """Read the log of a run of one of some benchmarks, by default of any, and check it.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log, of another task, without scores, or not what such a log
            holds; says in one line what is wrong.
    """
    if not path.is_file():
        raise DataMissingError(f"there is no log at {path}")
    try:
        run = read_log(path, tasks)
        if run.header.status == "success" and not run.scores:
            raise DataError("has no scores; `inspect score` makes them")
    except DataError as error:
        raise DataError(f"{path} {error}") from error
    return run


def read_log(path: Path, tasks: Sequence[str] | None = None) -> RunLog:
    """Read the log of a run of one of some benchmarks, by default of any, and check it.

    Whatever reads a log reads it here, and may trust what it gets: bounds first, then Inspect's
    reader, then strict models of what the benchmark's scorers leave, then the answers themselves.

    Raises:
        DataError: a phrase with the log as its subject, such as `is empty`.
    """
    header, summaries = read_summaries(path)
    task = task_name(header)
    tasks = sorted(manifests()) if tasks is None else tasks
    metadata = header.eval.metadata or {}
    if task not in tasks:
        raise DataError(f"is a log of {header.eval.task:.200}; this reads {' and '.join(tasks)}")
    if "card" not in metadata:
        raise DataError(f"is a log of another task named {header.eval.task:.200}")
    manifest = manifest_of(task)
    check_header(header, manifest)
    _check_card(header, manifest)
    found = scored_samples(summaries, manifest.answers.scorers)
    scored, scores = [summary for summary, _ in found], [score for _, score in found]
    check_samples(summaries, scores, manifest)
    run = RunLog(path, header, scores, scored, summaries)
    fault = run.fault()
    if fault is not None:
        raise DataError(fault)
    return run


def read_summaries(path: Path) -> tuple[EvalLog, list[EvalSampleSummary]]:
    """The header and the summaries of the samples of any log.

    Raises:
        DataError: a phrase with the log as its subject, such as `is empty`.
    """
    if path.stat().st_size == 0:
        raise DataError("is empty")
    try:
        require_bounds(path)
        if path.suffix == ".json":  # read at once: Inspect keeps the last one by its path
            log = read_eval_log(str(path))
            summaries = [sample.summary() for sample in log.samples or []]
            log.samples = log.reductions = None
            return log, summaries
        header = read_eval_log(str(path), header_only=True)
        return header, read_eval_log_sample_summaries(str(path))
    except OutOfBoundsError:
        raise
    except Exception as error:  # whatever Inspect's reader meets in a broken file
        raise DataError(f"cannot be read as an Inspect log: {_innermost(error)}") from error


def _check_card(header: EvalLog, manifest: Manifest) -> None:
    """Refuse a data card that does not exist, or is not that of the data that were asked for."""
    metadata, data = header.eval.metadata or {}, header.eval.task_args.get("data")
    card = metadata["card"]
    if isinstance(data, str) and data not in manifest.cards:
        if not _OWN.search(data) and metadata.get("own_data") is not True:
            raise DataError(f"is on the data {data!r:.60}, which {manifest.name} does not have")
        return
    if card not in card_ids():
        raise DataError(f"names the data card {card!r:.60}, which there is not")
    if isinstance(data, str) and manifest.cards[data] != card:
        raise DataError(f"names the data card {card!r:.60}, and data={data} has another")


def _innermost(error: BaseException) -> str:
    """What first went wrong, in one line: the outer errors only say that reading failed."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:160]
    if isinstance(error, KeyError):
        return f"it has no part {error}"[:160]
    return without_paths(str(error))[:160] or type(error).__name__


def without_paths(text: str) -> str:
    """One line without the folders of the machine that ran."""
    return re.sub(r"(?:[A-Za-z]:)?(?:[\\/][\w.@~+-]+)+[\\/]", "", " ".join(text.split()))


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
        if ran and name == ran[-1]
    ]


def _bare(scorer: str) -> str:
    return scorer.rsplit("/", 1)[-1]


def read_runs(places: Sequence[Path], left_out: Callable[[str], object]) -> list[RunLog]:
    """The runs of logs that can be read, without those that were tried again and finished.

    Args:
        places: logs, or folders that are searched for logs.
        left_out: takes a line for each log in a folder that is left out, and why.

    Raises:
        DataError: when a log that was named cannot be read, or when there is none.
    """
    runs = []
    for path in find_logs(places):
        try:
            runs.append(read_run(path))
        except DataError as error:
            if path in places:
                raise
            left_out(f"left out: {' '.join(str(error).split())}")
    kept = without_replaced(runs)
    for run in runs:
        if run not in kept:
            left_out(f"left out: {run.path.name} was tried again, and finished")
    if not kept:
        raise DataError(f"there is no log of a benchmark in {', '.join(map(str, places))}")
    return kept


class Attempt(Protocol):
    """A run that may have been tried again."""

    @property
    def header(self) -> EvalLog:
        """The log without its samples."""

    @property
    def model(self) -> str:
        """Who answered."""

    @property
    def complete(self) -> bool:
        """Whether it finished every sample."""


AnyAttempt = TypeVar("AnyAttempt", bound=Attempt)


def without_replaced(runs: Sequence[AnyAttempt]) -> list[AnyAttempt]:
    """Runs but those that were tried again and finished: Inspect keeps the task id over retries."""
    finished = {(run.header.eval.task_id, run.model) for run in runs if run.complete}
    return [
        run for run in runs if run.complete or (run.header.eval.task_id, run.model) not in finished
    ]
