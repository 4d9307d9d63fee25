"""An instrument written as files in the layout of Value Portrait's source, with its card."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import yaml

from ratings.arrays import FloatArray
from ratings.instruments.own_instrument import contents_revision
from ratings.instruments.portrait_files import (
    FAMILY_NAMES,
    LAYOUT,
    OWN_PHRASES,
    SCORES,
    SURVEY,
    TAGGED,
    correlation_path,
    template_path,
)
from ratings.sources.cards import CardFile
from ratings.table import RatingTable


def option_of(instance: str, query: str) -> str:
    """The part of an item's name after its query's: the files name an item by both.

    >>> option_of("q7-2", "q7"), option_of("item_31", "q7")
    ('2', 'item_31')
    """
    return instance.removeprefix(f"{query}-") or instance


def instrument_files(
    table: RatingTable,
    correlations: Mapping[str, tuple[FloatArray, FloatArray]],
    prompts: Mapping[tuple[str, bool], str],
    phrases: Sequence[Sequence[str]] | None = None,
) -> dict[str, str]:
    """Path and content of each file that the loader of Value Portrait reads.

    Args:
        table: ratings by people. Instances, named `<query>-<option>`, have `query`, `title`,
            `text` and `response`; raters have a column for each dimension they were measured on.
        correlations: r and p of I items by dimension; NaN where there is none.
        prompts: a template for each variant, for items with a title and without.
        phrases: of the ratings 1 to 6, each with its variants; None for the English ones.
    """
    items = table.instances
    options = [option_of(str(name), query) for name, query in items["query"].items()]
    files = {
        correlation_path(family): _lines(
            {
                "portrait_id": query,
                "option_id": option,
                f"{family}_dimension": _source_name(name),
                "spearman_corr": float(correlations[name][0][i]),
                "spearman_p_value": float(correlations[name][1][i]),
            }
            for i, (query, option) in enumerate(zip(items["query"], options, strict=True))
            for name in names
            if name in correlations and np.isfinite(correlations[name][0][i])
        )
        for family, names in FAMILY_NAMES.items()
    }
    files[TAGGED] = _lines(
        {
            "portrait_id": query,
            "content": {"title": of["title"].iloc[0] or None, "text": of["text"].iloc[0]},
            "outputs": [
                {"id": option_of(str(name), str(query)), "content": response}
                for name, response in of["response"].items()
            ],
        }
        for query, of in items.groupby("query", sort=False)
    )
    files[SURVEY] = json.dumps([_survey(table)], ensure_ascii=False, indent=0)
    files[SCORES] = json.dumps(_scores(table.raters), ensure_ascii=False, indent=0)
    files |= {template_path(*key): text for key, text in prompts.items()}
    if phrases is not None:
        files[OWN_PHRASES] = json.dumps(phrases, ensure_ascii=False, indent=0)
    return files


def card_text(front: Mapping[str, Any], prose: str, files: Mapping[str, str]) -> tuple[str, str]:
    """The card of an instrument as text, and its revision, a hash of the files.

    Args:
        front: the fields that say what it is: `id`, `title`, `licence`, `citation`, `counts`,
            `synthetic`.
        prose: what a reader should know, in Markdown.
        files: content by path.
    """
    layout = {**LAYOUT, **({"phrases": (OWN_PHRASES,)} if OWN_PHRASES in files else {})}
    groups = {group: [_card_file(path, files[path]) for path in layout[group]] for group in layout}
    revision = contents_revision(
        CardFile(path=one["path"], sha256=one["sha256"]) for of in groups.values() for one in of
    )
    fields = {**front, "revision": revision, "own_folder": ".", "files": groups}
    text = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{text}---\n\n{prose.strip()}\n", revision


def _card_file(path: str, content: str) -> dict[str, Any]:
    encoded = content.encode()
    return {
        "path": path,
        "bytes": len(encoded),
        "sha256": hashlib.sha256(encoded).hexdigest(),
    }


def _survey(table: RatingTable) -> dict[str, list[dict[str, Any]]]:
    """Ratings by query: of each option who gave which."""
    out: dict[str, list[dict[str, Any]]] = {}
    queries = table.instances["query"]
    for name, rows in table.ratings.groupby("instance", observed=True, sort=False):
        query = str(queries[name])
        data = [
            [int(rating), str(rater)]
            for rating, rater in zip(rows["rating"], rows["rater"], strict=True)
        ]
        out.setdefault(query, []).append({"option_id": option_of(str(name), query), "data": data})
    return out


def _scores(raters: pd.DataFrame) -> dict[str, dict[str, dict[str, float]]]:
    """Scores of each rater by family; without those that are missing."""
    return {
        str(rater): {
            family: {
                _source_name(name): float(row[name])
                for name in names
                if name in row and np.isfinite(row[name])
            }
            for family, names in FAMILY_NAMES.items()
        }
        for rater, row in raters.iterrows()
    }


def _source_name(dimension: str) -> str:
    return dimension.replace("-", "_").replace(" ", "_")


def _lines(rows: Sequence[Any] | Any) -> str:  # noqa: ANN401 - any iterable of plain data
    """A JSON list with one row a line."""
    body = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    return f"[\n{body}\n]\n" if body else "[]\n"
