"""A baseline: the answers of accepted runs in one file, which later runs are checked against."""

import json
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from evals.check.answer_lengths import grid_with_lengths
from evals.check.any_task import CheckedRun, same_categories
from ratings.errors import DataError, DataMissingError
from ratings.input.strict_files import Number, StrictFields, Whole, parse_json, read_text
from ratings.output.atomic_write import write_whole
from ratings.output.json_values import json_object
from scorers.scores.manifests import manifests
from scorers.scores.response_checks import MEASURED, fault_of
from scorers.scores.responses import ResponseMatrix

SCHEMA = "1.2"
READ = ("1.0", "1.1", SCHEMA)  # 1.0 knows one run of a kind; both know no lengths of answers


@dataclass(frozen=True)
class AcceptedLog:
    """A log whose answers a baseline holds.

    Attributes:
        id: of the evaluation, the same however the file is named; empty where it is not known.
        started: when it began.
        rows: how many of the rows of answers are its.
    """

    id: str
    started: str
    rows: int


@dataclass(frozen=True, eq=False)
class BaselineRun:
    """What a baseline holds of one kind of run: one asking of it or several.

    Attributes:
        key: what was measured.
        rater: who answered.
        logs: the accepted logs, the first one first.
        grid: their answers, log after log; a sample that was asked several times in several rows.
    """

    key: Mapping[str, Any]
    rater: str
    logs: Sequence[AcceptedLog]
    grid: ResponseMatrix

    @property
    def started(self) -> str:
        """When the first log began."""
        return self.logs[0].started


@dataclass(frozen=True)
class _Run(StrictFields):
    """A run as it is in the file: lists of S samples and C columns, matrices of S x C."""

    key: dict[str, Any]
    rater: str
    started: str
    samples: list[str]
    clusters: list[str]
    columns: list[str]
    ratings: list[list[Number | None]]
    right: list[list[Number | None]] | None
    status_names: list[str]
    statuses: list[list[Annotated[Whole, Field(ge=0)]]]
    attributes: list[dict[str, Any]]
    labels: dict[str, list[str]]
    values: dict[str, list[list[Number | None]]] = field(default_factory=dict)
    lengths: list[list[Annotated[Number, Field(ge=0)] | None]] | None = None
    logs: list[AcceptedLog] = field(default_factory=list)


@dataclass(frozen=True)
class _Baseline(StrictFields):
    schema: str
    runs: list[_Run]


def baseline_run(run: CheckedRun) -> BaselineRun:
    """A run as a baseline keeps it."""
    grid = grid_with_lengths(run)
    log = AcceptedLog(run.header.eval.eval_id, run.header.stats.started_at or "", len(grid.samples))
    return BaselineRun(run.measured, run.model, [log], grid)


def add_askings(
    baseline: Sequence[BaselineRun],
    runs: Sequence[BaselineRun],
    path: Path,
    most: int | None = None,
) -> list[BaselineRun]:
    """A baseline with further runs of what it holds, which say what asking again changes.

    Args:
        baseline: as it is.
        runs: of the same kinds by the same rater.
        path: of the baseline, for messages.
        most: how many logs of a kind are kept, the latest; all by default.

    Raises:
        DataError: for a run of another kind or by another rater, or one that is in it already.
    """
    out = list(baseline)
    for run in runs:
        (log,) = run.logs
        found = next((i for i, one in enumerate(out) if one.key == run.key), None)
        if found is None:
            raise DataError(
                f"{path} holds no run of {run.key['benchmark']} that asked the same; accept one "
                f"with --write-baseline"
            )
        held = out[found]
        if held.rater != run.rater:
            raise DataError(
                f"{path} holds answers of {held.rater}, the log those of {run.rater}; a baseline "
                f"is of one model"
            )
        if log.id in {one.id for one in held.logs}:
            raise DataError(f"{path} holds that run of {run.rater} already")
        logs = [*held.logs, log][-(most or len(held.logs) + 1) :]
        try:
            one, other = held.grid, run.grid
            grid = same_categories(one, other).joined(same_categories(other, one))
        except ValueError as error:
            raise DataError(f"{path} and the log {error}") from error
        kept = sum(one.rows for one in logs)
        positions = range(len(grid.samples) - kept, len(grid.samples))
        out[found] = BaselineRun(held.key, held.rater, logs, grid.rows(list(positions)))
    return out


def not_held(baseline: Sequence[BaselineRun], runs: Sequence[BaselineRun]) -> list[BaselineRun]:
    """The runs of which a baseline does not hold the log."""
    held = {log.id for one in baseline for log in one.logs}
    return [run for run in runs if not {log.id for log in run.logs} <= held]


def write_baseline(runs: Sequence[BaselineRun], path: Path) -> None:
    """Write a baseline, aside first.

    Raises:
        DataMissingError: when the folder is not there.
        DataError: for two runs that measured the same: which should a later run be checked
            against?
    """
    for number, run in enumerate(runs):
        for other in runs[:number]:
            if other.key == run.key:
                raise DataError(
                    f"two of the logs measured the same ({run.key['benchmark']}: {other.rater} "
                    f"and {run.rater}); accept one, and add the others with --add-baseline"
                )
    if not path.parent.is_dir():
        raise DataMissingError(f"there is no folder {path.parent} to write {path.name} into")
    found = {"schema": SCHEMA, "runs": [_as_json(run) for run in runs]}
    text = json.dumps(found, allow_nan=False, separators=(",", ":"), sort_keys=True)
    write_whole(path, text + "\n")


def read_baseline(path: Path) -> list[BaselineRun]:
    """The runs of a baseline.

    Raises:
        DataMissingError: when there is no file.
        MalformedFileError: when it is not a baseline, or of another version.
    """
    if not path.is_file():
        raise DataMissingError(
            f"there is no baseline at {path}; `valuegauge check LOGS --baseline {path} "
            f"--write-baseline` makes one from runs you accept"
        )
    document = parse_json(read_text(path), str(path))
    found = document.check(dict[str, Any])
    version = found.get("schema")
    if version is None:
        raise document.error((), "is not a baseline of valuegauge: missing key 'schema'", "missing")
    if version not in READ:
        raise document.error(
            ("schema",),
            f"is {reprlib.repr(version)}, this reads {', '.join(READ)}; write it again",
            "version",
        )
    document.check(_Baseline)
    runs = []
    for index, one in enumerate(found["runs"]):
        at = ("runs", index)
        try:
            run = _from_json(one)
            manifest = manifests().get(run.key["benchmark"])
            if manifest is None and "kind" not in run.grid.labels:
                raise ValueError("has scores of another task without their kinds")
            fault = None if manifest is None else fault_of(run.grid, manifest)
        except (DataError, ValueError, LookupError, TypeError) as error:
            raise document.error(at, f"{error}; write the baseline again") from error
        if fault is not None:
            raise document.error(at, f"{fault}; write the baseline again")
        runs.append(run)
    return runs


def baseline_for(run: CheckedRun, baseline: Sequence[BaselineRun], path: Path) -> BaselineRun:
    """The run of a baseline that measured the same as a run.

    Raises:
        DataError: when there is none; names what differs.
    """
    key = run.measured
    same = [one for one in baseline if one.key["benchmark"] == run.task]
    if not same:
        raise DataError(f"{path} has no run of {run.task}, which {run.path.name} is of")
    for one in same:
        if one.key == key:
            return one
    name = next(name for name in MEASURED if same[0].key.get(name) != key[name])
    raise DataError(
        f"{run.path.name} cannot be checked against {path}: {name.replace('_', ' ')} is "
        f"{key[name]!r} in the log and {same[0].key.get(name)!r} in the baseline"
    )


def _as_json(run: BaselineRun) -> dict[str, Any]:
    answers = json_object(run.grid.as_json())
    logs = [asdict(log) for log in run.logs]
    return {
        "key": dict(run.key), "rater": run.rater, "started": run.started, "logs": logs, **answers
    }  # fmt: skip


def _from_json(found: Mapping[str, Any]) -> BaselineRun:
    if set(found["key"]) != set(MEASURED):
        raise ValueError(f"the key of a run must have {', '.join(MEASURED)}")
    if not isinstance(found["key"]["benchmark"], str):
        raise ValueError(f"{found['key']['benchmark']!r:.40} is not the name of a benchmark")
    grid = ResponseMatrix.from_json(found)
    only = {"id": "", "started": str(found["started"]), "rows": len(grid.samples)}
    logs = [AcceptedLog(**log) for log in found.get("logs") or [only]]
    if sum(log.rows for log in logs) != len(grid.samples):
        raise ValueError("the rows of its logs are not those of its answers")
    return BaselineRun(found["key"], str(found["rater"]), logs, grid)
