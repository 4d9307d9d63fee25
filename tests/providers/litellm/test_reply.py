"""What litellm answers, read into Inspect's output."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.model import ContentText

from providers.litellm.reply import read_reply, read_usage


@pytest.mark.parametrize(
    ("reason", "stop"),
    [
        ("stop", "stop"),
        ("eos", "stop"),
        ("length", "max_tokens"),
        ("content_filter", "content_filter"),
        ("tool_calls", "tool_calls"),
        ("function_call", "tool_calls"),
        ("guardrail_intervened", "unknown"),
        (None, "unknown"),
    ],
)
def test_why_it_stopped(reason: str | None, stop: str):
    choice = {"index": 0, "message": {"content": "Like"}, "finish_reason": reason}
    output = read_reply({"model": "m", "choices": [choice]})
    assert (output.completion, output.stop_reason) == ("Like", stop)


@pytest.mark.parametrize(
    "message",
    [
        {"content": None, "refusal": "No."},
        {"content": None, "provider_specific_fields": {"refusal": "No."}},
    ],
)
def test_a_refusal_is_its_own_words_and_marked(message: dict):
    output = read_reply({"choices": [{"message": message, "finish_reason": "stop"}]})
    (content,) = output.message.content
    assert isinstance(content, ContentText)
    assert (content.text, content.refusal) == ("No.", True)
    details = output.choices[0].stop_details
    assert (details.type, details.explanation) == ("refusal", "No.")
    assert output.stop_reason == "stop"


def test_reasoning_is_no_part_of_the_answer():
    message = {"content": "Like Me", "reasoning_content": "Is it unlike me?"}
    output = read_reply({"choices": [{"message": message}]})
    assert output.completion == "Like Me"
    assert output.message.content[0].reasoning == "Is it unlike me?"


def test_log_probabilities_and_choices_keep_their_order():
    token = {"token": "Like", "logprob": -0.1, "bytes": None, "top_logprobs": []}
    top = {**token, "top_logprobs": [{"token": "Not", "logprob": -2.0, "bytes": [78]}]}
    first = {"index": 0, "message": {"content": "a"}, "logprobs": {"content": [token, top]}}
    second = {"index": 1, "message": {"content": "b"}, "logprobs": {"tokens": ["b"]}}
    output = read_reply({"choices": [second, first], "id": "c-1"})
    assert [choice.message.text for choice in output.choices] == ["a", "b"]
    found = output.choices[0].logprobs.content
    assert [token.logprob for token in found] == [-0.1, -0.1]
    assert found[1].top_logprobs[0].bytes == [78]
    assert output.choices[1].logprobs is None
    assert output.response_id == "c-1"


def test_an_answer_without_choices_or_usage_is_empty_and_uncounted():
    output = read_reply({"choices": None, "usage": {"prompt_tokens": 0, "completion_tokens": 0}})
    assert (output.choices, output.completion, output.usage) == ([], "", None)


@given(*[st.integers(0, 1000)] * 4)
def test_input_and_cached_tokens_add_up_to_the_prompt(
    plain: int, read: int, written: int, answer: int
):
    prompt = plain + read + written
    details = {"cached_tokens": read, "cache_creation_tokens": written}
    usage = read_usage(
        {
            "prompt_tokens": prompt,
            "completion_tokens": answer,
            "prompt_tokens_details": details,
            "completion_tokens_details": {"reasoning_tokens": 1},
        }
    )
    if prompt + answer == 0:
        assert usage is None
        return
    assert usage.input_tokens == plain
    assert (usage.input_tokens_cache_read, usage.input_tokens_cache_write) == (read, written)
    assert (usage.total_tokens, usage.reasoning_tokens) == (prompt + answer, 1)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "message", "content", "logprobs", "usage", "prompt_tokens", "index",
                 "text", "id", "refusal", "token", "logprob", "finish_reason", "model",
                 "prompt_tokens_details", "cached_tokens", "reasoning_content", "top_logprobs"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["choices", "usage", "model", "id"]), ANYTHING), ANYTHING)
def test_whatever_a_server_sends_is_read_or_left_out(reply: dict, message: object):
    """No exception, no count of tokens that is none, no text that nobody sent."""
    whole = {**reply, "choices": [{"message": message}, message]}
    for one in (reply, whole):
        output = read_reply(one)
        usage = output.usage
        assert usage is None or min(usage.input_tokens, usage.output_tokens) >= 0
        assert isinstance(output.completion, str)
