"""What a benchmark's page shows: what its table says as a whole."""

import statistics
from collections.abc import Iterator
from typing import Any

from leaderboard.site.figures.plotly_data import convergence_figure, estimates_figure
from leaderboard.site.pages import TableView, drawn
from leaderboard.site.score_groups import Json
from scorers.comparison.differences import SIGNIFICANCE
from scorers.scores.manifests import manifest_of


def benchmark_page(view: TableView, board: Json) -> dict[str, Any]:
    """What a benchmark's page says."""
    table, groups = view.table, view.groups
    people = (table["human"] or {}).get("profile", {})
    return {
        "table": table,
        "units": manifest_of(table["benchmark"]).answers.units,
        "groups": groups,
        "pages": view.pages,
        "people": [(g, [(s, people[s["name"]], drawn(people[s["name"]], g))
                        for s in g.scores if s["name"] in people]) for g in groups]
        if people
        else [],
        "reliability": _reliability_figure(table),
        "clusters": [
            (number, [row for row in table["rows"] if row["id"] in set(ids)])
            for number, ids in ((table["clusters"] or {}).get("members") or {}).items()
        ],
        "pairs": list(_pair_summary(table)),
        "convergence": list(_convergence(table, board)),
        "apart": [one for one in board["apart"] if one["table"] == table["id"]],
    }  # fmt: skip


def _reliability_figure(table: Json) -> dict[str, Any] | None:
    if not table["reliability"]:
        return None
    named = {
        part: {name: found[part] for name, found in table["reliability"].items()}
        for part in ("alpha", "omega")
    }
    return estimates_figure(table, f"Reliability of {table['title']}", "coefficient", named)


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
        x = list(dict.fromkeys(mine for mine, _ in cells))
        y = list(dict.fromkeys(theirs for _, theirs in cells))
        yield {
            "other": titles[other],
            "x": x,
            "y": y,
            "cells": cells,
            "figure": convergence_figure(table, titles[other]["title"], x, y, cells),
        }
