"""The World Values Survey, wave 7, read from the CSV file that its owner gives on request.

No row of it is shipped, downloaded or passed on. The user says where the file lies and confirms
once that they hold it under its licence.
"""

import csv
import io
import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.cards import load_card
from ratings.errors import DataError, DataMissingError
from ratings.fetch import check_terms
from ratings.indie_value import Catalog, load_catalog
from ratings.locations import mirror_root, resolve_from_start
from ratings.survey import Survey, survey_from_columns

CARD = "world_values_survey"
VARIABLE = "VALUEGAUGE_WVS"
PERSON = "D_INTERVIEW"

_ROWS_AT_ONCE = 8_000
_MISSING = -99
_MOST_BLANK = 0.5
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


def survey_path(given: str | None = None) -> Path:
    """Where the survey's file lies: as given, or `VALUEGAUGE_WVS`, or in the folder of mirrors.

    Raises:
        DataMissingError: when it is nowhere; names the three ways to give it.
    """
    named = given or os.environ.get(VARIABLE, "").strip()
    if named:
        path = resolve_from_start(named)
        if path.is_file():
            return path
        what = "is a folder" if path.is_dir() else "is not there"
        raise DataMissingError(f"the survey {path} {what}; {_three_ways()}")
    mirror = mirror_root()
    found = sorted((mirror / CARD).glob("*.csv")) if mirror is not None else []
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise DataError(f"{mirror}/{CARD} holds several surveys ({names}); say which one")
    if not found:
        raise DataMissingError(f"no World Values Survey was given; {_three_ways()}")
    return found[0]


def load_world_values_survey(given: str | None = None, data: str = "official") -> Survey:
    """The people of the survey and their answers to the catalog's questions.

    Args:
        given: path of the CSV file, wave 7, version 5 or 6; see `survey_path` for None.
        data: the catalog to read it with.

    Raises:
        DataMissingError: when the file is not there.
        TermsError: when the user has not yet confirmed the survey's terms.
        DataError: when it is not such a file.
    """
    path = survey_path(given)
    check_terms(load_card(CARD))
    status = path.stat()
    return _load(path, data, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1)
def _load(path: Path, data: str, changed: int, size: int) -> Survey:
    """As `load_world_values_survey`; the file's time and size make a changed file read anew."""
    catalog = load_catalog(data)
    encoding, delimiter, header = _sniff(path)
    first = _first_row(path, encoding, delimiter)
    _require_columns(path, header, first, catalog)
    _require_whole(path, encoding, delimiter, header)
    return _read(path, encoding, delimiter, catalog, _version(header, first))


def needed_columns(catalog: Catalog) -> list[str]:
    """The columns of the survey's file that are read."""
    demographics = [question.column for question in catalog.demographics.values()]
    return list(dict.fromkeys([PERSON, *demographics, *map(str, catalog.questions.index)]))


def _read(path: Path, encoding: str, delimiter: str, catalog: Catalog, version: str) -> Survey:
    needed = needed_columns(catalog)
    persons: list[pd.Series] = []
    blocks: list[npt.NDArray[np.int32]] = []
    try:
        with pd.read_csv(
            path,
            sep=delimiter,
            encoding=encoding,
            usecols=needed,
            chunksize=_ROWS_AT_ONCE,
            dtype={PERSON: str},
            low_memory=False,
        ) as reader:
            for chunk in reader:
                _refuse_damaged_rows(path, chunk)
                persons.append(chunk[PERSON].str.strip().str.removesuffix(".0"))
                blocks.append(_whole_numbers(chunk[needed[1:]]))
    except (pd.errors.ParserError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{path} cannot be read as the survey's CSV file: {reason}") from error
    if not sum(map(len, blocks)):
        raise DataError(f"{path} holds the names of the columns and no person")
    ids = pd.concat(persons, ignore_index=True)
    once = ~ids.duplicated().to_numpy()
    values = np.concatenate(blocks)[once]
    columns = {name: values[:, place] for place, name in enumerate(needed[1:])}
    return survey_from_columns(
        columns,
        pd.Index(ids[once], name="rater"),
        catalog,
        origin=f"World Values Survey wave 7, {version}",
        synthetic=False,
    )


def _refuse_damaged_rows(path: Path, chunk: pd.DataFrame) -> None:
    """Refuse rows without an id, and rows broken in two: the survey codes what is missing."""
    nameless = chunk[PERSON].isna()
    if nameless.any():
        line = int(chunk.index[nameless][0]) + 2
        raise DataError(f"{path}: line {line} has no {PERSON}, the id of the person")
    blank = chunk.isna().mean(axis=1) > _MOST_BLANK
    if blank.any():
        line = int(chunk.index[blank][0]) + 2
        raise DataError(f"{path}: line {line} is damaged, most of it is blank; get the file again")


def _whole_numbers(frame: pd.DataFrame) -> npt.NDArray[np.int32]:
    """Codes as `int32`; what is no whole number is missing."""
    texts = [name for name, kind in frame.dtypes.items() if kind.kind not in "iuf"]
    if texts:
        numbers = frame[texts].apply(pd.to_numeric, errors="coerce")
        frame = frame.assign(**{str(name): numbers[name] for name in texts})
    values = frame.to_numpy()
    if values.dtype.kind == "f":
        values = np.where(np.isfinite(values) & (values == np.floor(values)), values, _MISSING)
    return values.clip(-(2**31), 2**31 - 1).astype(np.int32)


def _sniff(path: Path) -> tuple[str, str, list[str]]:
    """Encoding, delimiter and the names of the columns; refuses what is no such CSV."""
    with path.open("rb") as stream:
        start = stream.readline(1 << 20)
    _refuse_other_kinds(path, start)
    encoding = "utf-8-sig" if _decodes(start) else "latin-1"
    line = start.decode(encoding).strip("\r\n")
    found = {mark: _fields(line, mark) for mark in (",", ";", "\t", "|")}
    delimiter = max(found, key=lambda mark: len(found[mark]))
    names = [name.strip() for name in found[delimiter]]
    if delimiter in ("\t", "|") and PERSON in names:
        what = "tabs" if delimiter == "\t" else "'|'"
        raise DataError(f"{path}: columns are separated by {what}, not by commas or semicolons")
    if len(names) < 2:
        raise DataError(f"{path}: the first line names no columns with commas or semicolons")
    return encoding, delimiter, names


def _refuse_other_kinds(path: Path, start: bytes) -> None:
    kind = next((kind for mark, kind in _SIGNATURES if start.startswith(mark)), None)
    kind = kind or _ENDINGS.get(path.suffix.lower())
    if kind is not None:
        raise DataError(f"{path} is {kind}; the survey's CSV file is needed (its owner has both)")
    if not start.strip():
        raise DataError(f"{path} is empty")
    if b"\r" in start.rstrip(b"\r\n"):
        raise DataError(f"{path}: lines end in a carriage return alone; save it with line feeds")
    if b"\0" in start:
        raise DataError(f"{path} is not text; the survey's CSV file is needed")


def _require_columns(path: Path, header: list[str], first: list[str], catalog: Catalog) -> None:
    absent = [name for name in needed_columns(catalog) if name not in set(header)]
    if not absent:
        return
    more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
    told = _version(header, first)
    if {"S020", "S003"} <= set(header):
        told += "; it looks like the time series of all waves, and wave 7 alone is needed"
    raise DataError(f"{path} lacks the column {absent[0]}{more} ({told})")


def _require_whole(path: Path, encoding: str, delimiter: str, header: list[str]) -> None:
    """Refuse a file that ends in the middle of a row."""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - (1 << 16)))
        tail = stream.read()
    lines = [line for line in tail.replace(b"\r", b"\n").split(b"\n") if line.strip()]
    last = _fields(lines[-1].decode(encoding, errors="replace"), delimiter)
    if len(lines) > 1 and len(last) != len(header):
        raise DataError(
            f"{path} is cut off: its last line has {len(last)} of {len(header)} columns; "
            f"get it again"
        )


def _first_row(path: Path, encoding: str, delimiter: str) -> list[str]:
    with path.open(encoding=encoding, newline="", errors="replace") as stream:
        stream.readline()
        return _fields(stream.readline().strip("\r\n"), delimiter)


def _version(header: list[str], first: list[str]) -> str:
    row = dict(zip(header, first, strict=False))
    if row.get("version", "").strip():
        return f"version {row['version'].strip()}"
    if row.get("A_WAVE", "").strip():
        return f"version not told, wave {row['A_WAVE'].strip()}"
    return "version not told"


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:  # such as a field longer than any of the survey's
        return []


def _decodes(start: bytes) -> bool:
    try:
        start.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _three_ways() -> str:
    return (
        f"give its CSV file with -T survey=PATH (--survey PATH), with {VARIABLE}=PATH, "
        f"or in VALUEGAUGE_DATA as {CARD}/<file>.csv"
    )
