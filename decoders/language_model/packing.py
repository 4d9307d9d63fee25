"""Batches in which many instances stand behind one prefix, each seeing it and itself alone.

Columns of a batch: P of a prefix, then S blocks of T columns, a suffix each. Prefixes are padded
on the right, suffixes on the left, so that every block ends with the place whose next token is
asked for. A token's position is the one that it would have in a sequence of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from decoders.language_model.prompts import Tokens

IntArray = npt.NDArray[np.intp]

PADDING = -1
NO_PLACES = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Pack:
    """A prefix and what stands behind it.

    Attributes:
        prefix: its tokens.
        suffixes: tokens of each.
        rows: which rating each of them belongs to.
        answered: places in the prefix of tokens that are to be learned too.
    """

    prefix: Tokens
    suffixes: Sequence[Tokens]
    rows: IntArray
    answered: IntArray

    @property
    def width(self) -> int:
        """Tokens of the longest suffix."""
        return max(map(len, self.suffixes))

    @property
    def tokens(self) -> int:
        """Tokens in all, those of padding left out."""
        return len(self.prefix) + sum(map(len, self.suffixes))


@dataclass(frozen=True, eq=False)
class Batch:
    """B packs side by side, padded to the same shape; L = P + S * T columns.

    Attributes:
        ids: B x L tokens, 0 where padded.
        positions: B x L, of each token in a sequence of its own prompt; 0 where padded.
        segments: B x L, 0 in a prefix, 1 to S in the suffixes, `PADDING` where padded.
        prefix: P.
        width: T.
        rows: B x S ratings, -1 where a block is empty.
    """

    ids: IntArray
    positions: IntArray
    segments: IntArray
    prefix: int
    width: int
    rows: IntArray

    @property
    def blocks(self) -> int:
        """S."""
        return int(self.rows.shape[1])

    def ends(self, last: int) -> IntArray:
        """The columns of the last tokens of each block, S * last of them."""
        ends = self.prefix + self.width * np.arange(1, self.blocks + 1)
        return (ends[:, None] - np.arange(last, 0, -1)).ravel()


def collate(packs: Sequence[Pack]) -> Batch:
    """Packs side by side."""
    prefix = max(len(pack.prefix) for pack in packs)
    width = max(pack.width for pack in packs)
    blocks = max(len(pack.suffixes) for pack in packs)
    shape = (len(packs), prefix + blocks * width)
    ids, positions = np.zeros(shape, np.intp), np.zeros(shape, np.intp)
    segments = np.full(shape, PADDING, np.intp)
    rows = np.full((len(packs), blocks), -1, np.intp)
    for b, pack in enumerate(packs):
        start = len(pack.prefix)
        ids[b, :start], positions[b, :start], segments[b, :start] = pack.prefix, np.arange(start), 0
        rows[b, : len(pack.rows)] = pack.rows
        for s, suffix in enumerate(pack.suffixes):
            end = prefix + (s + 1) * width
            here = slice(end - len(suffix), end)
            ids[b, here], segments[b, here] = suffix, s + 1
            positions[b, here] = start + np.arange(len(suffix))
    return Batch(ids, positions, segments, prefix, width, rows)


def in_batches(packs: Sequence[Pack], most_columns: int) -> list[list[Pack]]:
    """Packs of similar shape together, at most so many columns a batch unless one pack has more.

    Args:
        packs: in any order.
        most_columns: B * L of a batch.
    """
    order = sorted(range(len(packs)), key=lambda n: (len(packs[n].prefix), packs[n].width, n))
    out: list[list[Pack]] = []
    shape = (0, 0, 0)
    for number in order:
        pack = packs[number]
        own = (len(pack.prefix), pack.width, len(pack.suffixes))
        grown = (max(shape[0], own[0]), max(shape[1], own[1]), max(shape[2], own[2]))
        columns = grown[0] + grown[1] * grown[2]
        if out and (len(out[-1]) + 1) * columns <= most_columns:
            out[-1].append(pack)
            shape = grown
        else:
            out.append([pack])
            shape = own
    return out
