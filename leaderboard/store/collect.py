"""Logs into the store: each run once, whatever the order and however often."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from rich.progress import track

from leaderboard.store.store import known_logs, open_store, put
from ratings.errors import DataError
from ratings.output.console import make_console
from scorers.inspect_adapter.log_files import find_logs

if TYPE_CHECKING:
    from leaderboard.store.records import RunRecord

_ALONE = 4  # logs that are read faster in this process than in others


@dataclass
class Collected:
    """What a collection did.

    Attributes:
        added: logs whose run went in, new or instead of an earlier log of it.
        known: logs that the store had read before.
        superseded: logs of a run that the store has from a better log.
        left_out: logs that could not be read, with the reason.
    """

    added: list[Path] = field(default_factory=list)
    known: list[Path] = field(default_factory=list)
    superseded: list[Path] = field(default_factory=list)
    left_out: list[tuple[Path, str]] = field(default_factory=list)


def collect(sources: Sequence[Path], store: Path, *, again: bool = False) -> Collected:
    """Read logs into a store.

    Args:
        sources: logs, or folders that are searched for logs.
        store: the DuckDB file, made where there is none.
        again: whether logs of runs that were removed from the store are read again.

    Raises:
        DataMissingError: for a source that is not there.
        DataError: when the store cannot be opened.
    """
    paths = find_logs(sources)
    out = Collected()
    with open_store(store, write=True) as connection:
        known = known_logs(connection, removed=not again)
    fresh: dict[str, Path] = {}
    for path in paths:
        try:
            digest = log_digest(path)
        except OSError as error:
            out.left_out.append((path, f"it cannot be read: {error.strerror}"))
            continue
        if digest in known or digest in fresh:
            out.known.append(path)
        else:
            fresh[digest] = path
    for path, found in _with_bar(_records(fresh), len(fresh)):
        if isinstance(found, str):
            out.left_out.append((path, found))
            continue
        with open_store(store, write=True) as connection:
            try:
                went_in = put(connection, found)
            except (duckdb.DataError, ValueError) as error:
                reason = " ".join(str(error).split())[:200]
                out.left_out.append((path, f"it does not go into the store: {reason}"))
                continue
        (out.added if went_in else out.superseded).append(path)
    return out


def _records(logs: dict[str, Path]) -> "Iterator[tuple[Path, RunRecord | str]]":
    jobs = [(path, digest) for digest, path in logs.items()]
    workers = min(os.cpu_count() or 1, len(jobs))
    if len(jobs) <= _ALONE or workers < 2:
        yield from map(_read, jobs)
        return
    # "spawn", because the threads of this process's libraries do not survive a fork
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            yield from pool.map(_read, jobs, chunksize=1)
    except BrokenProcessPool as error:
        raise DataError(
            "a process that read logs was ended from outside, perhaps for want of memory; what was "
            "read before is in the store, and the same command resumes"
        ) from error


def log_digest(path: Path) -> str:
    """SHA-256 of a log's bytes, by which a log is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(job: tuple[Path, str]) -> "tuple[Path, RunRecord | str]":
    # Statistics and Inspect take seconds to import: not for logs that are known already.
    from leaderboard.store.records import read_record

    path, digest = job
    try:
        return path, read_record(path, digest)
    except DataError as error:
        return path, str(error)
    except OSError as error:
        return path, f"it cannot be read: {error.strerror}"


def _with_bar(
    records: "Iterator[tuple[Path, RunRecord | str]]", total: int
) -> "Iterator[tuple[Path, RunRecord | str]]":
    bar = make_console(stderr=True)
    hidden = not bar.is_terminal
    yield from track(records, "reading logs", total, console=bar, transient=True, disable=hidden)
