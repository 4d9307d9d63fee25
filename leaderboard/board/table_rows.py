"""The rows of a board's table: runs, people, and what papers print."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import numpy as np

from leaderboard.board.table_profile import missing_items
from leaderboard.models.facts import about_model
from leaderboard.store.stored_runs import Row, TableRuns
from ratings.output.slugs import row_id
from ratings.sources.cards import load_card
from ratings.sources.fetch import verify
from ratings.sources.prices import CARD as PRICES
from ratings.sources.prices import Prices, load_prices, price_of
from scorers.intervals.estimate import Estimate
from scorers.psychometrics.verdict import reliability_verdict
from scorers.scores.data_at_hand import People
from scorers.scores.families import score_rows
from scorers.scores.responses import ResponseMatrix


def run_row(
    run: Row,
    grid: ResponseMatrix,
    runs: TableRuns,
    scores: Sequence[Row],
    consistency: Sequence[Row],
) -> dict[str, Any]:
    """The row of a run.

    Args:
        run: of the store's table `runs`.
        grid: its answers.
        runs: of its table.
        scores: its rows of the store's table `scores`.
        consistency: its rows of the store's table `consistency`.
    """
    by_kind = {
        kind: {one["name"]: estimate_json(one) for one in consistency if one["kind"] == kind}
        for kind in ("consistency", "variance")
    }
    verdict = None
    if by_kind["consistency"]:
        estimates = {name: Estimate(**one) for name, one in by_kind["consistency"].items()}
        verdict = asdict(reliability_verdict(estimates, run["valid"]))
    return {
        **_blank(run["rater"], run["run"], run["kind"]),
        **{name: run[name] for name in _RUN_FIELDS},
        "about": about_model(run["model"]),
        "cost": _cost(run),
        "scores": {one["name"]: _score(one) for one in scores},
        **by_kind,
        "verdict": verdict,
        "missing": missing_items(grid, runs.manifest),
    }


@lru_cache(maxsize=1)
def _prices() -> Prices | None:
    """The price table, where it is at hand; nothing is downloaded for it."""
    card = load_card(PRICES)
    if any(status.state != "good" for status in verify(card)):
        return None
    return load_prices()


def _cost(run: Row) -> float | None:
    """What a run cost in US dollars: as its log says, or by the price table where it is at hand."""
    if run["cost"] is not None:
        return float(run["cost"])
    if run["kind"] != "model" or run["input_tokens"] is None:
        return None
    prices = _prices()
    price = None if prices is None else price_of(run["model"], prices)
    if price is None:
        return None
    return float(price.input * run["input_tokens"] + price.output * (run["output_tokens"] or 0))


_RUN_FIELDS = ("model", "persona", "run", "log", "started", "share", "valid", "answers",
               "statuses", "input_tokens", "output_tokens", "seconds", "cost")  # fmt: skip


def _blank(rater: str, unique: str, kind: str) -> dict[str, Any]:
    """A row that says nothing yet."""
    return {
        "id": row_id(rater, unique),
        "rater": rater,
        "model": rater,
        "persona": None,
        "kind": kind,
        "source": None,
        **dict.fromkeys(_RUN_FIELDS[2:]),
        "share": 1.0,
        "statuses": {},
        "scores": {},
        "consistency": {},
        "variance": {},
        "verdict": None,
        "missing": [],
        "calibration": None,
        "circumplex": None,
        "human": None,
        "cluster": None,
        "name": None,
        "about": about_model(""),
        "published": {},
        "finding": None,
        "change": None,
    }


def people_row(people: People, runs: TableRuns) -> dict[str, Any]:
    """The row of people: the mean rating of each item, scored like a model's."""
    rated = int((~np.isnan(people.ratings)).sum())
    who = f"people ({len(people.ratings):,}, mean of each item)"
    return {
        **_blank(who, f"people {runs.id}", "human"),
        "name": f"people ({len(people.ratings):,})",
        "answers": rated,
        "valid": 1.0,
        "statuses": {"valid": rated},
        "source": people.source,
        "scores": {
            row.name: _score(
                {
                    **asdict(row.estimate),
                    "lowest": None,
                    "highest": None,
                    "on_low": row.on_items.low,
                    "on_high": row.on_items.high,
                    "on_reason": row.on_items.reason,
                }
            )
            for row in score_rows(people.grid, runs.manifest.scores.values())
        },
    }


def rows_as_published(
    runs: TableRuns, figures: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The rows of what papers print of models without a run, without intervals or ranks."""
    return [
        {
            **_blank(one["rater"], f"published {one['rater']} {runs.id}", "published"),
            "source": "; ".join(one["sources"]),
            "about": about_model(one["rater"]),
            "scores": {
                name: _score({**asdict(Estimate(value, reason="as published")),
                              "lowest": None, "highest": None})
                for name, value in one["values"].items()
            },
        }
        for one in figures
    ]  # fmt: skip


def _score(found: Mapping[str, Any]) -> dict[str, Any]:
    variants = found.get("per_variant") or "[]"
    return {
        **estimate_json(found),
        "lowest": found["lowest"],
        "highest": found["highest"],
        "on_items": {
            "low": number_or_nan(found, "on_low"),
            "high": number_or_nan(found, "on_high"),
            "reason": found.get("on_reason"),
        },
        **dict.fromkeys(("rank", "rank_low", "rank_high")),
        "differs": {"on_items": None, "beyond": None},
        "unlike_people": {"on_items": None, "beyond": None},
        "per_variant": list(json.loads(variants)),
    }


def estimate_json(found: Mapping[str, Any]) -> dict[str, Any]:
    """An estimate as a row of the store has it; NULL becomes NaN."""
    numbers = {end: number_or_nan(found, end) for end in ("value", "low", "high")}
    return {**numbers, "reason": found["reason"]}


def number_or_nan(found: Mapping[str, Any] | None, end: str = "value") -> float:
    """A number of a score, NaN where there is none."""
    value = None if found is None else found.get(end)
    return float("nan") if value is None else float(value)
