"""Facts about models are read strictly, and are found by exact names alone."""

import re
from importlib import resources
from pathlib import Path

import pytest

from leaderboard.models.facts import COLUMNS, about_model, bare_name, model_facts, read_facts
from leaderboard.published.figures import published_lines
from ratings.errors import DataError
from ratings.instruments.value_portrait import recordings

ROOT = Path(__file__).parents[3]
HEAD = ",".join(COLUMNS)
NOTHING = {"maker": None, "released": None, "size": None, "open_weights": None}
# In the manual these stand for whatever somebody has.
PLACEHOLDERS = {"my-model", "checkpoint-500", "logs", "azure", "...", "somebody"}
_NAMED = re.compile(
    r"\b(?:openai|anthropic|google|mistral|grok|openrouter|ollama|replay|together|groq|vllm|hf)/"
    r"[A-Za-z0-9_./-]+(?::[a-z]+)?"
)


def test_every_line_of_the_file_parses():
    text = (resources.files("leaderboard.models") / "models.csv").read_text(encoding="utf-8")
    lines = text.splitlines()[1:]
    facts = model_facts()
    assert len({id(one) for one in facts.values()}) == len(lines)
    assert all(one.maker for one in facts.values())
    addresses = {address for one in facts.values() for address in one.source.split(" | ")}
    assert not [address for address in addresses if not re.fullmatch(r"https://\S+", address)]
    assert not any(name != name.strip() or "/" in name for name in facts)


def test_every_recording_and_every_model_of_the_papers_tables_is_in_it():
    known = model_facts()
    assert not [name for name in recordings() if name not in known]
    papers = {line["rater"] for line in published_lines("value_portrait")}
    assert not papers - set(known)
    compared = {
        line["rater"]
        for line in published_lines("indie_value")
        if line["source"].endswith("Table 12")
    }
    assert "Mixtral-8x22B" in compared
    assert not compared - set(known)


def _of_nobody(name: str) -> bool:
    return "/" not in name or bool(set(name.split("/")) & PLACEHOLDERS)


def test_every_model_that_the_manual_names_is_in_it():
    named = {
        found.rstrip(".-")
        for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
        for found in _NAMED.findall(path.read_text(encoding="utf-8"))
    }
    models = {name for name in named if name.split("/")[-1] and not _of_nobody(name)}
    assert {"openai/gpt-4o", "anthropic/claude-sonnet-4-5", "vllm/Qwen/Qwen3-8B"} <= models
    assert not [name for name in models if bare_name(name) not in model_facts()]


@pytest.mark.parametrize(
    "model",
    [
        "gpt-4o-2024-05-13",
        "openai/gpt-4o-2024-05-13",
        "openrouter/openai/gpt-4o-2024-05-13",
        "replay/gpt-4o-2024-05-13",
    ],
)
def test_whoever_provides_a_model_it_is_the_same(model: str):
    assert about_model(model) == {
        "maker": "OpenAI",
        "released": "2024-05-13",
        "size": None,
        "open_weights": False,
    }


@pytest.mark.parametrize(
    "model",
    [
        "",
        "openai/gpt-4o-2024-05-14",
        "openai/GPT-4O-2024-05-13",
        "openai/gpt-4o-2024-05-13 ",
        "somebody/gpt-4o-2024-05-13",
        "hf/somebody/Qwen2.5-7B-Instruct",  # fine-tuned
        "hf/Qwen2.5-7B-Instruct",  # a folder of this machine
        "vllm/.../sft/Qwen2.5-7B-Instruct",
        "openrouter/deepseek/deepseek-r1:free",
        "respondent/power",
        "<script>alert(1)</script>",
    ],
)
def test_nothing_is_known_of_any_other_name(model: str):
    assert about_model(model) == NOTHING


def test_the_makers_own_repository_is_the_model():
    assert about_model("vllm/Qwen/Qwen2.5-7B-Instruct")["size"] == 7.61
    assert about_model("together/meta-llama/Llama-3.1-8B-Instruct")["open_weights"] is True


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a,Maker,2024,,no,https://x", "released"),
        ("a,Maker,2024-13,,no,https://x", "released"),
        ("a,Maker,2024-02-30,,no,https://x", "released"),
        ("a,Maker,,big,no,https://x", "size"),
        ("a,Maker,,-1,no,https://x", "size"),
        ("a,Maker,,,maybe,https://x", "open_weights"),
        ("a,Maker,,,no,", "source"),
        ("a | ,Maker,,,no,https://x", "empty"),
        ("a | a,Maker,,,no,https://x", "listed twice"),
        ("a,Maker,,,no", "6 fields"),
        ("a,Maker,,,no,https://x,more", "6 fields"),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong(line: str, message: str):
    with pytest.raises(DataError, match=rf"mine\.csv, line 3: .*{message}"):
        read_facts(f"{HEAD}\nfirst,Maker,,,no,https://x\n{line}\n", "mine.csv")


def test_other_columns_are_refused():
    with pytest.raises(DataError, match="the columns must be names, maker"):
        read_facts("name,maker\na,b\n", "mine.csv")
