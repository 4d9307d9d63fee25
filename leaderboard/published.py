"""Figures as the papers print them, which stand in tables beside our own."""

import csv
from importlib import resources
from typing import Any

from leaderboard.table_scores import JointScore

FOLDER = "published"


def published_rows(benchmark: str, card: str, joint: dict[str, JointScore]) -> list[dict[str, Any]]:
    """Rows of a paper's table: the rater, its source and a value for each score it prints.

    A figure is read from `published/<benchmark>.csv` in this package, with the columns `card`,
    `rater`, `source`, `score` and `value`. Papers print no intervals, so there are none.
    """
    path = resources.files("leaderboard") / FOLDER / f"{benchmark}.csv"
    if not path.is_file():
        return []
    rows: dict[str, dict[str, Any]] = {}
    for line in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        if line["card"] == card and line["score"] in joint:
            row = rows.setdefault(
                line["rater"], {"rater": line["rater"], "sources": [], "values": {}}
            )
            row["values"][line["score"]] = float(line["value"])
            if line["source"] not in row["sources"]:
                row["sources"].append(line["source"])
    return list(rows.values())
