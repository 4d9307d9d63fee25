"""A JSON file of a user's own, a list of objects, as a table of text."""

import json
from pathlib import Path

import pandas as pd

from ratings.data_sets.own.words import clean
from ratings.errors import DataError

_FIRST_ROW = 2  # the header being row 1, as in a spreadsheet


def read_own_json(path: Path) -> pd.DataFrame:
    """A row an object, a column a key, cells as text; null and absent cells are empty.

    Raises:
        DataError: when it is not a list of objects whose values are texts and numbers.
    """
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path.name} is not valid JSON: {error}") from error
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise DataError(f"{path.name} is not a list of objects, one a row")
    names = dict.fromkeys(name for row in found for name in row)
    rows = []
    for number, row in enumerate(found, start=_FIRST_ROW):
        odd = [name for name, cell in row.items() if not isinstance(cell, str | bool | None)]
        if odd:
            raise DataError(f"{path.name}: row {number}: {odd[0]!r} is not a text or a number")
        rows.append(["" if row.get(name) is None else clean(str(row[name])) for name in names])
    index = pd.RangeIndex(_FIRST_ROW, _FIRST_ROW + len(rows), name="row")
    columns = [clean(name) for name in names]
    return pd.DataFrame(rows, index=index, columns=columns, dtype=str)
