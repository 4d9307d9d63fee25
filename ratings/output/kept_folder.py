"""A folder that is written again and again, in which nothing of anybody else is touched.

The folder keeps a list of the files that were written last, with their hashes. Those are replaced
or removed; any other file stays, and a file of another's that would be overwritten is refused.
"""

import ctypes
import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ratings.errors import DataError
from ratings.output.atomic_write import write_whole

LIST = ".valuegauge-files.json"
_LEFT_BEHIND = 3600.0  # seconds after which nobody writes an aside folder any longer
_AT_CWD, _EXCHANGE = -100, 2  # of renameat2
_SHOWN = 5

Hashes = dict[str, list[str]]  # of each file those of which one is what was written


def write_folder(out: Path, write: Callable[[Path], None]) -> list[Path]:
    """Write files into a folder, all or none of them.

    They are written next to the folder and then renamed into place: at once where the folder
    holds nothing else, file by file where it does. Files that the last call wrote and this one
    does not are removed, unless somebody changed them.

    Args:
        out: the folder; made where it is not there.
        write: writes the files into the folder that it is given.

    Returns:
        The files written, sorted.

    Raises:
        DataError: before anything is written, when a file would be overwritten that the last call
            did not write, or that was changed since; names it. Also when the folder is a file or a
            link, or cannot be written.
    """
    target = Path(os.path.abspath(out))  # noqa: PTH100 - resolve() would follow a link
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise DataError(f"{out} is not a folder; name another one")
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(target)
        aside.mkdir()
        write(aside)
        new = {path: [_sha256(aside / path)] for path in _files(aside)}
        _put_in_place(aside, target, new)
    except OSError as error:
        raise DataError(f"cannot write to {out}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return sorted(target / path for path in new)


def _put_in_place(aside: Path, target: Path, new: Hashes) -> None:
    if not target.exists():
        _write_list(aside, new)
        aside.rename(target)
        return
    old = _read_list(target)
    _refuse_to_overwrite(target, old, new)
    ours = {path for path in old if _is_ours(target, path, old)} | {LIST}
    _write_list(aside, new)
    with _uninterrupted():
        if set(_files(target)) <= ours and _exchange(aside, target):
            return
        # Until all are in place both are ours, so that a call after a kill replaces either.
        _write_list(
            target, {path: old.get(path, []) + new.get(path, []) for path in {**old, **new}}
        )
        for path in new:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (aside / path).replace(target / path)
        for path in ours - new.keys() - {LIST}:
            (target / path).unlink()
            _remove_empty((target / path).parent, target)
        _write_list(target, new)


def _refuse_to_overwrite(target: Path, old: Hashes, new: Hashes) -> None:
    taken = [
        path
        for path, hashes in new.items()
        if os.path.lexists(target / path)
        and not _is_ours(target, path, old)
        and not _is_ours(target, path, {path: hashes})
    ]
    above = {str(folder) for path in new for folder in Path(path).parents} - {"."}
    taken += [
        path
        for path in sorted(above)
        if os.path.lexists(target / path)
        and ((target / path).is_symlink() or not (target / path).is_dir())
    ]
    if taken:
        more = f" and {len(taken) - _SHOWN} more" if len(taken) > _SHOWN else ""
        raise DataError(
            f"{target} has files that valuegauge did not write, or that were changed since, where "
            f"it would write: {', '.join(taken[:_SHOWN])}{more}; move them away or name another "
            f"folder"
        )


def _is_ours(folder: Path, path: str, known: Hashes) -> bool:
    """Whether a file is there and as it was written."""
    place = folder / path
    if path not in known or place.is_symlink() or not place.is_file():
        return False
    return _sha256(place) in known[path]


def _files(folder: Path) -> Iterator[str]:
    """Everything in a folder but folders, by its path in the folder, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()


def _read_list(folder: Path) -> Hashes:
    """What was written last; nothing where the list is missing or not valid."""
    try:
        found = json.loads((folder / LIST).read_text(encoding="utf-8"))["files"]
        return {str(path): [str(one) for one in hashes] for path, hashes in found.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def _write_list(folder: Path, hashes: Hashes) -> None:
    listed = {
        "about": "files that valuegauge wrote, which it may replace or remove",
        "files": dict(sorted(hashes.items())),
    }
    write_whole(folder / LIST, json.dumps(listed, indent=1) + "\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove_empty(folder: Path, top: Path) -> None:
    with suppress(OSError):  # it is not empty
        while folder != top:
            folder.rmdir()
            folder = folder.parent


def _clear_leftovers(target: Path) -> None:
    """Remove the folders of calls that were killed."""
    pattern = re.compile(re.escape(f".{target.name}.") + r"[0-9a-f]{8}\.new")
    for left in target.parent.iterdir():
        with suppress(OSError):
            if pattern.fullmatch(left.name) and time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(left, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places at once, where the system can."""
    change = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    names = (os.fsencode(one), os.fsencode(other))
    return change is not None and not change(_AT_CWD, names[0], _AT_CWD, names[1], _EXCHANGE)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold interrupts back for the moment in which files are renamed."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
