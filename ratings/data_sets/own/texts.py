"""Texts that raters wrote about instances: one row a text, and what is known of raters."""

from pathlib import Path

import numpy as np
import pandas as pd

from ratings.data_sets.data_set import TEXT
from ratings.data_sets.own.user_tables import ENDINGS, OwnTable, read_own_table
from ratings.data_sets.own.words import at_most, look_alikes, one_spelling, same_names
from ratings.data_sets.text_set import TextSet, text_set
from ratings.errors import DataError, DataMissingError
from ratings.sources.locations import resolve_from_start

TASK = "A rater writes a text about each item."
PROFILE = "profile"


def load_own_texts(path: Path | str) -> TextSet:
    """One's own texts from a CSV or Parquet file with the columns rater, instance and text.

    Beside it may lie `<stem>.raters.csv` (or Parquet) with a column `rater`: its other columns are
    demographics, but for `profile`, a description of the rater. Raters with fewer than four
    texts are left out.

    Raises:
        DataError: names the file, the row and what is wrong with it.
    """
    path = resolve_from_start(str(path))
    if not path.is_file():
        raise DataMissingError(f"{path} is not there; give a CSV or Parquet file of texts")
    table = read_own_table(path, ["rater", "instance", TEXT])
    table.refuse_blank(["rater", "instance", TEXT])
    table.refuse_rounded("rater")
    table.refuse_rounded("instance")
    people = _beside(path)
    table, notes = _with_same_names(table, people)
    table.refuse_repeated(["rater", "instance"])
    frame = table.frame
    raters, more = _raters(table, people)
    names = pd.Index(frame["instance"].unique(), name="instance")
    return text_set(
        path.stem,
        frame,
        raters,
        pd.DataFrame({TEXT: names}, index=names),
        task=TASK,
        demographics=[name for name in raters.columns if name != PROFILE],
        groundtruth=PROFILE if PROFILE in raters else None,
        notes=[*table.notes, *table.missing_notes(), *notes, *more],
    )


def _beside(path: Path) -> OwnTable | None:
    found = [path.with_name(f"{path.stem}.raters{ending}") for ending in ENDINGS]
    found = [path for path in found if path.is_file()]
    if len(found) > 1:
        both = " and ".join(path.name for path in found)
        raise DataError(f"{both} are next to {path.name}; keep one of the two")
    return read_own_table(found[0], ["rater"], None) if found else None


def _with_same_names(table: OwnTable, people: OwnTable | None) -> tuple[OwnTable, list[str]]:
    notes = look_alikes(table.frame["instance"], "instance")
    if people is None:
        return table, [*notes, *look_alikes(table.frame["rater"], "rater")]
    names, more = same_names(table.frame["rater"], people.frame["rater"].dropna(), "rater")
    return table.of(table.frame.assign(rater=names)), [*notes, *more]


def _raters(table: OwnTable, people: OwnTable | None) -> tuple[pd.DataFrame, list[str]]:
    names = pd.Index(table.frame["rater"].unique(), name="rater")
    if people is None:
        return pd.DataFrame(index=names), []
    table.refuse_unknown("rater", people)
    frame, notes = people.frame, [*people.notes, *people.missing_notes()]
    for name in frame.columns.drop(["rater", PROFILE], errors="ignore"):
        labels, more = one_spelling(frame[name], f"{name!r}:")
        frame = frame.assign(**{str(name): labels})
        notes += more
    out: pd.DataFrame = frame.set_index("rater").reindex(names)
    if PROFILE in out:
        out[PROFILE] = out[PROFILE].replace(np.nan, "")
    return out, [f"{people.path.name}: {note}" for note in at_most(notes, "columns of raters")]
