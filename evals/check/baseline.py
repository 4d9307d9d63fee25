"""A baseline: the answers of accepted runs in one file, which later runs are checked against."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ratings.errors import DataError, DataMissingError
from ratings.output.atomic_write import write_whole
from ratings.output.json_values import json_object
from scorers.inspect_adapter.run_log import MEASURED, RunLog
from scorers.scores.manifests import manifest_of
from scorers.scores.response_checks import fault_of
from scorers.scores.responses import AnswerGrid

SCHEMA = "1.0"


@dataclass(frozen=True, eq=False)
class BaselineRun:
    """One run of a baseline.

    Attributes:
        key: what was measured.
        rater: who answered.
        started: when.
        grid: the answers; a sample that ran for several epochs in several rows.
    """

    key: Mapping[str, Any]
    rater: str
    started: str
    grid: AnswerGrid


def baseline_run(run: RunLog) -> BaselineRun:
    """A run as a baseline keeps it."""
    return BaselineRun(run.measured, run.model, run.header.stats.started_at or "", run.grid())


def write_baseline(runs: Sequence[BaselineRun], path: Path) -> None:
    """Write a baseline, aside first.

    Raises:
        DataMissingError: when the folder is not there.
        DataError: for two runs that measured the same: which should a later run be checked
            against?
    """
    for place, run in enumerate(runs):
        for other in runs[:place]:
            if other.key == run.key:
                raise DataError(
                    f"two of the logs measured the same ({run.key['benchmark']}: {other.rater} "
                    f"and {run.rater}); a baseline holds one"
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
        DataError: when it is no baseline, or of another version.
    """
    if not path.is_file():
        raise DataMissingError(
            f"there is no baseline at {path}; `valuegauge check LOGS --baseline {path} "
            f"--write-baseline` makes one from runs you accept"
        )
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        version = found["schema"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{path} is not a baseline of valuegauge") from error
    if version != SCHEMA:
        raise DataError(
            f"{path} is a baseline of version {version}, this reads {SCHEMA}; write it again"
        )
    try:
        runs = [_from_json(run) for run in found["runs"]]
        faults = [fault_of(run.grid, manifest_of(run.key["benchmark"])) for run in runs]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} is damaged ({type(error).__name__}: {error}); write it again"
        ) from error
    fault = next((one for one in faults if one is not None), None)
    if fault is not None:
        raise DataError(f"{path} {fault}; write it again")
    return runs


def baseline_for(run: RunLog, baseline: Sequence[BaselineRun], path: Path) -> BaselineRun:
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
    grid = run.grid
    names = sorted(set(grid.statuses.ravel().tolist()))
    code = {name: place for place, name in enumerate(names)}
    return {
        "key": dict(run.key),
        "rater": run.rater,
        "started": run.started,
        "samples": list(grid.samples),
        "clusters": list(grid.clusters),
        "columns": list(grid.columns),
        "ratings": _numbers(grid.ratings),
        "right": None if grid.right is None else _numbers(grid.right),
        "values": {name: _numbers(of) for name, of in grid.values.items()},
        "status_names": names,
        "statuses": [[code[str(status)] for status in row] for row in grid.statuses],
        "attributes": [json_object(dict(about)) for about in grid.attributes],
        "labels": {name: list(of) for name, of in grid.labels.items()},
    }


def _from_json(found: Mapping[str, Any]) -> BaselineRun:
    if set(found["key"]) != set(MEASURED):
        raise ValueError(f"the key of a run must have {', '.join(MEASURED)}")
    names = np.array(found["status_names"], dtype=str)
    shape = (len(found["samples"]), len(found["columns"]))
    codes = np.array(found["statuses"], dtype=int).reshape(shape)
    if (codes < 0).any():
        raise ValueError("a status is no number of a name")
    for name in ("clusters", "attributes"):
        if len(found[name]) != shape[0]:
            raise ValueError(f"there are {shape[0]} samples and {len(found[name])} {name}")
    samples = [str(sample) for sample in found["samples"]]
    labels = {str(name): [str(one) for one in of] for name, of in found["labels"].items()}
    if any(len(of) != shape[1] for of in labels.values()):
        raise ValueError(f"there are {shape[1]} columns and other numbers of labels")
    right = found["right"]
    grid = AnswerGrid(
        samples=samples,
        epochs=(pd.Series(samples, dtype=object).groupby(samples).cumcount() + 1).tolist(),
        clusters=[str(cluster) for cluster in found["clusters"]],
        columns=[str(column) for column in found["columns"]],
        ratings=np.array(found["ratings"], dtype=float).reshape(shape),
        right=None if right is None else np.array(right, dtype=float).reshape(shape),
        statuses=names[codes] if names.size else np.empty(shape, dtype=str),
        attributes=[dict(about) for about in found["attributes"]],
        labels=labels,
        values={
            str(name): np.array(of, dtype=float).reshape(shape)
            for name, of in found.get("values", {}).items()
        },
    )
    return BaselineRun(found["key"], str(found["rater"]), str(found["started"]), grid)


def _numbers(matrix: Any) -> list[list[float | None]]:  # noqa: ANN401
    """Rows of numbers, whole ones without a point, null where missing."""
    return [[_number(float(value)) for value in row] for row in matrix]


def _number(value: float) -> float | None:
    if math.isnan(value):
        return None
    return int(value) if value.is_integer() else value
