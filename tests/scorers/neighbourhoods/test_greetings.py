"""Prompts that greet and ask nothing."""

import numpy as np
import pytest

from scorers.neighbourhoods.greetings import greeting_topics, is_greeting


@pytest.mark.parametrize(
    "text",
    [
        "Hello", "hi", "Hi!", "HELLO...", "Hello, how are you?", "hi,how are you", "Hey there",
        "Good morning", "Good evening, how are you?", "Hi there, how are you doing today?",
        "How's it going?", "hello nice to talk to you"[:5], "Hello, a pleasure to greet you",
        "HI, nice to meet you", "hello.how are you", "What's up?", "Helloo", "Hi how r u"[:2],
    ],
)  # fmt: skip
def test_greetings(text: str):
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "?!", "Hi there, who are you?", "Hello, can we talk for a while?", "history",
        "How are you made?", "What is the meaning of life?", "good", "today", "Hiya is a word?",
        "Hi, I'm lonely, how are you?", "how are you feeling about Israel?", "yoga", "你好",
    ],
)  # fmt: skip
def test_texts_that_are_no_mere_greetings(text: str):
    assert not is_greeting(text)


def test_a_long_text_is_decided_at_once():
    """No pattern takes longer than in proportion to the text."""
    assert is_greeting("hello " * 5_000)
    assert not is_greeting("hello how are you " * 1_500 + "x")
    assert not is_greeting("h" * 30_000)


def test_topics_of_greetings_are_those_most_of_whose_prompts_greet():
    greeting = np.array([True, True, False, True, False, True, True])
    topic = np.array([0, 0, 0, 1, 1, -1, -1])
    assert greeting_topics(greeting, topic) == {0}
    assert greeting_topics(np.zeros(0, dtype=bool), np.zeros(0, dtype=int)) == frozenset()
