"""Rows of boards made at random: scores, ranks, pairs."""

from itertools import combinations
from typing import Any

import numpy as np

from scorers.comparison.differences import holm

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()",
    "long-" + "n" * 295,
    "-2+3\nsecond line",
    "\u202eright to left",
    '"><img src=x onerror=alert(2)>',
    "@sum(A1) <b>bold</b> {{ 7 * 7 }} ${x} </table>",
)
STATUSES = ("refusal", "empty", "ambiguous", "unparseable")


def estimate(rng: np.random.Generator, value: float, width: float = 0.2) -> dict[str, Any]:
    """An estimate around a value."""
    low, high = value - width * rng.uniform(0.6, 1.4), value + width * rng.uniform(0.6, 1.4)
    return {"value": round(value, 6), "low": round(low, 6), "high": round(high, 6), "reason": None}


def no_estimate(reason: str) -> dict[str, Any]:
    return {"value": None, "low": None, "high": None, "reason": reason}


def centre(rng: np.random.Generator, score: dict[str, Any]) -> float:
    low, high = score["range"]
    middle = {(-5, 5): 0.0, (0, 1): 0.6, (0, 100): 4.0}.get((low, high), 3.2)
    spread = {(-5, 5): 0.6, (0, 1): 0.08, (0, 100): 1.0}.get((low, high), 0.4)
    return float(np.clip(rng.normal(middle, spread), low + 0.01, high - 0.01))


def add_rows(
    rng: np.random.Generator,
    table: dict[str, Any],
    models: int,
    baselines: tuple[str, ...] = ("respondent/power",),
) -> None:
    names = [*HOSTILE[:models]]
    names += [
        f"provider-{k % 7}/model-{k}-2024-{k % 12 + 1:02}" for k in range(models - len(names))
    ]
    described = [(name, "model") for name in names]
    described += [(name, "simulated" if "/" in name else "baseline") for name in baselines]
    described += [
        ("replay/gpt-4o-2024-05-13", "recording"),
        ("o1-mini (paper)", "published"),
        ("people of the survey", "human"),
    ]
    rows = [_row(rng, table, k, name, kind) for k, (name, kind) in enumerate(described)]
    table["rows"] = rows
    table["shown"] = [row["id"] for row in rows if row["kind"] in ("model", "recording", "human")]
    for score in table["scores"]:
        _rank(rng, [row for row in rows if row["id"] in table["shown"]], score)
    if len(table["shown"]) <= table["pairs_limit"]:
        table["pairs"] = _pairs(rng, table)
        correct(table["pairs"], set(table["shown"]))


def _row(
    rng: np.random.Generator, table: dict[str, Any], index: int, name: str, kind: str
) -> dict[str, Any]:
    published = kind == "published"
    scores = {}
    for k, score in enumerate(table["scores"]):
        if published and not score["headline"]:
            continue
        value = centre(rng, score)
        width = 0.03 if score["range"] == [0, 1] else 0.2
        found = estimate(rng, value, width)
        if published:
            found |= {"low": None, "high": None, "reason": "the paper prints no interval"}
        if index == 3 and k in (1, 2):
            found = no_estimate("no valid answer to any of its items")
        scores[score["name"]] = found | {
            "lowest": None if found["value"] is None or index % 3 else found["value"] - 0.05,
            "highest": None if found["value"] is None or index % 3 else found["value"] + 0.05,
            "on_items": {
                "low": None if found["low"] is None else found["value"] - width / 3,
                "high": None if found["low"] is None else found["value"] + width / 3,
                "reason": None,
            },
            "rank": None,
            "rank_low": None,
            "rank_high": None,
            "differs": {"on_items": None, "beyond": None},
            "unlike_people": {"on_items": k % 2 == 0, "beyond": k % 4 == 0}
            if table["human"] and kind != "human"
            else {"on_items": None, "beyond": None},
            "per_variant": [
                None if found["value"] is None else found["value"] + rng.normal(0, 0.05)
                for _ in table["variants"]
            ],
        }
    missing = [
        {"instance": f"{1000 + k}-{k % 5 + 1}", "statuses": {STATUSES[k % 4]: 6 - k % 6}}
        for k in range(index % 4 * 6)
    ]
    lost = sum(sum(one["statuses"].values()) for one in missing)
    return {
        "id": f"row-{index}-{index * 2654435761 % 2**32:08x}",
        "rater": name + (" as Ann" if index == 9 else ""),
        "name": name.removeprefix("replay/") + (" as Ann" if index == 9 else ""),
        "model": name,
        "persona": "You are Ann, 61." if index == 9 else None,
        "kind": kind,
        "source": "Table 5 of the paper" if published else None,
        "run": None if published else f"run{index}",
        "log": None if published else f"2026-01-0{index % 9 + 1}T10-00-00_{index}.eval",
        "started": None if published else "2026-01-05T10:00:00+00:00",
        "share": 1.0,
        "valid": None if published else 1 - lost / 3120,
        "answers": None if published else 3120,
        "statuses": {} if published else {"valid": 3120 - lost, "refusal": lost},
        "input_tokens": None if published else 900_000,
        "output_tokens": None if published else 12_000,
        "seconds": None if published else 640.0,
        "cost": float(rng.gamma(2, 1)) if kind == "model" and index % 5 else None,
        "scores": scores,
        "consistency": {}
        if published or not table["variants"]
        else {
            "alpha": estimate(rng, 0.9, 0.03),
            "omega": estimate(rng, 0.9, 0.03),
            "icc": estimate(rng, 0.7, 0.05),
            "g_coefficient": estimate(rng, 0.85, 0.05),
            "order_effect": no_estimate("no item answered in both orders"),
        },
        "variance": {}
        if published or not table["variants"]
        else {
            part: estimate(rng, share, 0.02)
            for part, share in (
                ("item", 0.6),
                ("wording", 0.1),
                ("order", 0.05),
                ("residual", 0.25),
            )
        },
        "verdict": None
        if published
        else {
            "verdict": ("consistent", "doubtful", "inconsistent")[index % 3],
            "why": "alpha is at least 0.7 and the G coefficient at least 0.8.",
        },
        "missing": missing,
        "calibration": None,
        "circumplex": {"fit": 0.61, "p": 0.02, "by_chance": 0.25, "amplitude": 0.4}
        if table["variants"]
        else None,
        "human": None
        if published or table["human"] is None
        else {
            "distance": estimate(rng, 0.5, 0.1),
            "correlation": estimate(rng, 0.4, 0.1),
            "standing": {
                score["name"]: estimate(rng, rng.uniform(0.1, 0.9), 0.05)
                for score in table["scores"][:10]
            },
        },
        "cluster": index % 2 + 1,
        "about": {
            "maker": None if index % 4 == 0 else ("OpenAI", "=cmd()", "Meta")[index % 3],
            "released": None if index % 4 == 0 else f"2024-{index % 12 + 1:02}",
            "size": 8.0 if index % 3 == 0 else None,
            "open_weights": (True, False, None)[index % 3],
        },
        "published": {
            name: {"value": 0.1, "difference": 0.02, "source": "Han et al. (2025), Table 5"}
            for name in list(scores)[:3]
            if kind == "recording" and scores[name]["value"] is not None
        },
        "finding": None
        if published
        else "It puts Benevolence first and Power last; it differs from people on 3 of 10 values.",
        "change": _change(rng, scores) if index == 1 else None,
    }


def _change(rng: np.random.Generator, scores: dict[str, Any]) -> dict[str, Any]:
    """What changed since the run before."""
    return {
        "run": "earlier1",
        "started": "2025-12-01T10:00:00+00:00",
        "finding": "1 of 19 scores changed on these items, none beyond them.",
        "scores": {
            name: {
                "before": found["value"],
                "after": found["value"],
                "on_items": {"difference": estimate(rng, 0.0, 0.1), "p": 0.2, "corrected": 1.0},
                "beyond": {"difference": estimate(rng, 0.0, 0.2), "p": 0.4, "corrected": 1.0},
            }
            for name, found in scores.items()
        },
    }


def _rank(rng: np.random.Generator, rows: list[dict[str, Any]], score: dict[str, Any]) -> None:
    """Ranks with intervals and how many rows differ, in the rows' scores."""
    there = [
        row["scores"][score["name"]]
        for row in rows
        if row["scores"].get(score["name"], {}).get("value") is not None
    ]
    there.sort(key=lambda one: one["value"], reverse=score["direction"] != "lower")
    for index, one in enumerate(there, start=1):
        one |= {
            "rank": index,
            "rank_low": max(1, index - int(rng.integers(0, 4))),
            "rank_high": min(len(there), index + int(rng.integers(0, 4))),
            "differs": {
                "on_items": {"number": len(there) // 2, "of": len(there) - 1},
                "beyond": {"number": len(there) // 4, "of": len(there) - 1},
            },
        }


def _pairs(rng: np.random.Generator, table: dict[str, Any]) -> list[dict[str, Any]]:
    pairs = []
    for a, b in combinations(table["rows"], 2):
        if "published" in (a["kind"], b["kind"]):
            continue
        for name, one in a["scores"].items():
            other = b["scores"].get(name)
            if other is None or None in (one["value"], other["value"]):
                continue
            p = float(rng.uniform() ** 6)
            pairs.append(
                {
                    "a": a["id"],
                    "b": b["id"],
                    "score": name,
                    "difference": _difference(rng, one["value"] - other["value"], 0.2),
                    "p": p,
                    "corrected": None,
                    "equivalent": p > 0.3,
                    "detectable": 0.31,
                    "on_items": {
                        "difference": _difference(rng, one["value"] - other["value"], 0.1),
                        "p": p / 2,
                        "corrected": None,
                        "equivalent": p > 0.2,
                        "detectable": 0.15,
                    },
                }
            )
    return pairs


def _difference(rng: np.random.Generator, value: float, width: float) -> dict[str, Any]:
    """A difference; its interval is symmetric, as a t test's is."""
    half = width * rng.uniform(0.6, 1.4)
    return {"value": value, "low": value - half, "high": value + half, "reason": None}


def correct(
    pairs: list[dict[str, Any]], shown: set[str], apart: frozenset[str] = frozenset()
) -> None:
    """Put Holm's correction into the pairs: over those of the rows shown, over all for others.

    Scores that are `apart` are corrected among themselves.
    """
    groups = [[one for one in pairs if (one["score"] in apart) == side] for side in (False, True)]
    for group in groups:
        for part in ("", "on_items"):
            tests = [pair[part] if part else pair for pair in group]
            first = [{pair["a"], pair["b"]} <= shown for pair in group]
            p_values = np.array([test["p"] for test in tests], dtype=float)
            corrected = holm(p_values)
            corrected[first] = holm(p_values[first])
            for test, after in zip(tests, corrected.tolist(), strict=True):
                test["corrected"] = None if np.isnan(after) else after
