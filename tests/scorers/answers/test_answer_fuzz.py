"""Malformed and endless answers: every reader takes them, makes nothing up, and takes no time."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from scorers.answers.phrases.named_profile import read_profile_number
from scorers.answers.spoken import spoken
from scorers.answers.statement_choice import STATUSES, read_choices
from scorers.answers.verbalized_probabilities import stated_distribution
from scorers.inspect_adapter.decoded import STATED, read_prediction
from scorers.inspect_adapter.profile_answers import written_profile
from tests.fuzz import arranged, loops, malformed, slowest

# ruff: noqa: E501
COUNTS = {f"NSG{number}": 2 + number % 3 for number in range(1, 5)}
STOPS = ("stop", "max_tokens", "model_length", "content_filter", "unknown")
FULL, REDUCED = 100_000, 1_500
# Processor seconds for 100 kB: twenty times what is wanted, as machines differ.
MOST_SECONDS = 1.0

CHOICES = (
    '{"NSG1": {"rationale": "-", "choice": "NSG1_s2"}, "NSG2": {"choice": "NSG2_s1"}}',
    '{"NSG1": 2}', "{NSG1: {choice: NSG1_s1}, NSG2: s3}", "NSG3: NSG3_s1\n", '"choice": "NSG1_s2"',
    '"NSG1":', '{"draft": {"NSG1": 1}, "final": {"NSG1": 2}}', "I cannot answer.", "For example: ",
    "NSG1_s1. Actually, the second", "{'NSG4': {'choice': 's2',}}", "Final answer: ", "choice",
)  # fmt: skip
NO_CHOICES = (
    '{"NSG1": {"rationale": "-"}}', '{"NSG2_s1": "I trust people"}', "They chose the first.", "NSG1",
    '"choice"', "I cannot say.", '{"NSG1": {"choice": "NSG2_s1"}}', '{"NSG1": {"choice": "NSG1_s9"}}',
    'For example: {"NSG1": 1}, but I cannot answer.', '{"NSG1": {"choice": "NSG1_s1 or NSG1_s2"}}',
    '{"NSG1": {"choice": "NSG1_s1. Actually, the second one"}}', "<think>{'NSG1': 1}</think>", "{",
    '{"NSG1": 1, "NSG1": 2}', '{"NSG1": null}', '{"NSG1": true}', '{"NSG1": 1.5}', "}", "{}",
)  # fmt: skip
DISTRIBUTIONS = (
    '{"A": 60, "B": 40}', '{"A": 0.6, "B": 0.4}', '{"A": "60%", "B": "40%"}', '{"A": 1e400, "B": 0}',
    '{"draft": {"A": 60, "B": 40}, "final": {"A": 50, "B": 50}}', '"A": 60', "{", "}", "Final answer: ",
    "For example: ", "I cannot answer.", "A", "60%", '{"answer": ',
)  # fmt: skip
NO_DISTRIBUTIONS = (
    '{"A": 60}', '{"A": 60, "B": "most"}', '{"A": 0.6, "B": "40%"}', '{"A": 70, "A": 10, "B": 30}',
    "A", "60%", "Rather A than B.", '{"A": 3, "B": 1}', '{"A": 1e400, "B": 0}', "I cannot say.", "{",
    'For example {"A": 60, "B": 40}, but I cannot answer.', '{"A": true, "B": false}', "}", "{}",
    '<think>{"A": 60, "B": 40}</think>', '{"A": NaN, "B": 100}', '{"A": 60, "B": 40, "C": 0}',
)  # fmt: skip
NAMES = (
    "Profile 1", "Profile 2", "X belongs to Profile 1", "Y belongs to Profile 2", "not", "Answer: 2",
    "Final answer: ", "because X trusts people", "1", "wait", "I would say", "<b>Profile</b>", "?",
    '{"answer": "Profile 1"}', "Profile 1 or Profile 2", "~~Profile 2~~", "**", "\u274c", "I'm sorry",
)  # fmt: skip
NO_NAMES = (
    "It is not Profile 1.", "Profile 2 does not fit X.", "Y belongs to Profile 1.", "Is it Profile 1?",
    "Profile 2 belongs to Y.", "Profile 1 cares for nature.", "Nicht Profile 2.", "I cannot say.",
    "Either Profile 1 or Profile 2.", "X agrees more.", "<think>Profile 1</think>", "~~Profile 2~~",
    "Profile 1 would be wrong.", "Some would say Profile 2.", "I doubt that it is Profile 1.",
    "Anything but Profile 2.", "\u274c Profile 1", "If X were careful, Profile 2 would fit.",
)  # fmt: skip


def draws(in_full: bool, pieces: Sequence[str], make: Callable, seed: int):
    """Answers with the reasons why the model stopped."""
    rng = np.random.default_rng(seed)
    for _ in range(FULL if in_full else REDUCED):
        yield make(rng, pieces), STOPS[int(rng.integers(0, len(STOPS)))]


@pytest.mark.slow
def test_malformed_choices(in_full: bool):
    read = 0
    for text, stop_reason in draws(in_full, CHOICES, malformed, 1):
        for label, found in read_choices(text, COUNTS, stop_reason).items():
            assert found.status in STATUSES
            assert (found.choice is None) == (found.status != "valid")
            if found.choice is not None:
                read += 1
                assert 1 <= found.choice <= COUNTS[label]
                digits = rf"(?<!\d)(?:s|0)*{found.choice}(?!\d)"
                assert re.search(digits, _bare(text), re.IGNORECASE), text
    assert read > 100
    for text, stop_reason in draws(in_full, NO_CHOICES, arranged, 2):
        found = read_choices(text, COUNTS, stop_reason)["NSG1"]
        assert found.choice is None, text


@pytest.mark.slow
def test_malformed_distributions(in_full: bool):
    read = 0
    for text, stop_reason in draws(in_full, DISTRIBUTIONS, malformed, 3):
        answer = {"way": STATED, "text": text, "stop_reason": stop_reason}
        found = read_prediction(answer, 2)
        assert (found.distribution is None) == (found.status != "valid")
        if found.distribution is not None:
            read += 1
            assert found.distribution.sum() == pytest.approx(1, abs=1e-12)
            assert (found.distribution >= 0.0099).all()
    assert read > 50
    for text, stop_reason in draws(in_full, NO_DISTRIBUTIONS, arranged, 4):
        assert stated_distribution(text, 2, stop_reason) is None, text


@pytest.mark.slow
def test_malformed_names(in_full: bool):
    read = 0
    for text, stop_reason in draws(in_full, NAMES, malformed, 5):
        number, status = read_profile_number(text, stop_reason)
        assert (number is None) == (status != "valid")
        if number is not None:
            read += 1
            assert re.search(rf"{number}|one|two|first|second", _bare(text), re.IGNORECASE), text
    assert read > 50
    for text, stop_reason in draws(in_full, NO_NAMES, arranged, 6):
        assert read_profile_number(text, stop_reason)[0] is None, text


@pytest.mark.slow
def test_malformed_profiles(in_full: bool):
    pieces = ("- Cares for nature.", "I'm sorry", "<think>", "</think>", "hm", "\n", "-", "<|end|>")
    for text, stop_reason in draws(in_full, pieces, malformed, 7):
        profile, status = written_profile(text, stop_reason)
        assert bool(profile) == (status == "valid")
        assert profile in spoken(text).text


READERS = {
    "choices": (
        lambda text: read_choices(text, COUNTS),
        (*CHOICES, *NO_CHOICES, "&quot;", "<", "\\"),
    ),
    "distributions": (
        lambda text: stated_distribution(text, 2),
        (*DISTRIBUTIONS, *NO_DISTRIBUTIONS, "&quot;", "<", "\\boxed{", "{...}", '"', ":"),
    ),
    "names": (
        read_profile_number,
        (
            *NAMES,
            *NO_NAMES,
            "<",
            "\\boxed{",
            "->",
            "-",
            "\n",
            "Profile ",
            "answer is ",
            "&lt;",
            "no, ",
        ),
    ),
    "profiles": (
        lambda text: written_profile(text, "stop"),
        ("word ", "<think>", "</think>", "<", "-"),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_endless_answers_take_no_time(name: str, in_full: bool):
    """Linear in the length: what is quadratic takes minutes where this takes milliseconds."""
    read, tokens = READERS[name]
    texts = (
        loops(tokens, 100_000) if in_full else (token * (100_000 // len(token)) for token in tokens)
    )
    seconds, text = slowest(read, texts)
    print(f"{name}: {1000 * seconds:.0f} ms for 100 kB of {text!r}")
    assert seconds < MOST_SECONDS, text


def _bare(text: str) -> str:
    """A text without the signs that nobody sees."""
    return re.sub("[\u200b-\u200d\u2060\ufeff\u00ad]", "", text)
