"""The store: runs of any number of logs in one DuckDB file.

A run goes in whole, in one transaction, or not at all. Whoever writes holds the file alone, so a
second process waits for it; DuckDB's own journal undoes what a killed process had begun.
"""

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from leaderboard.store.schema import MIGRATIONS, OF_A_RUN, VERSION
from ratings.errors import DataError, DataMissingError, unknown_name
from ratings.output.atomic_write import written_aside

PATIENCE = 120.0  # seconds to wait for another process
_PAUSE = 0.05
_STATUS_ORDER = ("failed", "cancelled", "unfinished", "partial", "complete")
_JSON = ("settings", "columns", "labels", "statuses")

if TYPE_CHECKING:
    from leaderboard.store.records import RunRecord

Connection = duckdb.DuckDBPyConnection


@contextmanager
def open_store(path: Path, *, write: bool, patience: float = PATIENCE) -> Iterator[Connection]:
    """Open a store; to write it, make it or bring it to the present version first.

    A new store is made next to its path and then moved there, so that it is whole or not there. Who
    has to wait for another process is informed on standard error.

    Raises:
        DataMissingError: when there is no store to read.
        DataError: when the file is not a store, is of a newer version, held by another process for
            longer than `patience` seconds, or cannot be read or written (a full disk).
    """
    there = path.is_file() and path.stat().st_size > 0
    if not write and not there:
        raise DataMissingError(
            f"there is no store at {path}; `valuegauge leaderboard collect LOGS --store {path}` "
            f"makes one"
        )
    try:
        if not there:
            _make(path)
        connection = _connect(path, write, patience)
        try:
            _migrate(connection, path, write)
            yield connection
        finally:
            connection.close()
    except duckdb.Error as error:
        verb = "written" if write else "read"
        raise DataError(f"{path} cannot be {verb}: {_first_line(error)}") from error


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
        _roll_back(connection)
        raise
    return better


def _roll_back(connection: Connection) -> None:
    """Undo; where the disk is full, DuckDB has given up the connection, and nothing is written."""
    with suppress(duckdb.Error):
        connection.rollback()


def known_logs(connection: Connection, *, removed: bool = True) -> set[str]:
    """Digests of the logs that were read into the store.

    Args:
        connection: to the store.
        removed: whether those count whose run was removed.
    """
    kept = "" if removed else " WHERE run IN (SELECT run FROM runs)"
    return {row[0] for row in connection.execute(f"SELECT log_sha256 FROM logs{kept}").fetchall()}


def remove(connection: Connection, names: Sequence[str]) -> list[dict[str, str]]:
    """Take runs out of the store; their logs stay known, so that they do not come back.

    Args:
        connection: to the store.
        names: ids of runs, or beginnings of ids that are those of one run alone.

    Returns:
        Of each run its `run`, `benchmark`, `rater`, `status` and `log`.

    Raises:
        UnknownNameError: for a name that is of no run.
        DataError: for a beginning of several ids. Nothing is removed then.
    """
    fields = ("run", "benchmark", "rater", "status", "log")
    rows = connection.execute(f"SELECT {', '.join(fields)} FROM runs ORDER BY run").fetchall()
    known = {row[0]: dict(zip(fields, row, strict=True)) for row in rows}
    chosen: dict[str, dict[str, str]] = {}
    for name in names:
        found = [run for run in known if run == name] or [
            run for run in known if name and run.startswith(name)
        ]
        if not found:
            raise unknown_name("run", name, known)
        if len(found) > 1:
            raise DataError(f"{len(found)} runs begin with {name!r}: {', '.join(found[:5])}")
        chosen[found[0]] = known[found[0]]
    connection.begin()
    try:
        for table in ("runs", *OF_A_RUN):
            connection.execute(
                f"DELETE FROM {table} WHERE run IN (SELECT unnest(?))", [list(chosen)]
            )
        connection.commit()
    except BaseException:
        _roll_back(connection)
        raise
    return list(chosen.values())


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


def _make(path: Path) -> None:
    """Put a new store in place, unless another process has just done so."""
    try:
        with written_aside(path, keep=True) as aside:
            aside.unlink()  # DuckDB takes no empty file
            try:
                with duckdb.connect(str(aside)) as connection:
                    _bring_up(connection, 0)
            finally:
                aside.with_name(f"{aside.name}.wal").unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}") from error


def _connect(path: Path, write: bool, patience: float) -> Connection:
    end = time.monotonic() + patience
    said = False
    while True:
        try:
            return duckdb.connect(str(path), read_only=not write)
        except duckdb.IOException as error:
            if "Could not set lock" not in str(error):
                raise DataError(f"{path} is not a store of runs: {_first_line(error)}") from error
            holder = _holder(error)
            if time.monotonic() > end:
                raise DataError(
                    f"{path} was held by another process{holder} for {patience:g} s; close what "
                    f"reads or writes it and try again"
                ) from error
            if not said:
                said = True
                print(
                    f"waiting at most {patience:g} s for {path}, which another process{holder} "
                    f"holds open",
                    file=sys.stderr,
                    flush=True,
                )
            time.sleep(_PAUSE)
        except duckdb.Error as error:
            raise DataError(f"{path} is not a store of runs: {_first_line(error)}") from error


def _holder(error: Exception) -> str:
    """Who holds a store, as far as DuckDB says."""
    found = re.search(r"PID (\d+)", str(error))
    return f" (PID {found[1]})" if found else ""


def _migrate(connection: Connection, path: Path, write: bool) -> None:
    version = _version(connection, path)
    if version > VERSION:
        raise DataError(
            f"{path} was written by a newer valuegauge (store version {version}, this reads "
            f"{VERSION}); upgrade to read it"
        )
    if version == VERSION:
        return
    if not write and version == 0:
        raise DataMissingError(
            f"{path} has no tables yet; `valuegauge leaderboard collect LOGS --store {path}` "
            f"makes them"
        )
    if not write:
        raise DataError(
            f"{path} is of an older version ({version} of {VERSION}); `leaderboard collect` of any "
            f"log into it updates it"
        )
    _bring_up(connection, version)


def _bring_up(connection: Connection, version: int) -> None:
    """Run the migrations that a store of a version lacks, all or none of them."""
    connection.begin()
    for migration in MIGRATIONS[version:]:
        connection.execute(migration)
    connection.execute("CREATE TABLE IF NOT EXISTS store_version (version INTEGER NOT NULL)")
    connection.execute("DELETE FROM store_version")
    connection.execute("INSERT INTO store_version VALUES (?)", [VERSION])
    connection.commit()


def _version(connection: Connection, path: Path) -> int:
    """The version of a store; 0 for a file without tables, which a killed process may leave."""
    tables = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
    if not tables:
        return 0
    if "store_version" not in tables:
        raise DataError(f"{path} is a DuckDB file of something else (it has {sorted(tables)[0]})")
    try:
        found = connection.execute("SELECT version FROM store_version").fetchall()
    except duckdb.Error as error:
        raise DataError(f"{path} does not say its store version: {_first_line(error)}") from error
    versions = [row[0] for row in found]
    if len(versions) != 1 or type(versions[0]) is not int or versions[0] < 1:
        said = ", ".join(f"{version!r:.20}" for version in versions[:3]) or "none"
        raise DataError(
            f"{path} says {said} for its store version, which must be one number from 1 on; "
            f"collect the logs into a new store"
        )
    return versions[0]


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
