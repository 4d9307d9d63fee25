import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.answers.choice_distribution import (
    FLOOR,
    letter_distribution,
    prediction_numbers,
)
from scorers.inspect_adapter.decoded import LOGPROBS, STATED, read_prediction


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


NO_LOGPROB = [None, "-0.1", float("nan"), math.inf, 710, 10**400, 0.01, True, [], {}]


@pytest.mark.parametrize("wrong", NO_LOGPROB, ids=lambda value: f"{value!r:.12}")
@pytest.mark.parametrize("token", ["A", "B", "The"])
def test_what_is_no_log_probability_leaves_none(token: str, wrong: object):
    tokens = {"A": -0.1, "B": -3.0, "The": -5.0, token: wrong}
    assert letter_distribution(tokens, 2) is None
    answer = {"way": LOGPROBS, "text": "A", "stop_reason": "stop", "tokens": [tokens]}
    assert read_prediction(answer, 2).status == "no_logprobs"


@pytest.mark.parametrize("tokens", [None, [], [None], [{}], ["A"], [[]], [{"A": 0.0, "B": 0.0}]])
def test_log_probabilities_in_another_shape_are_none(tokens: object):
    answer = {"way": LOGPROBS, "text": "A", "stop_reason": "stop", "tokens": tokens}
    assert read_prediction(answer, 2).status == "no_logprobs"


def test_a_sure_token_and_an_impossible_one_are_log_probabilities():
    """A provider's rounding may put a sure token slightly above 0."""
    for sure in (0, 0.0, 1e-6):
        found = letter_distribution({"A": sure, "B": -math.inf, "C": -(10**400), "D": -9999}, 4)
        assert found == pytest.approx([1, 0, 0, 0], abs=1e-5)


def predicted(text: str, tokens: dict[str, float], choices: int = 10, stop: str = "stop") -> str:
    answer = {"way": LOGPROBS, "text": text, "stop_reason": stop, "tokens": [tokens]}
    return read_prediction(answer, choices).status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("A", "valid"),
        (" **A**", "valid"),
        ("A.", "valid"),
        ("(A) strongly agree", "valid"),
        ("A: strongly agree", "valid"),
        ("A\nThis person is careful.", "valid"),
        ("A person like this would agree.", "unreadable"),
        ("**A** person", "valid"),
        ("A strongly agree", "unreadable"),
        ("I think B", "unreadable"),
        ("I'm sorry, I can't say.", "refusal"),
        ("I’d pick B", "unreadable"),
    ],
)
def test_a_letter_that_is_a_word_of_a_sentence_is_no_choice(text: str, status: str):
    first = text.strip("*( ")[:1]
    assert predicted(text, {first: -0.01}) == status


def test_a_limit_on_tokens_takes_nothing_from_the_first_one():
    assert predicted("A", {"A": -0.01}, stop="max_tokens") == "valid"
    assert predicted("The", {"The": -0.01}, stop="max_tokens") == "unreadable"
    assert predicted("<think>The", {"The": -0.01}, stop="max_tokens") == "truncated"
    assert predicted("", {"\n": -0.01}, stop="model_length") == "truncated"


@pytest.mark.parametrize("token", ["Ａ", "a", "Answer", "A1", "AB", "Á", "А", "𝐀"])
def test_what_only_looks_like_a_letter_is_not_read(token: str):
    assert letter_distribution({token: -0.01, "A": -5.0}, 2) is None


@pytest.mark.parametrize(
    ("text", "stop_reason", "status"),
    [
        ("I'm sorry, I can't.", "stop", "refusal"),
        ("A", "content_filter", "refusal"),
        (" \n", "stop", "empty"),
        ("<think>B?</think>", "stop", "empty"),
        ('{"A": 5', "max_tokens", "truncated"),
        ('{"A": 5', "model_length", "truncated"),
        ("<think>perhaps B", "max_tokens", "truncated"),
        ("Perhaps B", "stop", "unreadable"),
        ('{"A": 70, "A": 10, "B": 30}', "stop", "unreadable"),
        ('For example {"A": 60, "B": 40}, but I cannot answer.', "stop", "refusal"),
    ],
)
def test_why_there_is_no_distribution(text: str, stop_reason: str, status: str):
    answer = {"way": STATED, "text": text, "stop_reason": stop_reason}
    assert read_prediction(answer, 2).status == status


def test_numbers_of_predictions_by_hand():
    """Three ratings: all there, the one with nothing given missing, the informed one missing."""
    informed = [np.array([0.5, 0.25, 0.25]), np.array([0.5, 0.5]), None]
    none = [np.array([0.25, 0.25, 0.5]), None, np.array([0.5, 0.5])]
    found = prediction_numbers(informed, none, [1, 2, 1])
    assert found["right"] == [1.0, 0.5, None]
    assert found["confidence"] == [0.5, 0.5, None]
    assert found["brier"] == [pytest.approx(0.25 + 2 / 16), pytest.approx(0.5), None]
    assert found["loss"] == [pytest.approx(math.log(2)), pytest.approx(math.log(2)), None]
    assert found["loss_none"] == [pytest.approx(math.log(4)), None, pytest.approx(math.log(2))]
    assert found["information"] == [pytest.approx(math.log(2)), None, None]
