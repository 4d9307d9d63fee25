"""What a language model reads, as tokens: prefixes, suffixes and labels.

A prefix is what many prompts begin with: what raters were asked and what is given about a rater. A
suffix is one instance. The model's answer is one of the instance's labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ratings.arrays import IntArray

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
    """Names of ratings by index."""

    def __getitem__(self, row: int, /) -> str:
        """The name of one."""


@dataclass(frozen=True, eq=False)
class Prompts:
    """N ratings to predict; texts that several of them share are here once.

    Attributes:
        prefixes: P.
        suffixes: S.
        labels: L sets of labels.
        prefix_of: N indices of prefixes.
        suffix_of: N indices of suffixes.
        labels_of: N indices of sets of labels.
        chosen: N indices of labels, from 0; -1 where it is not known.
        names: N names of ratings, for errors.
        answered: for each prefix the positions of tokens that are answers too: known ratings of
            the rater, each predicted from the preceding ones; None if there are none.
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

    @classmethod
    def concat(cls, parts: Sequence["Prompts"]) -> "Prompts":
        """The ratings of several, one part after another; suffixes are the same in all."""
        prefixes = np.cumsum([0, *(len(part.prefixes) for part in parts)])
        labels = np.cumsum([0, *(len(part.labels) for part in parts)])
        shifted = list(zip(parts, prefixes, labels, strict=False))
        return cls(
            prefixes=[prefix for part in parts for prefix in part.prefixes],
            suffixes=parts[0].suffixes,
            labels=[one for part in parts for one in part.labels],
            prefix_of=np.concatenate([part.prefix_of + start for part, start, _ in shifted]),
            suffix_of=np.concatenate([part.suffix_of for part in parts]),
            labels_of=np.concatenate([part.labels_of + start for part, _, start in shifted]),
            chosen=np.concatenate([part.chosen for part in parts]),
            names=[part.names[row] for part in parts for row in range(len(part))],
            answered=[one for part in parts for one in part.answered or []] or None,
        )

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
