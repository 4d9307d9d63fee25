"""What the scripts of the site need of the rows of a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from leaderboard.site.score_groups import Group, Json
from leaderboard.site.text import label


def row_data(table: Json, groups: Sequence[Group], pages: Mapping[str, str]) -> dict[str, Any]:
    """The rows, scores and axes of a table, without the rows' numbers.

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
            }
            for group in groups
        ],
        "rows": [
            {key: row[key] for key in ("id", "name", "kind", "about")} | {"page": pages[row["id"]]}
            for row in table["rows"]
        ],
        "variants": table["variants"],
    }
