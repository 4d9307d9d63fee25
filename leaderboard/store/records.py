"""One run as the store keeps it, read from its Inspect log.

A record is a row of the table `runs` and frames for the other tables, without any path of the
machine that read it.
"""

import hashlib
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from inspect_ai.log import EvalSampleSummary

from leaderboard.store.rater_names import model_folder, rater_name, shown_model, without_secrets
from ratings.errors import DataError
from ratings.output.json_values import json_value
from scorers.inspect_adapter.run_log import RunLog, read_log, without_paths
from scorers.intervals.estimate import Estimate
from scorers.psychometrics.variant_consistency import variant_consistency
from scorers.scores.families import ScoreRow, score_rows
from scorers.scores.manifests import Kind, Manifest, offline_providers
from scorers.scores.responses import ResponseMatrix

_STATUSES = {"success": "unfinished", "started": "unfinished", "cancelled": "cancelled",
             "error": "failed"}  # fmt: skip
_FULL = 1 - 1e-9


@dataclass(frozen=True, eq=False)
class RunRecord:
    """A run for the store.

    Attributes:
        run: the row of the table `runs`.
        tables: rows of the tables `samples`, `answers`, `measures`, `scores` and `consistency`.
    """

    run: dict[str, Any]
    tables: dict[str, pd.DataFrame]


def read_record(path: Path, digest: str) -> RunRecord:
    """Read a log and score it.

    Raises:
        DataError: says in one line why the log is left out.
    """
    try:
        run = read_log(path)
    except DataError as error:
        raise DataError(f"it {error}") from error
    try:
        return _record(run, digest)
    except Exception as error:  # one log that is not what it says must not end the others
        reason = f"its answers are not as {run.task} leaves them ({type(error).__name__}: {error})"
        raise DataError(" ".join(reason.split())[:240]) from error


def _record(run: RunLog, digest: str) -> RunRecord:
    manifest, header = run.manifest, run.header
    grid = run.grid() if run.scores else None
    status, why = _status(run, grid)
    usage = _usage(run.summaries)
    row = {
        **_identity(run, manifest, digest),
        **_what(run),
        "status": status,
        "why": why,
        "share": _share(run, grid),
        "started": _in_utc(header.stats.started_at),
        "completed": _in_utc(header.stats.completed_at),
        "written": _written(run.path),
        "log": run.path.name,
        "log_sha256": digest,
        "columns": list(grid.columns) if grid else [],
        "labels": {name: list(of) for name, of in grid.labels.items()} if grid else {},
        "samples": len(run.scores),
        "answers": int(grid.asked.sum()) if grid else 0,
        "valid": grid.valid if grid else math.nan,
        "statuses": grid.counts() if grid else {},
        **usage,
    }
    run_id = row["run"]
    return RunRecord(row, _tables(run_id, grid, run.scored, manifest) if grid else {})


def _identity(run: RunLog, manifest: Manifest, digest: str) -> dict[str, Any]:
    """Which run this is, however often it was tried again or scored again.

    Inspect keeps the task id over retries and scoring, and copies of a log keep it too; the
    model and the arguments are added because a task id may be given by hand. Answers that were
    scored with other settings are another run: they belong to another table.
    """
    found = run.header.eval
    settings = run.measured["settings"]
    key = [manifest.name, found.task_id, run.model, found.task_args, found.model_args, settings]
    if not found.task_id:
        key.append(digest)
    text = json.dumps(key, sort_keys=True, default=str)
    return {"run": hashlib.sha256(text.encode()).hexdigest()[:16]}


def _what(run: RunLog) -> dict[str, Any]:
    """What was measured, and who answered."""
    of_rater = {
        name: value for name, value in run.arguments_of("rater").items() if value is not None
    }
    return {
        **run.measured,
        "model": shown_model(run),
        "persona": of_rater.get("persona"),
        "rater": rater_name(run, of_rater),
        **model_folder(run),
        "kind": _kind(run),
    }


def _kind(run: RunLog) -> Kind:
    if run.model.startswith("baseline "):
        return "baseline"
    return offline_providers().get(run.model.partition("/")[0], "model")


def _status(run: RunLog, grid: ResponseMatrix | None) -> tuple[str, str]:
    header = run.header
    share = _share(run, grid)
    results = header.results
    total = results.total_samples if results else (header.eval.dataset.samples or 0)
    counted = f"{len(run.scores):,} of {total:,} samples have scores"
    if header.status == "success" and run.complete and grid is not None:
        if share >= _FULL:
            return "complete", ""
        return "partial", f"asked {share:.1%} of the instrument"
    message = ""
    if header.error:
        said = without_paths(without_secrets(header.error.message[:2000], run))
        message = f"; {said[:160]}"
    status = _STATUSES[header.status]
    return status, f"{status}: {counted}{message}"


def _share(run: RunLog, grid: ResponseMatrix | None) -> float:
    """Share of the instrument's answers that were asked for, epochs not counted."""
    if grid is None:
        return 0.0
    asked, full = run.answers_asked()
    return min(asked / full, 1.0) if full else 0.0


def _in_utc(time: str) -> str | None:
    """A time that can be compared as text with others."""
    return datetime.fromisoformat(time).astimezone(UTC).isoformat() if time else None


def _written(path: Path) -> str | None:
    """When a log was last written, by its own clock: a log that was scored again says so."""
    if path.suffix != ".eval":
        return None
    with zipfile.ZipFile(path) as archive:
        times = [entry.date_time for entry in archive.infolist()]
    return datetime(*max(times)).isoformat() if times else None


def _usage(summaries: Sequence[EvalSampleSummary]) -> dict[str, Any]:
    """Tokens, seconds and cost of a run; nothing where no sample reports any."""
    used = [usage for s in summaries for usage in (s.model_usage or {}).values()]
    tokens = [sum(u.input_tokens for u in used), sum(u.output_tokens for u in used)]
    costs = [usage.total_cost for usage in used if usage.total_cost is not None]
    seconds = [s.working_time for s in summaries if s.working_time is not None]
    return {
        "input_tokens": tokens[0] or None,
        "output_tokens": tokens[1] or None,
        "seconds": sum(seconds) if seconds else None,
        "cost": sum(costs) if costs and len(costs) == len(used) else None,
    }


def _tables(
    run: str, grid: ResponseMatrix, scored: Sequence[EvalSampleSummary], manifest: Manifest
) -> dict[str, pd.DataFrame]:
    rows = score_rows(grid, manifest.scores.values())
    tables = {
        "samples": _samples(grid, scored),
        "answers": _answers(grid, scored),
        "measures": _measures(grid),
        "scores": _scores(rows),
        "consistency": _consistency(grid, manifest),
    }
    for frame in tables.values():
        frame.insert(0, "run", run)
    return tables


def _in_row_order(
    grid: ResponseMatrix, scored: Sequence[EvalSampleSummary]
) -> list[EvalSampleSummary]:
    """Summaries in the order of the grid's rows."""
    known = {(str(summary.id), summary.epoch): summary for summary in scored}
    return [known[key] for key in zip(grid.samples, grid.epochs, strict=True)]


def _samples(grid: ResponseMatrix, scored: Sequence[EvalSampleSummary]) -> pd.DataFrame:
    found = _in_row_order(grid, scored)
    usage = [list((summary.model_usage or {}).values()) for summary in found]
    return pd.DataFrame(
        {
            "sample": list(grid.samples),
            "epoch": list(grid.epochs),
            "cluster": list(grid.clusters),
            "attributes": [json.dumps(about, sort_keys=True) for about in grid.attributes],
            "input_tokens": [_total([u.input_tokens for u in one]) for one in usage],
            "output_tokens": [_total([u.output_tokens for u in one]) for one in usage],
            "seconds": [_or_nan(summary.working_time) for summary in found],
        }
    )


def _total(numbers: Sequence[float]) -> float:
    """Tokens added up; NaN where none were reported, which some providers write as 0."""
    return float(sum(numbers)) or math.nan


def _answers(grid: ResponseMatrix, scored: Sequence[EvalSampleSummary]) -> pd.DataFrame:
    """Every answer, a row; tokens and seconds where each answer was a call of its own."""
    size, width = grid.ratings.shape
    usage = [_answer_usage(s, grid.columns) for s in _in_row_order(grid, scored)]
    used = np.array(usage, dtype=float).reshape(size * width, 3)
    return pd.DataFrame(
        {
            "sample": np.repeat(np.array(grid.samples, object), width),
            "epoch": np.repeat(np.array(grid.epochs), width),
            "place": np.tile(np.arange(width), size),
            "part": np.tile(np.array(grid.columns, object), size),
            "rating": grid.ratings.ravel(),
            "correct": np.full(size * width, np.nan) if grid.right is None else grid.right.ravel(),
            "status": grid.statuses.ravel().astype(object),
            "input_tokens": used[:, 0],
            "output_tokens": used[:, 1],
            "seconds": used[:, 2],
        }
    )


def _measures(grid: ResponseMatrix) -> pd.DataFrame:
    """Every further number of every answer, a row."""
    size, width = grid.ratings.shape
    count = len(grid.values)
    return pd.DataFrame(
        {
            "sample": np.tile(np.repeat(np.array(grid.samples, object), width), count),
            "epoch": np.tile(np.repeat(np.array(grid.epochs), width), count),
            "place": np.tile(np.tile(np.arange(width), size), count),
            "name": np.repeat(np.array(list(grid.values), object), size * width),
            "value": np.concatenate([of.ravel() for of in grid.values.values()] or [np.empty(0)]),
        }
    )


def _answer_usage(summary: EvalSampleSummary, columns: Sequence[str]) -> list[list[float]]:
    found: Mapping[str, Any] = {}
    for score in (summary.scores or {}).values():
        found = (score.metadata or {}).get("usage", found)
    names = ("input_tokens", "output_tokens", "seconds")
    used = [[_or_nan(found.get(column, {}).get(name)) for name in names] for column in columns]
    return [[_total([one[0]]), _total([one[1]]), one[2]] for one in used]


def _scores(rows: Sequence[ScoreRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "place": list(range(len(rows))),
            "name": [row.name for row in rows],
            "family": [row.family for row in rows],
            **_estimates([row.estimate for row in rows]),
            "lowest": [row.lowest for row in rows],
            "highest": [row.highest for row in rows],
            "valid": [row.valid for row in rows],
            "per_variant": [json.dumps(json_value(row.per_variant)) for row in rows],
            "on_low": [row.on_items.low for row in rows],
            "on_high": [row.on_items.high for row in rows],
            "on_reason": [row.on_items.reason for row in rows],
        }
    )


def _consistency(grid: ResponseMatrix, manifest: Manifest) -> pd.DataFrame:
    """How far the variants agree; nothing for a benchmark that has none."""
    found: list[tuple[str, str, Estimate]] = []
    if manifest.answers.layout == "variants" and len(grid.columns) > 1:
        items = grid.by_sample()
        estimates, study = variant_consistency(items.ratings, list(items.columns), items.clusters)
        found += [("consistency", name, estimate) for name, estimate in estimates.items()]
        found += [("variance", name, estimate) for name, estimate in study.shares.items()]
    return pd.DataFrame(
        {
            "kind": [kind for kind, _, _ in found],
            "name": [name for _, name, _ in found],
            **_estimates([estimate for _, _, estimate in found]),
        }
    )


def _estimates(found: Sequence[Estimate]) -> dict[str, list[Any]]:
    return {
        "value": [estimate.value for estimate in found],
        "low": [estimate.low for estimate in found],
        "high": [estimate.high for estimate in found],
        "reason": [estimate.reason for estimate in found],
    }


def _or_nan(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
