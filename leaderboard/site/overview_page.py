"""The front page: what each table found, its strips, and one row a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.site.figures.strips import Block, block
from leaderboard.site.pages import KINDS, TableView, drawn
from leaderboard.site.paper import Paper, paper
from leaderboard.site.score_groups import Group, Json
from leaderboard.site.text import label, number

# Rows of the first tables that are in the page; of the tables after those there are as many as of
# the last, and no strips until they come into view. More arrive in scripts when asked for.
FIRST = (40, 15, 8)
FACTS = {
    "maker": "Maker",
    "released": "Released",
    "size": "Size",
    "weights": "Weights",
    "valid": "Valid",
    "verdict": "Reliability",
    "cost": "Cost",
}
_FEW = 4  # headline scores next to which there is room for every fact


@dataclass(frozen=True)
class FrontTable:
    """A table as the front page shows it first.

    Attributes:
        table: of the board.
        groups: of all its scores.
        families: key and title of the scores that can be chosen; the headline scores are `h`.
        ranked: the score that orders the rows.
        columns: the headline scores, each with its group.
        facts: of a row that have a column at first.
        kinds: kinds of rows with their words and whether they are shown at first.
        makers: that are known, sorted.
        years: of release that are known, sorted.
        rows: all R rows shown, in the order of the ranked score, people among them.
        lines: the first of them, with their pages and cells.
        blocks: strips of the headline scores, then those of others, without marks.
        drawn: whether marks of the headline scores are in the page.
        wordings: names of the prompt variants, for people.
        paper: what can be copied.
    """

    table: Json
    groups: Sequence[Group]
    families: Sequence[tuple[str, str]]
    ranked: Json
    columns: Sequence[tuple[Json, Group]]
    facts: Sequence[str]
    kinds: Sequence[tuple[str, str, bool]]
    makers: Sequence[str]
    years: Sequence[str]
    rows: Sequence[Json]
    lines: Sequence[dict[str, Any]]
    blocks: Sequence[Block]
    drawn: bool
    wordings: Sequence[str]
    paper: Paper

    @property
    def headline_blocks(self) -> list[Block]:
        """The blocks of the headline scores."""
        return [one for one in self.blocks if one.filled]


def front_page(
    board: Json, views: Mapping[str, TableView]
) -> tuple[list[FrontTable], list[FrontTable]]:
    """The tables of the front page, those about real models first; and those of sample data."""
    tables = sorted(board["tables"], key=lambda table: -_models(table))
    real = [table for table in tables if not table["synthetic"]]
    samples = [table for table in tables if table["synthetic"]]

    def shown(table: Json, index: int) -> FrontTable:
        return _front_table(views[table["id"]], board["valuegauge"], index)

    last = len(FIRST) - 1
    return (
        [shown(table, min(index, last)) for index, table in enumerate(real)],
        [shown(table, last) for table in samples],
    )


def _models(table: Json) -> int:
    return sum(row["kind"] in ("model", "recording") for row in table["rows"])


def _front_table(view: TableView, version: str, index: int) -> FrontTable:
    """A table; `index` says how much of it is in the page."""
    table, groups = view.table, view.groups
    group_of = {score["name"]: group for group in groups for score in group.scores}
    headline = [one for one in table["scores"] if one["headline"]] or table["scores"][:1]
    ranked = headline[0]
    shown = set(table["shown"])
    rows = _by_value([row for row in table["rows"] if row["id"] in shown], ranked)
    about = [row["about"] for row in table["rows"]]
    there = {row["kind"]: row["id"] in shown for row in table["rows"]}
    cells = [[row["name"], *(_plain(row, one) for one in headline)] for row in rows[: FIRST[0]]]
    head = ["", *(label(one["name"]) for one in headline)]
    return FrontTable(
        table=table,
        groups=groups,
        families=list({g.family: g.scores[0]["family_title"] for g in groups}.items()),
        ranked=ranked,
        columns=[(score, group_of[score["name"]]) for score in headline],
        facts=list(FACTS) if len(headline) <= _FEW else [],
        kinds=[(kind, words, there[kind]) for kind, words in KINDS.items() if kind in there],
        makers=sorted({one["maker"] for one in about if one["maker"]}),
        years=sorted({one["released"][:4] for one in about if one["released"]}),
        rows=rows,
        lines=[
            {"row": row, "page": view.pages[row["id"]], "cells": _cells(row, headline, group_of)}
            for row in rows[: FIRST[index]]
        ],
        blocks=list(_blocks(table, groups, headline, rows)),
        drawn=index < len(FIRST) - 1,
        wordings=[wording(one) for one in table["variants"]],
        paper=paper(table["finding"], [head, *cells], table, version),
    )


def _by_value(rows: Sequence[Json], score: Json) -> list[Json]:
    """Rows in the order in which the score's column sorts them first, missing values last."""
    sign = 1 if score["direction"] == "lower" else -1

    def order(row: Json) -> tuple[float, str]:
        value = row["scores"].get(score["name"], {}).get("value")
        return (float("inf") if value is None else sign * value, row["name"])

    return sorted(rows, key=order)


def _cells(
    row: Json, scores: Sequence[Json], group_of: Mapping[str, Group]
) -> dict[str, dict[str, Any]]:
    """A row's scores by name, each with the style that draws it and what a paper prints."""
    found = {}
    for score in scores:
        name, one = score["name"], row["scores"].get(score["name"])
        if one is None:
            continue
        group, printed = group_of[name], row["published"].get(name)
        style = drawn(one, group)
        if style and group.zero is not None:
            style += f";--z:{group.zero}"
        if style and printed:
            style += f";--p:{group.position(printed['value'])}"
        found[name] = {**one, "style": style, "printed": printed and printed_words(printed)}
    return found


def printed_words(printed: Json) -> str:
    """What a paper prints next to a score.

    >>> printed_words({"value": 0.1, "difference": 0.02, "source": "Han et al."})
    'Han et al. prints 0.10, 0.02 less than here'
    """
    said = f"{printed['source']} prints {number(printed['value'])}"
    difference = printed["difference"]
    if difference is None:
        return said
    if number(abs(difference)) == number(0.0):
        return f"{said}, the same as here"
    return f"{said}, {number(abs(difference))} {'less' if difference > 0 else 'more'} than here"


def _plain(row: Json, score: Json) -> str:
    return number(row["scores"].get(score["name"], {}).get("value"))


def _blocks(
    table: Json, groups: Sequence[Group], headline: Sequence[Json], rows: Sequence[Json]
) -> list[Block]:
    """Strips of the headline scores with marks, then of the other scores without."""
    names = {score["name"] for score in headline}
    filled, empty = [], []
    for group in groups:
        first = [score for score in group.scores if score["name"] in names]
        rest = [score for score in group.scores if score["name"] not in names]
        if first:
            filled.append(block(table, group, first, rows))
        if rest:
            empty.append(block(table, group, rest, ()))
    return filled + empty


def wording(variant: str) -> str:
    """A prompt variant's name for people.

    >>> wording("v1"), wording("v2_reversed"), wording("polite")
    ('1', '2 reversed', 'polite')
    """
    name = label(variant)
    return name[1:] if name[:1] == "v" and name[1:2].isdigit() else name
