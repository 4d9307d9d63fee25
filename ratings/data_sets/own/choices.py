"""The choices behind a user's ratings, and the ratings as positions among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.data_sets.own.numbers import far_ratings, read_numbers
from ratings.data_sets.own.typo_hints import rare_labels
from ratings.data_sets.own.user_tables import OwnTable, RowError
from ratings.data_sets.own.words import (
    as_listed,
    at_most,
    clean,
    doubtful_notes,
    folded,
    one_spelling,
)
from ratings.errors import DataError

SEPARATOR = "|"
MOST_CHOICES = 127

Choices = dict[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Shared:
    """Choices of the instances that have none of their own.

    Attributes:
        labels: lowest first where there is an order.
        ordered: whether there is one.
        frame: the ratings, each label in one spelling.
        notes: what looks like a slip.
    """

    labels: tuple[str, ...]
    ordered: bool
    frame: pd.DataFrame
    notes: list[str] = field(default_factory=list)


def listed_choices(items: OwnTable) -> Choices:
    """The labels of instances that have choices of their own.

    Raises:
        RowError: where they are not two or more different labels.
    """
    if "choices" not in items.frame:
        return {}
    given = items.frame.dropna(subset=["instance", "choices"])
    rows = zip(given.index, given["instance"], given["choices"], strict=True)
    return {name: _labels(items, row, labels) for row, name, labels in rows}


def shared_choices(table: OwnTable, choices: Choices) -> Shared:
    """The choices of instances without any of their own.

    These are the categories, where Parquet keeps them in an order; the numbers from 1 to the
    largest, where all ratings are whole numbers; or the labels that occur, sorted.

    Raises:
        RowError: for a rating that is not a number where others are, or the reverse.
        DataError: when there are not two choices.
    """
    frame = table.frame
    ratings = frame.loc[~frame["instance"].isin(choices), "rating"]
    if ratings.empty:
        return Shared(("1", "2"), True, frame)
    if "rating" in table.orders:
        return Shared(*_of_categories(table, ratings, frame))
    numbers = read_numbers(ratings, table.mark).values
    if numbers.notna().any():
        labels = _scale(table, ratings, numbers)
        return Shared(labels, True, frame, at_most(far_ratings(numbers), "ratings far above"))
    spelt, notes = one_spelling(ratings, "the rating")
    labels = tuple(sorted(spelt.unique()))
    if len(labels) < 2:
        raise DataError(
            f"{table.path.name}: every rating is {labels[0]!r}; there must be two choices"
        )
    if len(labels) > MOST_CHOICES:
        raise DataError(
            f"{table.path.name}: {len(labels)} different labels; there may be {MOST_CHOICES} "
            "choices at most"
        )
    notes += [*doubtful_notes(spelt, "the rating"), *rare_labels(spelt)]
    whole = frame.assign(rating=spelt.reindex(frame.index).fillna(frame["rating"]))
    return Shared(labels, False, whole, at_most(notes, "labels"))


def positions(table: OwnTable, choices: Choices) -> tuple[npt.NDArray[np.int16], list[str]]:
    """N ratings as positions among the choices of their instances, and notes of other spellings.

    Raises:
        RowError: for a rating that is not one of them.
    """
    frame = table.frame
    kinds = list(dict.fromkeys(choices.values()))
    of_labels = {labels: number for number, labels in enumerate(kinds)}
    kind = frame["instance"].map({name: of_labels[c] for name, c in choices.items()}).to_numpy()
    out = np.zeros(len(frame), dtype=np.int16)
    notes: list[str] = []
    for number, labels in enumerate(kinds):
        of_kind = kind == number
        ratings, more = as_listed(frame["rating"][of_kind], labels, "the rating")
        out[of_kind] = _positions_from_1(ratings, labels, table.mark)
        notes += more
    if (out == 0).any():
        first = int(np.argmin(out))
        row = frame.iloc[first]
        raise RowError(
            table.path,
            int(frame.index[first]),
            f"the rating {row['rating']!r} is not one of the choices of {row['instance']!r}: "
            f"{', '.join(kinds[kind[first]])}",
        )
    return out, at_most(notes, "ratings spelt otherwise")


def _labels(items: OwnTable, row: int, text: str) -> tuple[str, ...]:
    labels = tuple(clean(label) for label in text.split(SEPARATOR))
    numbers = read_numbers(pd.Series(labels), items.mark).values.dropna()
    if not _different(labels) or "" in labels or not numbers.is_unique:
        raise RowError(
            items.path,
            row,
            f"the choices {text!r} are not two or more different labels separated by '{SEPARATOR}'",
        )
    return labels


def _different(labels: Sequence[str]) -> bool:
    """Whether there are two labels or more, and they differ in more than case, blanks and form."""
    return len(labels) >= 2 and len(set(map(folded, labels))) == len(labels)


def _of_categories(
    table: OwnTable, ratings: pd.Series, frame: pd.DataFrame
) -> tuple[tuple[str, ...], bool, pd.DataFrame, list[str]]:
    labels = table.orders["rating"]
    if not _different(labels) or len(labels) > MOST_CHOICES or "" in labels:
        raise DataError(
            f"{table.path.name}: the categories of the ratings, {', '.join(map(repr, labels))}, "
            f"are not two to {MOST_CHOICES} different labels"
        )
    unused = [label for label in labels if label not in set(ratings)]
    notes = [f"no rating is {label!r}, which counts as a choice" for label in unused]
    return labels, True, frame, at_most(notes, "categories that nobody chose")


def _scale(table: OwnTable, ratings: pd.Series, numbers: pd.Series) -> tuple[str, ...]:
    """The numbers from 1 to the largest; refuses what is not a whole number from 1 on."""
    wrong = ~((numbers >= 1) & (numbers == np.floor(numbers)))
    if wrong.any():
        labels = numbers.isna().mean() > 0.5  # blame the fewer
        row = int(ratings.index[numbers.notna() if labels else wrong][0])
        odd = "a number, and others are labels" if labels else "not a whole number from 1 on"
        raise _of_all(table, ratings, row, f"the rating {ratings.loc[row]!r} is {odd}")
    largest = numbers.max()
    if largest > MOST_CHOICES:
        row = int(numbers.index[int(numbers.argmax())])
        what = f"more than {MOST_CHOICES}, the largest number of choices"
        raise _of_all(table, ratings, row, f"the rating {largest:.0f} is {what}")
    return tuple(str(number) for number in range(1, max(2, int(largest)) + 1))


def _of_all(table: OwnTable, ratings: pd.Series, row: int, what: str) -> RowError:
    """The error for all rows with the same rating as this one."""
    alike = [int(other) for other in ratings.index[ratings == ratings.loc[row]]]
    rows = f"row {row}" + (f" and {len(alike) - 1} more" if len(alike) > 1 else "")
    return RowError(table.path, row, what, rows, alike)


def _positions_from_1(
    ratings: pd.Series, labels: Sequence[str], mark: str
) -> npt.NDArray[np.int16]:
    """Positions from 1; 0 where a rating is neither a label nor, for words, a position."""
    numbers = read_numbers(ratings, mark).values
    of_labels = read_numbers(pd.Series(labels), mark).values
    if of_labels.notna().all():
        positions = pd.Index(of_labels).get_indexer(pd.Index(numbers)) + 1
    else:
        positions = pd.Index(labels).get_indexer(pd.Index(ratings)) + 1
    if of_labels.isna().all():
        whole = numbers.where(numbers == np.floor(numbers))
        counted = whole.where(whole.between(1, len(labels)), 0).to_numpy()
        positions = np.where(positions > 0, positions, counted)
    out: npt.NDArray[np.int16] = positions.astype(np.int16)
    return out
