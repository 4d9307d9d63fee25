"""Scores of runs as one table."""

import warnings
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from leaderboard.store.rater_names import rater_name
from ratings.errors import DataError
from ratings.sources.locations import resolve_from_start
from scorers.inspect_adapter.run_log import RunLog, read_runs
from scorers.scores.families import ScoreRow, score_rows

_COLUMNS = (
    "log", "benchmark", "comparability", "synthetic", "rater", "complete", "score", "family",
    "unit", "value", "low", "high", "reason", "on_low", "on_high", "on_reason", "lowest",
    "highest", "valid",
)  # fmt: skip


def scores(*logs: str | Path) -> pd.DataFrame:
    """Every score of every run in some logs, a row each, with its intervals.

    Args:
        logs: Inspect logs of any of the benchmarks, or folders, which are searched for logs. A log
            in a folder that cannot be read is left out, with a warning that says why.

    Returns:
        A row a score, run by run, with the columns

        - `log`, `benchmark`, `comparability`, `synthetic`, `rater`, `complete`: the file and the
          run. `comparability` is the version of the task, and runs of two versions are not to be
          compared; `synthetic` whether the data are simulated; `complete` whether the run asked
          all that it was to ask.
        - `score`, `family`, `unit`: which score, as the benchmark's manifest names it.
        - `value`: the score; NaN where it is not defined, and `reason` says why.
        - `low`, `high`: ends of the 95% interval beyond these items (or people); NaN where there
          is none, and `reason` says why.
        - `on_low`, `on_high`, `on_reason`: the same on these items, asked again.
        - `lowest`, `highest`: the score had every missing answer been the worst or the best for it.
        - `valid`: share of valid answers among those that it rests on.

    Raises:
        DataError: when a log that was named cannot be read, or when there is none.
    """
    if not logs:
        raise DataError("scores() needs a log or a folder of logs")
    paths = [resolve_from_start(str(log)) for log in logs]
    rows = [row for run in read_runs(paths, warnings.warn) for row in _rows(run)]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _rows(run: RunLog) -> Iterator[dict[str, Any]]:
    given = run.arguments_of("rater").items()
    about = {
        "log": str(run.path),
        "benchmark": run.task,
        "comparability": run.measured["comparability"],
        "synthetic": run.metadata["synthetic"],
        "rater": rater_name(run, {name: value for name, value in given if value is not None}),
        "complete": run.complete,
    }
    families = run.manifest.scores
    for row in score_rows(run.grid(), families.values()) if run.scores else ():
        yield {**about, **_score(row), "unit": families[row.family].unit}


def _score(row: ScoreRow) -> dict[str, Any]:
    return {
        "score": row.name,
        "family": row.family,
        **asdict(row.estimate),
        **{f"on_{name}": value for name, value in asdict(row.on_items).items()},
        "lowest": row.lowest,
        "highest": row.highest,
        "valid": row.valid,
    }
