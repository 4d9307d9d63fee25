"""Words and texts of topics, and whether topics are found again."""

import numpy as np
import pytest

from ratings.errors import DataError
from scorers.topics.stability import topic_stability
from scorers.topics.words import nearest_texts, top_words


def test_words_are_those_that_set_a_topic_apart():
    texts = ["what of the death penalty", "the death penalty is old", "dogs and cats", "my dogs"]
    found = top_words(texts, np.array([0, 0, 1, 1]))
    assert set(found[0][:3]) == {"death", "penalty", "death penalty"}
    assert found[1][0] == "dogs"
    assert all(len(words) <= 10 for words in found)
    # by hand: "a b a" and "c": 5 and 1 terms, A = 3; a twice, others once
    (weights,) = top_words(["xx yy xx", "zz"], np.array([0, -1]))
    assert weights[0] == "xx"


def test_words_of_nothing_are_none():
    assert top_words(["the", "and of", "zebra"], np.array([0, 0, -1])) == [[]]
    assert top_words(["zebra"], np.array([-1])) == []
    assert top_words(["the", "zebra"], np.array([0, 1]))[0] == []


def test_the_closest_text_is_the_one_at_the_centre():
    angles = np.array([0.0, 0.1, 0.2, 0.8, 3.0])
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    topic = np.array([0, 0, 0, 0, -1])
    (closest,) = nearest_texts(rows, topic)
    (furthest,) = nearest_texts(rows, topic, texts=2, furthest=True)
    assert closest.tolist() == [2, 1, 0, 3]
    assert furthest.tolist() == [3, 0]


def test_topics_found_again_are_stable_and_chance_is_not():
    rng = np.random.default_rng(0)
    topic, person = rng.integers(-1, 3, 600), np.repeat(np.arange(100), 6)
    same = topic_stability(topic, person, lambda rows: topic[rows], draws=5)
    assert same.topics.to_numpy().tolist() == [[1, 1, 1]] * 3
    assert (same.agreement, same.low, same.high) == (1, 1, 1)
    found = topic_stability(topic, person, lambda rows: rng.integers(-1, 3, len(rows)), draws=20)
    assert found.topics["stability"].lt(0.3).all()
    assert found.agreement == pytest.approx(0, abs=0.01)
    assert found.low < 0 < found.high
    # a topic that falls into two equal halves overlaps by one half with each
    halves = topic_stability(
        np.zeros(600, int), person, lambda rows: np.arange(len(rows)) % 2, draws=5
    )
    assert halves.topics["stability"].tolist() == pytest.approx([0.5], abs=0.01)


def test_one_person_and_draws_without_a_cluster():
    def none(rows):
        raise DataError("too few")

    found = topic_stability(np.array([0, 0, -1]), np.zeros(3, int), none, draws=3)
    assert found.topics["stability"].tolist() == [0.0]
    assert found.agreement == 0
    assert len(topic_stability(np.full(3, -1), np.arange(3), none).topics) == 0
