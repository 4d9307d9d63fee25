"""What each page shows: the board, sorted, with what the page needs of it."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.site.figures.plotly_data import (
    calibration_figure,
    estimates_figure,
    profile_figure,
    variant_figure,
)
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
        rater: its name.
        kind: of its rows.
        path: of the page, from the site's root.
        entries: table and row, one a row.
    """

    rater: str
    kind: str
    path: str
    entries: tuple[tuple[Json, Json], ...]


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
        values: the rows' values of each score, sorted.
    """

    table: Json
    groups: tuple[Group, ...]
    pages: Mapping[str, str]
    values: Mapping[str, Sequence[float]]


def table_views(board: Json, pages: Sequence[ModelPage]) -> dict[str, TableView]:
    """A view of each table, by its id."""
    addresses: dict[str, dict[str, str]] = {table["id"]: {} for table in board["tables"]}
    for page in pages:
        for table, row in page.entries:
            addresses[table["id"]][row["id"]] = f"{page.path}#{_anchor(page, table, row)}"
    return {
        table["id"]: TableView(
            table, tuple(score_groups(table)), addresses[table["id"]], _sorted_values(table)
        )
        for table in board["tables"]
    }


def _anchor(page: ModelPage, table: Json, row: Json) -> str:
    """The table's id; for a second row in the same table its own."""
    rows = [other for one, other in page.entries if one["id"] == table["id"]]
    return str(table["id"] if rows[0] is row else row["id"])


def _sorted_values(table: Json) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {score["name"]: [] for score in table["scores"]}
    for row in table["rows"]:
        for name, score in row["scores"].items():
            if name in found and score["value"] is not None:
                found[name].append(score["value"])
    return {name: sorted(values) for name, values in found.items()}


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


def model_sections(
    page: ModelPage, board: Json, views: Mapping[str, TableView]
) -> list[dict[str, Any]]:
    """What a model's page says, table by table."""
    return [
        {
            "table": table,
            "row": row,
            "anchor": _anchor(page, table, row),
            "groups": [
                _model_group(views[table["id"]], row, group) for group in views[table["id"]].groups
            ],
            "variance": row["variance"]
            and estimates_figure(
                table,
                f"Where the variance of {row['rater']} comes from",
                "share of the variance",
                {"share": row["variance"]},
            ),
            "calibration": row["calibration"] and calibration_figure(table, row),
            "unlike": (row["human"] or {}).get("items", []),
            "companions": _companions(table, row),
            "pages": views[table["id"]].pages,
            "apart": [
                one
                for one in board["apart"]
                if one["rater"] == row["rater"] and one["table"] == table["id"]
            ],
        }
        for table, row in page.entries
    ]


def _model_group(view: TableView, row: Json, group: Group) -> dict[str, Any]:
    table = view.table
    profile = (table["human"] or {}).get("profile", {})
    standing = (row["human"] or {}).get("standing", {})
    lines = [
        {
            "score": score,
            "found": row["scores"].get(score["name"]),
            "bounds": _moves_with_missing(row["scores"].get(score["name"])),
            "style": drawn(row["scores"].get(score["name"], {}), group),
            "people": profile.get(score["name"]),
            "standing": standing.get(score["name"]),
            "others": _others(view.values[score["name"]], row["scores"].get(score["name"])),
        }
        for score in group.scores
    ]
    there = [line["found"] for line in lines if line["found"]]
    return {
        "group": group,
        "lines": lines,
        "figure": profile_figure(table, row, group),
        "variants": variant_figure(table, row, group)
        if any(found.get("per_variant") for found in there)
        else None,
        "bounds": any(line["bounds"] for line in lines),
        "standing": any(line["standing"] for line in lines),
        "people": any(line["people"] for line in lines),
    }


def _moves_with_missing(found: Json | None) -> bool:
    """Whether the bounds over missing answers are any wider than the score."""
    if found is None or found.get("lowest") is None or found.get("highest") is None:
        return False
    return bool(found["highest"] - found["lowest"] > 1e-9)


def _others(values: Sequence[float], own: Json | None) -> dict[str, float] | None:
    """The lowest, middle and highest of the other rows' values."""
    others = list(values)
    if own is not None and own["value"] is not None:
        others.remove(own["value"])
    if not others:
        return None
    return {"low": others[0], "value": statistics.median(others), "high": others[-1]}


def _companions(table: Json, row: Json) -> list[Json]:
    """The other rows of the row's cluster."""
    if row["cluster"] is None or not table["clusters"]:
        return []
    ids = set(table["clusters"]["members"].get(str(row["cluster"]), [])) - {row["id"]}
    return [other for other in table["rows"] if other["id"] in ids]
