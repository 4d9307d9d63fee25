"""Predicting what a person chooses from what other people chose: no model, no training.

Jiang et al. (2025), appendix C.1, Table 15: the majority of all training people, or of those who
share the most statements with the person.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int8]
Places = npt.NDArray[np.intp]
Words = npt.NDArray[np.uint64]

MOST_NEIGHBOURS = 35
_BITS = 64
# Blocks large enough that threads seldom wait for the interpreter between two steps of numpy's.
_ROWS_AT_ONCE = 4_096
_PEOPLE_AT_ONCE = 64
_FIRST_RANK = 64


def nearest_people(
    known: Positions, training: Words, counts: npt.NDArray[np.intp], k: int = MOST_NEIGHBOURS
) -> Places:
    """The k training people who share the most statements with each person.

    People who share equally many come in the order of the training people.

    Args:
        known: E x I positions of the statements shown of each person, 0 where none is.
        training: the statements of T training people, from `pack_statements`.
        counts: number of statements of each of the I instances.
        k: how many; at most T.

    Returns:
        E x k positions among the training people, nearest first.

    >>> people = np.array([[1, 1, 1], [2, 2, 2], [1, 2, 2]], dtype=np.int8)
    >>> counts = np.array([2, 2, 2])
    >>> known = np.array([[1, 2, 0]], dtype=np.int8)
    >>> nearest_people(known, pack_statements(people, counts), counts, k=3)
    array([[2, 0, 1]])
    """
    asked = pack_statements(known, counts).T.copy()
    k = min(k, training.shape[1])

    def search(start: int) -> list[Places]:
        block = shared_statements(asked[start : start + _PEOPLE_AT_ONCE], training)
        return [_most_shared(shared, k) for shared in block]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        blocks = pool.map(search, range(0, len(asked), _PEOPLE_AT_ONCE))
        found = [rows for block in blocks for rows in block]
    return np.array(found, dtype=np.intp).reshape(len(known), k)


def pack_statements(positions: Positions, counts: npt.NDArray[np.intp]) -> Words:
    """One bit a statement, set where it is chosen: R x I positions to W x R words of 64 bits."""
    labels = np.concatenate([np.arange(1, count + 1) for count in counts]).astype(np.int8)
    words = -(-len(labels) // _BITS)
    out = np.empty((words, len(positions)), dtype=np.uint64)
    for start in range(0, len(positions), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        chosen = np.repeat(positions[rows], counts, axis=1) == labels
        padded = np.pad(chosen, ((0, 0), (0, words * _BITS - len(labels))))
        out[:, rows] = np.packbits(padded, axis=1).view(np.uint64).T
    return out


def shared_statements(people: Words, among: Words) -> npt.NDArray[np.uint8]:
    """How many statements each of P people shares with each of T, by counting common bits.

    Args:
        people: P x W words.
        among: W x T words.

    Returns:
        P x T.
    """
    shared = np.zeros((len(people), among.shape[1]), dtype=np.uint8)
    common = np.empty((len(people), _ROWS_AT_ONCE), dtype=np.uint64)
    bits = np.empty_like(common, dtype=np.uint8)
    for start in range(0, among.shape[1], _ROWS_AT_ONCE):
        theirs = among[:, start : start + _ROWS_AT_ONCE]
        width = theirs.shape[1]
        for word, mine in zip(theirs, people.T, strict=True):
            np.bitwise_and(word, mine[:, None], out=common[:, :width])
            np.bitwise_count(common[:, :width], out=bits[:, :width])
            shared[:, start : start + width] += bits[:, :width]
    return shared


def neighbour_votes(
    neighbours: Places, answers: Positions, fallback: Positions, ks: Sequence[int]
) -> Positions:
    """What the majority of the nearest k people chose, for several k.

    Of statements with equally many votes the one with the nearer first holder wins. Where none of
    the k answered, the fallback is used.

    Args:
        neighbours: E x K positions of training people, nearest first; K at least the largest k.
        answers: T x Q positions of what the training people chose, 0 where missing.
        fallback: Q positions.
        ks: numbers of neighbours.

    Returns:
        len(ks) x E x Q positions.
    """
    votes = answers[neighbours]
    at = np.asarray(ks) - 1
    best = np.zeros((len(neighbours), len(at), answers.shape[1]), dtype=np.int16)
    winner = np.broadcast_to(fallback, best.shape).copy()
    for statement in range(1, int(answers.max(initial=0)) + 1):
        holds = votes == statement
        first = _FIRST_RANK - 1 - holds.argmax(axis=1).astype(np.int16)
        count = holds.cumsum(axis=1, dtype=np.int16)[:, at]
        rank = np.where(count > 0, count * _FIRST_RANK + first[:, None], 0)
        better = rank > best
        winner[better] = statement
        best[better] = rank[better]
    return winner.transpose(1, 0, 2)


def majority(answers: Positions) -> Positions:
    """The statement that most people chose of each of I instances; ties go to the first.

    Args:
        answers: R x I positions, 0 where missing.

    Returns:
        I positions; 0 where nobody answered.

    >>> majority(np.array([[1, 2], [1, 0], [2, 1]], dtype=np.int8)).tolist()
    [1, 1]
    """
    statements = range(1, int(answers.max(initial=0)) + 1)
    if not statements:
        return np.zeros(answers.shape[1], dtype=np.int8)
    counts = np.stack([(answers == statement).sum(axis=0) for statement in statements])
    return np.where(counts.max(axis=0) > 0, counts.argmax(axis=0) + 1, 0).astype(np.int8)


def group_majority(answers: Positions, groups: npt.NDArray[np.intp]) -> Positions:
    """The majority of each of G groups; where nobody of a group answered, the majority of all.

    Args:
        answers: R x I positions, 0 where missing.
        groups: group of each of the R people, from 0; -1 for no group.

    Returns:
        (G + 1) x I positions; the last row is the majority of all, which -1 takes.
    """
    everybody = majority(answers)
    rows = [majority(answers[groups == group]) for group in range(groups.max(initial=-1) + 1)]
    stacked = np.stack([*rows, everybody])
    return np.where(stacked == 0, everybody, stacked)


def _most_shared(shared: npt.NDArray[np.uint8], k: int) -> Places:
    """Places of the k largest, largest first, equal ones in their order."""
    low, high = 0, int(shared.max(initial=0))
    while low < high:
        middle = (low + high + 1) // 2
        if np.count_nonzero(shared >= middle) >= k:
            low = middle
        else:
            high = middle - 1
    candidates = np.flatnonzero(shared >= low)
    order = np.argsort(-shared[candidates].astype(np.int16), kind="stable")
    return candidates[order[:k]]
