"""The rows and scores of a board that somebody asked for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from leaderboard.exports.table_parts import Board, Row, Table
from ratings.errors import DataError, unknown_name


def selected(
    board: Board, rows: Sequence[str] = (), scores: Sequence[str] = (), *, headline: bool = False
) -> dict[str, Any]:
    """The board with some rows and scores alone; its numbers stay as they were in the whole.

    Args:
        board: as it was computed.
        rows: names, raters or ids; all by default.
        scores: names of scores or of families; all by default.
        headline: whether the rows and scores chosen count as those that are shown first.

    Raises:
        UnknownNameError: for a name that no table has.
        DataError: where no table has a chosen row and a chosen score.
    """
    tables: list[dict[str, Any]] = [dict(table) for table in board["tables"]]
    of_rows = [_names(table["rows"], ("name", "rater", "id")) for table in tables]
    of_scores = [_names(table["scores"], ("name", "family")) for table in tables]
    for what, asked, known in (("row", rows, of_rows), ("score", scores, of_scores)):
        there = {name for names in known for name in names}
        for name in asked:
            if name not in there:
                first = dict.fromkeys(next(iter(own)) for one in known for own in one.values())
                raise unknown_name(what, name, first)
    kept = []
    for table in tables:
        if rows:
            _keep_rows(table, set(rows), headline)
        if scores:
            _keep_scores(table, set(scores), headline)
        if table["rows"] and table["scores"]:
            kept.append(table)
    if tables and not kept:
        raise DataError("no table has both a row and a score of those chosen")
    if rows or scores:
        ids = {table["id"] for table in kept}
        known_scores = {(table["id"], one["name"]) for table in kept for one in table["scores"]}
        return {
            **board,
            "tables": kept,
            "apart": [run for run in board["apart"] if run["table"] in ids and not rows],
            "convergence": [
                one
                for one in board["convergence"]
                if all((one[end]["table"], one[end]["score"]) in known_scores for end in "xy")
            ],
        }
    return dict(board)


def names_in(given: Iterable[str], known: Iterable[str]) -> list[str]:
    """Names as typed, each whole or several with commas between them.

    >>> names_in(["Power, Security", "a model (x=1, y=2)"], ["a model (x=1, y=2)"])
    ['Power', 'Security', 'a model (x=1, y=2)']
    """
    whole = set(known)
    return [
        name
        for text in given
        for name in ([text] if text in whole else [part.strip() for part in text.split(",")])
        if name
    ]


def row_names(board: Board) -> list[str]:
    """Every name that a row can be chosen by."""
    of_tables = [_names(table["rows"], ("name", "rater", "id")) for table in board["tables"]]
    return [name for names in of_tables for name in names]


def _names(found: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> dict[str, list[str]]:
    """By each name that something can be chosen by, the first names of what has it."""
    out: dict[str, list[str]] = {}
    for one in found:
        for key in keys:
            out.setdefault(str(one[key]), []).append(str(one[keys[0]]))
    return out


def _keep_rows(table: dict[str, Any], wanted: set[str], headline: bool) -> None:
    rows: list[Row] = [
        row for row in table["rows"] if wanted & {row["name"], row["rater"], row["id"]}
    ]
    ids = {row["id"] for row in rows}
    table["rows"] = rows
    first = ids if headline else {one for one in table["shown"] if one in ids}
    table["shown"] = [row["id"] for row in rows if row["id"] in first]
    table["pairs"] = [pair for pair in table["pairs"] if {pair["a"], pair["b"]} <= ids]
    table["items"] = [
        {**item, "ratings": {one: of for one, of in item["ratings"].items() if one in ids}}
        for item in table["items"]
    ]


def _keep_scores(table: dict[str, Any], wanted: set[str], headline: bool) -> None:
    scores = [score for score in table["scores"] if wanted & {score["name"], score["family"]}]
    names = {score["name"] for score in scores}
    table["scores"] = [{**score, "headline": True} if headline else score for score in scores]
    table["pairs"] = [pair for pair in table["pairs"] if pair["score"] in names]
    table["reliability"] = _some(table["reliability"], names)
    table["rows"] = [
        {
            **row,
            "scores": _some(row["scores"], names),
            "published": _some(row["published"], names),
        }
        for row in table["rows"]
    ]


def _some(found: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: of for name, of in found.items() if name in names}


def why_empty(board: Board) -> str | None:
    """Why a board has no table, in a sentence; None where it has one."""
    if board["tables"]:
        return None
    apart = board["apart"]
    if not apart:
        return "No table: the store holds no run of a benchmark."
    counts: dict[str, int] = {}
    for run in apart:
        counts[run["status"]] = counts.get(run["status"], 0) + 1
    kinds = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    runs = "run" if len(apart) == 1 else "runs"
    return f"No table: none of the {len(apart)} {runs} of the store is complete ({kinds})."


def printed_rows(table: Table) -> tuple[list[Row], list[Row]]:
    """The rows of runs and people, and those of papers that no run of the table has."""
    papers = [row for row in table["rows"] if row["kind"] == "published"]
    return [row for row in table["rows"] if row["kind"] != "published"], papers
