"""The bytes of a CSV file that a user made, as rows of cells: its letters, marks and line ends."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ratings.data_sets.own.words import clean
from ratings.errors import DataError

MARKS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "'|'"}

# Excel reads the mark between columns from such a first line and does not show it.
_SEP_LINE = re.compile(r'"?sep=(.)"?[,;\t|]*[ ]*(\r\n|\r|\n)', re.IGNORECASE)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_START = 4096


@dataclass(frozen=True)
class Cells:
    """The content of a CSV file.

    Attributes:
        header: names of the columns.
        rows: their numbers, as a spreadsheet counts them, with a line `sep=` left out.
        cells: for each row one text a column; empty where the row ended early.
        mark: between columns.
        notes: what a user should know of how the file was read.
    """

    header: list[str]
    rows: list[int]
    cells: list[list[str]]
    mark: str
    notes: list[str]


def read_cells(path: Path, needed: Sequence[str]) -> Cells:
    """The cells of a CSV file in whichever form it was saved.

    Letters: UTF-8, UTF-16 or UTF-32; else Windows-1252, with a note that quotes the first line
    with another letter. Between columns are commas, semicolons, tabs or `|`: as a first line
    `sep=;` says, else whichever makes the needed columns appear. Line ends are LF, CR LF or CR.
    Empty rows are left out.

    Args:
        path: of the file.
        needed: columns to look for.

    Raises:
        DataError: names the file, and the row where there is one.
    """
    text, notes = _decoded(path)
    given = _SEP_LINE.match(text)
    if given:
        text = text[given.end() :]
    mark = given.group(1) if given else _mark(path, text, needed)
    records = _records(path, text, mark)
    first = next(records, None)
    if first is None:
        raise DataError(f"{path.name}: row 1 names no columns")
    _, header = first
    rows, cells, short = [], [], []
    for row, record in records:
        if len(record) > len(header):
            if any(clean(cell) for cell in record[len(header) :]):
                what = f"{len(record)} cells in a table of {len(header)} columns"
                raise DataError(f"{path.name}: row {row}: {what}")
            del record[len(header) :]
        elif len(record) < len(header):
            short.append(row)
            record += [""] * (len(header) - len(record))
        rows.append(row)
        cells.append(record)
    if short:
        more = f" and {len(short) - 1} more" if len(short) > 1 else ""
        notes.append(
            f"row {short[0]}{more}: fewer cells than the {len(header)} columns; the last ones "
            "count as empty"
        )
    return Cells([clean(name) for name in header], rows, cells, mark, notes)


def _decoded(path: Path) -> tuple[str, list[str]]:
    content = path.read_bytes()
    encoding = next(
        (name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), _unmarked(content)
    )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise _not_text(path, content, error.start) from error
        return _windows_1252(path, content, error.start)
    if "\0" in text:
        raise DataError(f"{path.name} is not a text file")
    return text.lstrip("\ufeff"), []


def _unmarked(content: bytes) -> str:
    """UTF-16 without a mark has a zero in every other byte of plain letters."""
    start = content[:_START]
    if start[1::2].count(0) > len(start) / 4:
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) > len(start) / 4 else "utf-8"


def _windows_1252(path: Path, content: bytes, wrong: int) -> tuple[str, list[str]]:
    """Text in the letters of western Windows; refused where some of it is UTF-8 after all."""
    as_utf8 = content.decode("utf-8", errors="replace").replace("\N{REPLACEMENT CHARACTER}", "")
    if b"\0" in content or not as_utf8.isascii():
        raise _not_text(path, content, wrong)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _not_text(path, content, error.start) from error
    line = next(line for line in text.splitlines() if not line.isascii())
    shown = line if len(line) <= 50 else f"{line[:50]}..."
    note = (
        f"not UTF-8; read as Windows-1252, so that line {_line(content, wrong)} is {shown!r}; "
        "if that is wrong, save it as CSV UTF-8"
    )
    return text, [note]


def _not_text(path: Path, content: bytes, offset: int) -> DataError:
    line = _line(content, offset)
    return DataError(f"{path.name}: line {line} is not UTF-8 text; save it as CSV UTF-8")


def _line(content: bytes, offset: int) -> int:
    before = content[:offset].replace(b"\r\n", b"\n")
    return 1 + before.count(b"\n") + before.count(b"\r")


def _mark(path: Path, text: str, needed: Sequence[str]) -> str:
    """The mark between columns: the one that makes most needed columns, then most columns."""
    headers = {mark: _first_cells(text, mark) for mark in MARKS}
    best = max(MARKS, key=lambda mark: (len(set(needed) & set(headers[mark])), len(headers[mark])))
    names = headers[best]
    if len(names) == 1 < len(needed) and all(name in names[0] for name in needed):
        raise DataError(
            f"{path.name}: row 1: columns are not separated by {', '.join(MARKS.values())}; "
            "save it with commas"
        )
    return best


def _first_cells(text: str, mark: str) -> list[str]:
    """The first row that is not empty, as it reads with a mark that may be wrong."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    with suppress(csv.Error):
        return next(
            (cells for record in reader if any(cells := [clean(cell) for cell in record])), []
        )
    return []


def _records(path: Path, text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with their numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    row = 0
    try:
        for row, record in enumerate(reader, start=1):
            if any(cell and not cell.isspace() for cell in record):
                yield row, record
    except csv.Error as error:
        raise DataError(f"{path.name}: row {row + 1}: cannot be read as CSV: {error}") from error
