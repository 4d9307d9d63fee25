"""The World Values Survey, wave 7, read from the CSV file that its owner gives on request.

No row of it is shipped, downloaded or passed on. The user says where the file lies and confirms
once that they hold it under its licence.
"""

import csv
import io
import logging
import os
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.data_sets.own.words import MISSING_WORDS, NO_ANSWER_WORDS, folded, mapped
from ratings.errors import DataError, DataMissingError
from ratings.instruments.indie_value import Catalog, load_catalog
from ratings.sources.cards import load_card
from ratings.sources.fetch import check_terms
from ratings.sources.locations import mirror_root, resolve_from_start
from ratings.survey.survey import Survey, survey_from_columns

CARD = "world_values_survey"
VARIABLE = "VALUEGAUGE_WVS"
PERSON = "D_INTERVIEW"

_logger = logging.getLogger(__name__)

# What is read is digits and commas; other letters may be in any encoding and are not kept.
_ENCODING = "utf-8-sig"
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
    """As `load_world_values_survey`; the file's time and size make a changed file read again."""
    catalog = load_catalog(data)
    delimiter, header = _sniff(path)
    first = _first_row(path, delimiter)
    _require_columns(path, header, first, catalog)
    _require_whole(path, delimiter, header)
    survey = _read(path, delimiter, header, catalog, _version(header, first))
    for note in survey.notes:
        _logger.warning("%s: %s", path.name, note)
    return survey


def needed_columns(catalog: Catalog) -> list[str]:
    """The columns of the survey's file that are read."""
    demographics = [question.column for question in catalog.demographics.values()]
    return list(dict.fromkeys([PERSON, *demographics, *map(str, catalog.questions.index)]))


@dataclass
class _LeftOut:
    """What is read as missing or as nobody, for the notes: how often, and where first."""

    blank: list[int] = field(default_factory=list)
    words: int = 0
    fractions: int = 0
    first: dict[str, str] = field(default_factory=dict)

    def notes(self, repeated: int) -> tuple[str, ...]:
        """A line for each kind, with the number of rows whose id came before."""
        kinds = (
            (len(self.blank), "blank person", "blank people", "left out"),
            (
                repeated,
                "row with the id of an earlier one",
                "rows with ids of earlier ones",
                "left out",
            ),
            (self.words, "word for no answer", "words for no answer", "read as missing"),
            (
                self.fractions,
                "number that is not whole",
                "numbers that are not whole",
                "read as missing",
            ),
        )
        if self.blank:
            self.first["blank people"] = f"line {self.blank[0]}"
        return tuple(
            f"{count} {one if count == 1 else several} {what}"
            + (f" (first: {self.first[several]})" if several in self.first else "")
            for count, one, several, what in kinds
            if count
        )


def _read(path: Path, delimiter: str, header: list[str], catalog: Catalog, version: str) -> Survey:
    needed = needed_columns(catalog)
    persons: list[pd.Series] = []
    blocks: list[npt.NDArray[np.int32]] = []
    left_out = _LeftOut()
    try:
        with pd.read_csv(
            path,
            sep=delimiter,
            encoding=_ENCODING,
            encoding_errors="replace",
            header=0,
            names=[name if name in needed else f"unread {n}" for n, name in enumerate(header)],
            usecols=needed,
            chunksize=_ROWS_AT_ONCE,
            dtype={PERSON: str},
            na_values=[*MISSING_WORDS],
            low_memory=False,
            skip_blank_lines=False,
        ) as reader:
            for chunk in reader:
                people = _answered(path, chunk, left_out)
                persons.append(_ids(path, people[PERSON]))
                blocks.append(_codes(path, people[needed[1:]], left_out))
        left_out.blank = _whole_rows(path, delimiter, len(header), left_out.blank)
    except (pd.errors.ParserError, ValueError, csv.Error) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{path} cannot be read as the survey's CSV file: {reason}") from error
    if not sum(map(len, blocks)):
        raise DataError(f"{path} holds the names of the columns and no person")
    ids = pd.concat(persons, ignore_index=True)
    once = ~ids.duplicated().to_numpy()
    values = np.concatenate(blocks)[once]
    columns = {name: values[:, index] for index, name in enumerate(needed[1:])}
    survey = survey_from_columns(
        columns,
        pd.Index(ids[once], name="rater"),
        catalog,
        origin=f"World Values Survey wave 7, {version}",
        synthetic=False,
    )
    return replace(survey, notes=left_out.notes(repeated=int((~once).sum())))


def _answered(path: Path, chunk: pd.DataFrame, left_out: _LeftOut) -> pd.DataFrame:
    """People who answered something; rows without an id, or broken in two, are refused."""
    answers = chunk.drop(columns=PERSON)
    empty = answers.isna()
    for name in answers.columns[[kind.kind not in "iufb" for kind in answers.dtypes]]:
        empty[name] |= answers[name].astype(str).str.strip().eq("")
    nobody = empty.all(axis=1)
    left_out.blank += [_line(row) for row in chunk.index[nobody]]
    chunk, empty = chunk[~nobody], empty[~nobody]
    nameless = chunk[PERSON].isna()
    if nameless.any():
        line = _line(chunk.index[nameless][0])
        raise DataError(f"{path}: line {line} has no {PERSON}, the id of the person")
    broken = empty.mean(axis=1) > _MOST_BLANK  # the survey codes what is missing
    if broken.any():
        line = _line(chunk.index[broken][0])
        raise DataError(f"{path}: line {line} is damaged, most of it is blank; get the file again")
    return chunk


def _whole_rows(path: Path, delimiter: str, columns: int, blank: list[int]) -> list[int]:
    """The blank lines that have all cells; refuses lines with too few or too many cells."""
    if not blank and _even(path, delimiter.encode(), columns):
        return []
    wanted, whole = set(blank), []
    with path.open(encoding=_ENCODING, newline="", errors="replace") as stream:
        for line, cells in enumerate(csv.reader(stream, delimiter=delimiter), start=1):
            if cells and len(cells) != columns:
                raise DataError(
                    f"{path}: line {line} is damaged: it has {len(cells)} of {columns} columns; "
                    "get the file again"
                )
            if cells and line in wanted:
                whole.append(line)
    return whole


def _even(path: Path, delimiter: bytes, columns: int) -> bool:
    """Whether no line has quotes and every line has all cells: the quick way to know."""
    with path.open("rb") as stream:
        return all(
            b'"' not in line and line.count(delimiter) == columns - 1
            for line in stream
            if line.strip()
        )


def _line(row: object) -> int:
    return int(str(row)) + 2


def _ids(path: Path, ids: pd.Series) -> pd.Series:
    ids = ids.str.strip()
    odd = ids.str.contains("^=|\N{REPLACEMENT CHARACTER}", regex=True)
    if odd.any():
        raise _no_code(path, PERSON, ids[odd])
    return ids.str.replace(r"[.,]0+$", "", regex=True)


def _codes(path: Path, frame: pd.DataFrame, left_out: _LeftOut) -> npt.NDArray[np.int32]:
    """Codes as `int32`; what is blank or not whole is missing, labels are refused."""
    numbers = {
        str(name): column
        if column.dtype.kind in "iuf"
        else _parsed(path, str(name), column, left_out)
        for name, column in frame.items()
    }
    table = pd.DataFrame(numbers)
    values = table.to_numpy()
    if values.dtype.kind == "f":
        whole = values == np.floor(values)
        broken = np.argwhere(~whole & ~np.isnan(values))
        if len(broken):
            row, column = broken[0]
            location = f"{table.columns[column]}, line {_line(frame.index[row])}"
            left_out.first.setdefault("numbers that are not whole", location)
            left_out.fractions += len(broken)
        values = np.where(np.isfinite(values) & whole, values, _MISSING)
    return values.clip(-(2**31), 2**31 - 1).astype(np.int32)


def _parsed(path: Path, name: str, column: pd.Series, left_out: _LeftOut) -> pd.Series:
    """Numbers of a column that holds texts, such as 1,0 or blanks."""
    texts = column.astype(str).where(column.notna()).str.strip()
    texts = texts.mask(texts.eq("") | texts.isin(MISSING_WORDS))
    unsaid = mapped(texts, folded).isin(NO_ANSWER_WORDS)
    if unsaid.any():
        location = f"{name}, line {_line(texts.index[unsaid][0])}"
        left_out.first.setdefault("words for no answer", location)
        left_out.words += int(unsaid.sum())
    texts = texts.mask(unsaid)
    numbers = pd.to_numeric(texts.str.replace(",", ".", regex=False), errors="coerce")
    words = texts.notna() & numbers.isna()
    if words.any():
        raise _no_code(path, name, texts[words])
    return numbers.astype(float)


def _no_code(path: Path, name: str, words: pd.Series) -> DataError:
    return DataError(
        f"{path}: the column {name} holds {words.iloc[0]!r} (line {_line(words.index[0])}) in "
        "place of a code; the CSV file with codes is needed, without labels and formulas"
    )


def _sniff(path: Path) -> tuple[str, list[str]]:
    """Delimiter and the names of the columns; refuses what is not such a CSV."""
    with path.open("rb") as stream:
        start = stream.readline(1 << 20)
    _refuse_other_kinds(path, start)
    line = start.decode(_ENCODING, errors="replace").strip("\r\n")
    found = {mark: _fields(line, mark) for mark in (",", ";", "\t", "|")}
    delimiter = max(found, key=lambda mark: len(found[mark]))
    names = [name.strip() for name in found[delimiter]]
    if delimiter in ("\t", "|") and PERSON in names:
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


def _require_columns(path: Path, header: list[str], first: list[str], catalog: Catalog) -> None:
    needed = needed_columns(catalog)
    twice = [name for name in needed if header.count(name) > 1]
    if twice:
        raise DataError(f"{path} has two columns {twice[0]}")
    absent = [name for name in needed if name not in set(header)]
    if not absent:
        return
    more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
    described = _version(header, first)
    if {"S020", "S003"} <= set(header):
        described += "; it looks like the time series of all waves, and wave 7 alone is needed"
    raise DataError(f"{path} lacks the column {absent[0]}{more} ({described})")


def _require_whole(path: Path, delimiter: str, header: list[str]) -> None:
    """Refuse a file that ends in the middle of a row."""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - (1 << 16)))
        tail = stream.read()
    lines = [line for line in tail.replace(b"\r", b"\n").split(b"\n") if line.strip()]
    last = _fields(lines[-1].decode(_ENCODING, errors="replace"), delimiter)
    if len(lines) > 1 and len(last) != len(header):
        raise DataError(
            f"{path} is cut off: its last line has {len(last)} of {len(header)} columns; "
            f"get it again"
        )


def _first_row(path: Path, delimiter: str) -> list[str]:
    with path.open(encoding=_ENCODING, newline="", errors="replace") as stream:
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


def _three_ways() -> str:
    return (
        f"give its CSV file with -T survey=PATH (--survey PATH), with {VARIABLE}=PATH, "
        f"or in VALUEGAUGE_DATA as {CARD}/<file>.csv"
    )
