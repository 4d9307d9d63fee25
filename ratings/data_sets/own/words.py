"""Words in the cells of a user's table: which mean missing, and which are the same word twice."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import pandas as pd

# What R, Python, SQL, SAS, Stata, SPSS and spreadsheets write for a cell without a value.
MISSING_WORDS = frozenset(
    {"NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-nan", "NaT", ".", "\\N"}
    | {"NULL", "Null", "null", "None", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!"}
)
# What people write for it, and may as well be an answer.
NO_ANSWER_WORDS = frozenset(
    {"na", "n.a.", "n.a", "n.d.", "none", "nil", "missing", "unknown", "refused", "-", "--", "?"}
    | {"no answer", "not applicable", "don't know", "dk", "prefer not to say", "keine angabe"}
    | {"not asked", "not asked in survey", "missing; unknown", "not available"}
)
MOST_NOTES = 20

_NOTHING = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff"
_NO_SIGN = dict.fromkeys(map(ord, _NOTHING))
_EDGES = re.compile(rf"^[\s{_NOTHING}]+|[\s{_NOTHING}]+$")
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_SAME_SIGN = str.maketrans(
    {**dict.fromkeys("‘’‛´`", "'"), **dict.fromkeys("“”„", '"'), **dict.fromkeys("‐‑‒–—−", "-")}
)


def clean(text: str) -> str:
    r"""A cell without what does not show around it, and without Excel's mark of text.

    >>> clean(" \u00a0tea\u200b"), clean('="007"')
    ('tea', '007')
    """
    text = _EDGES.sub("", text)
    marked = _EXCEL_TEXT.fullmatch(text)
    return _EDGES.sub("", marked.group(1)) if marked else text


def folded(text: str) -> str:
    r"""The same for texts that differ in case, blanks or form of their characters only.

    >>> folded("Don\u2019t  KNOW") == folded("don't know")
    True
    """
    even = unicodedata.normalize("NFKC", text).translate(_SAME_SIGN).translate(_NO_SIGN)
    return unicodedata.normalize("NFKC", " ".join(even.split()).lower())


def folded_name(text: str) -> str:
    """As `folded`, and the same for numbers that differ in zeros before or `.0` behind only."""
    text = folded(text)
    number = re.fullmatch(r"0*(\d+)(\.0+)?", text)
    return number.group(1) if number else text


def mapped(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """A column of text with every cell changed; each different text is looked at once."""
    found = {text: change(text) for text in column.dropna().unique()}
    return column.map(found) if found else column


def times(count: int) -> str:
    """How often, in words.

    >>> times(1), times(3)
    ('once', '3 times')
    """
    return "once" if count == 1 else f"{count} times"


def at_most(notes: Sequence[str], what: str) -> list[str]:
    """Notes of one kind, not so many that they fill the screen."""
    if len(notes) <= MOST_NOTES:
        return list(notes)
    return [*notes[:MOST_NOTES], f"{len(notes) - MOST_NOTES} more notes: {what}"]


def counted(words: pd.Series) -> str:
    """Which words there are and how often, with the verb that follows.

    Args:
        words: by their row; at least one.

    >>> counted(pd.Series(["NA", "NA", "."], index=[3, 5, 9]))
    "'NA' (2 times) and '.' (once) count as"
    """
    parts = [f"{word!r} ({times(int(count))})" for word, count in words.value_counts().items()]
    return f"{' and '.join(parts)} {'count' if len(parts) > 1 else 'counts'} as"


def doubtful_notes(column: pd.Series, what: str) -> list[str]:
    """A line for each word that counts as an answer and may mean that there is none."""
    notes = []
    for word, rows in column.groupby(column, sort=False):
        if folded(str(word)) in NO_ANSWER_WORDS:
            notes.append(
                f"{what} {word!r} ({times(len(rows))}, first: row {rows.index[0]}) counts as an "
                "answer; leave the cell empty if there is none"
            )
    return notes


def one_spelling(column: pd.Series, what: str) -> tuple[pd.Series, list[str]]:
    """Labels that differ in case, blanks or form of characters only, written as the most frequent.

    Args:
        column: labels by row, NaN where missing.
        what: they are, for the notes.

    Returns:
        The column, and a line for each other spelling.
    """
    counts = column.value_counts(sort=False)
    groups: dict[str, list[str]] = {}
    for label in counts.index:
        groups.setdefault(folded(str(label)), []).append(str(label))
    meant: dict[str, str] = {}
    for labels in groups.values():
        if len(labels) > 1:
            most = min(labels, key=lambda label: (-counts[label], label.isupper(), label))
            kept = unicodedata.normalize("NFC", " ".join(most.split()))
            meant |= {label: kept for label in labels if label != kept}
    notes = [_read_as(column, what, label, kept) for label, kept in meant.items()]
    return (column.replace(meant) if meant else column), notes


def as_listed(column: pd.Series, listed: Iterable[str], what: str) -> tuple[pd.Series, list[str]]:
    """Labels that differ from a listed one in case, blanks or form only, written as listed.

    Returns:
        The column, and a line for each other spelling.
    """
    known = list(listed)
    of_key = {folded(label): label for label in known}
    meant = {
        str(label): of_key[folded(str(label))]
        for label in column.dropna().unique()
        if label not in known and folded(str(label)) in of_key
    }
    notes = [_read_as(column, what, label, kept) for label, kept in meant.items()]
    return (column.replace(meant) if meant else column), notes


def look_alikes(names: pd.Series, what: str) -> list[str]:
    """A line for each pair of names that look alike and count as two.

    Args:
        names: by row.
        what: they are names of.
    """
    first: dict[str, str] = {}
    notes = []
    for name in names.unique():
        other = first.setdefault(folded_name(str(name)), str(name))
        if other != name:
            rows = [names.index[names == one][0] for one in (other, name)]
            notes.append(
                f"{what}s {other!r} (row {rows[0]}) and {name!r} (row {rows[1]}) differ "
                f"{difference(other, str(name))} only, and count as two"
            )
    return at_most(notes, f"{what}s that look alike")


def same_names(names: pd.Series, known: pd.Series, what: str) -> tuple[pd.Series, list[str]]:
    """Names as another table writes them, where they differ in case, blanks, form or zeros only.

    A name is changed only if one single name on each side looks so.

    Args:
        names: by row.
        known: the names of the other table.
        what: they are names of.
    """
    there = set(known)
    absent = [str(name) for name in names.dropna().unique() if name not in there]
    if not absent:
        return names, []
    ours, theirs = _by_key(names), _by_key(known)
    meant = {}
    for name in absent:
        key = folded_name(name)
        if len(ours[key]) == 1 and len(theirs.get(key, [])) == 1:
            meant[name] = theirs[key][0]
    notes = [_read_as(names, what, name, other) for name, other in meant.items()]
    if len(notes) > 3:
        notes[1:] = [f"{len(notes) - 1} other {what}s are written otherwise in the same way"]
    return (names.replace(meant) if meant else names), notes


def difference(one: str, other: str) -> str:
    """In what two texts differ that are the same folded."""
    if one.lower() == other.lower():
        return "in case"
    if "".join(one.split()) == "".join(other.split()):
        return "in blanks"
    if unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other):
        return "in how letters with accents are stored (Unicode form)"
    if folded(one) != folded(other):
        return "in zeros"
    return "in case, blanks or form of characters"


def _by_key(names: pd.Series) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for name in names.dropna().unique():
        out.setdefault(folded_name(str(name)), []).append(str(name))
    return out


def _read_as(column: pd.Series, what: str, label: str, kept: str) -> str:
    rows = column.index[column == label]
    return (
        f"{what} {label!r} ({times(len(rows))}, first: row {rows[0]}) is read as {kept!r}; they "
        f"differ {difference(label, kept)} only"
    )
