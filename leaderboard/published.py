"""Figures as the papers print them, which stand in tables beside our own.

`published/<benchmark>.csv` in this package has a line for each figure: `card`, `rater` (the name
that the paper prints), `source`, `score`, `value` and `settings`, the settings of a table that the
figure needs, as `name=value` with spaces between.
"""

import csv
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

FOLDER = "published"


def published_rows(
    benchmark: str, card: str, names: Iterable[str], settings: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of a paper's tables: the rater, its sources and a value for each score it prints.

    Papers print no intervals, so there are none. A figure stands only in a table whose settings
    are those it was measured with, where they matter: not under another threshold, nor beside
    accuracies from fewer demonstrations. How answers are read does not keep a figure out.

    Args:
        benchmark: its name; one without a file has no rows.
        card: of the table's data.
        names: of the table's scores; figures of others are left out.
        settings: of the table, by the name of the task's argument.

    >>> settings = {"threshold": 0.3, "reading": "careful"}
    >>> published_rows("value_portrait", "value_portrait", ["Power", "Openness"], settings)[2]
    ... # doctest: +NORMALIZE_WHITESPACE
    {'rater': 'gpt-4o-2024-05-13',
     'sources': ['Han et al. (2025), Table 5', 'Han et al. (2025), Table 6'],
     'values': {'Power': -0.3, 'Openness': 3.97}}
    """
    wanted = set(names)
    rows: dict[str, dict[str, Any]] = {}
    for line in published_lines(benchmark):
        if line["card"] != card or line["score"] not in wanted:
            continue
        if not _fits(line["settings"], settings):
            continue
        row = rows.setdefault(line["rater"], {"rater": line["rater"], "sources": [], "values": {}})
        row["values"][line["score"]] = float(line["value"])
        if line["source"] not in row["sources"]:
            row["sources"].append(line["source"])
    return list(rows.values())


def published_lines(benchmark: str) -> list[dict[str, str]]:
    """The figures of a benchmark's file, a mapping a line; none without a file."""
    path = resources.files("leaderboard") / FOLDER / f"{benchmark}.csv"
    if not path.is_file():
        return []
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _fits(needed: str, settings: Mapping[str, Any]) -> bool:
    """Whether a table has the settings that a figure needs."""
    pairs = (part.split("=", 1) for part in needed.split())
    return all(str(settings.get(name)) == value for name, value in pairs)
