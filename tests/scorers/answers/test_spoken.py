"""Thoughts of a model are separated from its answer by one rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.answers.spoken import spoken, status_without_answer

PAIRS = [
    ("<think>", "</think>"),
    ("<THINK>", "</Think>"),
    ("< think >", "< / think >"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),
    ("<reason>", "</reason>"),
    ("<reflection>", "</reflection>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<inner_monologue>", "</inner_monologue>"),
    ("<chain-of-thought>", "</chain-of-thought>"),
    ("<think effort='low'>", "</think>"),
    ("<seed:think>", "</seed:think>"),
    ("<|think|>", "<|/think|>"),
    ("◁think▷", "◁/think▷"),
    ("[THINK]", "[/THINK]"),
    ("&lt;think&gt;", "&lt;/think&gt;"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
]


@pytest.mark.parametrize(("opening", "closing"), PAIRS)
def test_text_between_two_tags_is_thought(opening: str, closing: str):
    assert spoken(f"{opening}not like me?{closing} like me").text.strip() == "like me"


@pytest.mark.parametrize("closing", [closing for _, closing in PAIRS])
def test_text_before_a_closing_tag_is_thought(closing: str):
    assert spoken(f"not like me? {closing} like me").text.strip() == "like me"
    assert spoken(f"not {closing} like {closing}\nlike me").text.strip() == "like me"


@pytest.mark.parametrize("opening", [opening for opening, _ in PAIRS])
def test_text_after_an_opening_tag_that_never_closes_is_thought(opening: str):
    said = spoken(f"{opening} Not like me? The person")
    assert said.text.strip() == ""
    assert said.thinking


def test_a_tag_opened_twice_and_closed_once_ends_where_it_closes():
    assert spoken("<think><think>hm</think>like me").text.strip() == "like me"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "<|channel|>analysis<|message|>not like me<|end|><|start|>assistant"
            "<|channel|>final<|message|>like me<|return|>",
            "like me",
        ),
        ("< | channel | >Final< | message | >like me", "like me"),
        ("<|channel|>analysis<|message|>not like me", ""),
        ("analysisThe person is not like me.assistantfinallike me", "like me"),
    ],
)
def test_of_harmonys_channels_only_the_final_one_is_said(text: str, said: str):
    assert spoken(text).text.strip() == said


@pytest.mark.parametrize(
    "text",
    ["I think so", "a < b > c", "[Analysis] good [Answer] like me", "<b>like me</b>", "<think/>5"],
)
def test_what_is_no_tag_of_thoughts_stays(text: str):
    assert spoken(text).text == text
    assert not spoken(text).thinking


@given(st.text(max_size=200), st.sampled_from(PAIRS))
def test_nothing_before_the_last_closing_tag_is_said(thought: str, tags: tuple[str, str]):
    assert spoken(f"{thought}{tags[1]}{tags[1]}like me").text.strip() == "like me"


@pytest.mark.parametrize(
    ("text", "stop_reason", "status"),
    [
        ("", "stop", "empty"),
        ("<think>hm</think>\n", "stop", "empty"),
        ("", "max_tokens", "truncated"),
        ("I'm sorry, I can't", "model_length", "truncated"),
        ("I'm sorry, I can't.", "stop", "refusal"),
        ("<think>I can't say</think> purple", "stop", "unreadable"),
        ("purple", "content_filter", "refusal"),
    ],
)
def test_why_nothing_could_be_read(text: str, stop_reason: str, status: str):
    assert status_without_answer(text, stop_reason, "unreadable") == status
