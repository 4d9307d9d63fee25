"""A user's own ratings: one row a rating, and what is known of raters and instances beside it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.data_sets.data_set import TEXT, DataSet
from ratings.data_sets.own_slips import lone_maximum, rare_labels
from ratings.data_sets.own_table import (
    ENDINGS,
    RowError,
    all_told,
    known_rows,
    read_own_table,
    refuse_blank,
    refuse_repeated,
)
from ratings.data_sets.sources import AT_LEAST
from ratings.errors import DataError, DataMissingError
from ratings.locations import resolve_from_start
from ratings.table import RatingTable

TASK = "A rater gives each item one of its choices."
MEASURED = "own"

_RATING = "rating"
_SEPARATOR = "|"
_MOST_CHOICES = 127
_MOST_NOTES = 20

Choices = dict[str, tuple[str, ...]]


def load_own_ratings(path: Path | str) -> tuple[DataSet, tuple[str, ...]]:
    """One's own ratings from a CSV or Parquet file, and notes of what was left out.

    The file has the columns `rater`, `instance` and `rating`. Beside it may lie
    `<stem>.raters.csv` with a column `rater`, whose other columns are demographics where they
    hold text and measured where they hold numbers, and `<stem>.instances.csv` with the columns
    `instance` and `text` and perhaps `choices` (labels separated by `|`, lowest first) and
    `group`; each may be Parquet instead. A row without a rating is not a rating.

    A rating is a label of its instance, or the place of one counted from 1; where the labels
    are numbers themselves, it is a label. Instances without `choices` share theirs: if all of
    their ratings are whole numbers, these are the numbers from 1 to the largest, in order, else
    the labels that occur, sorted, and then the choices of the data set have no order.

    Rows are counted as in a spreadsheet: the header is row 1.

    Returns:
        The data set, of raters with at least four ratings, and one line for each thing left out.

    Raises:
        DataError: a line for each thing that is wrong, with the file and the row.
    """
    path = resolve_from_start(str(path))
    if not path.is_file():
        raise DataMissingError(f"{path} is not there; give a CSV or Parquet file of ratings")
    slips: list[str] = []
    whole = read_own_table(path, ["rater", "instance", _RATING], slips=slips)
    frame, notes = _with_ratings(path, whole)
    while len(slips) < _MOST_NOTES:
        try:
            data, more = _load(path, frame)
        except RowError as slip:
            slips.append(str(slip))
            if slip.path != path or len(frame) == 1:
                raise all_told(slips) from slip
            frame = frame.drop(index=slip.row)
        except DataError as error:
            raise all_told(slips, str(error)) from error
        else:
            few = _few(whole.dropna(), data.table.raters.index)
            if slips:
                raise all_told(slips, *few)
            return data.with_at_least(AT_LEAST), (*notes, *more, *few)
    raise all_told(slips, f"{path.name}: there may be more; mend these first")


def _load(path: Path, frame: pd.DataFrame) -> tuple[DataSet, list[str]]:
    """The data set of everybody, and notes of what looks like a slip."""
    refuse_blank(path, frame, ["rater", "instance"])
    refuse_repeated(path, frame, ["rater", "instance"])
    instances, choices = _instances(path, frame)
    shared, in_order, notes = _shared_choices(path, frame, choices)
    choices = {name: choices.get(name, shared) for name in instances.index}
    ratings = frame.assign(rating=_positions(path, frame, choices))
    raters, kinds, more = _raters(path, frame)
    numbers = tuple(name for name, number in kinds.items() if number)
    data = DataSet(
        name=path.stem,
        table=RatingTable(ratings, raters, instances, list(choices.values())),
        task=TASK,
        ordered=in_order,
        demographics=tuple(name for name in kinds if name not in numbers),
        measured={MEASURED: numbers} if numbers else {},
        groups="group" if "group" in instances else None,
    )
    return data, [*notes, *more]


def _with_ratings(path: Path, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    blank = frame[_RATING].isna()
    if blank.all():
        raise DataError(f"{path.name}: no row has a rating")
    if not blank.any():
        return frame, []
    rows = "row" if blank.sum() == 1 else "rows"
    note = f"{blank.sum()} {rows} without a rating left out (first: row {frame.index[blank][0]})"
    return frame[~blank], [note]


def _instances(path: Path, frame: pd.DataFrame) -> tuple[pd.DataFrame, Choices]:
    """I instances indexed by name with `text` and perhaps `group`, and the choices of some."""
    beside = _beside(path, "instances")
    if beside is None:
        names = pd.Index(frame["instance"].unique(), name="instance")
        return pd.DataFrame({TEXT: names}, index=names), {}
    table = read_own_table(beside, ["instance", TEXT], ["choices", "group"])
    known_rows(path, frame, beside, table, "instance")
    refuse_blank(beside, table, [TEXT, *(["group"] if "group" in table else [])])
    choices = {}
    if "choices" in table:
        given = table.dropna(subset="choices")
        for row, name, labels in zip(given.index, given["instance"], given["choices"], strict=True):
            choices[name] = _labels(beside, row, labels)
    kept = [column for column in (TEXT, "group") if column in table]
    return table.set_index("instance")[kept], choices


def _labels(path: Path, row: int, text: str) -> tuple[str, ...]:
    labels = tuple(label.strip() for label in text.split(_SEPARATOR))
    numbers = _number(pd.Series(labels)).dropna()
    if len(labels) < 2 or "" in labels or len(set(labels)) < len(labels) or not numbers.is_unique:
        raise RowError(
            path,
            row,
            f"the choices {text!r} are not two or more different labels separated by "
            f"'{_SEPARATOR}'",
        )
    return labels


def _shared_choices(
    path: Path, frame: pd.DataFrame, choices: Choices
) -> tuple[tuple[str, ...], bool, list[str]]:
    """Choices of instances without any of their own, whether all choices have an order, notes."""
    without = frame[~frame["instance"].isin(choices)]
    if without.empty:
        return ("1", "2"), True, []
    ratings = without[_RATING]
    numbers = _whole(ratings)
    if numbers.isna().all():
        return _distinct(path, ratings), False, rare_labels(ratings)
    wrong = ~(numbers >= 1)
    if wrong.any():
        # blame the fewer: a number among labels, or a label among numbers
        labels = wrong.mean() > 0.5
        row = int(without.index[~wrong if labels else wrong][0])
        odd = "a number, and others are labels" if labels else "not a whole number from 1 on"
        raise RowError(path, row, f"the rating {ratings.loc[row]!r} is {odd}")
    if numbers.max() > _MOST_CHOICES:
        what = f"more than {_MOST_CHOICES}, the largest number of choices"
        row = int(numbers.index[int(numbers.argmax())])
        raise RowError(path, row, f"the rating {numbers.max():.0f} is {what}")
    shared = tuple(str(number) for number in range(1, max(2, int(numbers.max())) + 1))
    return shared, True, lone_maximum(numbers)


def _distinct(path: Path, ratings: pd.Series) -> tuple[str, ...]:
    labels = tuple(sorted(ratings.unique()))
    if len(labels) < 2:
        raise DataError(f"{path.name}: every rating is {labels[0]!r}; there must be two choices")
    return labels


def _positions(path: Path, frame: pd.DataFrame, choices: Choices) -> npt.NDArray[np.int16]:
    """N ratings as places among the choices of their instances."""
    kinds = list(dict.fromkeys(choices.values()))
    of_labels = {labels: number for number, labels in enumerate(kinds)}
    of_instance = {name: of_labels[labels] for name, labels in choices.items()}
    kind = frame["instance"].map(of_instance).to_numpy()
    out = np.zeros(len(frame), dtype=np.int16)
    for number, labels in enumerate(kinds):
        of_kind = kind == number
        out[of_kind] = _places(frame[_RATING][of_kind], labels)
    if (out == 0).any():
        first = int(np.argmin(out))
        row = frame.iloc[first]
        raise RowError(
            path,
            int(frame.index[first]),
            f"the rating {row[_RATING]!r} is none of the choices of {row['instance']!r}: "
            f"{', '.join(kinds[kind[first]])}",
        )
    return out


def _places(ratings: pd.Series, labels: Sequence[str]) -> npt.NDArray[np.int16]:
    """Places from 1; 0 where a rating is neither a label nor, for labels in words, a place."""
    numbers, of_labels = _number(ratings), _number(pd.Series(labels))
    if of_labels.notna().all():
        places = pd.Index(of_labels).get_indexer(pd.Index(numbers)) + 1
    else:
        places = pd.Index(labels).get_indexer(pd.Index(ratings)) + 1
    if of_labels.isna().all():
        counted = numbers.where(_whole(ratings).between(1, len(labels)), 0).to_numpy()
        places = np.where(places > 0, places, counted)
    out: npt.NDArray[np.int16] = places.astype(np.int16)
    return out


def _raters(path: Path, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, bool], list[str]]:
    """R raters, for each column whether it holds numbers, and notes of what looks like a slip."""
    beside = _beside(path, "raters")
    if beside is None:
        return pd.DataFrame(index=pd.Index(frame["rater"].unique(), name="rater")), {}, []
    table = read_own_table(beside, ["rater"], None)
    known_rows(path, frame, beside, table, "rater")
    notes: list[str] = []
    numeric: dict[str, bool] = {}
    for name in table.columns.drop("rater"):
        numbers = _number(table[name])
        odd = table[name].notna() & numbers.isna()
        numeric[str(name)] = bool(table[name].notna().any() and not odd.any())
        if numeric[str(name)]:
            table[name] = numbers
        elif odd.mean() < 0.1 and odd.any():
            row = table.index[odd][0]
            notes.append(
                f"{beside.name}: {name!r} counts as text because of row {row}: "
                f"{table[name].loc[row]!r} is not a number"
            )
    return table.set_index("rater"), numeric, notes


def _few(frame: pd.DataFrame, raters: pd.Index) -> list[str]:
    """A line for each rater with fewer ratings than are used, with the row of the first."""
    rows = pd.Series(frame.index, index=frame["rater"]).groupby(level=0)
    found = pd.DataFrame({"count": rows.size(), "first": rows.min()}).reindex(raters)
    few = found[~(found["count"] >= AT_LEAST)]
    left_out = f"raters with fewer than {AT_LEAST} are left out"
    notes = []
    for rater, count, row in zip(few.index, few["count"].fillna(0), few["first"], strict=True):
        where = {0: "no rating", 1: f"1 rating (row {row:.0f})"}
        has = where.get(int(count), f"{count:.0f} ratings (from row {row:.0f} on)")
        notes.append(f"rater {str(rater)!r} has {has}; {left_out}")
    if len(notes) > _MOST_NOTES:
        notes[_MOST_NOTES:] = [f"{len(notes) - _MOST_NOTES} raters more; {left_out}"]
    return notes


def _number(column: pd.Series) -> pd.Series:
    """Finite numbers, NaN for anything else."""
    numbers = pd.to_numeric(column, errors="coerce")
    return numbers.where(np.isfinite(numbers))


def _whole(column: pd.Series) -> pd.Series:
    """Whole numbers, NaN for anything else."""
    numbers = _number(column)
    return numbers.where(numbers == np.floor(numbers))


def _beside(path: Path, what: str) -> Path | None:
    """The file of raters or of instances that lies beside the ratings, if there is one."""
    found = [path.with_name(f"{path.stem}.{what}{ending}") for ending in ENDINGS]
    found = [place for place in found if place.is_file()]
    if len(found) > 1:
        names = " and ".join(place.name for place in found)
        raise DataError(f"{names} lie beside {path.name}; keep one of the two")
    return found[0] if found else None
