"""What a language model reads, as tokens: prefixes, what stands behind them, and labels.

A prefix is what many prompts begin with: what raters were asked and what is given about a rater. A
suffix is one instance. The model's answer is one of the instance's labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.intp]
Tokens = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Labels:
    """The K labels of an instance as tokens, in the order of its choices.

    Attributes:
        tokens: K, none of them empty and no two alike.
    """

    tokens: tuple[Tokens, ...]

    def __len__(self) -> int:
        """Their number, K."""
        return len(self.tokens)

    @property
    def longest(self) -> int:
        """Tokens of the longest label."""
        return max(map(len, self.tokens))


class Names(Protocol):
    """Names of ratings by their place."""

    def __getitem__(self, row: int, /) -> str:
        """The name of one."""


@dataclass(frozen=True, eq=False)
class Prompts:
    """N ratings to predict; texts that several of them share stand here once.

    Attributes:
        prefixes: P.
        suffixes: S.
        labels: L sets of labels.
        prefix_of: N places among the prefixes.
        suffix_of: N places among the suffixes.
        labels_of: N places among the sets of labels.
        chosen: N places among the labels, from 0; -1 where it is not known.
        names: N names of ratings, for errors.
        answered: for each prefix the places of tokens that are answers too: known ratings of the
            rater, each of which may be learned from those before it. None for none.
    """

    prefixes: Sequence[Tokens]
    suffixes: Sequence[Tokens]
    labels: Sequence[Labels]
    prefix_of: IntArray
    suffix_of: IntArray
    labels_of: IntArray
    chosen: IntArray
    names: Names
    answered: Sequence[IntArray] | None = None

    def __len__(self) -> int:
        """Number of ratings, N."""
        return len(self.prefix_of)

    @property
    def most_choices(self) -> int:
        """K, the largest number of labels."""
        return max(map(len, self.labels), default=0)

    def take(self, rows: IntArray) -> "Prompts":
        """Some of the ratings, in the order given."""
        return Prompts(
            self.prefixes,
            self.suffixes,
            self.labels,
            self.prefix_of[rows],
            self.suffix_of[rows],
            self.labels_of[rows],
            self.chosen[rows],
            [self.names[row] for row in rows],
            self.answered,
        )

    def longest(self) -> tuple[int, str]:
        """Tokens of the longest prompt with its longest label, and the rating's name."""
        sizes: IntArray = (
            np.array([len(one) for one in self.prefixes])[self.prefix_of]
            + np.array([len(one) for one in self.suffixes])[self.suffix_of]
            + np.array([one.longest for one in self.labels])[self.labels_of]
        )
        row = int(np.argmax(sizes))
        return int(sizes[row]), self.names[row]

    def answer(self, row: int) -> Tokens:
        """The tokens of the label that was chosen."""
        tokens: Tokens = self.labels[self.labels_of[row]].tokens[self.chosen[row]]
        return tokens
