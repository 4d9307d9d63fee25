import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.choice_distribution import (
    FLOOR,
    SMOOTHING,
    letter_distribution,
    prediction_numbers,
    stated_distribution,
    status_of,
)


def logs(**shares: float) -> dict[str, float]:
    return {name: math.log(share) for name, share in shares.items()}


def test_ways_to_write_a_letter_are_added_up_and_the_rest_is_left_out():
    tokens = {" A": 0.3, "A": 0.1, "A.": 0.1, "(B": 0.2, "**B": 0.05, "The": 0.25}
    found = letter_distribution({token: math.log(p) for token, p in tokens.items()}, 2)
    assert found == pytest.approx([0.5 / 0.75, 0.25 / 0.75])


def test_letters_that_are_not_listed_share_what_the_list_leaves_over():
    """0.04 is left for C and D, so 0.02 each, which is less than the least token listed."""
    found = letter_distribution(logs(A=0.66, B=0.3), 4)
    assert found == pytest.approx(np.array([0.66, 0.3, 0.02, 0.02]))


def test_a_letter_that_is_not_listed_gets_no_more_than_the_least_that_is():
    """0.3 is left, but a token with 0.15 would have been listed before one with 0.05."""
    found = letter_distribution(logs(A=0.65, B=0.05), 4)
    assert found == pytest.approx(np.array([0.65, 0.05, 0.05, 0.05]) / 0.8)


@pytest.mark.parametrize(
    "tokens",
    [logs(The=0.9, A=0.05), logs(a=0.9, b=0.1), logs(E=0.9), logs(AB=1.0), {"": 0.0}],
)
def test_what_is_not_mostly_letters_of_the_choices_is_no_answer(tokens: dict[str, float]):
    assert letter_distribution(tokens, 4) is None


@given(
    st.dictionaries(
        st.sampled_from(["A", " A", "B", "C.", "D", "The", "\n"]),
        st.floats(-9999, 0),
        min_size=1,
    ),
    st.integers(2, 6),
)
def test_log_probabilities_give_a_distribution_or_nothing(tokens: dict[str, float], choices: int):
    found = letter_distribution(tokens, choices)
    if found is not None:
        assert found.shape == (choices,)
        assert found.sum() == pytest.approx(1)
        assert (found >= FLOOR / (1 + choices * FLOOR) - 1e-12).all()


def test_stated_percentages_are_scaled_and_smoothed():
    found = stated_distribution('Sure:\n```json\n{"A": "30%", "B": 10, "C": 0}\n```', 3)
    assert found == pytest.approx((1 - SMOOTHING) * np.array([0.75, 0.25, 0]) + SMOOTHING / 3)


@pytest.mark.parametrize(
    "text",
    [
        "B",
        "",
        '{"A": 50}',
        '{"A": 50, "B": 50, "C": 0}',
        '{"A": -1, "B": 101}',
        '{"A": 0, "B": 0}',
        '{"A": true, "B": 10}',
        '{"A": "much", "B": 10}',
        '{"A": NaN, "B": 10}',
        '{"A": Infinity, "B": 10}',
        '{"A": [50], "B": 50}',
        '{"A": 60, "B": 40} or {"A": 40, "B": 60}',
        '{"A": 60 "B": 40}',
    ],
)
def test_what_states_no_distribution_is_never_guessed(text: str):
    assert stated_distribution(text, 2) is None


@given(st.lists(st.floats(0, 100), min_size=2, max_size=8).filter(lambda row: sum(row) > 1e-3))
def test_every_stated_distribution_is_one(row: list[float]):
    text = json.dumps(dict(zip("ABCDEFGH", row, strict=False)))
    found = stated_distribution(text, len(row))
    assert found is not None
    assert found.sum() == pytest.approx(1)
    assert (found >= SMOOTHING / len(row) - 1e-12).all()


@pytest.mark.parametrize(
    ("text", "stop_reason", "status"),
    [
        ("I'm sorry, I can't.", "stop", "refusal"),
        ("A", "content_filter", "refusal"),
        (" \n", "stop", "empty"),
        ('{"A": 5', "max_tokens", "truncated"),
        ("Perhaps B", "stop", "unreadable"),
    ],
)
def test_why_there_is_no_distribution(text: str, stop_reason: str, status: str):
    assert status_of(text, stop_reason) == status


def test_numbers_of_predictions_by_hand():
    """Three ratings: all there, nothing told missing, what is told missing."""
    told = [np.array([0.5, 0.25, 0.25]), np.array([0.5, 0.5]), None]
    none = [np.array([0.25, 0.25, 0.5]), None, np.array([0.5, 0.5])]
    found = prediction_numbers(told, none, [1, 2, 1])
    assert found["right"] == [1.0, 0.5, None]
    assert found["confidence"] == [0.5, 0.5, None]
    assert found["brier"] == [pytest.approx(0.25 + 2 / 16), pytest.approx(0.5), None]
    assert found["loss"] == [pytest.approx(math.log(2)), pytest.approx(math.log(2)), None]
    assert found["loss_none"] == [pytest.approx(math.log(4)), None, pytest.approx(math.log(2))]
    assert found["information"] == [pytest.approx(math.log(2)), None, None]
