"""What each page shows: the board, sorted, with what the page needs of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leaderboard.site.score_groups import Group, Json, score_groups
from ratings.output.slugs import page_slug

# Kinds of rows, as a reader sees them; models first.
KINDS = {
    "model": "model",
    "recording": "recording",
    "published": "as published",
    "simulated": "simulated",
    "baseline": "baseline",
    "human": "people",
}


@dataclass(frozen=True)
class ModelPage:
    """A rater's page: its rows in all tables.

    Attributes:
        rater: its name, unique with the kind.
        kind: of its rows.
        path: of the page, from the site's root.
        entries: table and row, one a row.
    """

    rater: str
    kind: str
    path: str
    entries: tuple[tuple[Json, Json], ...]

    @property
    def name(self) -> str:
        """The rater as the site names it."""
        return str(self.entries[0][1]["name"])


def model_pages(board: Json) -> list[ModelPage]:
    """One page a rater and kind, in the order of the board."""
    together: dict[tuple[str, str], list[tuple[Json, Json]]] = {}
    for table in board["tables"]:
        for row in table["rows"]:
            together.setdefault((row["rater"], row["kind"]), []).append((table, row))
    return [
        ModelPage(rater, kind, f"models/{page_slug(rater, kind)}.html", tuple(entries))
        for (rater, kind), entries in together.items()
    ]


@dataclass(frozen=True)
class TableView:
    """A table with what several pages need of it, worked out once.

    Attributes:
        table: of the board.
        groups: its scores in groups.
        pages: the address of each row's page, from the site's root, by row id.
        texts: query and response of each item that may be shown, by instance.
    """

    table: Json
    groups: tuple[Group, ...]
    pages: Mapping[str, str]
    texts: Mapping[str, Json]


def table_views(board: Json, pages: Sequence[ModelPage]) -> dict[str, TableView]:
    """A view of each table, by its id."""
    addresses: dict[str, dict[str, str]] = {table["id"]: {} for table in board["tables"]}
    for page in pages:
        for table, row in page.entries:
            addresses[table["id"]][row["id"]] = f"{page.path}#{anchor(page, table, row)}"
    return {
        table["id"]: TableView(
            table,
            tuple(score_groups(table)),
            addresses[table["id"]],
            {item["instance"]: item["text"] for item in table["items"] if item["text"]},
        )
        for table in board["tables"]
    }


def anchor(page: ModelPage, table: Json, row: Json) -> str:
    """The table's id; for a second row in the same table its own."""
    rows = [other for one, other in page.entries if one["id"] == table["id"]]
    return str(table["id"] if rows[0] is row else row["id"])


def drawn(estimate: Json, group: Group) -> str | None:
    """The positions of an estimate and its interval on the group's axis, as a style.

    >>> axis = Group("g0", "f", "F", "points", (), 0.0, 2.0)
    >>> drawn({"value": 1.0, "low": 0.5, "high": 1.5}, axis)
    '--v:50.0;--l:25.0;--h:75.0'
    """
    if estimate.get("value") is None:
        return None
    at = group.position(estimate["value"])
    if estimate.get("low") is None or estimate.get("high") is None:
        return f"--v:{at};--l:{at};--h:{at}"
    return f"--v:{at};--l:{group.position(estimate['low'])};--h:{group.position(estimate['high'])}"
