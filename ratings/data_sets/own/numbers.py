"""Numbers in the cells of a user's table, with a decimal point or comma, and odd ones."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray
from ratings.data_sets.own.words import times

_WHOLE = r"[+-]?\d+"
_POWER = r"([eE][+-]?\d+)?"
_OF_POINT = re.compile(
    rf"[+-]?(\d+\.?\d*|\.\d+){_POWER}|[+-]?[1-9]\d{{0,2}}(,\d{{3}})+(\.\d+)?|"
    r"[+-]?[1-9]\d{0,2}([ ']\d{3})+(\.\d+)?"
)
_OF_COMMA = re.compile(
    rf"{_WHOLE}{_POWER}|[+-]?\d*,\d+{_POWER}|[+-]?[1-9]\d{{0,2}}(\.\d{{3}})+(,\d+)?|"
    r"[+-]?[1-9]\d{0,2}([ ']\d{3})+(,\d+)?"
)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
# Codes that surveys give to missing answers.
_CODES = re.compile(r"-?(7+|8+|9+|9+[78]|6{2,})|-[1-9]")


@dataclass(frozen=True)
class Numbers:
    """A column read as numbers.

    Attributes:
        values: finite numbers by row, NaN for anything else.
        note: how cells were read that can be read in two ways, such as 1,234.
        mixed: where all cells are numbers, the row of the first with a decimal point among decimal
            commas, or the reverse.
    """

    values: pd.Series
    note: str | None = None
    mixed: int | None = None


def read_numbers(column: pd.Series, mark: str = ",") -> Numbers:
    """Numbers of a column of text, with a decimal point or a decimal comma.

    All cells of a column are of one kind, whichever reads more of them: 1,234.5 or 1.234,5. Where
    both read all, as in 1,234, the comma parts decimals in a file whose columns it does not part.

    Args:
        column: text by row, NaN where missing.
        mark: between the columns of the file.

    >>> read_numbers(pd.Series(["0,5", "1.234,5"]), ";").values.tolist()
    [0.5, 1234.5]
    """
    texts = {text: _even(str(text)) for text in column.dropna().unique()}
    point = {text: _value(even, ".") for text, even in texts.items()}
    comma = {text: _value(even, ",") for text, even in texts.items()}
    read = {
        kind: sum(value is not None for value in found.values())
        for kind, found in ((".", point), (",", comma))
    }
    with_comma = any("," in even for even in texts.values())
    if read["."] != read[","]:
        decimal = max(read, key=lambda kind: read[kind])
    else:
        decimal = "," if with_comma and mark != "," else "."
    chosen, other = (point, comma) if decimal == "." else (comma, point)
    values = column.map({text: np.nan if v is None else v for text, v in chosen.items()})
    odd = [text for text in texts if chosen[text] is None]
    two_ways = bool(odd) and all(other[text] is not None for text in odd)
    mixed = int(column.index[column == odd[0]][0]) if two_ways else None
    return Numbers(values.astype(float), _doubt(column, texts, chosen, other, mark), mixed)


def _even(text: str) -> str:
    """Digits and signs in their plain forms."""
    even = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")
    return re.sub("[\u2019\u00b4`]", "'", even)


def _value(text: str, decimal: str) -> float | None:
    if not (_OF_POINT if decimal == "." else _OF_COMMA).fullmatch(text):
        return None
    between = "," if decimal == "." else "."
    value = float(re.sub(rf"[ '{between}]", "", text).replace(",", "."))
    return value if np.isfinite(value) else None


def _doubt(
    column: pd.Series,
    texts: dict[str, str],
    chosen: dict[str, float | None],
    other: dict[str, float | None],
    mark: str,
) -> str | None:
    """How the first cell was read, where every cell with a mark could be read otherwise."""
    marked = [text for text, even in texts.items() if "," in even or "." in even]
    if not marked or not all(_GROUPED.fullmatch(texts[text]) for text in marked):
        return None
    if any(chosen[text] is None or other[text] is None for text in texts):
        return None
    if mark == "," and not any("," in texts[text] for text in marked):
        return None  # a point in a file with commas is a decimal point
    text = marked[0]
    return f"row {column.index[column == text][0]}: {text!r} is read as {chosen[text]:.10g}"


def far_ratings(numbers: pd.Series) -> list[str]:
    """A line where ratings lie far above all others, and stretch the scale.

    Args:
        numbers: whole numbers from 1, indexed by their row.

    >>> far_ratings(pd.Series([1.0, 2.0, 3.0, 9.0, 9.0], index=range(2, 7)))[0][:51]
    'row 5: the rating 9 (2 times) makes a scale of 9 ch'
    """
    values, far = np.sort(numbers.unique()), np.array([])
    while len(values) > 1 and (end := _end_of_scale(values)) < len(values):
        values, far = values[:end], np.concatenate([values[end:], far])
    notes = []
    for value in far:
        rows = numbers.index[numbers == value]
        often, advice = "", ""
        if len(rows) > 1:  # once it looks like a slip, several times like a code
            often = f" ({times(len(rows))})"
            advice = "; leave the cells empty if it stands for a missing answer"
        notes.append(
            f"row {rows[0]}: the rating {value:.0f}{often} makes a scale of {value:.0f} choices; "
            f"all others are {values[-1]:.0f} or less{advice}"
        )
    return notes


def _end_of_scale(values: FloatArray) -> int:
    """How many of two or more ascending values come before a gap that no scale has."""
    gaps = np.diff(values)
    widest = int(np.argmax(gaps))
    below, above = values[: widest + 1], values[widest + 1 :]
    if len(below) == below[-1] > 2 and all(_CODES.fullmatch(f"{value:.0f}") for value in above):
        enough = 2.0  # 1 to K are all given, and then comes 9, or 99
    else:
        enough = 3 * gaps[:widest].max(initial=1)
        if len(below) < 3:  # too few to say how wide the steps are
            enough = max(enough, 2 * below[-1] + 1)
    return widest + 1 if gaps[widest] >= enough else len(values)


def far_numbers(numbers: pd.Series, name: str) -> list[str]:
    """A line for each number of a column that looks like a code for a missing answer.

    Such a number is a code that surveys use, such as 99 or -9, and lies apart from all others:
    by three times the widest step among these, or by more than that step below zero, where
    nothing else is.

    Args:
        numbers: indexed by row, NaN where missing.
        name: of the column.
    """
    there = numbers.dropna()
    values = np.sort(there.unique())
    codes = np.array([bool(_CODES.fullmatch(f"{value:.10g}")) for value in values])
    rest = values[~codes]
    if len(rest) < 2:  # such as ages 20 and 99, or a scale of 7, 8 and 9
        return []
    step = np.diff(values[(values >= rest[0]) & (values <= rest[-1])]).max()
    above, below = values[values > rest[-1]], values[values < rest[0]]
    # where nothing else is below zero, a step more than any other is enough
    down = np.nextafter(step, np.inf) if rest[0] >= 0 else 3 * step
    far = [*_beyond(above, rest[-1], 3 * step), *(-_beyond(-below[::-1], -rest[0], down))]
    notes = []
    for value in far:
        rows = there.index[there == value]
        notes.append(
            f"{name!r}: {value:g} ({times(len(rows))}, first: row {rows[0]}) counts as a number, "
            f"and the others lie from {rest[0]:g} to {rest[-1]:g}; leave the cell empty if it "
            "stands for a missing answer"
        )
    return notes


def _beyond(values: FloatArray, end: float, step: float) -> FloatArray:
    """Of ascending values above an end, those from the first on that is a step away."""
    apart = np.diff(values, prepend=end) >= step
    return values[np.argmax(apart) :] if apart.any() else values[:0]
