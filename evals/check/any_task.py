"""Logs of any Inspect task: scores of samples as answers that can be compared and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from inspect_ai.log import EvalLog, EvalSampleSummary

from ratings.arrays import FloatArray
from ratings.errors import DataError, DataMissingError, unknown_name
from scorers.inspect_adapter.run_log import read_run, read_summaries, task_name
from scorers.scores.manifests import AnswerLayout, Manifest, ScoreFamily, manifests
from scorers.scores.responses import ResponseMatrix

SHARE, NUMBER = "share", "number"
_IS = " = "  # between a scorer and one of its categories
_SHARE_MARGIN = 2.0  # per cent
_NUMBER_MARGIN = 0.1  # standard deviations of the samples' scores
_MOST_CATEGORIES = 12
_GRADES = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}


class CheckedRun(Protocol):
    """What comparing and checking ask of a run, of ours or of any other task."""

    @property
    def path(self) -> Path:
        """Of the log."""

    @property
    def header(self) -> EvalLog:
        """The log without its samples."""

    @property
    def summaries(self) -> Sequence[EvalSampleSummary]:
        """Of its samples."""

    @property
    def task(self) -> str:
        """Its name."""

    @property
    def model(self) -> str:
        """Who answered."""

    @property
    def measured(self) -> Mapping[str, Any]:
        """What was measured."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What the task says of itself."""

    @property
    def manifest(self) -> Manifest:
        """How its answers lie, and its scores."""

    @property
    def complete(self) -> bool:
        """Whether every sample was finished."""

    def grid(self) -> ResponseMatrix:
        """The answers."""

    def arguments_of(self, *roles: str) -> dict[str, Any]:
        """The task's arguments of some roles."""


@dataclass(frozen=True, eq=False)
class ForeignRun:
    """A run of a task that valuegauge does not know.

    Attributes:
        path: of the log.
        header: the log without its samples.
        summaries: of its samples.
        cluster: the field of a sample's metadata by which samples are resampled together; each
            sample alone by default.
    """

    path: Path
    header: EvalLog
    summaries: Sequence[EvalSampleSummary]
    cluster: str | None = None

    @property
    def task(self) -> str:
        """The task's name."""
        return task_name(self.header)

    @property
    def model(self) -> str:
        """Who answered."""
        return self.header.eval.model

    @property
    def metadata(self) -> dict[str, Any]:
        """What the task says of itself."""
        return {**(self.header.eval.metadata or {}), "synthetic": False}

    @property
    def complete(self) -> bool:
        """Whether the run finished every sample that it was to make."""
        results = self.header.results
        total = results.total_samples if results else 0
        return self.header.status == "success" and len(self.grid().samples) >= total

    @property
    def measured(self) -> dict[str, Any]:
        """What was measured: its task, version, data set and arguments."""
        found = self.header.eval
        return {
            "benchmark": self.task,
            "comparability": str(found.task_version),
            "card": str(found.dataset.name or found.dataset.location or ""),
            "card_revision": "",
            "synthetic": False,
            "template_sha256": None,
            "survey_sha256": None,
            "settings": self.arguments_of(),
        }

    def arguments_of(self, *roles: str) -> dict[str, Any]:
        """All arguments of the task, whose roles nobody knows."""
        return {name: str(value) for name, value in self.header.eval.task_args.items()}

    @property
    def manifest(self) -> Manifest:
        """What the scores say of themselves."""
        return foreign_manifest(self.task, self.grid(), self.cluster)

    def grid(self) -> ResponseMatrix:
        """The scores: a row a sample and epoch, a column a score."""
        return self._grid

    @cached_property
    def _grid(self) -> ResponseMatrix:
        rows = [one for one in self.summaries if one.scores and not one.error]
        if not rows:
            raise DataError(f"{self.path} has no scored samples")
        cells = [_cells(one) for one in rows]
        columns, kinds, numbers = _numbers(cells)
        return ResponseMatrix(
            samples=[str(one.id) for one in rows],
            epochs=[one.epoch for one in rows],
            clusters=[self._cluster_of(one) for one in rows],
            columns=columns,
            ratings=numbers,
            right=None,
            statuses=np.where(np.isnan(numbers), "missing", "valid"),
            attributes=[{} for _ in rows],
            labels={"kind": kinds},
            values=_values(columns, numbers),
        )

    def _cluster_of(self, one: EvalSampleSummary) -> str:
        if self.cluster is None:
            return str(one.id)
        known = one.metadata or {}
        if self.cluster not in known:
            raise unknown_name(f"field of the sample {one.id} of {self.path}", self.cluster, known)
        return str(known[self.cluster])


def read_checked(path: Path, cluster: str | None = None) -> CheckedRun:
    """A run of a benchmark, or of any other task with scores.

    Args:
        path: of the log.
        cluster: the field of a sample's metadata by which samples of another task are resampled
            together; a benchmark has its own.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is no log or has no scores; a phrase says what is wrong.
        UnknownNameError: for a field that its samples do not have.
    """
    if not path.is_file():
        raise DataMissingError(f"there is no log at {path}")
    try:
        header, summaries = read_summaries(path)
    except DataError as error:
        raise DataError(f"{path} {error}") from error
    known = task_name(header) in manifests() and "card" in (header.eval.metadata or {})
    if known:
        if cluster is not None:
            raise DataError(f"--cluster is for tasks of others; {task_name(header)} has its own")
        return read_run(path)
    run = ForeignRun(path, header, summaries, cluster)
    run.grid()
    return run


def foreign_manifest(task: str, grid: ResponseMatrix, cluster: str | None = None) -> Manifest:
    """What can be known of a task's scores from the scores.

    Args:
        task: its name.
        grid: by `ForeignRun.grid`; a column a score, of the kind that `labels` says.
        cluster: what samples are resampled by.
    """
    families = {}
    for c, (name, kind) in enumerate(zip(grid.columns, grid.labels["kind"], strict=True)):
        numbers = grid.ratings[:, c]
        spread = float(np.nanstd(numbers)) if (~np.isnan(numbers)).any() else 0.0
        share = kind == SHARE
        families[name] = ScoreFamily(
            name=name,
            title=name,
            estimator="mean_of",
            unit="per cent" if share else "its own unit (margin: .1 of the samples' spread)",
            range=(0, 100) if share else (-1e300, 1e300),
            direction="none",
            margin=_SHARE_MARGIN if share else _NUMBER_MARGIN * spread or 1e-9,
            scale=100.0 if share else 1.0,
            of=name,
        )
    return Manifest(
        name=task,
        title=task,
        paper="",
        comparability="",
        about="",
        limits=(),
        cards={},
        rater="the model",
        instance="a sample",
        resampling_unit=cluster or "sample",
        answers=AnswerLayout((), "predictions", cluster or "", "samples"),
        arguments={},
        scores=families,
    )


def same_categories(grid: ResponseMatrix, other: ResponseMatrix) -> ResponseMatrix:
    """The scores of a run with a column for each category that another run knows.

    A category that a run never came to has a share of 0 wherever the scorer gave another.

    Args:
        grid: by `ForeignRun.grid`; the answers of a benchmark are given back as they are.
        other: likewise.
    """
    if "kind" not in grid.labels:
        return grid
    own = np.array([name.rpartition(_IS)[0] for name in grid.columns])
    new = [
        name
        for name in other.columns
        if name not in grid.columns and _IS in name and name.rpartition(_IS)[0] in own
    ]
    if not new:
        return grid
    known = [~np.isnan(grid.ratings[:, own == name.rpartition(_IS)[0]]).all(axis=1) for name in new]
    zeros = np.where(np.array(known).T, 0.0, np.nan)
    columns = [*grid.columns, *new]
    numbers = np.concatenate([grid.ratings, zeros], axis=1)
    return replace(
        grid,
        columns=columns,
        ratings=numbers,
        statuses=np.where(np.isnan(numbers), "missing", "valid"),
        labels={"kind": [*grid.labels["kind"], *[SHARE] * len(new)]},
        values=_values(columns, numbers),
        lengths=None
        if grid.lengths is None
        else np.column_stack([grid.lengths, *[grid.lengths[:, 0]] * len(new)]),
    )


def manifest_for(benchmark: str, grid: ResponseMatrix) -> Manifest:
    """The manifest of a benchmark, or what can be known of another task's scores."""
    known = manifests()
    return known[benchmark] if benchmark in known else foreign_manifest(benchmark, grid)


def _values(columns: Sequence[str], numbers: FloatArray) -> dict[str, FloatArray]:
    """By score the S x K numbers, missing in the columns of others."""
    each = np.arange(len(columns))
    return {name: np.where(each == c, numbers, np.nan) for c, name in enumerate(columns)}


def _cells(sample: EvalSampleSummary) -> dict[str, object]:
    """The values of a sample's scores, one a scorer, or one a key of it."""
    out: dict[str, object] = {}
    for scorer, score in (sample.scores or {}).items():
        name = scorer.rsplit("/", 1)[-1]
        if isinstance(score.value, Mapping):
            out |= {f"{name} {key}": value for key, value in score.value.items()}
        elif not isinstance(score.value, Sequence) or isinstance(score.value, str):
            out[name] = score.value
    return out


def _numbers(
    cells: Sequence[Mapping[str, object]],
) -> tuple[list[str], list[str], FloatArray]:
    """Names of the columns, what each is, and the S x K numbers; NaN where missing."""
    names = list(dict.fromkeys(name for row in cells for name in row))
    columns: dict[str, tuple[str, list[float]]] = {}
    for name in names:
        found = [row.get(name) for row in cells]
        numbers = [_number(one) for one in found]
        if any(one is not None for one in numbers):
            kept = [np.nan if one is None else one for one in numbers]
            share = all(np.isnan(one) or one in (0.0, 0.5, 1.0) for one in kept)
            columns[name] = (SHARE if share else NUMBER, kept)
            continue
        texts = [None if one is None else str(one) for one in found]
        kinds = sorted({one for one in texts if one is not None})
        if len(kinds) <= _MOST_CATEGORIES:
            for kind in kinds:
                shares = [np.nan if one is None else float(one == kind) for one in texts]
                columns[f"{name}{_IS}{kind}"] = (SHARE, shares)
    if not columns:
        raise DataError(f"no score is a number or one of at most {_MOST_CATEGORIES} categories")
    matrix = np.array([numbers for _, numbers in columns.values()], dtype=float).T
    matrix[np.isinf(matrix)] = np.nan
    return list(columns), [kind for kind, _ in columns.values()], matrix


def _number(value: object) -> float | None:
    """A number, or what Inspect's grades count for; None for a category or nothing."""
    if isinstance(value, bool | int | float):
        return float(value)
    return _GRADES.get(value) if isinstance(value, str) else None
