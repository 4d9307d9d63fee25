"""The files of an instrument in the layout of Value Portrait's own source: how each is read.

The official source, the sample and every instrument that somebody built have them under the same
paths and in the same form.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray
from ratings.errors import DataError
from ratings.instruments.dimensions import (
    ALL_DIMENSIONS,
    BIG_FIVE,
    HIGHER_ORDER,
    SCHWARTZ,
    dimension_name,
)

TAGGED = "data/query-response-tagged/query-response-tagged.json"
SURVEY = "data/prolific/survey/main/survey.json"
SCORES = "data/prolific/value/main/value.json"
# How the source names the three families of dimensions in its files.
FAMILY_NAMES: Mapping[str, tuple[str, ...]] = {
    "pvq": SCHWARTZ,
    "higher_pvq": HIGHER_ORDER,
    "bfi": BIG_FIVE,
}


def correlation_path(family: str) -> str:
    """The file of correlations with the dimensions of one family."""
    return f"data/correlation_results/{family}_correlation_results.json"


def template_path(variant: str, titled: bool) -> str:
    """The file of the prompt of a variant, for items with a title or without."""
    return f"lm_evaluation/prompts/{variant}/{'reddit' if titled else 'sharegpt'}_prompt.txt"


# The phrases that an instrument in another language offers; only such a one has the file.
OWN_PHRASES = "lm_evaluation/phrases.json"
VARIANTS = ("v1", "v1_reversed", "v2", "v2_reversed", "v3", "v3_reversed")
# The files of an instrument that its loader reads, in the groups of its card.
LAYOUT: Mapping[str, tuple[str, ...]] = {
    "items": (TAGGED, *map(correlation_path, FAMILY_NAMES)),
    "prompts": tuple(
        template_path(variant, titled) for variant in VARIANTS for titled in (True, False)
    ),
    "human_ratings": (SURVEY, SCORES),
}


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the source's file holds
    """The content of a JSON file."""
    return json.loads(read_text(path))


def read_text(path: Path) -> str:
    """The content of a text file, with its line ends as they are."""
    return path.read_bytes().decode("utf-8")


def read_items(path: Path) -> pd.DataFrame:
    """I rows indexed by instance, with `query`, `title` (empty for none), `text`, `response`."""
    rows = [
        {
            "instance": f"{query['portrait_id']}-{response['id']}",
            "query": str(query["portrait_id"]),
            "title": query["content"].get("title") or "",
            "text": query["content"]["text"],
            "response": response["content"],
        }
        for query in read_json(path)
        for response in query["outputs"]
    ]
    return pd.DataFrame(rows).set_index("instance")


def read_correlations(
    paths: Mapping[str, Path], instances: pd.Index
) -> tuple[FloatArray, FloatArray]:
    """D x I correlations and their p-values; NaN for a dimension that nobody measured.

    Args:
        paths: of the files, by their paths in the source.
        instances: of the items.

    Raises:
        DataError: for a correlation of something that is not an item.
    """
    correlations = np.full((len(ALL_DIMENSIONS), len(instances)), np.nan)
    p_values = np.full_like(correlations, np.nan)
    for family in FAMILY_NAMES:
        path = correlation_path(family)
        frame = pd.DataFrame(read_json(paths[path]))
        if frame.empty:
            continue
        labels = frame["portrait_id"].astype(str) + "-" + frame["option_id"].astype(str)
        item = instances.get_indexer(pd.Index(labels))
        if (item < 0).any():
            raise DataError(f"{path}: {labels[item < 0].iloc[0]} is not an item")
        names = frame[f"{family}_dimension"]
        row = names.map(lambda name: ALL_DIMENSIONS.index(dimension_name(name)))
        correlations[row, item] = frame["spearman_corr"]
        p_values[row, item] = frame["spearman_p_value"]
    return correlations, p_values


def read_survey(path: Path) -> pd.DataFrame:
    """N ratings: `rater`, `instance`, `rating`, `group` (the part of the survey, from 0)."""
    return pd.DataFrame(
        [
            (person, f"{query}-{response['option_id']}", rating, group)
            for group, queries in enumerate(read_json(path))
            for query, responses in queries.items()
            for response in responses
            for rating, person in response["data"]
        ],
        columns=["rater", "instance", "rating", "group"],
    )


def read_scores(path: Path) -> pd.DataFrame:
    """Scores of raters on the 19 dimensions, indexed by rater; NaN where not measured."""
    rows = {
        rater: {
            dimension_name(name): value
            for family in FAMILY_NAMES
            for name, value in scores[family].items()
        }
        for rater, scores in read_json(path).items()
    }
    frame = pd.DataFrame.from_dict(rows, orient="index")
    return frame.reindex(columns=list(ALL_DIMENSIONS)).astype(float)
