"""What a model's page shows, table by table."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from leaderboard.site.figures.calibration import calibration
from leaderboard.site.figures.profile import fits, profile, profile_frame
from leaderboard.site.figures.rows import NARROW, WIDE, Frame, Layout
from leaderboard.site.figures.shares import shares
from leaderboard.site.figures.wordings import wordings
from leaderboard.site.pages import ModelPage, TableView, anchor
from leaderboard.site.paper import Paper, paper
from leaderboard.site.responses_pages import responses_paths
from leaderboard.site.score_groups import Group, Json
from leaderboard.site.text import NONE, interval, label, number

_BOTH = (WIDE, NARROW)


class ModelSections:
    """Sections of models' pages; what is the same for all rows of a table is drawn once."""

    def __init__(self, board: Json, views: Mapping[str, TableView]) -> None:
        self._board, self._views = board, views
        self._frames: dict[tuple[str, str, str], Frame] = {}
        self._responses = {id: responses_paths(view.table) for id, view in views.items()}

    def of(self, page: ModelPage) -> list[dict[str, Any]]:
        """What a page says, a section for each of its rows."""
        return [
            self._section(self._views[table["id"]], row, anchor(page, table, row), n)
            for n, (table, row) in enumerate(page.entries, start=1)
        ]

    def _section(self, view: TableView, row: Json, named: str, n: int) -> dict[str, Any]:
        table = view.table
        ids = (f"figure-{n}-{k}" for k in count())
        first = {group.key for group in _headline(view.groups)}
        return {
            "table": table,
            "row": row,
            "anchor": named,
            "pages": view.pages,
            "responses": self._responses[table["id"]],
            "paper": _paper(view, row, self._board["valuegauge"]),
            "profiles": [
                (g, [self._profile(view, row, g, layout, next(ids)) for layout in _BOTH])
                for g in view.groups
                if g.key in first
            ],
            "further": [
                (g, [self._profile(view, row, g, NARROW, next(ids))])
                for g in view.groups
                if g.key not in first
            ],
            "numbers": [_numbers(table, row, group) for group in view.groups],
            "wordings": [
                (g, [self._wordings(view, row, g, layout, next(ids)) for layout in _BOTH])
                for g in view.groups
                if g.key in first and _has_wordings(row, g)
            ],
            "by_wording": [group for group in view.groups if _has_wordings(row, group)],
            "variance": row["variance"]
            and shares(
                f"Where the variance of {row['name']} comes from",
                {"share": row["variance"]},
                NARROW,
                next(ids),
            ),
            "standing": self._standing(row, ids),
            "unlike": _with_texts((row["human"] or {}).get("items", []), view.texts),
            "missing": _with_texts(row["missing"], view.texts),
            "calibration": row["calibration"]
            and calibration(row["calibration"], f"Calibration of {row['name']}", next(ids)),
            "change": row["change"] and _changes(table, row["change"]),
            "printed": [
                (score, row["scores"].get(score["name"]), row["published"][score["name"]])
                for score in table["scores"]
                if score["name"] in row["published"]
            ],
            "companions": _companions(table, row),
            "apart": [
                one
                for one in self._board["apart"]
                if one["rater"] == row["rater"] and one["table"] == table["id"]
            ],
        }

    def _profile(self, view: TableView, row: Json, group: Group, layout: Layout, id_: str) -> str:
        made = self._frame(view.table, group, layout)
        if not fits(made, row, group):
            made = profile_frame(view.table, group, layout, row)
        return profile(made, view.table, row, group, id_)

    def _frame(self, table: Json, group: Group, layout: Layout) -> Frame:
        key = (table["id"], group.key, layout.name)
        if key not in self._frames:
            self._frames[key] = profile_frame(table, group, layout)
        return self._frames[key]

    def _wordings(self, view: TableView, row: Json, group: Group, layout: Layout, id_: str) -> str:
        axis = self._frame(view.table, group, layout).axis
        return wordings(view.table, row, group, layout, (axis.low, axis.high), id_)

    def _standing(self, row: Json, ids: Any) -> list[str]:  # noqa: ANN401 - an iterator of text
        found = (row["human"] or {}).get("standing")
        if not found:
            return []
        title = f"{row['name']} among people"
        unit = "chance to exceed a person's own ratings"
        return [
            shares(title, {"above people": found}, layout, next(ids), unit, middle=0.5)
            for layout in _BOTH
        ]


def _headline(groups: Sequence[Group]) -> list[Group]:
    """The groups that a page begins with."""
    found = [group for group in groups if any(score["headline"] for score in group.scores)]
    return found or list(groups[:1])


def _paper(view: TableView, row: Json, version: str) -> Paper:
    """The finding, and a row with the scores that a page begins with."""
    cells = [row["name"]]
    for group in _headline(view.groups):
        for name in group.names:
            found = row["scores"].get(name) or {"value": None, "low": None, "high": None}
            known = f" ({interval(found)})" if found["low"] is not None else ""
            cells.append(number(found["value"]) + known if found["value"] is not None else NONE)
    return paper([row["finding"] or ""], [cells], view.table, version)


def _has_wordings(row: Json, group: Group) -> bool:
    return any((row["scores"].get(name) or {}).get("per_variant") for name in group.names)


def _numbers(table: Json, row: Json, group: Group) -> dict[str, Any]:
    profile_of = (table["human"] or {}).get("profile", {})
    lines = [
        {
            "score": score,
            "found": row["scores"].get(score["name"]),
            "bounds": _moves_with_missing(row["scores"].get(score["name"])),
            "people": profile_of.get(score["name"]),
        }
        for score in group.scores
    ]
    return {
        "group": group,
        "lines": lines,
        "bounds": any(line["bounds"] for line in lines),
        "people": row["kind"] != "human" and any(line["people"] for line in lines),
    }


def _moves_with_missing(found: Json | None) -> bool:
    """Whether the bounds over missing answers are any wider than the score."""
    if found is None or found.get("lowest") is None or found.get("highest") is None:
        return False
    return bool(found["highest"] - found["lowest"] > 1e-9)


def _with_texts(items: Sequence[Json], texts: Mapping[str, Json]) -> list[dict[str, Any]]:
    return [{**item, "text": texts.get(item["instance"])} for item in items]


def _changes(table: Json, change: Json) -> list[tuple[str, Json]]:
    """Scores with what changed, the largest change first, those without a difference last."""
    named = [
        (label(score["name"]), change["scores"][score["name"]])
        for score in table["scores"]
        if score["name"] in change["scores"]
    ]
    return sorted(named, key=lambda one: -abs(one[1]["beyond"]["difference"]["value"] or 0.0))


def _companions(table: Json, row: Json) -> list[Json]:
    """The other rows of the row's cluster."""
    if row["cluster"] is None or not table["clusters"]:
        return []
    ids = set(table["clusters"]["members"].get(str(row["cluster"]), [])) - {row["id"]}
    return [other for other in table["rows"] if other["id"] in ids]
