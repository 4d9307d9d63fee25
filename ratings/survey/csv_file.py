"""The CSV file that a survey's owner gives: its kind, its columns, and whether it is whole."""

import csv
import io
import os
from pathlib import Path

from ratings.errors import DataError, DataMissingError
from ratings.sources.locations import mirror_root, resolve_from_start

# What is read is digits and commas; other letters may be in any encoding and are not kept.
ENCODING = "utf-8-sig"

_SIGNATURES = (
    (b"$FL", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"PK\x03\x04", "a packed file (zip or Excel)"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"RDX", "an R file"),
)
_ENDINGS = {
    ".dta": "a Stata file",
    ".sav": "an SPSS file",
    ".zsav": "an SPSS file",
    ".zip": "a packed file",
    ".rds": "an R file",
    ".rdata": "an R file",
    ".xlsx": "an Excel file",
}


def find_survey(given: str | None, variable: str, card: str, title: str, option: str) -> Path:
    """Where a survey's file lies: as given, or in a variable, or in the folder of mirrors.

    Args:
        given: path that the user named; None where not.
        variable: of the environment, that holds a path.
        card: the folder of the survey among the mirrors.
        title: of the survey, for messages.
        option: how a user names the path.

    Raises:
        DataMissingError: when it is nowhere; names the three ways to give it.
        DataError: when the folder of mirrors has several.
    """
    three_ways = (
        f"give its CSV file with {option}, with {variable}=PATH, or in VALUEGAUGE_DATA as "
        f"{card}/<file>.csv"
    )
    named = given or os.environ.get(variable, "").strip()
    if named:
        path = resolve_from_start(named)
        if path.is_file():
            return path
        what = "is a folder" if path.is_dir() else "is not there"
        raise DataMissingError(f"the survey {path} {what}; {three_ways}")
    mirror = mirror_root()
    found = sorted((mirror / card).glob("*.csv")) if mirror is not None else []
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise DataError(f"{mirror}/{card} holds several surveys ({names}); say which one")
    if not found:
        raise DataMissingError(f"no {title} was given; {three_ways}")
    return found[0]


def sniff(path: Path, known: str) -> tuple[str, list[str]]:
    """Delimiter and the names of the columns.

    Args:
        path: of the file.
        known: a column that it has.

    Raises:
        DataError: for what is not a CSV file with commas or semicolons.
    """
    with path.open("rb") as stream:
        start = stream.readline(1 << 20)
    _refuse_other_kinds(path, start)
    line = start.decode(ENCODING, errors="replace").strip("\r\n")
    found = {mark: _fields(line, mark) for mark in (",", ";", "\t", "|")}
    delimiter = max(found, key=lambda mark: len(found[mark]))
    names = [name.strip() for name in found[delimiter]]
    if delimiter in ("\t", "|") and known in names:
        what = "tabs" if delimiter == "\t" else "'|'"
        raise DataError(f"{path}: columns are separated by {what}, not by commas or semicolons")
    if len(names) < 2:
        raise DataError(f"{path}: the first line names no columns with commas or semicolons")
    return delimiter, names


def _refuse_other_kinds(path: Path, start: bytes) -> None:
    kind = next((kind for mark, kind in _SIGNATURES if start.startswith(mark)), None)
    kind = kind or _ENDINGS.get(path.suffix.lower())
    if kind is not None:
        raise DataError(f"{path} is {kind}; the survey's CSV file is needed (its owner has both)")
    if not start.strip():
        raise DataError(f"{path} is empty")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{path} is UTF-16; save it as CSV UTF-8")
    if b"\r" in start.rstrip(b"\r\n"):
        raise DataError(f"{path}: lines end in a carriage return alone; save it with line feeds")
    if b"\0" in start:
        raise DataError(f"{path} is not text; the survey's CSV file is needed")


def require_whole(path: Path, delimiter: str, header: list[str]) -> None:
    """Refuse a file that ends in the middle of a row.

    Raises:
        DataError: for such a file.
    """
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - (1 << 16)))
        tail = stream.read()
    lines = [line for line in tail.replace(b"\r", b"\n").split(b"\n") if line.strip()]
    last = _fields(lines[-1].decode(ENCODING, errors="replace"), delimiter)
    if len(lines) > 1 and len(last) != len(header):
        raise DataError(
            f"{path} is cut off: its last line has {len(last)} of {len(header)} columns; "
            f"get it again"
        )


def first_row(path: Path, delimiter: str) -> list[str]:
    """The cells of the first row after the names of the columns."""
    with path.open(encoding=ENCODING, newline="", errors="replace") as stream:
        stream.readline()
        return _fields(stream.readline().strip("\r\n"), delimiter)


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:  # such as a field longer than any of the survey's
        return []
