"""Words, n-grams and adjectives: by hand, and on texts that are hardly any."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from scorers.participants.adjectives import load_tagger, top_adjectives
from scorers.participants.words import (
    STOP_WORDS,
    distinct_words,
    plain_words,
    released_words,
    top_ngrams,
    word_numbers,
)

TEXTS = pd.Series(["It's good, good!", "", "A  good\nday", "日本 good", None])
PEOPLE = pd.Series(["ann", "ann", "bob", "eve", "eve"])


def test_numbers_of_words():
    assert word_numbers(TEXTS).tolist()[:4] == [3, 0, 3, 2]
    assert word_numbers(TEXTS).isna().tolist() == [False] * 4 + [True]
    # It's good, good! A good day 日本
    assert distinct_words(TEXTS) == 7


def test_numbers_of_words_by_the_rule_of_the_release():
    numbers, distinct = released_words(TEXTS.dropna())
    # as the authors' code counts
    assert numbers.tolist() == [len(text.split(" ")) for text in TEXTS.dropna()] == [3, 1, 3, 2]
    assert distinct == len(set(" ".join(TEXTS.dropna()).split(" ")))


def test_ngrams_are_those_of_a_plain_count():
    texts = pd.Series(["the cat saw the cat", "The cat; the dog", "a dog"])
    people = pd.Series(["ann", "ann", "bob"])
    for length in (1, 2, 3):
        counts = Counter(
            " ".join(words[k : k + length])
            for words in (plain_words(text).split() for text in texts)
            for k in range(len(words) - length + 1)
        )
        found = top_ngrams(texts, people, length, top=100)
        assert dict(zip(found["n-gram"], found["times"], strict=True)) == dict(counts)
    cat = top_ngrams(texts, people, 2).iloc[0]
    assert cat[["n-gram", "times", "texts", "people", "share"]].tolist() == [
        "the cat", 3, 2, 1, 0.5,
    ]  # fmt: skip
    assert cat["share low"] < 0.5 < cat["share high"]


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_most_frequent_are_found_among_many_words_of_any_frequency(length: int):
    """With 3,000 words, of which a few are frequent, or none is."""
    rng = np.random.default_rng(length)
    for power in (0.0, 1.2):
        share = 1 / np.arange(1, 3_001) ** power
        drawn = rng.choice(3_000, (200, 40), p=share / share.sum())
        texts = pd.Series([" ".join(f"w{word}" for word in row) for row in drawn])
        counts = Counter(
            " ".join(words[k : k + length])
            for words in texts.str.split()
            for k in range(len(words) - length + 1)
        )
        found = top_ngrams(texts, pd.Series(np.arange(200).astype(str)), length)
        order = sorted(counts, key=lambda name: (-counts[name], name))[:10]
        assert found["n-gram"].tolist() == order
        assert found["times"].tolist() == [counts[name] for name in order]


def test_stop_words_are_left_out_of_single_words():
    texts = pd.Series(["I would like the cat", "dont like it"])
    found = top_ngrams(texts, pd.Series(["a", "b"]), 1, left_out=STOP_WORDS)
    assert found["n-gram"].tolist() == ["like", "cat", "dont", "would"]


@pytest.mark.parametrize("texts", [[], [""], ["!?", ""], ["the"]])
def test_texts_without_words_have_no_ngrams(texts):
    people = pd.Series(["a"] * len(texts), dtype=object)
    found = top_ngrams(pd.Series(texts, dtype=str), people, 1, left_out=STOP_WORDS)
    assert found.empty
    assert "share low" in found


def test_a_long_text_and_other_scripts_are_words():
    texts = pd.Series(["слово " * 30_000, "слово 言葉"])
    found = top_ngrams(texts, pd.Series(["a", "b"]), 1)
    assert found[["n-gram", "times"]].to_numpy().tolist() == [["слово", 30_001], ["言葉", 1]]


def tag(text: str) -> list[tuple[str, str]]:
    known = {"good", "long", "honest", "own"}
    return [(w, "JJ" if w.lower() in known else "NN") for w in text.split()]


def test_adjectives_count_once_a_text_and_not_those_of_the_question():
    texts = pd.Series(["Good good day", "a good long day", "long", "my own day"])
    people = pd.Series(["ann", "bob", "bob", "eve"])
    found = top_adjectives(texts, people, tag, seed=0, question="in your own words", window=1)
    assert found[["adjective", "texts", "people"]].to_numpy().tolist() == [
        ["good", 2, 2], ["long", 2, 1],
    ]  # fmt: skip
    assert found["examples"].tolist() == ["Good good | a good long", "good long day | long"]
    assert top_adjectives(texts, people, tag, seed=0, top=1)["adjective"].tolist() == ["good"]


def test_texts_without_adjectives():
    found = top_adjectives(pd.Series(["day"]), pd.Series(["ann"]), tag, seed=0)
    assert found.empty
    assert "examples" in found


def test_the_tagger_of_the_extra_finds_adjectives():
    pytest.importorskip("textblob", reason="needs the extra `words`")
    tagged = dict(load_tagger()("The model should be respectful and give factual answers."))
    assert tagged["respectful"] == tagged["factual"] == "JJ"
    assert tagged["model"] != "JJ"
