"""One file of PRISM, read with `datasets` into the codebook's types."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ratings.data_sets.sources import json_lines
from ratings.errors import DataError
from ratings.prism.codebook import TABLES, Kind, Variables, typed
from ratings.sources.hub import quiet
from ratings.sources.locations import cache_root

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Features

_STORED = {
    Kind.ID: "string",
    Kind.TEXT: "string",
    Kind.CATEGORY: "string",
    Kind.TIME: "string",
    Kind.FLAG: "bool",
    Kind.NUMBER: "float64",
}
_MESSAGE = {
    "turn": "int64",
    "role": "string",
    "content": "string",
    "model_provider": "string",
    "model_name": "string",
    "score": "int64",
    "if_chosen": "bool",
    "within_turn_id": "int64",
}
_OF_A_PROMPT = ("turn", "role", "content")
_SHOWN = 60


def read_table(name: str, path: Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The table of a file with one JSON object a line, in the codebook's types.

    It is read into the cache of `datasets` once, and from there until the file changes. Where
    `datasets` cannot read it, it is read line by line, to say which line is at fault.

    Args:
        name: `survey`, `conversations`, `utterances` or `metadata`.
        path: of the file.

    Returns:
        Rows in the order of the file, with ids as a column, and notes.

    Raises:
        DataError: names the file, and the line or row at fault.
    """
    from datasets import load_dataset
    from datasets.exceptions import DatasetsError

    variables = TABLES[name]
    _check_first_line(path, variables)
    features = _features(variables)
    notes: tuple[str, ...] = ()
    try:
        with _silent():
            data = load_dataset(
                "json",
                data_files=str(path),
                split="train",
                features=features,
                on_mixed_types=None,
                cache_dir=str(cache_root() / "datasets"),
            )
        table = data.data.table
    except (DatasetsError, ValueError, OSError):
        table, notes = _by_line(path, variables, features)
    return _typed(path, table, variables), notes


def _features(variables: Variables) -> "Features":
    """The layout of the release: objects in objects, by the codebook."""
    from datasets import Features, Json, List, Value

    layout: dict[str, Any] = {}
    for variable in variables.values():
        stored: Any
        if variable.key == "conversation_history":
            stored = List({key: Value(kind) for key, kind in _MESSAGE.items()})
        elif variable.kind is Kind.NESTED:
            stored = Json()
        elif variable.kind is Kind.WHOLE:
            stored = Value("float64" if variable.missing != 0 else "int64")
        else:
            stored = Value(_STORED[variable.kind])
        parent = layout if variable.nested is None else layout.setdefault(variable.nested, {})
        parent[variable.key] = stored
    return Features(layout)


def _check_first_line(path: Path, variables: Variables) -> None:
    """Make sure that the file has the fields of the codebook.

    Raises:
        DataError: names the file and the first field that is not there, and how many more.
    """
    first = next(json_lines(path), None)
    if first is None:
        raise DataError(f"{path} is empty")
    wanted = dict.fromkeys(variable.nested or variable.key for variable in variables.values())
    absent = [field for field in wanted if field not in first[1]]
    if absent:
        more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        raise DataError(f"{path} lacks the field {absent[0]!r}{more}")


def _by_line(
    path: Path, variables: Variables, features: "Features"
) -> tuple["pa.Table", tuple[str, ...]]:
    """The fields of the codebook, line by line, and a note of other fields."""
    from datasets import Dataset

    rows: list[dict[str, Any]] = []
    unknown: set[str] = set()
    for number, row in json_lines(path):
        kept: dict[str, Any] = {}
        for variable in variables.values():
            if variable.nested is None:
                kept[variable.key] = _known(row.get(variable.key))
                continue
            parent = row.get(variable.nested)
            if parent is not None and not isinstance(parent, dict):
                raise _not_right(path, number, variable.nested, parent)
            within = kept.setdefault(variable.nested, {})
            within[variable.key] = _known((parent or {}).get(variable.key))
        unknown |= set(row) - set(kept)
        rows.append(kept)
    _check_types(path, rows, variables)
    table = Dataset.from_list(rows, features=features).data.table
    note = f"{path.name}: not in the codebook and not read: {', '.join(sorted(unknown))}"
    return table, (note,) if unknown else ()


def _known(value: object) -> object:
    """None for a NaN, which is not JSON but is written by some."""
    return None if value != value else value


def _check_types(path: Path, rows: list[dict[str, Any]], variables: Variables) -> None:
    """Raise a DataError for the first value that is not of its variable's type."""
    for (number, _), row in zip(json_lines(path), rows, strict=True):
        for name, variable in variables.items():
            parent = row if variable.nested is None else row[variable.nested]
            value = parent[variable.key]
            if value is not None and not _fits(value, variable.kind):
                raise _not_right(path, number, name, value)


def _fits(value: object, kind: Kind) -> bool:
    if kind is Kind.NESTED:
        return isinstance(value, list | dict)
    if kind is Kind.FLAG:
        return isinstance(value, bool)
    if kind in (Kind.WHOLE, Kind.NUMBER):
        return isinstance(value, int | float)
    return isinstance(value, str | int | float)


def _not_right(path: Path, line: int, field: str, value: object) -> DataError:
    shown = json.dumps(value, ensure_ascii=False)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
    return DataError(f"{path}: line {line}: {field!r} cannot be {shown}")


def _typed(path: Path, table: "pa.Table", variables: Variables) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name, variable in variables.items():
        if variable.nested is None:
            column = table[variable.key].combine_chunks()
        else:
            column = table[variable.nested].combine_chunks().field(variable.key)
        always = variable.kind in (Kind.ID, Kind.FLAG, Kind.WHOLE) and variable.nested is None
        if always and variable.missing == 0 and column.null_count:
            row = column.is_null().index(True).as_py()
            raise DataError(f"{path}: line {row + 1} has no {name!r}")
        if variable.key == "conversation_history":
            columns[name] = [[_message(one) for one in each or ()] for each in column.to_pylist()]
        elif variable.kind is Kind.NESTED:
            columns[name] = [None if one is None else json.loads(one) for one in column.to_pylist()]
        elif variable.kind is Kind.TIME:
            given = column.to_pandas()
            columns[name] = pd.to_datetime(given, errors="coerce")
            odd = columns[name].isna() & given.notna()
            if odd.any():
                raise _not_right(path, int(odd.argmax()) + 1, name, given[odd].iloc[0])
        else:
            columns[name] = column.to_pandas()
    return typed(pd.DataFrame(columns), variables)


def _message(given: dict[str, Any]) -> dict[str, Any]:
    """A prompt without the fields that only replies have."""
    if given["role"] == "user":
        return {key: given[key] for key in _OF_A_PROMPT}
    return given


@contextmanager
def _silent() -> Iterator[None]:
    """Without what `datasets` prints; a fault is reported in one line by the caller."""
    from datasets.utils.logging import get_verbosity, set_verbosity

    before = get_verbosity()
    set_verbosity(logging.CRITICAL)
    try:
        with quiet():
            yield
    finally:
        set_verbosity(before)
