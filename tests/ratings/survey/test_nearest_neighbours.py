from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ratings.survey.nearest_neighbours import (
    group_majority,
    majority,
    nearest_people,
    neighbour_votes,
    pack_statements,
    shared_statements,
)

COUNTS = np.array([2, 3, 2, 8, 4] * 20)


def people(seed: int, number: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, COUNTS + 1, size=(number, len(COUNTS)))
    return drawn.astype(np.int8)


def test_shared_statements_are_equal_answers():
    known, training = people(0, 5), people(1, 300)
    words = pack_statements(training, COUNTS)
    found = shared_statements(pack_statements(known, COUNTS).T.copy(), words)
    for shared, row in zip(found, known, strict=True):
        expected = ((training == row) & (row > 0)).sum(axis=1)
        np.testing.assert_array_equal(shared, expected)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 35), st.integers(0, 1000))
def test_nearest_is_a_stable_sort_by_shared_statements(number: int, k: int, seed: int):
    known, training = people(seed, 3), people(seed + 1, number)
    training[number // 2 :] = training[: number - number // 2]  # many ties
    found = nearest_people(known, pack_statements(training, COUNTS), COUNTS, k)
    for row, person in zip(found, known, strict=True):
        shared = ((training == person) & (person > 0)).sum(axis=1)
        np.testing.assert_array_equal(row, np.argsort(-shared, kind="stable")[:k])


def voted(neighbours: np.ndarray, answers: np.ndarray, fallback: int, k: int) -> int:
    """The majority by a loop; ties to the statement whose first holder is nearer."""
    votes = [int(answers[position]) for position in neighbours[:k] if answers[position]]
    return Counter(votes).most_common(1)[0][0] if votes else fallback


@settings(max_examples=50, deadline=None)
@given(arrays(np.int8, (12, 4), elements=st.integers(0, 4)), st.integers(0, 1000))
def test_votes_are_those_of_a_loop(answers: np.ndarray, seed: int):
    rng = np.random.default_rng(seed)
    neighbours = np.array([rng.permutation(12)[:10] for _ in range(3)])
    fallback = np.array([1, 2, 3, 4], dtype=np.int8)
    found = neighbour_votes(neighbours, answers, fallback, range(1, 11))
    for k in range(1, 11):
        for person in range(3):
            for question in range(4):
                assert found[k - 1, person, question] == voted(
                    neighbours[person], answers[:, question], fallback[question], k
                )


def test_the_majority_and_that_of_groups():
    answers = np.array([[1, 0, 2], [1, 0, 1], [2, 0, 2], [2, 3, 1]], dtype=np.int8)
    assert majority(answers).tolist() == [1, 3, 1]
    rows = group_majority(answers, np.array([0, 0, 1, -1]))
    assert rows.tolist() == [[1, 3, 1], [2, 3, 2], [1, 3, 1]]
    assert majority(np.zeros((2, 3), dtype=np.int8)).tolist() == [0, 0, 0]


def test_more_neighbours_than_people_are_all_people():
    known, training = people(0, 2), pack_statements(people(1, 3), COUNTS)
    assert nearest_people(known, training, COUNTS, 35).shape == (2, 3)
    assert nearest_people(known[:0], training, COUNTS, 2).shape == (0, 2)


@pytest.mark.parametrize("rows", [1, 4_096, 4_097])
def test_packing_in_blocks(rows: int):
    training = people(2, rows)
    words = pack_statements(training, COUNTS)
    assert words.shape == (-(-COUNTS.sum() // 64), rows)
    assert np.bitwise_count(words).sum() == (training > 0).sum()
