"""What papers print is in the row of the same model, and only there."""

from typing import Any

import pytest

from leaderboard.board.rows.printed import add_printed
from leaderboard.published.figures import published_rows

SETTINGS = {"threshold": 0.3}


def row(model: str, kind: str = "model", persona: str | None = None) -> dict[str, Any]:
    return {
        "model": model,
        "kind": kind,
        "persona": persona,
        "published": {},
        "scores": {"Power": {"value": -0.25}, "Openness": {"value": None}},
    }


def figures() -> list[dict[str, Any]]:
    return published_rows("value_portrait", "value_portrait", ["Power", "Openness"], SETTINGS)


def test_figures_are_in_the_row_with_their_difference_and_the_others_are_left():
    ours = row("openai/gpt-4o-2024-05-13")
    left = add_printed([ours], figures())
    assert ours["published"]["Power"] == {
        "value": -0.3,
        "difference": pytest.approx(0.05),
        "source": "Han et al. (2025), Table 5",
    }
    assert ours["published"]["Openness"] == {
        "value": 3.97,
        "difference": None,
        "source": "Han et al. (2025), Table 6",
    }
    assert len(left) == len(figures()) - 1
    assert "gpt-4o-2024-05-13" not in {one["rater"] for one in left}


@pytest.mark.parametrize(
    ("model", "printed"),
    [
        ("replay/o1-mini-2024-09-12", "o1-mini"),
        ("anthropic/claude-3-5-sonnet-20241022", "claude-3-5-sonnet"),
        ("replay/mistral-small", "mistral-small-v24.09"),
        ("replay/claude-3.7-sonnet:thinking", "claude-3.7-sonnet-thinking"),
        ("hf/Qwen/Qwen2.5-7B-Instruct", "Qwen2.5-7B-Instruct"),
        ("openrouter/meta-llama/llama-3.1-8b-instruct", "llama-3.1-8b-instruct"),
    ],
)
def test_models_that_a_paper_names_otherwise_are_found(model: str, printed: str):
    ours, all_figures = row(model, "recording" if "replay" in model else "model"), figures()
    left = add_printed([ours], all_figures)
    assert {one["rater"] for one in all_figures} - {one["rater"] for one in left} == {printed}


@pytest.mark.parametrize(
    ("model", "kind", "persona"),
    [
        ("openai/gpt-4o-2024-05-13", "model", "You are Ann."),
        ("openai/gpt-4o-2024-05-13", "simulated", None),
        ("hf/somebody/Qwen2.5-7B-Instruct", "model", None),
        ("openai/gpt-4o-2024-05-13-mini", "model", None),
        ("anthropic/claude-3-5-sonnet-20240620", "model", None),
        ("mistral/mistral-small", "model", None),  # a newer one than was recorded
        ("human", "human", None),
    ],
)
def test_nobody_else_gets_them(model: str, kind: str, persona: str | None):
    other = row(model, kind, persona)
    assert add_printed([other], figures()) == figures()
    assert other["published"] == {}


def test_two_rows_of_one_model_both_get_them():
    two = [row("openai/gpt-4o-2024-05-13"), row("replay/gpt-4o-2024-05-13", "recording")]
    add_printed(two, figures())
    assert two[0]["published"] == two[1]["published"] != {}


def test_names_of_another_paper_are_those_of_the_facts_about_models():
    printed = [
        {
            "rater": "GPT-4o (0806)",
            "values": {"accuracy": 60.0},
            "source_of": {"accuracy": "a paper"},
        }
    ]
    ours = row("openai/gpt-4o-2024-08-06")
    assert add_printed([ours], printed) == []
    assert ours["published"]["accuracy"]["difference"] is None
