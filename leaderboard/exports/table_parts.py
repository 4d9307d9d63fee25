"""What the printed tables, Markdown and LaTeX, have in common: which scores, and how they read."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ratings.output.numbers import number

Board = Mapping[str, Any]
Table = Mapping[str, Any]
Row = Mapping[str, Any]

NO_VALUE = "-"
SYNTHETIC = "SYNTHETIC SAMPLE, not data about people or models"


def headline(table: Table) -> list[Mapping[str, Any]]:
    """The scores that are shown first; all of them where the table marks none."""
    marked = [score for score in table["scores"] if score["headline"]]
    return marked or list(table["scores"])


def kind(table: Table, row: Row) -> str:
    """What a row is, with what must be said of it wherever it is shown."""
    named = "as published" if row["kind"] == "published" else str(row["kind"])
    return f"synthetic, {named}" if table["synthetic"] else named


def value_and_interval(row: Row, score: str) -> tuple[str, str | None]:
    """A score as text, and its interval where it has one.

    >>> value_and_interval({"scores": {"Power": {"value": 0.5, "low": 0.25, "high": 1}}}, "Power")
    ('0.50', '[0.25, 1.00]')
    """
    found = row["scores"].get(score)
    if found is None or found["value"] is None:
        return NO_VALUE, None
    if found["low"] is None or found["high"] is None:
        return number(found["value"]), None
    return number(found["value"]), f"[{number(found['low'])}, {number(found['high'])}]"


def units(table: Table) -> str:
    """What the scores shown are counted in, one sentence."""
    by_unit: dict[str, list[str]] = {}
    for score in headline(table):
        by_unit.setdefault(score["unit"], []).append(score["name"])
    if len(by_unit) == 1:
        return f"In {next(iter(by_unit))}."
    parts = "; ".join(f"{', '.join(names)} in {unit}" for unit, names in by_unit.items())
    return f"{parts}."


def reasons(table: Table) -> list[tuple[str, int]]:
    """Why scores shown have no value or no interval, and of how many that is true.

    That papers print no intervals is known, and left out.
    """
    names = [score["name"] for score in headline(table)]
    found = [
        row["scores"][name]
        for row in table["rows"]
        for name in names
        if name in row["scores"]
        and (row["kind"] != "published" or row["scores"][name]["value"] is None)
    ]
    return Counter(one["reason"] for one in found if one["reason"]).most_common()


def sources(table: Table) -> list[tuple[str, int]]:
    """Where published figures are from, and how many rows are from there."""
    published = [row for row in table["rows"] if row["kind"] == "published"]
    return Counter(row["source"] or "source not given" for row in published).most_common()
