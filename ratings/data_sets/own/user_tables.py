"""Tables that a user made: read as text, with messages that name the row as a spreadsheet does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.data_sets.own.file import read_cells
from ratings.data_sets.own.json_rows import read_own_json
from ratings.data_sets.own.parquet import read_own_parquet
from ratings.data_sets.own.words import MISSING_WORDS, clean, counted, mapped
from ratings.errors import DataError

ENDINGS = (".csv", ".parquet")
ALL_ENDINGS = (*ENDINGS, ".tsv", ".json")

NAMES = ("rater", "instance")  # columns of names, in which any word is a name

_OTHERWISE = "; if that is an answer, write another word for it"
_ROW_NAMES = ("", "Unnamed: 0")  # of the column in which R and pandas count rows


class RowError(DataError):
    """A row of a user's file is wrong. Without it, what else is wrong can be found.

    Attributes:
        path: of the file.
        row: its number, the header being row 1.
        alike: numbers of all rows that are wrong in the same way, this one among them.
    """

    def __init__(
        self,
        path: Path,
        row: int,
        what: str,
        rows: str | None = None,
        alike: Sequence[int] | None = None,
    ) -> None:
        """What is wrong with it, and the rows to name where they are several."""
        super().__init__(f"{path.name}: {rows or f'row {row}'}: {what}")
        self.path, self.row, self.alike = path, row, list(alike or [row])


@dataclass(frozen=True, eq=False)
class OwnTable:
    """A table of a user as text.

    Attributes:
        path: of the file.
        frame: one row a row of the file, indexed by its number, the header being row 1; NaN where
            a cell is empty or, but for names of raters and instances, holds a word for missing,
            such as NA. Empty rows are left out.
        words: for each column words for missing, by row.
        orders: the categories, lowest first, of columns that Parquet keeps with an order.
        mark: between the columns of a CSV file; a comma for Parquet.
        notes: what a user should know of how the file was read.
    """

    path: Path
    frame: pd.DataFrame
    words: Mapping[str, pd.Series] = field(default_factory=dict)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mark: str = ","
    notes: tuple[str, ...] = ()

    def of(self, frame: pd.DataFrame) -> "OwnTable":
        """The table with other rows or cells."""
        return replace(self, frame=frame)

    def missing_notes(self, but: Sequence[str] = ()) -> list[str]:
        """A line for each column with words for missing, and what they count as.

        Args:
            but: columns to leave out.
        """
        return [
            f"{name!r}: {counted(words)} {'names' if name in NAMES else 'missing'} "
            f"(first: row {words.index[0]}){'' if name in NAMES else _OTHERWISE}"
            for name, words in self.words.items()
            if name not in but and not words.empty
        ]

    def refuse_blank(self, columns: Sequence[str]) -> None:
        """Refuse empty cells where something is required.

        Raises:
            RowError: names the first such row.
        """
        for column in columns:
            blank = self.frame[column].isna()
            if blank.any():
                row = int(self.frame.index[blank][0])
                word = self.words[column].get(row) if column in self.words else None
                why = f": {word!r} means that it is missing" if word else ""
                raise RowError(self.path, row, f"no {column}{why}")

    def refuse_repeated(self, columns: Sequence[str]) -> None:
        """Refuse rows that say the same thing twice, such as two ratings by one rater of one item.

        Raises:
            RowError: names both rows; the second is wrong.
        """
        frame = self.frame
        again = frame.duplicated(list(columns))
        if not again.any():
            return
        second = frame.index[again][0]
        same = (frame[list(columns)] == frame.loc[second, list(columns)]).all(axis=1)
        rows = f"rows {frame.index[same][0]} and {second}"
        values = [f"{column} {frame.loc[second, column]!r}" for column in columns]
        what = " rates ".join(values) if len(values) == 2 else values[0]
        times = "twice" if len(values) == 2 else "is listed twice"
        raise RowError(self.path, int(second), f"{what} {times}", rows)

    def refuse_unknown(self, column: str, known: "OwnTable") -> None:
        """Make sure that a table beside describes everything rated once, and nothing twice.

        Raises:
            RowError: names the row.
        """
        known.refuse_blank([column])
        known.refuse_repeated([column])
        unknown = ~self.frame[column].isin(known.frame[column])
        if unknown.any():
            row = self.frame.index[unknown][0]
            name = self.frame.loc[row, column]
            raise RowError(self.path, int(row), f"{column} {name!r} is not in {known.path.name}")

    def refuse_rounded(self, column: str) -> None:
        """Refuse names that a spreadsheet took for numbers and rounded, such as 1.23E+17.

        Raises:
            RowError: names the first such row.
        """
        names = self.frame[column]
        rounded = names.str.fullmatch(r"\d+([.,]\d+)?[eE]\+\d+", na=False)
        if rounded.any():
            alike = [int(row) for row in names.index[rounded]]
            rows = f"row {alike[0]}" + (f" and {len(alike) - 1} more" if len(alike) > 1 else "")
            name = names.loc[alike[0]]
            what = f"the {column} {name!r} is a number that was rounded; save it as text"
            raise RowError(self.path, alike[0], what, rows, alike)


def read_own_table(
    path: Path,
    needed: Sequence[str],
    optional: Sequence[str] | None = (),
    slips: list[str] | None = None,
    endings: Sequence[str] = ENDINGS,
) -> OwnTable:
    """A CSV or Parquet file, or also TSV or JSON, as text without blanks around it.

    See `read_cells` and `read_own_parquet` for the forms of both. Rows that repeat the header are
    left out with a note, and so is a column that only counts rows.

    Args:
        path: of the file.
        needed: columns that it has.
        optional: columns that it may have in addition to these; None for any.
        slips: takes misspelt names of columns, which are then read as what was meant, so that
            more that is wrong can be found; None refuses the first.
        endings: of the files that may be read. A JSON file is a list of objects; its rows are
            counted as those of a table whose header is row 1.

    Raises:
        DataError: when it cannot be read, or its columns are not those.
    """
    ending = path.suffix.lower()
    if ending not in endings:
        kinds = "neither a CSV nor a Parquet file"
        if endings != ENDINGS:
            kinds = f"none of {', '.join(one[1:].upper() for one in endings)}"
        raise DataError(f"{path.name} is {kinds}")
    if ending in (".csv", ".tsv"):
        table = _of_csv(path, needed)
    elif ending == ".json":
        table = OwnTable(path, read_own_json(path))
    else:
        frame, orders, notes = read_own_parquet(
            path, (*needed, *(optional or ())), optional is None
        )
        frame = frame.apply(lambda column: mapped(column, clean))
        table = OwnTable(path, frame, orders=orders, notes=tuple(notes))
    hint = "".join(f"; {note}" for note in table.notes if note.startswith("the index"))
    names = _meant(path, list(table.frame.columns), needed, optional, slips, hint)
    frame = table.frame.rename(columns=names)
    repeated = (frame == pd.Series(frame.columns, index=frame.columns)).all(axis=1)
    notes = list(table.notes)
    if repeated.any() and len(frame.columns) > 1:
        repeat = "1 row repeats" if repeated.sum() == 1 else f"{repeated.sum()} rows repeat"
        notes.append(f"{repeat} the header, left out (first: row {frame.index[repeated][0]})")
        frame = frame[~repeated]
    words = {name: column[column.isin(MISSING_WORDS)] for name, column in frame.items()}
    filled = pd.DataFrame(
        {
            name: column.mask(column.eq("") | (name not in NAMES and column.isin(MISSING_WORDS)))
            for name, column in frame.items()
        }
    ).dropna(how="all")
    if filled.empty:
        raise DataError(f"{path.name} has a header and no rows")
    return replace(
        table,
        frame=filled,
        words={str(name): found for name, found in words.items()},
        orders={names.get(name, name): order for name, order in table.orders.items()},
        notes=tuple(notes),
    )


def _of_csv(path: Path, needed: Sequence[str]) -> OwnTable:
    found = read_cells(path, needed)
    index = pd.Index(found.rows, name="row", dtype=int)
    cells = zip(*found.cells, strict=True) if found.cells else [()] * len(found.header)
    columns = [mapped(pd.Series(list(cell), index=index, dtype=str), clean) for cell in cells]
    kept, header, notes = [], [], list(found.notes)
    for position, (name, column) in enumerate(zip(found.header, columns, strict=True), start=1):
        if name in _ROW_NAMES:
            if _counts_rows(column):
                notes.append(f"column {position}, which counts the rows, is left out")
                continue
            if not name and column.eq("").all():
                continue
        kept.append(column)
        header.append(name)
    frame = pd.concat(kept, axis=1) if kept else pd.DataFrame(index=index)
    return OwnTable(path, frame.set_axis(header, axis=1), mark=found.mark, notes=tuple(notes))


def _counts_rows(column: pd.Series) -> bool:
    """Whether a column holds the whole numbers from 0 or 1 on."""
    if column.empty or not column.str.fullmatch(r"\d{1,9}").all():
        return False
    numbers = column.astype(int).to_numpy()
    return bool(numbers[0] in (0, 1) and (np.diff(numbers) == 1).all())


def _meant(
    path: Path,
    found: Sequence[str],
    needed: Sequence[str],
    optional: Sequence[str] | None,
    slips: list[str] | None,
    hint: str,
) -> dict[str, str]:
    """What misspelt columns are called."""
    hints: list[str] = [] if slips is None else slips
    for index, name in enumerate(found):
        if name in found[:index] or not name:
            what = f"two columns {name!r}" if name else f"column {index + 1} has no name"
            raise DataError(f"{path.name}: row 1: {what}")
    unknown = [name for name in found if name not in (*needed, *(optional or ()))]
    meant: dict[str, str] = {}
    for name in needed:
        if name in found:
            continue
        close = get_close_matches(name, unknown, n=1)
        if not close:
            raise all_told(hints, f"{path.name}: row 1: no column {name!r}{hint}")
        hints.append(f"{path.name}: row 1: unknown column {close[0]!r}; did you mean {name!r}?")
        if slips is None:
            raise DataError(hints[0])
        meant[close[0]] = name
        unknown.remove(close[0])
    if unknown and optional is not None:
        like = get_close_matches(unknown[0], optional, n=1)
        what = f"did you mean {like[0]!r}?" if like else "the table has no such column"
        raise all_told(hints, f"{path.name}: row 1: unknown column {unknown[0]!r}; {what}")
    return meant


def all_told(slips: Sequence[str], *more: str) -> DataError:
    """The error that lists these, one a line."""
    return DataError("\n".join([*slips, *more]))
