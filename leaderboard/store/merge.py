"""Stores of several groups joined into one, without their logs."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from leaderboard.store.schema import OF_A_RUN
from leaderboard.store.store import Connection, known_logs, open_store, precedence
from ratings.errors import DataError


def merge(sources: Sequence[Path], store: Path) -> tuple[int, int]:
    """Put the runs of other stores into one, each run once, by the rule of `store.put`.

    A run that was removed from the store does not come back from the same log.

    Each source goes in whole, in one transaction.

    Args:
        sources: stores, of the present version; they are only read.
        store: made where there is none.

    Returns:
        How many runs went in, and how many the store already had as good.

    Raises:
        DataMissingError: when a source is not there.
        DataError: when a source is not a store, or is the store itself.
    """
    if store.resolve() in {source.resolve() for source in sources}:
        raise DataError(f"{store} is named as a source too; a store cannot be merged into itself")
    for source in sources:  # every source is checked before anything is written
        with open_store(source, write=False):
            pass
    went_in = passed = 0
    with open_store(store, write=True) as connection:
        for source in sources:
            added, known = _merge_one(connection, source)
            went_in, passed = went_in + added, passed + known
    return went_in, passed


def _merge_one(connection: Connection, source: Path) -> tuple[int, int]:
    quoted = str(source).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS source (READ_ONLY)")
    except duckdb.Error as error:
        raise DataError(f"{source} cannot be read now; is another process writing it?") from error
    connection.begin()
    try:
        ours, theirs = (_precedences(connection, of) for of in ("", "source."))
        kept_out = known_logs(connection) - known_logs(connection, removed=False)
        better = [
            run
            for run, precedence in theirs.items()
            if (run not in ours and precedence[-1] not in kept_out)
            or (run in ours and precedence > ours[run])
        ]
        for table in ("runs", *OF_A_RUN):
            connection.execute(f"DELETE FROM {table} WHERE run IN (SELECT unnest(?))", [better])
            connection.execute(
                f"INSERT INTO {table} BY NAME SELECT * FROM source.{table} "
                f"WHERE run IN (SELECT unnest(?))",
                [better],
            )
        connection.execute("INSERT OR IGNORE INTO logs BY NAME SELECT * FROM source.logs")
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):
            connection.rollback()
        raise
    finally:
        with suppress(duckdb.Error):
            connection.execute("DETACH source")
    return len(better), len(theirs) - len(better)


def _precedences(connection: Connection, of: str) -> dict[str, tuple[int, int, str, str, str]]:
    names = ("status", "samples", "completed", "written", "log_sha256")
    rows = connection.execute(f"SELECT run, {', '.join(names)} FROM {of}runs").fetchall()
    return {row[0]: precedence(dict(zip(names, row[1:], strict=True))) for row in rows}
