"""Parquet files that a user made, as cells would be in a CSV file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.data_sets.own.words import clean
from ratings.data_sets.sources import read_parquet
from ratings.errors import DataError

_FIRST_ROW = 2  # row 1 would be the header
_EXACT = 2**53  # beyond it a float no longer holds every whole number


def read_own_parquet(
    path: Path, known: Sequence[str], any_column: bool
) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]], list[str]]:
    """A Parquet file as text, with the order of ordered categories.

    Index columns, as pandas writes them, are columns if they have a name that is known. Whole
    numbers have no decimal point, days no time, and missing cells are empty.

    Args:
        path: of the file.
        known: names of columns that are looked for.
        any_column: whether index columns of other names are columns too.

    Returns:
        The cells, rows counted from 2; the categories, lowest first, of columns that have an
        order; and notes of what was left out.

    Raises:
        DataError: when it is not such a file, or a column holds something else than single values.
    """
    frame = read_parquet(path)
    frame, notes = _with_index(path, frame, known, any_column)
    frame.index = pd.RangeIndex(_FIRST_ROW, _FIRST_ROW + len(frame), name="row")
    texts = [_as_text(path, clean(str(name)), column) for name, column in frame.items()]
    orders = {
        clean(str(name)): tuple(clean(_cell(path, str(name), one)) for one in kind.categories)
        for name, kind in frame.dtypes.items()
        if isinstance(kind, pd.CategoricalDtype) and kind.ordered
    }
    whole = pd.concat(texts, axis=1) if texts else pd.DataFrame(index=frame.index)
    return whole, orders, notes


def _with_index(
    path: Path, frame: pd.DataFrame, known: Sequence[str], any_column: bool
) -> tuple[pd.DataFrame, list[str]]:
    notes = []
    for level in reversed(range(frame.index.nlevels)):
        name, values = frame.index.names[level], frame.index.get_level_values(level)
        if name is None and pd.api.types.is_integer_dtype(values.dtype):
            continue
        if name is None:
            notes.append("the index has no name and is not read")
        elif name in frame.columns:
            raise DataError(f"{path.name}: row 1: two columns {name!r}, one of them an index")
        elif any_column or name in known:
            frame = frame.assign(**{str(name): values})
        else:
            notes.append(f"the index {name!r} is not read")
    return frame, notes


def _as_text(path: Path, name: str, column: pd.Series) -> pd.Series:
    values = column.astype(object)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        there = column.dropna()
        if (there == there.dt.normalize()).all():
            values = column.dt.date.astype(object)
    cells = [
        "" if missing else _cell(path, name, value)
        for value, missing in zip(values, column.isna(), strict=True)
    ]
    return pd.Series(cells, index=column.index, name=name, dtype=str)


def _cell(path: Path, name: str, value: object) -> str:
    """A value as it would be in a CSV file."""
    if isinstance(value, float | np.floating):
        number = float(str(value))  # the fewest digits that tell it, of four bytes too
        return str(int(number)) if number.is_integer() and abs(number) < _EXACT else str(number)
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise DataError(f"{path.name}: the column {name!r} holds bytes, not text") from error
    if isinstance(value, list | dict | tuple | set | np.ndarray):
        raise DataError(f"{path.name}: the column {name!r} holds several values in a cell")
    return str(value)
