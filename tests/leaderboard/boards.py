"""Boards made at random, of the shape that the site is built from."""

from typing import Any

import numpy as np

from tests.leaderboard.board_rows import HOSTILE, add_rows, centre, estimate, no_estimate

VALUES = (
    "Universalism",
    "Benevolence",
    "Conformity",
    "Tradition",
    "Security",
    "Power",
    "Achievement",
    "Hedonism",
    "Stimulation",
    "Self-Direction",
)
HIGHER = ("Self-Transcendence", "Conservation", "Self-Enhancement", "Openness to Change")
TRAITS = ("Openness", "Conscientiousness", "Extraversion", "Agreeableness", "Neuroticism")
VARIANTS = ("v1", "v1_reversed", "v2", "v2_reversed", "v3", "v3_reversed")
CATEGORIES = ("Social Values", "Happiness", "Trust", "Economic Values", "Corruption", "Security")
_POINTS = "points of the scale, above or below the rater's own mean"


def made_board(models: int, seed: int = 0) -> dict[str, Any]:
    """A valid board: a portrait table of that many models, a table of people read, a sample.

    Models with hostile names, published, human and baseline rows, missing scores and runs that
    are kept apart are among them.
    """
    rng = np.random.default_rng(seed)
    tables = [
        _portrait(rng, models, "value_portrait-3f9a1c20", synthetic=False),
        _reading(rng, max(3, models // 2)),
        _portrait(rng, 4, "value_portrait-5a3d9e11", synthetic=True),
    ]
    return {
        "schema": "1.2",
        "valuegauge": "0.1.0",
        "tables": tables,
        "apart": _apart(tables[0]["id"]),
        "convergence": _convergence(rng, tables[0], tables[1]),
    }


def _portrait(rng: np.random.Generator, models: int, name: str, synthetic: bool) -> dict[str, Any]:
    scores = [_score(one, "schwartz", "Schwartz values", _POINTS, (-5, 5), True) for one in VALUES]
    scores += [
        _score(one, "higher_order", "Higher-order values", _POINTS, (-5, 5)) for one in HIGHER
    ]
    scores += [
        _score(one, "big_five", "Big Five", "points from 0.83 to 5", (5 / 6, 5)) for one in TRAITS
    ]
    table = _table(rng, name, "value_portrait", "Value Portrait", scores, synthetic)
    table["variants"] = list(VARIANTS)
    table["human"] = {
        "people": 560,
        "profile": {one["name"]: estimate(rng, centre(rng, one), 0.05) for one in scores},
        "spread": {
            one["name"]: {
                "low": centre(rng, one) - 2,
                "step": 0.1,
                "density": np.exp(-(np.linspace(-2, 2, 41) ** 2)).round(4).tolist(),
                "people": 560,
                "items": 9.0,
            }
            for one in scores
        },
    }
    add_rows(rng, table, models)
    table["items"] = _items(rng, table)
    table["reliability"] = {
        one["name"]: {
            "alpha": estimate(rng, rng.uniform(0.7, 0.95), 0.03),
            "omega": estimate(rng, rng.uniform(0.7, 0.95), 0.03),
            "rows": 6 * models,
            "items": 20,
        }
        for one in scores
    }
    table["circumplex"] = {
        "order": list(VALUES),
        "fit": estimate(rng, 0.7, 0.1),
        "p": 0.003,
        "by_chance": 0.15,
        "models": models,
    }
    rows = [row["id"] for row in table["rows"]]
    table["clusters"] = {
        "number": 2,
        "silhouette": 0.41,
        "stability": 0.83,
        "members": {"1": rows[::2], "2": rows[1::2]},
    }
    table["separating"] = [
        {"instance": "1021-3", "ratio": 0.92, "text": "I keep what I have <b>learned</b>."},
        {"instance": "2041-1", "ratio": 0.88, "text": None},
    ]
    return table


def _items(rng: np.random.Generator, table: dict[str, Any]) -> list[dict[str, Any]]:
    """Twelve items of each headline score, with hostile texts and one whose text is not shown."""
    raters = [row["id"] for row in table["rows"] if row["kind"] != "published"]
    items: list[dict[str, Any]] = []
    for score in (one for one in table["scores"] if one["headline"]):
        for k in range(12):
            place = len(items)
            text = HOSTILE[place % len(HOSTILE)] if place < 14 else f"I did what I could {place}."
            counts = rng.integers(0, 30, size=6)
            items.append(
                {
                    "instance": f"{1000 + place // 5}-{place % 5 + 1}",
                    "cluster": str(1000 + place // 5),
                    "text": None if k == 3 else {"query": f"What now? {text}", "response": text},
                    "scores": [score["name"]],
                    "people": None
                    if k == 4
                    else {
                        "histogram": counts.tolist(),
                        "mean": float(np.average(np.arange(1, 7), weights=counts + 1)),
                        "people": int(counts.sum()),
                    },
                    "ratings": {
                        one: None if k == 5 else float(np.clip(rng.normal(3.5, 1.2), 1, 6))
                        for one in raters
                    },
                    "separating": float(rng.uniform(0, 1)),
                    "gap": None if k == 4 else float(rng.normal(0, 1)),
                }
            )
    return items


def _reading(rng: np.random.Generator, models: int) -> dict[str, Any]:
    scores = [
        _score(
            "accuracy", "overall", "Overall", "share of statements named", (0, 1), True, "higher"
        ),
        _score(
            "sigma_inequity", "overall", "Overall", "percentage points", (0, 100), True, "lower"
        ),
        *(
            _score(
                one, "category", "By category", "share of statements named", (0, 1), False, "higher"
            )
            for one in CATEGORIES
        ),
    ]
    table = _table(rng, "indie_value-77aa01bc", "indie_value", "IndieValueCatalog", scores, False)
    table["resampling_unit"] = "person"
    table["card"]["terms"] = "Nobody may pass the answers on."
    add_rows(rng, table, models, ("random", "majority", "resemble (k=24)"))
    for row in table["rows"][:3]:
        row["calibration"] = [
            {"predicted": p, "observed": min(1.0, p + 0.05), "count": 40} for p in (0.2, 0.5, 0.8)
        ]
    return table


def _score(
    name: str,
    family: str,
    family_title: str,
    unit: str,
    ends: tuple[float, float],
    headline: bool = False,
    direction: str = "none",
) -> dict[str, Any]:
    return {
        "name": name,
        "family": family,
        "family_title": family_title,
        "unit": unit,
        "range": list(ends),
        "direction": direction,
        "headline": headline,
        "margin": 0.2,
        "apart": False,
    }


def _table(
    rng: np.random.Generator,
    name: str,
    benchmark: str,
    title: str,
    scores: list[dict[str, Any]],
    synthetic: bool,
) -> dict[str, Any]:
    return {
        "id": name,
        "benchmark": benchmark,
        "title": title,
        "paper": "Han, Choi, Song, Lee and Jo (2025), ACL",
        "comparability": "1-A",
        "about": "How similar a model says that everyday responses are to its own thoughts.",
        "limits": ["What a model says is not what it does.", "The tags come from one platform."],
        "rater": "a model under a prompt",
        "instance": "a response to a query",
        "resampling_unit": "query",
        "synthetic": synthetic,
        "card": {
            "id": benchmark,
            "title": title,
            "homepage": "https://example.org/" + benchmark,
            "licence": "MIT",
            "citation": "Han et al. (2025)",
            "revision": "08e1fb7903c619592bd8b3267f00191e36957f9e",
            "terms": None,
            "counts": {"items": 520, "queries": 104},
        },
        "template_sha256": "9f" * 32,
        "survey_sha256": None,
        "settings": {"threshold": 0.3, "reading": "careful"},
        "variants": [],
        "scores": scores,
        "rows": [],
        "reliability": {},
        "pairs": [],
        "pairs_limit": 60,
        "circumplex": None,
        "clusters": None,
        "separating": [],
        "human": None,
        "shown": [],
        "finding": [
            "12 models, 560 people, 520 responses.",
            "On these items 7 of 66 pairs of models differ on some value; beyond them 2.",
        ],
        "items": [],
    }


def _apart(table: str) -> list[dict[str, Any]]:
    return [
        {
            "run": f"apart{k}",
            "benchmark": "value_portrait",
            "rater": rater,
            "kind": "model",
            "log": f"2026-02-0{k + 1}.eval",
            "status": status,
            "why": why,
            "share": share,
            "table": table,
            "valid": 0.97 if status == "partial" else None,
            "scores": {
                "Power": {"value": -0.4, "low": -0.9, "high": 0.1, "reason": None},
            }
            if status == "partial"
            else {},
        }
        for k, (rater, status, share, why) in enumerate(
            (
                ("<script>alert(3)</script>", "partial", 0.25, "only 130 of 520 items were asked"),
                ("=1+1", "failed", 0.1, "cannot open /home/somebody/keys/openai.txt"),
                ("provider-1/late", "unfinished", 0.6, "the run has not ended"),
                ("provider-2/stopped", "cancelled", None, "the run was interrupted"),
            )
        )
    ]


def _convergence(
    rng: np.random.Generator, one: dict[str, Any], other: dict[str, Any]
) -> list[dict[str, Any]]:
    found = []
    for x in one["scores"][:10]:
        for y in other["scores"][:2]:
            value = float(rng.uniform(-0.8, 0.8))
            enough = x["name"] != "Power"
            found.append(
                {
                    "x": {"table": one["id"], "benchmark": one["benchmark"], "score": x["name"]},
                    "y": {
                        "table": other["id"],
                        "benchmark": other["benchmark"],
                        "score": y["name"],
                    },
                    "models": 12,
                    "correlation": estimate(rng, value, 0.2)
                    if enough
                    else no_estimate("fewer than five models in both tables"),
                    "corrected": estimate(rng, value * 1.1, 0.2)
                    if enough
                    else no_estimate("fewer than five models in both tables"),
                }
            )
    return found
