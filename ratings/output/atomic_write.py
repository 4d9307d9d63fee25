"""Files that are there whole or not at all, and nothing left of those that were not finished.

A file is written aside, hidden in the same folder, then renamed into place. The name aside says
which process writes it, so that what a killed one left goes with the next write in that folder,
and what a running one writes stays.
"""

import os
import platform
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import psutil  # Inspect brings it

from ratings.errors import DataError

_ASIDE = re.compile(r"\..*\.aside-(?P<host>[0-9a-f]{8})-(?P<process>\d+)-(?P<started>\d+)-.*")


def write_whole(path: Path, text: str) -> None:
    """Write a text file, whole or not at all.

    Raises:
        DataError: when the folder is missing, or the path is one.
        OSError: when it cannot be written; what was there stays.
    """
    with written_aside(path) as aside:
        aside.write_bytes(text.encode())


@contextmanager
def written_aside(path: Path, *, keep: bool = False) -> Iterator[Path]:
    """A file to write instead of another one, which it replaces when it is done.

    What killed processes left in the folder is removed first.

    Args:
        path: of the file to be; the one to write is empty and has the same ending.
        keep: leave what another process has put there in the meantime, unless it is empty.

    Raises:
        DataError: when the folder is missing, or the path is one.
        OSError: when it cannot be written; what was there stays.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise DataError(f"{path} cannot be written: it is a folder, or its folder is not there")
    remove_left_behind(path.parent)
    host, process, started = _this_process()
    handle, name = tempfile.mkstemp(
        dir=path.parent,
        prefix=f".{path.name[:60]}.aside-{host}-{process}-{started}-",
        suffix=path.suffix,
    )
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        aside.chmod(0o644)
        if keep and not (path.exists() and path.stat().st_size == 0):
            with suppress(FileExistsError):
                os.link(aside, path)
        else:
            aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def remove_left_behind(folder: Path) -> None:
    """Remove what processes that are no more wrote aside in a folder.

    What a running process writes stays, as does whatever another machine wrote.
    """
    for path in folder.glob(".*.aside-*"):
        found = _ASIDE.fullmatch(path.name)
        if found is None or found["host"] != _host():
            continue
        if not _runs(int(found["process"]), int(found["started"])):
            try:
                path.unlink(missing_ok=True)
            except OSError:  # of somebody else; it is in nobody's way
                continue


def _this_process() -> tuple[str, int, int]:
    return _host(), os.getpid(), _started(os.getpid())


@cache
def _host() -> str:
    return sha256(platform.node().encode()).hexdigest()[:8]


@cache
def _started(process: int) -> int:
    """When a process began, in seconds: numbers of processes are given out again."""
    return int(psutil.Process(process).create_time())


def _runs(process: int, started: int) -> bool:
    try:
        found = int(psutil.Process(process).create_time())
    except psutil.Error:
        return False
    return abs(found - started) <= 1
