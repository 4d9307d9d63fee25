"""Bounds on a log before it is parsed: a log is a file from outside, and may be anything.

A parser needs memory for every list and object of a JSON text, and a stack for every level of them,
and a packed file may unpack to a thousand times its size. What a log unpacks to, how deep it is
nested and how much is in it is counted in one pass over its bytes, before anything is built of it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import zstandard

from ratings.errors import DataError

# A full run has about 10 MB of summaries with 200,000 values, and some 15 levels.
MOST_UNPACKED = 512 << 20
MOST_JSON = 4 << 30
DEEPEST = 200
MOST_VALUES = 10_000_000
MOST_VALUES_JSON = 50_000_000  # of a log with its samples

_CHUNK = 1 << 20
_ZSTANDARD = 93  # the number of the method in a zip file, which `zipfile` knows from 3.14 on
_BRACKETS = b"[]{}"
_NO_BRACKETS = bytes(sorted(set(range(256)) - set(_BRACKETS)))
# What Inspect reads of an `.eval` file: these two, and the journal of a run that has not ended.
_READ = ("header.json", "summaries.json")
_JOURNAL = re.compile(r"_journal/summaries/.*?([^/.]*)\.[^/]*")


class OutOfBoundsError(DataError):
    """A log that is not read; the message says which bound it is beyond."""


def require_bounds(path: Path, *, samples: bool = False) -> None:
    """Refuse a log that would take more memory or time than any real one.

    Args:
        path: of an `.eval` or `.json` log.
        samples: whether the whole samples are going to be read, and not their summaries alone.

    Raises:
        OutOfBoundsError: names the bound, and what the log has.
        zipfile.BadZipFile: when an `.eval` file is no zip file.
        OSError: when it cannot be read.
    """
    if path.suffix == ".eval":
        _require_packed(path, samples)
        return
    size = path.stat().st_size
    if size > MOST_JSON:
        raise OutOfBoundsError(f"has {size:,} bytes, and the most that is read is {MOST_JSON:,}")
    nesting = _Nesting(MOST_VALUES_JSON)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            nesting.count(chunk)


def _require_packed(path: Path, samples: bool) -> None:
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        _require_journal([entry.filename for entry in entries])
        if not samples:
            whole = set(_READ) <= {entry.filename for entry in entries}
            entries = [e for e in entries if e.filename in _READ or not (whole or _is_sample(e))]
        most = MOST_JSON if samples else MOST_UNPACKED
        unpacked = 0
        for entry in entries:
            nesting = _Nesting(MOST_VALUES)
            for chunk in _unpacked(file, entry):
                unpacked += len(chunk)
                if unpacked > most:
                    packed = path.stat().st_size
                    raise OutOfBoundsError(
                        f"unpacks to more than {most:,} bytes, the most that is read (the file "
                        f"has {packed:,})"
                    )
                nesting.count(chunk)


def _is_sample(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.startswith("samples/")


def _require_journal(names: list[str]) -> None:
    """Refuse a log that numbers its parts beyond what it has: Inspect looks for every number."""
    found = [match[1] for name in names if (match := _JOURNAL.fullmatch(name))]
    for number in found:
        if len(number) > 9 or not number.isdecimal() or int(number) > len(found):
            raise OutOfBoundsError(
                f"has {len(found):,} parts of a journal, one of which is number {number[:20]}"
            )


def _unpacked(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a member, at most a chunk at a time, whatever size the file claims it has."""
    file.seek(entry.header_offset)
    head = file.read(30)
    if len(head) < 30 or not head.startswith(b"PK\3\4"):
        raise zipfile.BadZipFile(f"{entry.filename} is not where the list of members says")
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    packed = file.read(min(entry.compress_size, MOST_JSON))
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from (packed[at : at + _CHUNK] for at in range(0, len(packed), _CHUNK))
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        inflate = zlib.decompressobj(-15)
        while packed and not inflate.eof:
            yield inflate.decompress(packed, _CHUNK)
            packed = inflate.unconsumed_tail
    elif entry.compress_type == _ZSTANDARD:
        stream = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
        while chunk := stream.read(_CHUNK):
            yield chunk
    else:
        raise zipfile.BadZipFile(f"{entry.filename} is packed in a way that is not known")


class _Nesting:
    """Counts the values of a JSON text, and how deep they lie in each other.

    Args:
        most: values that it may have.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._depth = self._values = 0
        self._in_text = 0
        self._rest = b""

    def count(self, chunk: bytes) -> None:
        """Count what the next bytes open, close and separate, but for what is in texts."""
        data = self._rest + chunk
        # A last backslash that escapes what comes next waits for it.
        waiting = (len(data) - len(data.rstrip(b"\\"))) % 2
        self._rest = data[len(data) - waiting :]
        data = data[: len(data) - waiting].replace(b"\\\\", b"").replace(b'\\"', b"")
        parts = data.split(b'"')
        outside = b"".join(parts[self._in_text :: 2])
        self._in_text ^= (len(parts) - 1) % 2
        brackets = np.frombuffer(outside.translate(None, _NO_BRACKETS), dtype=np.uint8)
        opening = (brackets == ord("[")) | (brackets == ord("{"))
        depths = self._depth + np.cumsum(np.where(opening, 1, -1))
        if len(depths):
            self._depth = int(depths[-1])
            if depths.max() > DEEPEST:
                raise OutOfBoundsError(
                    f"is nested more than {DEEPEST} levels deep, the most that is read"
                )
        self._values += int(opening.sum()) + outside.count(b",")
        if self._values > self._most:
            raise OutOfBoundsError(f"has more than {self._most:,} values, the most that is read")
