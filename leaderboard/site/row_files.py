"""What the scripts of the site need of the rows of a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from leaderboard.site.overview_page import printed_words, wording
from leaderboard.site.score_groups import Group, Json
from leaderboard.site.text import label

_FACTS = ("valid", "verdict", "cost", "source", "finding")


def row_data(table: Json, groups: Sequence[Group], pages: Mapping[str, str]) -> dict[str, Any]:
    """The rows, scores and axes of a table, without the rows' scores.

    Args:
        table: of the board.
        groups: its scores in groups.
        pages: the address of each row's page, by row id.
    """
    order = {row["id"]: index for index, row in enumerate(table["rows"])}
    return {
        "id": table["id"],
        "title": table["title"],
        "synthetic": table["synthetic"],
        "pairsLimit": table["pairs_limit"],
        "shown": [order[row] for row in table["shown"]],
        "scores": [score["name"] for score in table["scores"]],
        "groups": [
            {
                "key": group.key,
                "title": group.title,
                "unit": group.unit,
                "scores": group.names,
                "labels": [label(name) for name in group.names],
                "range": [round(group.low, 6), round(group.high, 6)],
                "family": group.family,
                "directions": [score["direction"] for score in group.scores],
            }
            for group in groups
        ],
        "rows": [
            {key: row[key] for key in ("id", "name", "kind", "about", *_FACTS)}
            | {"page": pages[row["id"]]}
            for row in table["rows"]
        ],
        "variants": table["variants"],
        "wordings": [wording(one) for one in table["variants"]],
    }


def group_data(table: Json, group: Group) -> list[list[list[Any] | None]]:
    """The numbers of a group's scores, a list over the D scores for each of the R rows.

    Each is None where a row has no such score, or `[value, low, high, on_low, on_high, rank,
    rank_low, rank_high, printed, by variant, unlike, differs, note]`: `printed` is the figure of a
    paper; `unlike` adds 1 where the row differs from people beyond these items and 2 where it
    does on them, None where there was no test; `differs` holds how many rows it differs from, of
    how many, on these items and beyond; `note` is why there is no value, or what a paper prints.
    """
    return [
        [_numbers(row, row["scores"].get(name), name) for name in group.names]
        for row in table["rows"]
    ]


def _numbers(row: Json, found: Json | None, name: str) -> list[Any] | None:
    if found is None:
        return None
    on, unlike, differs = found["on_items"], found["unlike_people"], found["differs"]
    printed = row["published"].get(name)
    tested = unlike["beyond"] is not None or unlike["on_items"] is not None
    return [
        *map(_rounded, (found["value"], found["low"], found["high"], on["low"], on["high"])),
        found["rank"],
        found["rank_low"],
        found["rank_high"],
        printed and _rounded(printed["value"]),
        [_rounded(value, 4) for value in found["per_variant"]],
        bool(unlike["beyond"]) + 2 * bool(unlike["on_items"]) if tested else None,
        [
            [differs[scope]["number"], differs[scope]["of"]] if differs[scope] else None
            for scope in ("on_items", "beyond")
        ],
        found["reason"] if found["value"] is None else printed and printed_words(printed),
    ]


def _rounded(value: float | None, places: int = 6) -> float | None:
    """Fine enough that a script writes the two decimals that the page has."""
    return None if value is None else round(value, places)
