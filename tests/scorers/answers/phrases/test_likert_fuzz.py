"""Malformed answers to the six-point reader: none ends it, none invents a rating."""

import numpy as np
import pytest

from ratings.instruments.value_portrait import CHOICES
from scorers.answers.phrases.likert import STATUSES, read_answer
from tests.fuzz import loops, malformed, slowest

SEEDS = [
    *CHOICES, "like me at", "not at all like me", "unlike me", "people like me often", "Answer:",
    "Final answer:", "If I had to choose, I'd say", "No wait:", "scratch that", "<think>",
    "</think>", "I cannot answer", "because I care", "would be too strong", "✅", "❌", "[x]",
    "[ ]", "5", "B)", "?", '{"answer": "like me"}', "not", "very much", "or", "is my answer",
]  # fmt: skip
# No phrase of the scale can be made of these.
NO_PHRASE = [seed for seed in SEEDS if "like" not in seed]
REASONS = ("stop", "max_tokens", "content_filter", "unknown")


@pytest.mark.slow
def test_no_malformed_answer_ends_the_reader_or_gets_a_rating_out_of_nothing(in_full: bool):
    rng = np.random.default_rng(20)
    for _ in range(100_000 if in_full else 1_000):
        text = malformed(rng, SEEDS)
        reading = read_answer(text, REASONS[int(rng.integers(len(REASONS)))])
        assert reading.status in STATUSES, text
        assert (reading.rating is not None) == (reading.status == "valid"), text
        assert read_answer(malformed(rng, NO_PHRASE)).rating is None


@pytest.mark.slow
def test_no_loop_takes_long(in_full: bool):
    """The bound is far above the aim of 50 ms, which `perf/reading_cost.py` measures."""
    looping = SEEDS if in_full else SEEDS[::8]
    seconds, text = slowest(read_answer, loops(looping, 100_000 if in_full else 20_000))
    assert seconds < 0.5, text
