"""The tokens of an answer, of outputs as providers give them."""

import math

import pytest
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    ContentReasoning,
    ContentText,
    Logprob,
    Logprobs,
    ModelOutput,
    TopLogprob,
)

from benchmarks._ask_distribution import LOGPROBS
from benchmarks._ask_distribution import _kept as profiles_kept
from benchmarks._ask_model import Asked
from benchmarks.value_portrait.task import _kept as portrait_kept
from scorers.inspect_adapter.answer_tokens import answer_tokens


def output(tokens: list[str], text: str, reasoning: str | None = None, **wrong) -> ModelOutput:
    """An answer with the log-probabilities of its tokens; `wrong` gives some other ones."""
    listed = [
        Logprob.model_construct(
            token=token,
            logprob=wrong.get(token, -0.1),
            bytes=None,
            top_logprobs=[TopLogprob.model_construct(token="Z", logprob=-4.0, bytes=None)],
        )
        for token in tokens
    ]
    content = text if reasoning is None else [
        ContentReasoning(reasoning=reasoning), ContentText(text=text)
    ]  # fmt: skip
    choice = ChatCompletionChoice(
        message=ChatMessageAssistant(content=content, model="m", source="generate"),
        stop_reason="stop",
        logprobs=Logprobs.model_construct(content=listed),
    )
    return ModelOutput(model="m", choices=[choice])


def asked(tokens: list[str], text: str, reasoning: str | None = None, **wrong) -> Asked:
    return Asked(output(tokens, text, reasoning, **wrong), {})


@pytest.mark.parametrize(
    ("tokens", "text", "reasoning", "first"),
    [
        (["A"], "A", None, "A"),
        (["\n", "A", "."], "A.", None, "A"),
        ([" A"], "A", None, " A"),
        (["\u0120A"], "A", None, "\u0120A"),
        (["<think>", "B", "</think>", "\n", "A"], "<think>B</think>\nA", None, "A"),
        (["B", "?", "</think>", "A"], "B?</think>A", None, "A"),
        (["B", "?", "</think>", "A"], "A", "B?", "A"),
        (["A", " man", "</think>", "B"], "B", "A man", "B"),
        (["A", " man"], "A", "\n", "A"),
        (["B", "C"], "A", "thoughts that are not among the tokens", None),
        (["<think>", "A"], "<think>A", None, None),
        (["<|x|>", "A", "<|end|>"], "A", None, "A"),
    ],
)
def test_the_first_token_of_the_answer_is_behind_the_thoughts(tokens, text, reasoning, first):
    found = profiles_kept(asked(tokens, text, reasoning), LOGPROBS)
    assert found.get("tokens") == (None if first is None else [{"Z": -4.0, first: -0.1}])


@pytest.mark.parametrize("wrong", [None, "-0.1", math.nan, math.inf, 710])
def test_what_is_no_log_probability_leaves_the_answer_without_any(wrong: object):
    for token in ("like", " me"):
        kept = portrait_kept(asked(["like", " me"], "like me", **{token: wrong}))
        assert kept["text"] == "like me"
        assert "tokens" not in kept
    assert "tokens" not in profiles_kept(asked(["A"], "A", A=wrong), LOGPROBS)
    assert "tokens" in profiles_kept(asked(["A", "."], "A.", **{".": wrong}), LOGPROBS)
    assert len(portrait_kept(asked(["like", " me"], "like me"))["tokens"]) == 2


def test_without_log_probabilities_there_are_no_tokens():
    assert answer_tokens(ModelOutput(model="m")) == []
    assert answer_tokens(ModelOutput.from_content("m", "A")) == []
