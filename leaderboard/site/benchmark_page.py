"""What a benchmark's page shows: what its table says as a whole."""

import statistics
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from leaderboard.site.figures.circle import circle
from leaderboard.site.figures.clusters import cluster_key, clusters, mean_score
from leaderboard.site.figures.heat import heat
from leaderboard.site.figures.profile import profile, profile_frame
from leaderboard.site.figures.rows import NARROW, WIDE
from leaderboard.site.figures.shares import shares
from leaderboard.site.pages import TableView
from leaderboard.site.paper import paper
from leaderboard.site.responses_pages import by_size, drawn_items, models_of, responses_paths
from leaderboard.site.score_groups import Group, Json
from scorers.comparison.differences import SIGNIFICANCE
from scorers.scores.manifests import manifest_of

LISTED_ITEMS = 10
_BOTH = (WIDE, NARROW)


def benchmark_page(view: TableView, board: Json) -> dict[str, Any]:
    """What a benchmark's page says."""
    table, groups = view.table, view.groups
    drawn = drawn_items(table)
    members = _members(table)
    return {
        "table": table,
        "units": manifest_of(table["benchmark"]).answers.units,
        "groups": groups,
        "pages": view.pages,
        "paper": paper(table["finding"], [], table, board["valuegauge"]),
        "people": list(_people(view)),
        "reliability": _reliability(table),
        "circle": table["circumplex"]
        and circle(
            f"Correlations of values over the models of {table['title']}",
            table["circumplex"]["order"],
            models_of(table),
            "figure-circle",
        ),
        "clusters": list(zip(members, cluster_key(len(members)), members.values(), strict=True)),
        "cluster_figures": [
            _cluster_figure(members, group)
            for group in groups
            if members and any(score["headline"] for score in group.scores)
        ],
        "separating": by_size(drawn, "separating")[:LISTED_ITEMS],
        "unlike": [one for one in by_size(drawn, "gap")[:LISTED_ITEMS]
                   if one.item["gap"] is not None],
        "responses": responses_paths(table),
        "pairs": list(_pair_summary(table)),
        "convergence": list(_convergence(table, board)),
        "apart": [one for one in board["apart"] if one["table"] == table["id"]],
    }  # fmt: skip


def _members(table: Json) -> dict[str, list[Json]]:
    """The rows of each cluster, by its number."""
    found = (table["clusters"] or {}).get("members") or {}
    return {
        number: [row for row in table["rows"] if row["id"] in set(ids)]
        for number, ids in found.items()
    }


def _cluster_figure(members: Mapping[str, list[Json]], group: Group) -> dict[str, Any]:
    title = f"{group.title} by cluster of models"
    return {
        "group": group,
        "drawings": [
            clusters(title, members, group, layout, f"clusters-{group.key}-{layout.name}")
            for layout in _BOTH
        ],
        "lines": [
            (name, [mean_score(rows, name) for rows in members.values()]) for name in group.names
        ],
    }


def _people(view: TableView) -> Iterator[dict[str, Any]]:
    """For each group of scores that people have: their profile, with the models behind it."""
    people = view.table["human"]
    if not people:
        return
    row = {
        "id": "people",
        "name": f"{people['people']} people",
        "kind": "human",
        "scores": people["profile"],
        "published": {},
    }
    for group in view.groups:
        lines = [(name, people["profile"][name]) for name in group.names
                 if name in people["profile"]]  # fmt: skip
        if lines:
            drawings = [
                profile(profile_frame(view.table, group, layout, row), view.table, row, group,
                        f"people-{group.key}-{layout.name}")
                for layout in _BOTH
            ]  # fmt: skip
            yield {"group": group, "lines": lines, "drawings": drawings}


def _reliability(table: Json) -> list[Markup]:
    if not table["reliability"]:
        return []
    named = {
        part: {name: found[part] for name, found in table["reliability"].items()}
        for part in ("alpha", "omega")
    }
    title = f"Reliability of {table['title']}"
    return [shares(title, named, layout, f"reliability-{layout.name}") for layout in _BOTH]


def _pair_summary(table: Json) -> Iterator[dict[str, Any]]:
    """For each score: how many pairs differ, the largest difference, what could be detected."""
    raters = {row["id"]: row for row in table["rows"]}
    by_score: dict[str, list[Json]] = {}
    for pair in table["pairs"]:
        by_score.setdefault(pair["score"], []).append(pair)
    for score in table["scores"]:
        pairs = [
            pair
            for pair in by_score.get(score["name"], [])
            if pair["difference"]["value"] is not None
        ]
        if not pairs:
            continue
        widest = max(pairs, key=lambda pair: abs(pair["difference"]["value"]))
        detectable = [pair["detectable"] for pair in pairs if pair["detectable"] is not None]
        tested = [pair for pair in pairs if pair["corrected"] is not None]
        yield {
            "score": score,
            "pairs": len(pairs),
            "tested": len(tested),
            "significant": sum(pair["corrected"] < SIGNIFICANCE for pair in tested),
            "on_items": _differ(pairs),
            "widest": widest,
            "a": raters[widest["a"]],
            "b": raters[widest["b"]],
            "detectable": statistics.median(detectable) if detectable else None,
        }


def _differ(pairs: list[Json]) -> str | None:
    """How many pairs differ on these items; None where none has an error of asking."""
    tested = [one["on_items"]["corrected"] for one in pairs]
    tested = [corrected for corrected in tested if corrected is not None]
    if not tested:
        return None
    return f"{sum(one < SIGNIFICANCE for one in tested)} of {len(tested)}"


def _convergence(table: Json, board: Json) -> Iterator[dict[str, Any]]:
    """Correlations with the scores of each other table, this table's scores as rows."""
    titles = {one["id"]: one for one in board["tables"]}
    found: dict[str, dict[tuple[str, str], Json]] = {}
    for one in board["convergence"]:
        for mine, theirs in ((one["x"], one["y"]), (one["y"], one["x"])):
            if mine["table"] == table["id"] and theirs["table"] in titles:
                found.setdefault(theirs["table"], {})[mine["score"], theirs["score"]] = one
    for other, cells in found.items():
        here = list(dict.fromkeys(mine for mine, _ in cells))
        there = list(dict.fromkeys(theirs for _, theirs in cells))
        title = f"Correlations of {table['title']} with {titles[other]['title']} over models"
        known = [one for one in cells.values() if one["correlation"]["value"] is not None]
        yield {
            "other": titles[other],
            "cells": cells,
            "models": max(one["models"] for one in cells.values()),
            "why": _why_empty(cells) if not known else None,
            "figure": heat(title, here, there, cells, f"convergence-{other}"),
        }


def _why_empty(cells: Mapping[tuple[str, str], Json]) -> str:
    """The reason that most of the correlations give for not being there."""
    reasons = [one["correlation"]["reason"] or "not known" for one in cells.values()]
    return statistics.mode(reasons)
