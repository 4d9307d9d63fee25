"""Value Portrait's queries before they were tagged: where each comes from, and its topics."""

import json
from pathlib import Path
from typing import Any

from ratings.instruments.value_portrait import load_instrument
from ratings.sources.fetch import fetch

SOURCES = ("Reddit", "DearAbby", "ShareGPT", "LMSYS")

_TOPICS = "data/query/query_categorized.json"


def query_topics(data: str = "official") -> dict[str, tuple[str, ...]]:
    """Topics of each query by its id, as a model named them (section 3.3); official data only.

    Raises:
        DataError: when files are missing or changed.
    """
    paths = _paths(data)
    if not paths:
        return {}
    ids = _ids(data)
    return {ids[_content(entry)]: tuple(entry["categories"]) for entry in _read(paths[_TOPICS])}


def query_sources(data: str = "official") -> dict[str, str | None]:
    """Which of `SOURCES` has each query in its file; None for one in none; empty for the sample.

    Raises:
        DataError: when files are missing or changed.
    """
    paths = _paths(data)
    if not paths:
        return {}
    of = {
        _content(entry): source
        for source in SOURCES
        for entry in _read(paths[f"data/query/{source}.json"])
    }
    return {query: of.get(content) for content, query in _ids(data).items()}


def _paths(data: str) -> dict[str, Path]:
    card = load_instrument(data).card
    return fetch(card, ["queries"]) if "queries" in card.groups else {}


def _ids(data: str) -> dict[tuple[str, str], str]:
    """The id of each query by its title and text."""
    items = load_instrument(data).items.drop_duplicates("query")
    rows = zip(items["title"], items["text"], items["query"], strict=True)
    return {(title, text): query for title, text, query in rows}


def _content(entry: dict[str, Any]) -> tuple[str, str]:
    return entry["content"].get("title") or "", entry["content"]["text"]


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever the source's file holds
    return json.loads(path.read_text(encoding="utf-8"))
