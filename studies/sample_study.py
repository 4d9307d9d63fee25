"""The rating study behind the sample that ships with the package: simulated raters, known truth.

    python -m studies.sample_study FOLDER

reads `authored.json` of the sample (texts and planted loadings) and writes the study's files
into FOLDER, in the layout of Value Portrait's own source. Each simulated rater has values on
Schwartz's circle and five traits; its rating of an item is the middle of the scale, plus its
values and traits weighted by the item's loadings, plus noise. Tags come from the ratings as in
the real study: by Spearman correlation with the measured scores.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray
from ratings.instruments.dimensions import ALL_DIMENSIONS, BIG_FIVE, HIGHER_ORDER, SCHWARTZ
from ratings.instruments.value_portrait import CHOICES
from ratings.sources.cards import load_card, packaged_folder
from ratings.table import RatingTable
from scorers.tags.correlations import correlate

SEED = 20260101
GROUPS = 3
RATERS_A_GROUP = 80
VALUE_STRENGTH, TRAIT_STRENGTH, RATING_NOISE, SCORE_NOISE = 0.9, 0.9, 0.9, 0.3
PARTS = {
    "Self-Transcendence": ("Universalism", "Benevolence"),
    "Conservation": ("Conformity", "Tradition", "Security"),
    "Self-Enhancement": ("Power", "Achievement"),
    "Openness to Change": ("Stimulation", "Self-Direction"),
}


def simulate(queries: Sequence[Mapping[str, Any]], seed: int = SEED) -> RatingTable:
    """Ratings of simulated raters on the authored items, with their measured scores.

    Args:
        queries: the authored queries, each with responses and their planted loadings.
        seed: of values, measurement error and rating noise.
    """
    rng = np.random.default_rng(seed)
    raters = GROUPS * RATERS_A_GROUP
    values, traits = _true_values(rng, raters), rng.standard_normal((raters, len(BIG_FIVE)))
    items = [
        (query, f"{query['portrait_id']}-{number}", response["loadings"])
        for query in queries
        for number, response in enumerate(query["responses"], start=1)
    ]
    loadings = np.array([[load.get(name, 0.0) for name in SCHWARTZ] for *_, load in items])
    on_traits = np.array([[load.get(name, 0.0) for name in BIG_FIVE] for *_, load in items])
    leaning = VALUE_STRENGTH * values @ loadings.T + TRAIT_STRENGTH * traits @ on_traits.T
    noisy = 3.5 + leaning + RATING_NOISE * rng.standard_normal(leaning.shape)
    ratings = np.clip(np.rint(noisy), 1, len(CHOICES))
    rater_group = np.repeat(np.arange(GROUPS), RATERS_A_GROUP)
    order = {query["portrait_id"]: i for i, query in enumerate(queries)}
    item_group = np.array([order[query["portrait_id"]] % GROUPS for query, *_ in items])
    ratings[rater_group[:, None] != item_group[None, :]] = np.nan
    scores = _measured(rng, values, traits)
    scores.index = pd.Index([f"S{number:03d}" for number in range(1, raters + 1)])
    scores["group"] = rater_group
    return RatingTable.from_matrix(
        ratings,
        raters=scores,
        instances=pd.DataFrame(
            {"query": [str(query["portrait_id"]) for query, *_ in items]},
            index=[instance for _, instance, _ in items],
        ),
        choices=CHOICES,
    )


def study_files(queries: Sequence[Mapping[str, Any]], seed: int = SEED) -> dict[str, str]:
    """Path and content of each file of the study, in the source's layout."""
    table = simulate(queries, seed)
    tags = correlate(table, table.raters[list(ALL_DIMENSIONS)])
    families = {"pvq": SCHWARTZ, "higher_pvq": HIGHER_ORDER, "bfi": BIG_FIVE}
    files = {
        f"data/correlation_results/{family}_correlation_results.json": _lines(
            [
                {
                    "portrait_id": instance.split("-")[0],
                    "option_id": int(instance.split("-")[1]),
                    f"{family}_dimension": _source_name(name),
                    "spearman_corr": round(float(tags.r[d, i]), 6),
                    "spearman_p_value": float(f"{tags.p[d, i]:.6g}"),
                }
                for i, instance in enumerate(table.instances.index)
                for name in names
                for d in [ALL_DIMENSIONS.index(name)]
            ]
        )
        for family, names in families.items()
    }
    files["data/query-response-tagged/query-response-tagged.json"] = _lines(
        [_tagged_query(query) for query in queries]
    )
    files["data/prolific/survey/main/survey.json"] = _lines(_survey(table))
    files["data/prolific/value/main/value.json"] = json.dumps(_rater_scores(table), indent=0)
    return files


def main() -> None:
    """Write the study's files into the folder named on the command line."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m studies.sample_study FOLDER")
    folder = Path(sys.argv[1])
    authored = packaged_folder(load_card("value_portrait_sample")) / "authored.json"
    for path, content in study_files(json.loads(authored.read_text(encoding="utf-8"))).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        print(target)


def _true_values(rng: np.random.Generator, raters: int) -> FloatArray:
    """R x 10 centred values: a place on the circle, and something of its own for each value."""
    angles = 2 * np.pi * np.arange(len(SCHWARTZ)) / len(SCHWARTZ)
    circle = rng.standard_normal((raters, 2)) @ np.vstack([np.cos(angles), np.sin(angles)])
    values = 0.5 * circle + 0.7 * rng.standard_normal(circle.shape)
    centred: FloatArray = values - values.mean(axis=1, keepdims=True)
    return centred


def _measured(rng: np.random.Generator, values: FloatArray, traits: FloatArray) -> pd.DataFrame:
    """Scores as the questionnaires would give them: with error, on their scales."""
    measured = values + SCORE_NOISE * rng.standard_normal(values.shape)
    frame = pd.DataFrame(measured - measured.mean(axis=1, keepdims=True), columns=list(SCHWARTZ))
    for name, parts in PARTS.items():
        frame[name] = frame[list(parts)].mean(axis=1)
    error = SCORE_NOISE * rng.standard_normal(traits.shape)
    frame[list(BIG_FIVE)] = np.clip(np.rint(2 * (3 + traits + error)) / 2, 1, 5)
    return frame[list(ALL_DIMENSIONS)].round(4)


def _tagged_query(query: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "portrait_id": query["portrait_id"],
        "content": {"title": query["title"], "text": query["text"]},
        "outputs": [
            {"id": number, "content": response["text"]}
            for number, response in enumerate(query["responses"], start=1)
        ],
    }


def _survey(table: RatingTable) -> list[dict[str, list[dict[str, Any]]]]:
    frame = table.ratings.assign(group=table.ratings["rater"].map(table.raters["group"]))
    groups: list[dict[str, list[dict[str, Any]]]] = [{} for _ in range(GROUPS)]
    for instance, rows in frame.groupby("instance", observed=True, sort=False):
        query, option = str(instance).split("-")
        data = [
            [int(r), str(rater)] for r, rater in zip(rows["rating"], rows["rater"], strict=True)
        ]
        groups[int(rows["group"].iloc[0])].setdefault(query, []).append(
            {"option_id": int(option), "data": data}
        )
    return groups


def _rater_scores(table: RatingTable) -> dict[str, dict[str, dict[str, float]]]:
    families = {"bfi": BIG_FIVE, "pvq": SCHWARTZ, "higher_pvq": HIGHER_ORDER}
    return {
        str(rater): {
            family: {_source_name(name): float(row[name]) for name in names}
            for family, names in families.items()
        }
        for rater, row in table.raters.iterrows()
    }


def _source_name(dimension: str) -> str:
    return dimension.replace("-", "_").replace(" ", "_")


def _lines(rows: Sequence[Any]) -> str:
    """A JSON list with one row a line."""
    body = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{body}\n]\n"


if __name__ == "__main__":
    main()
