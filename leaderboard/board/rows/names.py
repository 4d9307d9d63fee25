"""Names by which the site and the exports call the rows of a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ratings.output.text import shown_rater

_PUBLISHED = " (as published)"


def name_rows(rows: Sequence[dict[str, Any]]) -> None:
    """Give each row of a table a `name` that no other row of it has.

    A rater is named as elsewhere (`shown_rater`). Where two would have the same name, both keep
    what distinguishes them: the whole rater, of a published row that it is one, and as a last
    resort the end of the row's id.

    Args:
        rows: with `rater`, `kind` and `id`; people have their `name` already.
    """
    for distinct in (_short, _whole, _with_id):
        shared = {name for name, count in Counter(_names(rows)).items() if count > 1}
        for row in rows:
            if row.get("name") is None or row["name"] in shared:
                row["name"] = distinct(row)


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str | None]:
    return [row.get("name") for row in rows]


def _short(row: Mapping[str, Any]) -> str:
    return str(row.get("name") or shown_rater(row["rater"]))


def _whole(row: Mapping[str, Any]) -> str:
    return f"{row['rater']}{_PUBLISHED}" if row["kind"] == "published" else str(row["rater"])


def _with_id(row: Mapping[str, Any]) -> str:
    return f"{_whole(row)} #{str(row['id']).rsplit('-', 1)[-1]}"
