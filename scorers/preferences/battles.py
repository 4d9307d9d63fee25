"""Battles: pairs of replies shown together, and how much better one was scored."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.preferences.replies import ScoredReplies

TIE_THRESHOLD = 5.0


@dataclass(frozen=True, eq=False)
class Battles:
    """N battles between two of K models, judged by R people.

    Attributes:
        models: K names.
        people: R identities.
        person: N positions in `people`.
        first: N positions in `models`.
        second: N positions in `models`, another than `first`.
        margin: N, score of the first less that of the second.
    """

    models: tuple[str, ...]
    people: tuple[str, ...]
    person: IntArray
    first: IntArray
    second: IntArray
    margin: FloatArray

    def __len__(self) -> int:
        return len(self.margin)

    def outcomes(self, threshold: float = TIE_THRESHOLD) -> IntArray:
        """N: 1 where the first wins, -1 where the second does, 0 for a tie.

        A margin of `threshold` or less is a tie.

        >>> people = np.zeros(3, dtype=int)
        >>> margins = np.array([5.0, 5.5, -40.0])
        >>> Battles(("a", "b"), ("p",), people, people, people + 1, margins).outcomes()
        array([ 0,  1, -1])
        """
        beyond = np.abs(self.margin) > threshold
        return np.where(beyond, np.sign(self.margin), 0).astype(np.intp)

    def where(self, kept: BoolArray) -> "Battles":
        """The battles of a mask of N; models and people keep their positions."""
        return Battles(
            self.models,
            self.people,
            self.person[kept],
            self.first[kept],
            self.second[kept],
            self.margin[kept],
        )

    def between(self, models: Sequence[str]) -> "Battles":
        """The battles between the models named, in their order; people are kept."""
        new = {name: position for position, name in enumerate(models)}
        position = np.array([new.get(name, -1) for name in self.models], dtype=np.intp)
        kept = (position[self.first] >= 0) & (position[self.second] >= 0)
        return Battles(
            tuple(models),
            self.people,
            self.person[kept],
            position[self.first[kept]],
            position[self.second[kept]],
            self.margin[kept],
        )


def battles_of(replies: ScoredReplies) -> Battles:
    """Every pair of scored replies within a turn, one battle each.

    A reply without a score is in no battle. Two replies of one model, as in PRISM's later turns,
    are no battle either. Battles come by size of turn, then in the order of turns and replies.

    >>> one = np.zeros(3, dtype=int)
    >>> score = np.array([90.0, np.nan, 20.0])
    >>> found = battles_of(ScoredReplies(("a", "b", "c"), ("p",), one, one, one + [0, 1, 2], score))
    >>> found.first, found.second, found.margin
    (array([0]), array([2]), array([70.]))
    """
    there = replies.where(replies.scored)
    order = np.argsort(there.turn, kind="stable")
    _, begins, sizes = np.unique(there.turn[order], return_index=True, return_counts=True)
    one, other = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
    for size in np.unique(sizes[sizes > 1]):
        shown = order[begins[sizes == size][:, None] + np.arange(size)]
        left, right = np.triu_indices(size, 1)
        one.append(shown[:, left].ravel())
        other.append(shown[:, right].ravel())
    first, second = np.concatenate(one), np.concatenate(other)
    met = there.model[first] != there.model[second]
    first, second = first[met], second[met]
    return Battles(
        replies.models,
        replies.people,
        there.person[first],
        there.model[first],
        there.model[second],
        there.score[first] - there.score[second],
    )
