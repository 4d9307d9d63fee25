"""What a user knows of raters: numbers are measured, text is a demographic."""

import pandas as pd

from ratings.data_sets.own.numbers import far_numbers, read_numbers
from ratings.data_sets.own.user_tables import OwnTable, RowError
from ratings.data_sets.own.words import at_most, one_spelling

_WITH_UNIT = r"[$€£¥]?\s*[+-]?\d[\d.,]*\s*[%$€£¥]?"


def raters_of(
    people: OwnTable | None, rated: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, bool], list[str]]:
    """R raters, for each column whether it holds numbers, and notes of what looks like a slip.

    Args:
        people: the table of raters; None where there is none.
        rated: the ratings, with a column `rater`.

    Raises:
        RowError: where a column has numbers with a decimal point and others with a decimal comma.
    """
    if people is None:
        return pd.DataFrame(index=pd.Index(rated["rater"].unique(), name="rater")), {}, []
    notes = [*people.notes, *people.missing_notes(but=["rater"])]
    numeric: dict[str, bool] = {}
    columns = {"rater": people.frame["rater"]}
    for name in map(str, people.frame.columns.drop("rater")):
        columns[name], numeric[name], more = _column(people, name)
        notes += more
    notes = at_most(notes, "columns of raters")
    table = pd.DataFrame(columns).set_index("rater")
    return table, numeric, [f"{people.path.name}: {note}" for note in notes]


def _column(people: OwnTable, name: str) -> tuple[pd.Series, bool, list[str]]:
    """A column, whether it holds numbers, and notes."""
    texts = people.frame[name]
    found = read_numbers(texts, people.mark)
    if found.mixed is not None:
        cell = texts.loc[found.mixed]
        kinds = ("comma", "point") if "," in cell else ("point", "comma")
        what = f"{name!r}: {cell!r} has a decimal {kinds[0]}, and others have a decimal {kinds[1]}"
        raise RowError(people.path, found.mixed, what)
    there = texts.notna()
    odd = there & found.values.isna()
    if there.any() and not odd.any():
        note = [f"{name!r}: {found.note}"] if found.note else []
        return found.values, True, [*note, *far_numbers(found.values, name)]
    labels, notes = one_spelling(texts, f"{name!r}:")
    numbers = there & ~odd
    if numbers.any() and odd.sum() <= numbers.sum():
        row, more = texts.index[odd][0], odd.sum() - 1
        rows = f"row {row}" + (f" and {more} more" if more else "")
        notes.append(
            f"{name!r} counts as text because of {rows}: {texts.loc[row]!r} is not a number"
        )
    elif numbers.any():
        row, cells = texts.index[numbers][0], numbers.sum()
        are = "1 cell is a number" if cells == 1 else f"{cells} cells are numbers"
        notes.append(f"{name!r} counts as text; {are} (first: row {row}: {texts.loc[row]!r})")
    elif there.any() and texts[there].str.fullmatch(_WITH_UNIT).all():
        row = texts.index[there][0]
        notes.append(
            f"{name!r} counts as text: {texts.loc[row]!r} (row {row}) is not a plain number"
        )
    return labels, False, notes
