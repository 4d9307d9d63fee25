"""A user's own ratings: one row a rating, with tables of raters and instances."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.data_sets.data_set import TEXT, DataSet
from ratings.data_sets.own.choices import Choices, listed_choices, positions, shared_choices
from ratings.data_sets.own.raters import raters_of
from ratings.data_sets.own.user_tables import ENDINGS, OwnTable, RowError, all_told, read_own_table
from ratings.data_sets.own.words import (
    MOST_NOTES,
    at_most,
    counted,
    look_alikes,
    one_spelling,
    same_names,
)
from ratings.data_sets.sources import AT_LEAST
from ratings.errors import DataError, DataMissingError
from ratings.sources.locations import resolve_from_start
from ratings.table import RatingTable

TASK = "A rater gives each item one of its choices."
MEASURED = "own"

_RATING = "rating"


def load_own_ratings(path: Path | str) -> tuple[DataSet, tuple[str, ...]]:
    """One's own ratings from a CSV or Parquet file, and notes of what was left out.

    The file has the columns `rater`, `instance` and `rating`. Beside it may lie
    `<stem>.raters.csv` with a column `rater`, whose other columns are demographics where they
    hold text and measured where they hold numbers, and `<stem>.instances.csv` with the columns
    `instance` and `text` and perhaps `choices` (labels separated by `|`, lowest first) and
    `group`; each may be Parquet instead. A row without a rating is not a rating.

    A rating is a label of its instance, or the position of one counted from 1; where the labels
    are numbers themselves, it is a label. Instances without `choices` share theirs: the
    categories, if Parquet keeps them in an order; else, if all of their ratings are whole numbers,
    the numbers from 1 to the largest, in order; else the labels that occur, sorted, and then the
    choices of the data set have no order.

    Words such as `NA` are missing, except where they are listed among the choices. Labels that
    differ in case, blanks or form of characters only are one. Names of raters and of instances
    stay as they are written; across two files they are the same where they differ only so.

    Rows are counted as in a spreadsheet: the header is row 1.

    Returns:
        The data set, of raters with at least four ratings, and one line for each thing that was
        left out, read as something else, or looks like a slip.

    Raises:
        DataError: a line for each thing that is wrong, with the file and the row.
    """
    path = resolve_from_start(str(path))
    if not path.is_file():
        raise DataMissingError(f"{path} is not there; give a CSV or Parquet file of ratings")
    slips: list[str] = []
    table = read_own_table(path, ["rater", "instance", _RATING], slips=slips)
    try:
        items = _beside(path, "instances", ["instance", TEXT], ["choices", "group"])
        people = _beside(path, "raters", ["rater"], None)
    except DataError as error:
        raise all_told(slips, str(error)) from error
    while len(slips) < MOST_NOTES:
        try:
            data, rated, notes = _load(table, items, people)
        except RowError as slip:
            slips.append(str(slip))
            if slip.path != path or len(table.frame) == len(slip.alike):
                raise all_told(slips) from slip
            table = table.of(table.frame.drop(index=slip.alike))
        except DataError as error:
            raise all_told(slips, str(error)) from error
        else:
            few = _few(rated, data.table.raters.index)
            if slips:
                raise all_told(slips, *few)
            return data.with_at_least(AT_LEAST), (*table.notes, *notes, *few)
    raise all_told(slips, f"{path.name}: there may be more; mend these first")


def _load(
    table: OwnTable, items: OwnTable | None, people: OwnTable | None
) -> tuple[DataSet, pd.DataFrame, list[str]]:
    """The data set of everybody, what was rated, and notes of what looks like a slip."""
    table, notes = _with_same_names(table, items, people)
    choices = listed_choices(items) if items else {}
    table, more = _with_ratings(table, choices)
    notes += [*table.missing_notes(but=[_RATING]), *more]
    table.refuse_blank(["rater", "instance"])
    table.refuse_rounded("rater")
    table.refuse_rounded("instance")
    table.refuse_repeated(["rater", "instance"])
    instances, more = _instances(table, items)
    notes += more
    if people is not None:
        table.refuse_unknown("rater", people)
    shared = shared_choices(table, choices)
    choices = {name: choices.get(name, shared.labels) for name in instances.index}
    rated, more = positions(table.of(shared.frame), choices)
    notes += [*shared.notes, *more]
    raters, kinds, more = raters_of(people, table.frame)
    numbers = tuple(name for name, number in kinds.items() if number)
    data = DataSet(
        name=table.path.stem,
        table=RatingTable(
            table.frame.assign(rating=rated), raters, instances, list(choices.values())
        ),
        task=TASK,
        ordered=shared.ordered,
        demographics=tuple(name for name in kinds if name not in numbers),
        measured={MEASURED: numbers} if numbers else {},
        groups="group" if "group" in instances else None,
    )
    return data, table.frame, [*notes, *more]


def _beside(
    path: Path, what: str, needed: Sequence[str], optional: Sequence[str] | None
) -> OwnTable | None:
    """The table of raters or of instances that lies next to the ratings, if there is one."""
    found = [path.with_name(f"{path.stem}.{what}{ending}") for ending in ENDINGS]
    found = [path for path in found if path.is_file()]
    if len(found) > 1:
        names = " and ".join(path.name for path in found)
        raise DataError(f"{names} are next to {path.name}; keep one of the two")
    return read_own_table(found[0], needed, optional) if found else None


def _with_same_names(
    table: OwnTable, items: OwnTable | None, people: OwnTable | None
) -> tuple[OwnTable, list[str]]:
    """The ratings with names as the other tables write them, and notes of look-alikes."""
    notes: list[str] = []
    for column, beside in (("instance", items), ("rater", people)):
        names = table.frame[column]
        if beside is None:
            notes += look_alikes(names.dropna(), column)
            continue
        known = beside.frame[column].dropna()
        alike = look_alikes(known, column)
        names, renamed = same_names(names, known, column)
        notes += [*(f"{beside.path.name}: {note}" for note in alike), *renamed]
        table = table.of(table.frame.assign(**{column: names}))
    return table, notes


def _with_ratings(table: OwnTable, choices: Choices) -> tuple[OwnTable, list[str]]:
    """The rows that have a rating; a word for missing is one where it is listed as a choice."""
    frame, words = table.frame, table.words[_RATING]
    words = words[words.index.isin(frame.index)]
    order = table.orders.get(_RATING, ())
    if choices or order:
        instances = frame["instance"].loc[words.index]
        meant = [
            word in choices.get(instance, order)
            for instance, word in zip(instances, words, strict=True)
        ]
        frame = frame.assign(rating=frame[_RATING].fillna(words[meant]))
        words = words[~np.array(meant, dtype=bool)]
    blank = frame[_RATING].isna()
    if blank.all():
        raise DataError(f"{table.path.name}: no row has a rating")
    if not blank.any():
        return table.of(frame), []
    rows = "row" if blank.sum() == 1 else "rows"
    note = f"{blank.sum()} {rows} without a rating left out (first: row {frame.index[blank][0]})"
    if len(words):
        note += f"; {counted(words)} missing, unless listed among the choices"
    return table.of(frame[~blank]), [note]


def _instances(table: OwnTable, items: OwnTable | None) -> tuple[pd.DataFrame, list[str]]:
    """I instances indexed by name with `text` and perhaps `group`, and notes."""
    if items is None:
        names = pd.Index(table.frame["instance"].unique(), name="instance")
        return pd.DataFrame({TEXT: names}, index=names), []
    table.refuse_unknown("instance", items)
    frame, notes = items.frame, [*items.notes, *items.missing_notes()]
    items.refuse_blank([TEXT, *(["group"] if "group" in frame else [])])
    if "group" in frame:
        group, more = one_spelling(frame["group"], "the group")
        frame = frame.assign(group=group)
        notes += at_most(more, "groups spelt otherwise")
    kept = [column for column in (TEXT, "group") if column in frame]
    return frame.set_index("instance")[kept], [f"{items.path.name}: {note}" for note in notes]


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
    if len(notes) > MOST_NOTES:
        notes[MOST_NOTES:] = [f"{len(notes) - MOST_NOTES} raters more; {left_out}"]
    return notes
