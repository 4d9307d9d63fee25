"""Which rows may be passed on as results of a model, and what is left out and why.

Formats that are read far from here, without our tables around them, get only what is a model's own
result: no sample, no published figure, nothing that is not a model, no score without a value.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leaderboard.exports.table_parts import Board, Row, Table
from leaderboard.exports.text import listed
from ratings.output.text import one_line

# A recording is a model's own answers, asked by the source and scored here.
_OF_MODELS = ("model", "recording")
# Inspect's providers that run a model here, and those that pass on other developers' models.
_ENGINES = {
    "hf": "transformers",
    "llama-cpp-python": "llama.cpp",
    "nnterp": "nnterp",
    "ollama": "Ollama",
    "sglang": "SGLang",
    "transformer_lens": "TransformerLens",
    "vllm": "vLLM",
}
_PLATFORMS = (
    "azureai",
    "bedrock",
    "cloudflare",
    "fireworks",
    "groq",
    "hf-inference-providers",
    "litellm",
    "litellm-proxy",
    "openai-api",
    "openrouter",
    "sambanova",
    "together",
)
_RECORDED = "replay"
_WITH_DEVELOPER = re.compile(r"[\w.-]+(/[\w.:@+-]+)+", re.ASCII)


@dataclass(frozen=True)
class Model:
    """Who a model is, read off the name under which Inspect ran it.

    Attributes:
        id: developer and name, or the name alone where no developer is known.
        developer: None where the name does not say.
        platform: the service that answered, or None.
        engine: the library that ran the weights here, or None.
    """

    id: str
    developer: str | None
    platform: str | None
    engine: str | None


def own_rows(board: Board) -> Iterator[tuple[Table, Row]]:
    """Rows that hold a model's own results, with their tables."""
    for table in board["tables"]:
        if not table["synthetic"]:
            for row in table["rows"]:
                if row["kind"] in _OF_MODELS and any(valued(table, row)):
                    yield table, row


def valued(table: Table, row: Row) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The scores of a row that have a value: what the table says of each, and what was found."""
    for score in table["scores"]:
        found = row["scores"].get(score["name"])
        if found is not None and found["value"] is not None:
            yield score, found


def without_value(table: Table, row: Row) -> list[tuple[str, str]]:
    """The scores of a row that have none, and why."""
    names = [score["name"] for score in table["scores"] if score["name"] in row["scores"]]
    found = [(name, row["scores"][name]) for name in names]
    return [(name, f["reason"] or "no reason given") for name, f in found if f["value"] is None]


def asked_at(row: Row) -> str | None:
    """When a model was asked, as ISO 8601; None for a recording, whose log says when it was read.

    >>> asked_at({"kind": "recording", "started": "2026-01-05T10:00:00+00:00"})
    """
    return None if row["kind"] == "recording" else row["started"]


def left_out(board: Board) -> list[str]:
    """What these formats leave out, one sentence each."""
    return [note for table in board["tables"] for note in _left_out_of(table)]


def who(row: Row) -> Model:
    """Who the model of a row is.

    >>> who({"model": "vllm/meta-llama/Llama-3.1-8B"})
    Model(id='meta-llama/Llama-3.1-8B', developer='meta-llama', platform=None, engine='vLLM')
    >>> who({"model": "replay/gpt-4o"})
    Model(id='gpt-4o', developer=None, platform=None, engine=None)
    """
    provider, _, rest = str(row["model"]).partition("/")
    passed_on = provider in (*_ENGINES, *_PLATFORMS, _RECORDED) and rest
    name = rest if passed_on else str(row["model"])
    if name.startswith(".../"):  # the end of a path on the machine where it ran
        return Model(name.removeprefix(".../"), None, None, _ENGINES.get(provider))
    if name.startswith("/"):  # the whole path, which is nobody's business
        name = name.rstrip("/").rpartition("/")[2]
    developer = name.partition("/")[0] if _WITH_DEVELOPER.fullmatch(name) else None
    if not passed_on:
        return Model(name, developer, developer, None)
    platform = provider if provider in _PLATFORMS else None
    return Model(name, developer, platform, _ENGINES.get(provider))


def _left_out_of(table: Table) -> Iterator[str]:
    name = one_line(table["id"])
    if table["synthetic"]:
        yield f"{name} is left out: it is a synthetic sample and would pass as real"
        return
    others = Counter(row["kind"] for row in table["rows"] if row["kind"] not in _OF_MODELS)
    if others:
        yield f"{name}: rows that are no run of a model are left out: {listed(others.items())}"
    models = [row for row in table["rows"] if row["kind"] in _OF_MODELS]
    missing = sum(len(without_value(table, row)) for row in models)
    if missing:
        yield f"{name}: scores without a value are left out: {missing}"
