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
_ROWS_AT_ONCE = 8_192
_FIRST_RANK = 64


def nearest_people(
    known: Positions, training: Positions, counts: npt.NDArray[np.intp], k: int = MOST_NEIGHBOURS
) -> Places:
    """The k training people who share the most statements with each person.

    People who share equally many come in the order of the training people.

    Args:
        known: E x I positions of the statements shown of each person, 0 where none is.
        training: T x I positions of the training people's statements, 0 where missing.
        counts: number of statements of each of the I instances.
        k: how many; at most T.

    Returns:
        E x k places among the training people, nearest first.

    >>> people = np.array([[1, 1, 1], [2, 2, 2], [1, 2, 2]], dtype=np.int8)
    >>> nearest_people(np.array([[1, 2, 0]], dtype=np.int8), people, np.array([2, 2, 2]), k=3)
    array([[2, 0, 1]])
    """
    asked, among = pack_statements(known, counts).T.copy(), pack_statements(training, counts)
    k = min(k, len(training))

    def search(person: Words) -> Places:
        return _most_shared(shared_statements(person, among), k)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(search, asked))
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


def shared_statements(person: Words, among: Words) -> npt.NDArray[np.uint8]:
    """How many of a person's statements each of T people chose too, by counting common bits.

    Args:
        person: W words.
        among: W x T words.
    """
    shared = np.zeros(among.shape[1], dtype=np.uint8)
    common, bits = np.empty_like(among[0]), np.empty_like(shared)
    for mine, theirs in zip(person, among, strict=True):
        if mine:
            np.bitwise_and(theirs, mine, out=common)
            np.bitwise_count(common, out=bits)
            shared += bits
    return shared


def neighbour_votes(
    neighbours: Places, answers: Positions, fallback: Positions, ks: Sequence[int]
) -> Positions:
    """What the majority of the nearest k people chose, for several k.

    Of statements with equally many votes the one with the nearer first holder wins. Where none of
    the k answered, the fallback stands.

    Args:
        neighbours: E x K places of training people, nearest first; K at least the largest k.
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
