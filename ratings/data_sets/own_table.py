"""Tables that a user made: read as text, with messages that name the row as a spreadsheet does."""

import csv
import warnings
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.data_sets.sources import one_line, read_parquet
from ratings.errors import DataError

ENDINGS = (".csv", ".parquet")

_FIRST_ROW = 2  # row 1 is the header


class RowError(DataError):
    """A row of a user's file is wrong. Without it, what else is wrong can be found.

    Attributes:
        path: of the file.
        row: its number, the header being row 1.
    """

    def __init__(self, path: Path, row: int, what: str, rows: str | None = None) -> None:
        """What is wrong with it, and the rows to name where they are several."""
        super().__init__(f"{path.name}: {rows or f'row {row}'}: {what}")
        self.path, self.row = path, row


def read_own_table(
    path: Path,
    needed: Sequence[str],
    optional: Sequence[str] | None = (),
    slips: list[str] | None = None,
) -> pd.DataFrame:
    """A CSV file (commas or semicolons, UTF-8) or Parquet file as text without blanks around it.

    Args:
        path: of the file.
        needed: columns that it has.
        optional: columns that it may have beside these; None for any.
        slips: takes misspelt names of columns, which are then read as what was meant, so that
            more that is wrong can be found; None refuses the first.

    Returns:
        One row a row of the file, indexed by its number, the header being row 1; NaN where a
        cell is empty. Rows of empty cells are left out.

    Raises:
        DataError: when it cannot be read, or its columns are not those.
    """
    if path.suffix.lower() not in ENDINGS:
        raise DataError(f"{path.name} is neither a CSV nor a Parquet file")
    frame = _read_csv(path) if path.suffix.lower() == ".csv" else _as_text(read_parquet(path))
    frame = frame.rename(columns=_meant(path, list(frame.columns), needed, optional, slips))
    frame = frame.apply(lambda column: column.str.strip().replace("", np.nan))
    frame.index = pd.RangeIndex(_FIRST_ROW, _FIRST_ROW + len(frame), name="row")
    filled: pd.DataFrame = frame.dropna(how="all")
    if filled.empty:
        raise DataError(f"{path.name} has a header and no rows")
    return filled


def refuse_blank(path: Path, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse empty cells where something must stand.

    Raises:
        RowError: names the first such row.
    """
    for column in columns:
        blank = frame[column].isna()
        if blank.any():
            raise RowError(path, int(frame.index[blank][0]), f"no {column}")


def refuse_repeated(path: Path, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse rows that say the same thing twice, such as two ratings by one rater of one item.

    Raises:
        RowError: names both rows; the second is wrong.
    """
    again = frame.duplicated(list(columns))
    if not again.any():
        return
    second = frame.index[again][0]
    same = (frame[list(columns)] == frame.loc[second, list(columns)]).all(axis=1)
    rows = f"rows {frame.index[same][0]} and {second}"
    values = [f"{column} {frame.loc[second, column]!r}" for column in columns]
    what = " rates ".join(values) if len(values) == 2 else values[0]
    times = "twice" if len(values) == 2 else "stands twice"
    raise RowError(path, int(second), f"{what} {times}", rows)


def known_rows(
    path: Path, frame: pd.DataFrame, beside: Path, table: pd.DataFrame, column: str
) -> None:
    """Make sure that a table describes everything rated once, and names nothing twice.

    Raises:
        RowError: names the row.
    """
    refuse_blank(beside, table, [column])
    refuse_repeated(beside, table, [column])
    unknown = ~frame[column].isin(table[column])
    if unknown.any():
        row = frame.index[unknown][0]
        name = frame.loc[row, column]
        raise RowError(path, int(row), f"{column} {name!r} is not in {beside.name}")


def _read_csv(path: Path) -> pd.DataFrame:
    mark, header = _header(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                path,
                sep=mark,
                header=0,
                index_col=False,
                dtype=str,
                encoding="utf-8-sig",
                keep_default_na=False,
                skip_blank_lines=False,
            )
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        told = _long_row(path, mark, len(header)) or f"cannot be read as CSV: {one_line(error)}"
        raise DataError(f"{path.name}: {told}") from error
    return frame.set_axis(header, axis=1).fillna("")


def _header(path: Path) -> tuple[str, list[str]]:
    """The mark between columns and their names."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error
    mark = ";" if first.count(";") > first.count(",") else ","
    header = [name.strip() for name in next(csv.reader([first], delimiter=mark), [])]
    if not any(header):
        raise DataError(f"{path.name}: row 1 names no columns")
    return mark, header


def _not_utf8(path: Path) -> DataError:
    return DataError(f"{path.name} is not UTF-8 text; save it as CSV UTF-8")


def _long_row(path: Path, mark: str, columns: int) -> str | None:
    """The first row that has more cells than there are columns, in words."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row, cells in enumerate(csv.reader(stream, delimiter=mark), start=1):
            if len(cells) > columns:
                return f"row {row}: {len(cells)} cells in a table of {columns} columns"
    return None


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells as they would stand in a CSV file: whole numbers without a decimal point."""
    out = {}
    for name, column in frame.items():
        text = column.astype(object).map(str)
        if pd.api.types.is_float_dtype(column.dtype):
            text = text.str.removesuffix(".0")
        out[str(name)] = text.mask(column.isna(), "")
    return pd.DataFrame(out)


def _meant(
    path: Path,
    found: Sequence[str],
    needed: Sequence[str],
    optional: Sequence[str] | None,
    slips: list[str] | None,
) -> dict[str, str]:
    """What misspelt columns are called."""
    told: list[str] = [] if slips is None else slips
    for place, name in enumerate(found):
        if name in found[:place] or not name:
            what = f"two columns {name!r}" if name else "a column without a name"
            raise DataError(f"{path.name}: row 1: {what}")
    unknown = [name for name in found if name not in (*needed, *(optional or ()))]
    meant: dict[str, str] = {}
    for name in needed:
        if name in found:
            continue
        close = get_close_matches(name, unknown, n=1)
        if not close:
            raise all_told(told, f"{path.name}: row 1: no column {name!r}")
        told.append(f"{path.name}: row 1: unknown column {close[0]!r}; did you mean {name!r}?")
        if slips is None:
            raise DataError(told[0])
        meant[close[0]] = name
        unknown.remove(close[0])
    if unknown and optional is not None:
        like = get_close_matches(unknown[0], optional, n=1)
        what = f"did you mean {like[0]!r}?" if like else "the table has no such column"
        raise all_told(told, f"{path.name}: row 1: unknown column {unknown[0]!r}; {what}")
    return meant


def all_told(slips: Sequence[str], *more: str) -> DataError:
    """The error that tells each of these in a line."""
    return DataError("\n".join([*slips, *more]))
