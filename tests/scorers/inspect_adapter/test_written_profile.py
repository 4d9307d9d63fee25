"""Whether an answer is a profile, and what of it."""

import pytest

from scorers.inspect_adapter.profile_answers import written_profile

TEXT = "- Cares for nature.\n- Trusts people."


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"<think>Green?</think>\n{TEXT}",
        f"Green? I'm sorry, hm.</think>{TEXT}",
        f"<THOUGHT>Green?</THOUGHT >\n\n{TEXT}\n",
        f"◁think▷Green?◁/think▷{TEXT}",
        f"{TEXT}\n<think>Is that all?",
        f"<|channel|>analysis<|message|>Green?<|end|><|start|>assistant"
        f"<|channel|>final<|message|>{TEXT}",
    ],
)
def test_a_profile_has_no_thoughts(text: str):
    assert written_profile(text, "stop") == (TEXT, "valid")


@pytest.mark.parametrize(
    ("text", "stop_reason", "status"),
    [
        ("", "stop", "empty"),
        ("-\n-", "stop", "empty"),
        ("<think>- Cares for nature.", "stop", "empty"),
        ("<think>- Cares for nature.</think>", "stop", "empty"),
        ("<think>- Cares for nature.", "max_tokens", "truncated"),
        (TEXT, "max_tokens", "truncated"),
        (TEXT, "model_length", "truncated"),
        ("", "max_tokens", "truncated"),
        ("I'm sorry, but I can't describe a person.", "stop", "refusal"),
        ("<think>Hm.</think>I'm sorry, but I can't.", "stop", "refusal"),
        (TEXT, "content_filter", "refusal"),
    ],
)
def test_why_there_is_no_profile(text: str, stop_reason: str, status: str):
    assert written_profile(text, stop_reason) == ("", status)
