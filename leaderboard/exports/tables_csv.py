"""The board as CSV: one long table of scores, and one of runs."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leaderboard.exports.table_parts import Board, Row, Table
from ratings.output.csv_text import csv_text

_OF_TABLE = ("benchmark", "comparability", "synthetic")
_OF_ROW = ("rater", "model", "persona", "kind", "source", "run", "share", "valid")
_OF_SCORE = ("family", "unit", "direction", "headline")
_FOUND = ("value", "low", "high", "reason", "lowest", "highest")
_RANKS = ("rank", "rank_low", "rank_high")
_DIFFERS = ("differs", "differs_of", "unlike_people")
_ON_ITEMS = ("on_low", "on_high", "on_reason")
SCORE_COLUMNS = (
    "table",
    *_OF_TABLE,
    "row",
    *_OF_ROW,
    "score",
    *_OF_SCORE,
    "range_low",
    "range_high",
    *_FOUND,
    *_RANKS,
    *_DIFFERS,
    *_ON_ITEMS,
    *(f"on_{name}" for name in _DIFFERS),
    "published",
    "published_difference",
)

_OF_RUN = ("log", "started", "answers", "input_tokens", "output_tokens", "seconds", "cost")
RUN_COLUMNS = (
    "table",
    *_OF_TABLE,
    "row",
    *_OF_ROW,
    "status",
    "why",
    *_OF_RUN,
    "statuses",
    "verdict",
    "verdict_why",
    "card",
    "revision",
    "template_sha256",
    "survey_sha256",
    "settings",
)


def scores_csv(board: Board) -> str:
    """One row for each table, rater and score; a missing number is an empty cell."""
    return _csv(SCORE_COLUMNS, score_rows(board))


def runs_csv(board: Board) -> str:
    """One row for each row of each table, and one for each run that is kept apart, with why."""
    return _csv(RUN_COLUMNS, run_rows(board))


def score_rows(board: Board) -> Iterator[dict[str, Any]]:
    """The rows of `scores_csv` as they are in the board, with None for a missing number."""
    return (row for table in board["tables"] for row in _scores(table))


def run_rows(board: Board) -> Iterator[dict[str, Any]]:
    """The rows of `runs_csv`, with None for what is not known."""
    synthetic = {table["id"]: table["synthetic"] for table in board["tables"]}
    yield from (_run(table, row) for table in board["tables"] for row in table["rows"])
    yield from (_apart(run, synthetic) for run in board["apart"])


def _scores(table: Table) -> Iterator[dict[str, Any]]:
    for row in table["rows"]:
        for score in table["scores"]:
            found = row["scores"].get(score["name"])
            if found is None:
                continue
            low, high = score["range"]
            printed = row["published"].get(score["name"]) or {}
            yield {
                **_table_and_row(table, row),
                "published": printed.get("value"),
                "published_difference": printed.get("difference"),
                "score": score["name"],
                **{name: score[name] for name in _OF_SCORE},
                "range_low": low,
                "range_high": high,
                **{name: found[name] for name in (*_FOUND, *_RANKS)},
                **_differs(found, "beyond"),
                **{name: found["on_items"][name.removeprefix("on_")] for name in _ON_ITEMS},
                **{f"on_{name}": of for name, of in _differs(found, "on_items").items()},
            }


def _differs(found: Mapping[str, Any], scope: str) -> dict[str, Any]:
    counted = found["differs"][scope] or {"number": None, "of": None}
    return {
        "differs": counted["number"],
        "differs_of": counted["of"],
        "unlike_people": found["unlike_people"][scope],
    }


def _table_and_row(table: Table, row: Row) -> dict[str, Any]:
    return {
        "table": table["id"],
        **{name: table[name] for name in _OF_TABLE},
        "row": row["id"],
        **{name: row[name] for name in _OF_ROW},
    }


def _run(table: Table, row: Row) -> dict[str, Any]:
    verdict = row["verdict"] or {"verdict": None, "why": None}
    return {
        **_table_and_row(table, row),
        "status": "in the table",
        **{name: row[name] for name in _OF_RUN},
        "statuses": row["statuses"],
        "verdict": verdict["verdict"],
        "verdict_why": verdict["why"],
        "card": table["card"]["id"],
        "revision": table["card"]["revision"],
        "template_sha256": table["template_sha256"],
        "survey_sha256": table["survey_sha256"],
        "settings": table["settings"],
    }


def _apart(run: Mapping[str, Any], synthetic: Mapping[str, bool]) -> dict[str, Any]:
    shared = (
        "table",
        "benchmark",
        "rater",
        "kind",
        "run",
        "log",
        "status",
        "why",
        "share",
        "valid",
    )
    # Whether a run without a table was synthetic the board does not say: an empty cell.
    known = {"synthetic": synthetic.get(run["table"])}
    return {**known, **{name: run[name] for name in shared}}


def _csv(columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> str:
    return csv_text([columns, *([_cell(row.get(name)) for name in columns] for row in rows)])


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, allow_nan=False)
    return value
