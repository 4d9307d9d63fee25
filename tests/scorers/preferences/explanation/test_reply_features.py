"""Features of replies, and lists of phrases."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from ratings.prism.prism import load_prism
from scorers.preferences.explanation.phrase_lists import PhraseList, PhraseLists, load_phrases
from scorers.preferences.explanation.reply_features import (
    FEATURES,
    feature_shares,
    reply_features,
)


def features(*texts: str) -> pd.DataFrame:
    return reply_features(pd.DataFrame({"model_response": texts}))


@pytest.mark.parametrize(
    ("text", "length", "breaks", "question", "listed"),
    [
        ("", 0, False, False, False),
        ("EMPTY STRING", 12, False, False, False),
        ("caf\u00e9 \U0001f600", 6, False, False, False),
        ("Really? Yes.", 12, False, False, False),
        ("Really? ", 8, False, False, False),  # the last character, as it stands
        ("Try:\n1. Rest\n2. Eat", 19, True, False, True),
        ("1. Rest\n2. Eat", 14, True, False, False),  # no line break before 1.
        ("- Rest\n- Eat", 12, True, False, True),
        ("Try:\n  * Rest", 13, True, False, True),
        ("Try:\n\u2022 Rest", 11, True, False, True),
        ("It is\n1.5 metres", 16, True, False, False),
        ("It is\n**bold**\n--\n-5", 20, True, False, False),
        ("Try: 1. Rest 2. Eat", 19, False, False, False),
    ],
)
def test_what_a_text_looks_like(text: str, length: int, breaks: bool, question: bool, listed: bool):
    found = features(text).loc[0]
    names = ["text_length", "if_line_breaks", "if_question_marks", "if_enumeration"]
    assert found[names].tolist() == [length, breaks, question, listed]
    assert found["is_empty"] == (text == "EMPTY STRING")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("As an AI language model, I cannot assist with that.", {"deanthro", "refusal"}),
        ("as an ai assistant", {"deanthro"}),
        ("As an aim, it is good.", set()),
        ("I don\u2019t hold personal opinions.", {"deanthro"}),
        ("I'M SORRY, BUT I CANNOT ENGAGE", {"refusal"}),
        ("I am sorry for your loss.", set()),
        ("I was made by OpenAI.", {"self_identification"}),
        ("Nobody is called openai.", set()),
        ("I am Claude, made by Anthropic to be helpful.", {"self_identification"}),
        ("A falcon is a bird, and Claude Monet a painter.", set()),
        ("Cohereness and GPT-45", set()),
    ],
)
def test_our_lists(text: str, kinds: set[str]):
    row = features(text).loc[0]
    assert {name.removeprefix("if_") for name in FEATURES[4:] if row[name]} == kinds


def test_a_users_lists(tmp_path: Path):
    path = tmp_path / "phrases.yaml"
    path.write_text(
        "deanthro: {phrases: [just code]}\n"
        "refusal: {phrases: ['no way', \"won't\"], match_case: true, whole_words: true}\n"
        "self_identification: {phrases: [c++]}\n"
    )
    lists = load_phrases(str(path))
    table = pd.DataFrame({"model_response": ["I am JUST CODES", "No way", "I won\u2019t", "C++"]})
    found = reply_features(table, lists)
    assert found["if_deanthro"].tolist() == [True, False, False, False]
    assert found["if_refusal"].tolist() == [False, False, True, False]
    assert found["if_self_identification"].tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("deanthro: {phrases: [a]}\nrefusal: {phrases: [a]}", "missing key 'self_identification'"),
        ("deanthro: [a]\nrefusal: {phrases: [a]}\nself_identification: {phrases: [a]}", "deanthro"),
        ("deanthro: {phrases: []}\nrefusal: {phrases: [a]}\nself_identification: {phrases: [a]}",
         "a list needs a phrase"),
        ("deanthro: {phrases: [' ']}\nrefusal: {phrases: [a]}\nself_identification: {phrases: [a]}",
         "must be text that is not blank"),
        ("deanthro: {phrase: [a]}\nrefusal: {phrases: [a]}\nself_identification: {phrases: [a]}",
         "unknown key; did you mean 'phrases'?"),
    ],
)  # fmt: skip
def test_a_file_of_lists_that_is_not_what_it_should_be(tmp_path: Path, text: str, message: str):
    path = tmp_path / "phrases.yaml"
    path.write_text(text)
    with pytest.raises(DataError) as error:
        load_phrases(str(path))
    assert message in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_every_shipped_phrase_is_listed_once_and_found():
    lists = load_phrases()
    for one in (lists.deanthro, lists.refusal, lists.self_identification):
        assert len(set(one.phrases)) == len(one.phrases)
        assert one.found_in(pd.Series([f"So: {phrase}." for phrase in one.phrases])).all()
        assert not one.found_in(pd.Series([f"x{phrase}x" for phrase in one.phrases])).any()


def test_replies_that_are_missing_have_no_features():
    with pytest.raises(DataError, match="the reply 1 has no text .1 in all"):
        reply_features(pd.DataFrame({"model_response": ["yes", None]}))
    with pytest.raises(DataError, match="features of replies need the column 'model_response'"):
        reply_features(pd.DataFrame({"text": ["yes"]}))


def test_the_features_that_made_replies_have():
    """What the sample says of its own replies, of those that it measures by the same rule."""
    made = load_prism("sample", people=60, seed=3)
    found, truth = reply_features(made.utterances), made.truth.features
    assert (found["text_length"] == truth["characters"]).all()
    assert (found["if_line_breaks"] == truth["line_breaks"]).all()
    assert (found["if_enumeration"] == truth["enumeration"]).all()
    assert (found["is_empty"] == truth["empty"]).all()
    assert found["if_refusal"][truth["refusal"]].all()


def test_shares_over_replies_with_an_interval_over_people():
    table = pd.DataFrame({"user_id": ["ann"] * 30 + [f"user{n}" for n in range(10)]})
    flags = pd.DataFrame({"if_refusal": np.r_[np.ones(30), np.zeros(10)].astype(bool)})
    features = flags.assign(text_length=10)
    assert feature_shares(table, features, seed=0).loc["text_length", "value"] == 10
    found = feature_shares(table, features, seed=0).loc["if_refusal"]
    assert found["value"] == 0.75
    assert (found["people"], found["n"]) == (11, 40)
    # without ann, who is missing from a third of draws, nobody declines
    assert found["low"] == 0
    assert found["high"] > 0.9


def test_a_list_needs_a_phrase():
    with pytest.raises(DataError, match="a list needs a phrase"):
        PhraseLists(PhraseList(("a",)), PhraseList(()), PhraseList(("b",)))
