import io
import json
import tarfile
from pathlib import Path

import pytest

from ratings.errors import DataError, DataMissingError
from ratings.sources.cards import load_card
from ratings.sources.fetch import fetch, verify
from ratings.sources.prices import CARD, price_of, read_prices


def entry(owner: str, given: float, taken: float) -> dict:
    return {
        "litellm_provider": owner,
        "input_cost_per_token": given,
        "output_cost_per_token": taken,
        "mode": "chat",
    }


TABLE = {
    "sample_spec": entry("one of the providers", 0.0, 0.0),
    "gpt-x": entry("openai", 1e-6, 2e-6),
    "azure/gpt-x": entry("azure", 3e-6, 4e-6),
    "claude-x": entry("anthropic", 5e-6, 6e-6),
    "vertex_ai/claude-x": entry("vertex_ai-anthropic_models", 7e-6, 8e-6),
    "anthropic.claude-x-v1:0": entry("bedrock_converse", 9e-6, 1e-5),
    "gemini/gemini-x": entry("gemini", 1e-7, 2e-7),
    "gemini-x": entry("vertex_ai-language-models", 3e-7, 4e-7),
    "openrouter/openai/gpt-x": entry("openrouter", 5e-7, 6e-7),
    "together_ai/lab/model-x": entry("together_ai", 7e-7, 7e-7),
    "deepseek/chat-x": entry("deepseek", 8e-7, 9e-7),
    "xai/grok-x": {**entry("xai", 0, 0), "input_cost_per_token": None},
    "free-x": entry("openai", 0, 0),
    "image-x": {"litellm_provider": "openai", "output_cost_per_image": 0.1},
}


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("openai/gpt-x", "gpt-x"),
        ("openai/azure/gpt-x", "azure/gpt-x"),
        ("azureai/gpt-x", "azure/gpt-x"),
        ("anthropic/claude-x", "claude-x"),
        ("anthropic/vertex/claude-x", "vertex_ai/claude-x"),
        ("anthropic/bedrock/anthropic.claude-x-v1:0", "anthropic.claude-x-v1:0"),
        ("bedrock/anthropic.claude-x-v1:0", "anthropic.claude-x-v1:0"),
        ("google/gemini-x", "gemini/gemini-x"),
        ("google/vertex/gemini-x", "gemini-x"),
        ("openrouter/openai/gpt-x", "openrouter/openai/gpt-x"),
        ("together/lab/model-x", "together_ai/lab/model-x"),
        ("deepseek/chat-x", "deepseek/chat-x"),
        ("openai-api/deepseek/chat-x", "deepseek/chat-x"),
        ("litellm/gpt-x", "gpt-x"),
        ("litellm/openai/gpt-x", "gpt-x"),
        ("litellm/gemini/gemini-x", "gemini/gemini-x"),
        ("litellm-proxy/openai/gpt-x", "gpt-x"),
        ("litellm-proxy/claude-x", "claude-x"),
    ],
)
def test_a_model_of_inspect_is_found_under_its_name_in_the_table(model: str, key: str):
    found = price_of(model, TABLE)
    assert found is not None
    assert (found.key, found.input, found.output) == (
        key, TABLE[key]["input_cost_per_token"], TABLE[key]["output_cost_per_token"]
    )  # fmt: skip


@pytest.mark.parametrize(
    "model",
    [
        "openai/gpt-y",  # not in the table
        "openai/claude-x",  # another provider's
        "anthropic/gpt-x",
        "openrouter/claude-x",
        "grok/grok-x",  # without a price a token
        "openai/free-x",  # 0 both ways: not known
        "openai/image-x",
        "nobody/gpt-x",
        "gpt-x",
        "",
    ],
)
def test_a_model_without_a_price_has_none(model: str):
    assert price_of(model, TABLE) is None


def archive(path: Path, name: str, text: str) -> Path:
    with tarfile.open(path, "w:gz") as made:
        info = tarfile.TarInfo(name)
        info.size = len(text)
        made.addfile(info, io.BytesIO(text.encode()))
    return path


def test_a_table_is_read_from_a_file_or_the_source_archive(tmp_path: Path):
    text = json.dumps(TABLE)
    (tmp_path / "prices.json").write_text(text)
    assert read_prices(tmp_path / "prices.json") == TABLE
    name = "litellm-1.0/model_prices_and_context_window.json"
    assert read_prices(archive(tmp_path / "a.tar.gz", name, text)) == TABLE
    with pytest.raises(DataError, match="holds no model_prices"):
        read_prices(archive(tmp_path / "b.tar.gz", "litellm-1.0/other.json", text))


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"gpt-x": {"price": 1}}', "\xff"])
def test_an_invalid_price_table_is_reported_in_one_line(text: str, tmp_path: Path):
    path = tmp_path / "prices.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DataError, match="is not a price table in litellm's format"):
        read_prices(path)
    with pytest.raises(DataMissingError, match="there is no price table at"):
        read_prices(tmp_path / "none.json")


def test_the_published_table_has_the_counts_of_its_card(mirror_or_none: Path | None, monkeypatch):
    card = load_card(CARD)
    if mirror_or_none is not None:
        monkeypatch.setenv("VALUEGAUGE_DATA", str(mirror_or_none))
    if {status.state for status in verify(card)} != {"good"}:
        pytest.skip("needs litellm's source archive in a mirror")
    (path,) = fetch(card).values()
    table = read_prices(path)
    table.pop("sample_spec")
    priced = [
        found
        for found in table.values()
        if {"input_cost_per_token", "output_cost_per_token"} <= set(found)
    ]
    assert len(table) == card.counts["models"]
    assert len(priced) == card.counts["priced_by_token"]
    assert price_of("openai/gpt-4o", table)
