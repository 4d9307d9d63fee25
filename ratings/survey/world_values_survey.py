"""The World Values Survey, wave 7, read from the CSV file that its owner gives on request.

No row of it is shipped, downloaded or passed on. The user says where the file lies and confirms
once that they hold it under its licence.
"""

import csv
import logging
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.data_sets.own.words import MISSING_WORDS, NO_ANSWER_WORDS, folded, mapped
from ratings.errors import DataError
from ratings.instruments.indie_value import Catalog, load_catalog
from ratings.sources.cards import load_card
from ratings.sources.fetch import check_terms
from ratings.survey.csv_file import ENCODING, find_survey, first_row, require_whole, sniff
from ratings.survey.survey import Survey, survey_from_columns

CARD = "world_values_survey"
VARIABLE = "VALUEGAUGE_WVS"
PERSON = "D_INTERVIEW"

_logger = logging.getLogger(__name__)

_ROWS_AT_ONCE = 8_000
_MISSING = -99
_MOST_BLANK = 0.5


def survey_path(given: str | None = None) -> Path:
    """Where the survey's file lies: as given, or `VALUEGAUGE_WVS`, or in the folder of mirrors.

    Raises:
        DataMissingError: when it is nowhere; names the three ways to give it.
    """
    return find_survey(
        given, VARIABLE, CARD, "World Values Survey", "-T survey=PATH (--survey PATH)"
    )


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
    delimiter, header = sniff(path, PERSON)
    first = first_row(path, delimiter)
    _require_columns(path, header, first, catalog)
    require_whole(path, delimiter, header)
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
            encoding=ENCODING,
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
    with path.open(encoding=ENCODING, newline="", errors="replace") as stream:
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


def _version(header: list[str], first: list[str]) -> str:
    row = dict(zip(header, first, strict=False))
    if row.get("version", "").strip():
        return f"version {row['version'].strip()}"
    if row.get("A_WAVE", "").strip():
        return f"version not told, wave {row['A_WAVE'].strip()}"
    return "version not told"
