"""The store: runs of any number of logs in one DuckDB file.

A run goes in whole, in one transaction, or not at all. Whoever writes holds the file alone, so a
second process waits for it; DuckDB's own journal undoes what a killed process had begun.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from leaderboard.schema import MIGRATIONS, OF_A_RUN, VERSION
from ratings.errors import DataError, DataMissingError

PATIENCE = 120.0  # seconds to wait for another process
_PAUSE = 0.05
_STATUS_ORDER = ("failed", "cancelled", "unfinished", "partial", "complete")
_JSON = ("settings", "columns", "labels", "statuses")

if TYPE_CHECKING:
    from leaderboard.records import RunRecord

Connection = duckdb.DuckDBPyConnection


@contextmanager
def open_store(path: Path, *, write: bool, patience: float = PATIENCE) -> Iterator[Connection]:
    """Open a store; to write it, make it or bring it to the present version first.

    Raises:
        DataMissingError: when there is no store to read.
        DataError: when the file is no store, of a newer version, or held by another process for
            longer than `patience` seconds.
    """
    if not write and not path.is_file():
        raise DataMissingError(
            f"there is no store at {path}; `valuegauge leaderboard collect LOGS --store {path}` "
            f"makes one"
        )
    connection = _connect(path, write, patience)
    try:
        _migrate(connection, path, write)
        yield connection
    finally:
        connection.close()


def put(connection: Connection, record: "RunRecord") -> bool:
    """Put a run in, unless the store has it from a log that comes first; whether it went in.

    Of several logs of one run that one stays which is further on (complete, partial, unfinished,
    cancelled, failed), then has more scored samples, then ended later, then was written later
    (scored again), then has the greater digest: a total order, so the order of reading is nothing.
    """
    run = str(record.run["run"])
    connection.begin()
    try:
        connection.execute(
            "INSERT OR IGNORE INTO logs VALUES (?, ?)", [record.run["log_sha256"], run]
        )
        kept = connection.execute(
            "SELECT status, samples, completed, written, log_sha256, log FROM runs WHERE run = ?",
            [run],
        ).fetchone()
        better = kept is None or precedence(record.run) > _precedence(*kept[:5])
        if kept is not None and kept[4] == record.run["log_sha256"]:
            better = record.run["log"] < kept[5]  # copies of one log: the first name of all
        if better:
            _replace(connection, run, record)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return better


def known_logs(connection: Connection) -> set[str]:
    """Digests of all logs that were read into the store."""
    return {row[0] for row in connection.execute("SELECT log_sha256 FROM logs").fetchall()}


def precedence(run: Mapping[str, Any]) -> tuple[int, int, str, str, str]:
    """By what one log of a run is preferred to another."""
    return _precedence(
        run["status"], run["samples"], run["completed"], run["written"], run["log_sha256"]
    )


def _precedence(
    status: str, samples: int, completed: str | None, written: str | None, digest: str
) -> tuple[int, int, str, str, str]:
    return _STATUS_ORDER.index(status), samples, completed or "", written or "", digest


def _replace(connection: Connection, run: str, record: "RunRecord") -> None:
    for table in ("runs", *OF_A_RUN):
        connection.execute(f"DELETE FROM {table} WHERE run = ?", [run])
    row = {k: json.dumps(v, sort_keys=True) if k in _JSON else v for k, v in record.run.items()}
    insert(connection, "runs", pd.DataFrame([row]))
    for table, frame in record.tables.items():
        insert(connection, table, frame)


def insert(connection: Connection, table: str, frame: pd.DataFrame) -> None:
    """Append rows; NaN becomes NULL."""
    if frame.empty:
        return
    columns = [
        f'CASE WHEN isnan("{name}") THEN NULL ELSE "{name}" END'
        if frame[name].dtype == float
        else f'"{name}"'
        for name in frame
    ]
    names = ", ".join(f'"{name}"' for name in frame)
    connection.register("incoming", frame)
    connection.execute(f'INSERT INTO "{table}" ({names}) SELECT {", ".join(columns)} FROM incoming')
    connection.unregister("incoming")


def _connect(path: Path, write: bool, patience: float) -> Connection:
    if not path.parent.is_dir():
        raise DataError(f"the folder of the store {path} is not there")
    end = time.monotonic() + patience
    while True:
        try:
            return duckdb.connect(str(path), read_only=not write)
        except duckdb.IOException as error:
            if "Could not set lock" not in str(error):
                raise DataError(f"{path} is not a store of runs: {_first_line(error)}") from error
            if time.monotonic() > end:
                raise DataError(f"{path} is held by another process; try again later") from error
            time.sleep(_PAUSE)
        except duckdb.Error as error:
            raise DataError(f"{path} is not a store of runs: {_first_line(error)}") from error


def _migrate(connection: Connection, path: Path, write: bool) -> None:
    version = _version(connection, path)
    if version > VERSION:
        raise DataError(
            f"{path} was written by a newer valuegauge (store version {version}, this reads "
            f"{VERSION}); upgrade to read it"
        )
    if version == VERSION:
        return
    if not write:
        raise DataError(
            f"{path} is of an older version ({version} of {VERSION}); any `leaderboard collect` "
            f"into it brings it up"
        )
    connection.begin()
    for migration in MIGRATIONS[version:]:
        connection.execute(migration)
    connection.execute("CREATE TABLE IF NOT EXISTS store_version (version INTEGER NOT NULL)")
    connection.execute("DELETE FROM store_version")
    connection.execute("INSERT INTO store_version VALUES (?)", [VERSION])
    connection.commit()


def _version(connection: Connection, path: Path) -> int:
    tables = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
    if "store_version" in tables:
        found = connection.execute("SELECT version FROM store_version").fetchone()
        return int(found[0]) if found else 0
    if tables:
        raise DataError(f"{path} is a DuckDB file of something else (it has {sorted(tables)[0]})")
    return 0


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
