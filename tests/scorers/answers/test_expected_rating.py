import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.answers.expected_rating import phrase_probabilities


def token(text: str, **others: float):
    named = {text: 1 - sum(others.values())} | {k.replace("_", " "): v for k, v in others.items()}
    return text, {name: math.log(p) for name, p in named.items() if p > 0}


def test_first_words_part_the_phrases_and_the_path_the_negative_ones():
    """P(very)=.1, P(a)=.1, P(not)=.8; after "not like me" " at" has .25, the end .75."""
    found = phrase_probabilities(
        [
            token("not", very=0.1, a=0.1),
            token(" like"),
            token(" me"),
            token(" at", **{"": 0.75}),
            token(" all"),
        ]
    )
    assert found.probabilities == pytest.approx({1: 0.2, 2: 0.6, 3: 0.1, 4: 0, 5: 0, 6: 0.1})
    assert found.expected == pytest.approx(0.2 + 1.2 + 0.3 + 0.6)
    assert found.covered == pytest.approx(1)
    assert found.shared == 0


def test_mass_that_may_belong_to_several_phrases_is_shared_and_reported():
    found = phrase_probabilities([token("somewhat", not_=0.0, **{"not": 0.4}), token(" like me")])
    assert found.probabilities[1] == found.probabilities[2] == pytest.approx(0.2)
    assert found.shared == pytest.approx(0.4)


def test_words_off_the_scale_are_not_covered():
    found = phrase_probabilities([token("like", I=0.5), token(" me", you=0.2)])
    assert found.covered == pytest.approx(0.4)
    assert found.expected == pytest.approx(5)


def test_case_and_leading_spaces_do_not_matter():
    found = phrase_probabilities([token(" Very", **{"very": 0.3}), token(" much like me.")])
    assert found.expected == pytest.approx(6)
    assert found.covered == pytest.approx(1)


def test_a_word_that_only_begins_like_a_phrase_is_off_the_scale():
    assert phrase_probabilities([token("like"), token("ly")]).covered == 0
    assert phrase_probabilities([token("not"), token(" at"), token(" all")]).covered == 0
    assert phrase_probabilities([token("like"), token("", **{" me": 0.25})]).covered == 0.25


def test_a_phrase_with_words_after_it_counts():
    tokens = [token("not"), token(" like"), token(" me"), token(" because", **{" at": 0.25})]
    found = phrase_probabilities(tokens)
    assert found.probabilities[2] == pytest.approx(0.75)
    assert found.probabilities[1] == pytest.approx(0.25)


def test_marks_before_a_phrase_are_overlooked_and_other_words_are_not():
    assert phrase_probabilities([token('"'), token("like"), token(" me")]).expected == 5
    assert phrase_probabilities([token("\n"), token("**"), token("like me")]).covered == 1
    found = phrase_probabilities([token("like", No=0.25, So=0.25), token(" me")])
    assert found.covered == pytest.approx(0.5)


@pytest.mark.parametrize("tokens", [[], [token("I")], [token("\n")]])
def test_nothing_on_the_scale_is_not_a_rating(tokens):
    found = phrase_probabilities(tokens)
    assert math.isnan(found.expected)
    assert found.covered == 0


WORDS = st.sampled_from(
    ["very", " much", "like", " like", " me", "not", " at", " all", "a", "I", ""]
)


@given(st.lists(st.tuples(WORDS, st.dictionaries(WORDS, st.floats(-9, 0)))))
def test_any_tokens_give_probabilities_or_none(tokens):
    found = phrase_probabilities(tokens)
    if found.probabilities:
        assert sum(found.probabilities.values()) == pytest.approx(1)
        assert 1 <= found.expected <= 6 + 1e-9


@pytest.mark.parametrize("wrong", [None, "-0.1", math.nan, math.inf, 710, 10**400, 0.5, [], True])
@pytest.mark.parametrize("position", [0, 1])
@pytest.mark.parametrize("other", [False, True])
def test_what_is_no_log_probability_leaves_no_expected_rating(wrong, position, other):
    tokens = [("like", {"like": -0.1, "not": -3.0}), (" me", {" me": -0.1, " it": -3.0})]
    text, alternatives = tokens[position]
    name = list(alternatives)[1] if other else text
    tokens[position] = (text, {**alternatives, name: wrong})
    found = phrase_probabilities(tokens)
    assert math.isnan(found.expected)
    assert found.covered == found.shared == 0


@pytest.mark.parametrize("listed", [None, {}, "text", [("like", -0.1)], {"like": 0.0, "not": 0.0}])
def test_log_probabilities_in_another_shape_are_none(listed):
    assert phrase_probabilities([("like", listed), (" me", {" me": 0.0})]).covered == 0


def test_what_follows_the_phrase_may_be_anything():
    tokens = [token("like"), token(" me"), token("."), token(" So"), ("", None)]
    assert phrase_probabilities(tokens).expected == 5


THOUGHT = [token("<think>"), token("not"), token(" like"), token(" me"), token("?")]


def test_thoughts_are_not_the_rating():
    said = [token("</think>"), token("\n"), token("like"), token(" me")]
    assert phrase_probabilities([*THOUGHT, *said]).expected == 5
    assert phrase_probabilities([*THOUGHT[1:], *said]).expected == 5  # the tag came before
    assert phrase_probabilities(THOUGHT).covered == 0


def test_a_looping_answer_takes_no_time():
    for text in ("\n", '"', "like", " ", "."):
        tokens = [token("like"), token(" me"), *[token(text)] * 20_000]
        assert phrase_probabilities(tokens).covered in (0, 1)
        assert phrase_probabilities([token(text)] * 20_000).covered == 0
