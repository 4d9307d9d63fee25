"""The compare page: its addresses, and a board with scores that are corrected apart."""

import copy
from typing import Any
from urllib.parse import urlencode

from tests.browser.waiting import until
from tests.leaderboard.board_rows import correct


def address(table: dict[str, Any], rows: list[str]) -> str:
    return "compare.html#" + urlencode({"table": table["id"], "rows": ",".join(rows)}, safe=",")


def compared(page: Any, rows: list[str]) -> None:
    until(page, f"document.getElementById('compared').dataset.of === '{','.join(rows)}'")


def with_predicted(board: dict[str, Any]) -> dict[str, Any]:
    """The board with predicted values, corrected apart, in its first table."""
    table = board["tables"][0]
    more = {one["name"]: f"predicted {one['name']}" for one in table["scores"][:10]}
    table["scores"] += [
        one
        | {"name": more[one["name"]], "family": "predicted_values", "apart": True}
        | {"family_title": "Values predicted from all ratings", "headline": False}
        for one in table["scores"][:10]
    ]
    for row in table["rows"]:
        found = row["scores"]
        row["scores"] = found | {new: found[old] for old, new in more.items() if old in found}
    table["pairs"] += [
        copy.deepcopy(one) | {"score": more[one["score"]]}
        for one in table["pairs"]
        if one["score"] in more
    ]
    correct(table["pairs"], set(table["shown"]), frozenset(more.values()))
    return board


def ids(table: dict[str, Any], *positions: int) -> list[str]:
    return [table["rows"][k]["id"] for k in positions]
