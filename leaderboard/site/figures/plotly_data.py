"""What the figures of the site show, as plain data that the page's script draws with Plotly.

Why Plotly. Three libraries were tried on a dot plot with intervals and on a page opened from the
file system without a network:

- Inspect Viz 0.4 reads logs and has ready views, but the page that it writes imports a dozen
  modules from a content delivery network, a database engine among them, and stays empty offline.
  It has no polar axes.
- Vega-Altair 6 can put its scripts into the page (0.9 MB a page, through an 84 MB converter at
  build time) and saves SVG and PNG. It has no polar coordinates for lines: a radar would be drawn
  by hand.
- Plotly has error bars, polar axes and saving as SVG and PNG in one script that its Python
  package ships, which works from the file system. The script is large (4.8 MB), so it is one
  shared file, loaded where a figure is and, on the overview, only when one is asked for.

The small drawings in table cells are gradients of the style sheet: they cost no element and no
script.

Shapes in this module: D scores of a group, V variants, M rows of a table.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from leaderboard.site.score_groups import Group, Json
from leaderboard.site.text import differs, label


def profile_figure(table: Json, row: Json, group: Group) -> dict[str, Any]:
    """A row's scores with intervals, the people's next to them, all others' behind them."""
    series = [_series(row["rater"], group, row["scores"], "main")]
    if table["human"] and row["kind"] != "human":
        people = f"{table['human']['people']} people"
        series.append(_series(people, group, table["human"]["profile"], "people"))
    return _dots(table, f"{group.title} of {row['rater']}", group, series) | {
        "others": {"table": table["id"], "row": row["id"], "scores": group.names},
    }


def variant_figure(table: Json, row: Json, group: Group) -> dict[str, Any]:
    """A row's scores from each of the V prompt variants alone."""
    series = [
        {
            "name": variant,
            "role": "variant",
            "values": [_variant(row, name, v) for name in group.names],
            "low": [],
            "high": [],
        }
        for v, variant in enumerate(table["variants"])
    ]
    return _dots(table, f"{group.title} of {row['rater']} by prompt variant", group, series)


def estimates_figure(
    table: Json, title: str, unit: str, named: Mapping[str, Mapping[str, Json]]
) -> dict[str, Any]:
    """Several estimates of the same things, on an axis from 0, or the lowest of them, to 1.

    Ends of intervals do not stretch the axis: those of coefficients may lie far below 0.

    Args:
        table: they belong to.
        title: of the figure.
        unit: of the axis.
        named: estimates by the name of the series and of the thing.
    """
    categories = list(next(iter(named.values())))
    series = [
        {
            "name": name,
            "role": "plain",
            **{
                key: [rounded(found[thing][end]) for thing in categories]
                for key, end in (("values", "value"), ("low", "low"), ("high", "high"))
            },
        }
        for name, found in named.items()
    ]
    values = [found["value"] for of in named.values() for found in of.values()]
    lowest = min([0.0, *(value - 0.05 for value in values if value is not None)])
    return _figure("dots", table, title, unit) | {
        "categories": [label(name) for name in categories],
        "series": series,
        "range": [rounded(lowest), 1],
        "radar": False,
    }


def calibration_figure(table: Json, row: Json) -> dict[str, Any]:
    """How often predictions of some probability came true."""
    return _figure("calibration", table, f"Calibration of {row['rater']}", "share") | {
        "points": row["calibration"],
    }


def convergence_figure(
    table: Json,
    other: str,
    x: Sequence[str],
    y: Sequence[str],
    cells: Mapping[tuple[str, str], Json],
) -> dict[str, Any]:
    """Correlations over models of the scores of two benchmarks, x by y."""
    title = f"Convergence of {table['title']} with {other}"
    return _figure("heat", table, title, "correlation over models") | {
        "x": [label(name) for name in y],
        "y": [label(name) for name in x],
        "cells": [
            [rounded(cells[one, two]["correlation"]["value"]) if (one, two) in cells else None
             for two in y]
            for one in x
        ],
    }  # fmt: skip


def table_data(table: Json, groups: Sequence[Group], pages: Mapping[str, str]) -> dict[str, Any]:
    """What the scripts need of a table: rows with scores, in the order of the scores.

    Args:
        table: of the board.
        groups: its scores in groups.
        pages: the address of each row's page, by row id.

    Returns:
        A row's `scores` are D lists of value, low, high, rank, the ends of the rank's interval,
        what it differs from, and the ends on these items; null for a score that it does not have.
    """
    people = table["human"]
    return {
        "id": table["id"],
        "title": table["title"],
        "synthetic": table["synthetic"],
        "pairsLimit": table["pairs_limit"],
        "groups": [
            {
                "title": group.title,
                "unit": group.unit,
                "scores": group.names,
                "labels": [label(name) for name in group.names],
                "range": [rounded(group.low), rounded(group.high)],
            }
            for group in groups
        ],
        "scores": [score["name"] for score in table["scores"]],
        "rows": [
            {
                "id": row["id"],
                "name": row["rater"],
                "kind": row["kind"],
                "page": pages[row["id"]],
                "scores": [_compact(row["scores"].get(score["name"])) for score in table["scores"]],
            }
            for row in table["rows"]
        ],
        "people": None
        if people is None
        else {
            "name": f"{people['people']} people",
            "scores": [_compact(people["profile"].get(score["name"])) for score in table["scores"]],
        },
    }


def rounded(value: float | None) -> float | None:
    """Six decimals, more for what is smaller: more than any of the numbers carries, and short."""
    if value is None:
        return None
    return round(float(value), 6) or float(f"{value:.2g}")


def _series(name: str, group: Group, scores: Json, role: str) -> dict[str, Any]:
    found = [scores.get(one) or {} for one in group.names]
    return {
        "name": name,
        "role": role,
        "values": [rounded(one.get("value")) for one in found],
        "low": [rounded(one.get("low")) for one in found],
        "high": [rounded(one.get("high")) for one in found],
    }


def _dots(table: Json, title: str, group: Group, series: list[dict[str, Any]]) -> dict[str, Any]:
    return _figure("dots", table, title, group.unit) | {
        "categories": [label(name) for name in group.names],
        "series": series,
        "range": [rounded(group.low), rounded(group.high)],
        "radar": len(group.scores) >= 3,
    }


def _figure(kind: str, table: Json, title: str, unit: str) -> dict[str, Any]:
    return {"kind": kind, "title": title, "unit": unit, "synthetic": table["synthetic"]}


def _variant(row: Json, name: str, index: int) -> float | None:
    values = row["scores"].get(name, {}).get("per_variant") or []
    return rounded(values[index]) if index < len(values) else None


def _compact(score: Json | None) -> list[Any] | None:
    if score is None:
        return None
    return [
        *(rounded(score.get(end)) for end in ("value", "low", "high")),
        *(score.get(key) for key in ("rank", "rank_low", "rank_high")),
        differs(score),
        *(rounded((score.get("on_items") or {}).get(end)) for end in ("low", "high")),
    ]
