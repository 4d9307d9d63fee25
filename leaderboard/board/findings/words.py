"""Small parts of sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

from ratings.output.text import one_line, shortened

_LONGEST_NAME = 80


def counted(number: int, one: str, several: str | None = None) -> str:
    """A number and what is counted.

    >>> counted(1, "model"), counted(3120, "answer"), counted(2, "person", "people")
    ('1 model', '3,120 answers', '2 people')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def some_of(number: int, total: int, several: str) -> str:
    """How many of a total.

    >>> some_of(3, 10, "values"), some_of(0, 10, "values")
    ('3 of 10 values', 'none of 10 values')
    """
    return f"{f'{number:,}' if number else 'none'} of {total:,} {several}"


def pairs_differ(differ: int, tested: int, noun: str) -> str:
    """How many of several pairs differ.

    >>> pairs_differ(1, 3, "model"), pairs_differ(2, 3, "rater")
    ('1 of 3 pairs of models differs', '2 of 3 pairs of raters differ')
    """
    verb = "differ" if differ > 1 else "differs"
    return f"{some_of(differ, tested, f'pairs of {noun}s')} {verb}"


def listed(names: Sequence[str]) -> str:
    """Names with commas and an `and`.

    >>> listed(["Power", "Security", "Hedonism"]), listed(["Power"])
    ('Power, Security and Hedonism', 'Power')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def called(row: Mapping[str, Any]) -> str:
    """A row's name in a sentence: on one line, and no longer than one."""
    return shortened(one_line(str(row["name"])), _LONGEST_NAME)


def capital(sentence: str) -> str:
    """A sentence that begins with a capital letter."""
    return sentence[:1].upper() + sentence[1:]


def figure(value: float, places: int) -> str:
    """A number with so many places; no minus before a zero.

    >>> figure(-0.001, 2), figure(12.345, 1)
    ('0.00', '12.3')
    """
    return f"{round(value, places) + 0.0:.{places}f}"


def between(estimate: Mapping[str, Any], places: int) -> str | None:
    """An interval in words, or None where there is none."""
    if estimate["low"] is None or estimate["high"] is None:
        return None
    return f"{figure(estimate['low'], places)} to {figure(estimate['high'], places)}"


def with_interval(estimate: Mapping[str, Any], places: int) -> str:
    """A number with its interval in words, where it has one."""
    ends = between(estimate, places)
    value = figure(estimate["value"], places)
    return value if ends is None else f"{value}, {ends}"
