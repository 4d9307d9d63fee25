"""What the loaders of public data sets share: reading their files, and making a table of them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.data_sets.data_set import TEXT, DataSet
from ratings.data_sets.from_hub import copy_from_hub
from ratings.errors import DataError, DataMissingError
from ratings.sources.cards import Card
from ratings.sources.fetch import check_terms
from ratings.sources.locations import mirror_root
from ratings.table import RatingTable

AT_LEAST = 4
_UNSAID = {"", "nan", "none", "refused", "prefer not to say", "prefer not to answer"}
_YES_NO = {"True": "yes", "False": "no"}


def requested_file(card: Card, name: str) -> Path:
    """Where the file lies that the user got from its owner: `VALUEGAUGE_DATA/<card id>/<name>`.

    Raises:
        TermsError: when the card has terms that the user has not yet accepted.
        DataMissingError: when the file is not there; says where to get it and where to put it.
    """
    mirror = mirror_root()
    path = f"VALUEGAUGE_DATA/{card.id}/{name}" if mirror is None else mirror / card.id / name
    if mirror is None or not Path(path).is_file():
        unset = " (VALUEGAUGE_DATA is not set)" if mirror is None else ""
        raise DataMissingError(
            f"{card.id}: get {Path(name).name} from {card.by_request} and put it at "
            f"{path}{unset}; the card's prose says more"
        )
    check_terms(card)
    return Path(path)


def requested_table(card: Card, name: str) -> tuple[Path, str | None]:
    """A file that the user got from its owner, or the copy that was fetched from the hub.

    Returns:
        Where it lies, and the commit of the hub that it is of; None for a file by hand, which
        comes first.

    Raises:
        TermsError: when the card has terms that the user has not yet accepted.
        DataMissingError: when there is neither; says where to get it and where to put it.
    """
    try:
        return requested_file(card, name), None
    except DataMissingError as error:
        found = copy_from_hub(card)
        if found is None:
            raise DataMissingError(
                f"{error}. Or accept the conditions there, log in with `hf auth login` and run "
                f"`valuegauge data fetch {card.id} --accept-terms`"
            ) from error
        check_terms(card)
        return found


def read_csv(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Columns of a CSV file as text, in the order asked for; NaN where a cell is empty.

    Raises:
        DataError: when the file is not such a CSV or lacks a column.
    """
    try:
        header = pd.read_csv(path, nrows=0, index_col=False).columns
        require_columns(path, header, columns)
        frame = pd.read_csv(
            path,
            usecols=list(columns),
            dtype=str,
            index_col=False,
            keep_default_na=False,
            na_values=[""],
        )
    except ValueError as error:
        raise DataError(f"{path} cannot be read as a CSV file: {one_line(error)}") from error
    return frame[list(columns)]


def json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with one JSON object a line, each with the number of its line.

    Raises:
        DataError: when a line is not a JSON object in UTF-8; names it.
    """
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except UnicodeDecodeError as error:
                raise DataError(f"{path}: line {number} is not text in UTF-8") from error
            except json.JSONDecodeError as error:
                raise DataError(f"{path}: line {number} is not JSON: {one_line(error)}") from error
            if not isinstance(row, dict):
                raise DataError(f"{path}: line {number} is not a JSON object")
            yield number, row


def read_json_lines(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Fields of a file with one JSON object a line; NaN or None where an object lacks one.

    Raises:
        DataError: when a line is not a JSON object, or no object has one of the fields.
    """
    frame = pd.DataFrame([row for _, row in json_lines(path)])
    require_columns(path, frame.columns, columns)
    return frame[list(columns)]


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A Parquet file, or some of its columns.

    Raises:
        DataError: when pyarrow is not installed, the file is not a Parquet file, or lacks a column.
    """
    try:
        if columns is not None:
            from pyarrow.parquet import read_schema

            require_columns(path, read_schema(path).names, columns)
        return pd.read_parquet(path, columns=None if columns is None else list(columns))
    except DataError:
        raise
    except ImportError as error:
        raise DataError(
            f"{path}: reading Parquet needs pyarrow; install it with `pip install pyarrow`"
        ) from error
    except Exception as error:  # a damaged file makes pyarrow raise whatever it comes upon
        raise DataError(f"{path} cannot be read as a Parquet file: {one_line(error)}") from error


def require_columns(path: Path, found: Iterable[object], wanted: Sequence[str]) -> None:
    """Make sure that a file has its columns.

    Raises:
        DataError: names the file, the first column that is not there, and how many more.
    """
    there = set(map(str, found))
    absent = [name for name in wanted if name not in there]
    if absent:
        more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        raise DataError(f"{path} lacks the column {absent[0]!r}{more}")


def positions(
    path: Path, column: str, values: pd.Series, labels: Sequence[str]
) -> npt.NDArray[np.int16]:
    """N answers as positions among the labels, counted from 1, whatever their case.

    Raises:
        DataError: names the file, the column and the first answer that is not a label.
    """
    positions = pd.Index([label.casefold() for label in labels]).get_indexer(
        pd.Index(values.astype(str).str.strip().str.casefold())
    )
    if (positions < 0).any():
        odd = values.iloc[int(np.argmax(positions < 0))]
        raise DataError(
            f"{path}: the column {column!r} holds {str(odd)!r}, which is not one of "
            f"{', '.join(labels)}"
        )
    return (positions + 1).astype(np.int16)


def said(frame: pd.DataFrame, by: str, columns: Sequence[str]) -> pd.DataFrame:
    """What raters said of themselves, as labels: R rows indexed by rater, the first row of each.

    Missing where the cell is empty, or where somebody refused or preferred not to say.
    """
    first = frame.drop_duplicates(by).set_index(by)[list(columns)]
    labels = first.astype(str).apply(lambda column: column.str.strip())
    unsaid = first.isna() | labels.apply(lambda column: column.str.casefold().isin(_UNSAID))
    given: pd.DataFrame = labels.replace(_YES_NO).mask(unsaid)
    return given


def table_of(ratings: pd.DataFrame, raters: pd.DataFrame, choices: Sequence[str]) -> RatingTable:
    """A table of N ratings with columns `rater`, `instance`, `rating` and `text`.

    Of several ratings by one rater of one instance the first is kept.
    """
    once = ratings.drop_duplicates(["rater", "instance"])
    instances = once.drop_duplicates("instance").set_index("instance")[[TEXT]]
    return RatingTable(once, raters, instances, choices)


def of_active_raters(data: DataSet, at_least: int = AT_LEAST) -> DataSet:
    """The data set without raters who gave fewer ratings, and without what nobody left rated.

    Source: Value Profiles, section 11, for all data sets: at least four ratings.

    Raises:
        DataError: when nobody is left.
    """
    kept = data.with_at_least(at_least)
    rated = kept.table.ratings["instance"].cat.remove_unused_categories().cat.categories
    return replace(kept, table=kept.table.select(instances=rated))


def one_line(error: Exception) -> str:
    """An error's message without line breaks."""
    return " ".join(str(error).split())
