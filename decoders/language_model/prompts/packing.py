"""Batches in which many instances follow one prefix, each seeing it and itself alone.

Columns of a batch: P of a prefix, then S blocks, a suffix each. Prefixes are padded on the right,
suffixes on the left, so that every block ends with the position whose next token is asked for. The
longest suffix comes first, so that blocks of packs side by side need little padding. A token's
position is the one that it would have in a sequence of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from decoders.language_model.prompts.prompts import Tokens
from ratings.arrays import IntArray

PADDING = -1
NO_POSITIONS = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Pack:
    """A prefix and what follows it, as `pack` makes it.

    Attributes:
        prefix: its tokens.
        suffixes: tokens of each, the longest first.
        rows: which rating each of them belongs to.
        answered: positions in the prefix of tokens that are to be learned too.
    """

    prefix: Tokens
    suffixes: Sequence[Tokens]
    rows: IntArray
    answered: IntArray

    @property
    def widths(self) -> IntArray:
        """Tokens of each suffix."""
        return np.array([len(one) for one in self.suffixes], dtype=np.intp)

    @property
    def tokens(self) -> int:
        """Tokens in all, those of padding left out."""
        return len(self.prefix) + int(self.widths.sum())


def pack(
    prefix: Tokens, suffixes: Sequence[Tokens], rows: IntArray, answered: IntArray = NO_POSITIONS
) -> Pack:
    """A prefix and what follows it, in any order."""
    order = np.argsort([-len(one) for one in suffixes], kind="stable")
    return Pack(prefix, [suffixes[index] for index in order], rows[order], answered)


@dataclass(frozen=True, eq=False)
class Batch:
    """B packs side by side, padded to the same shape; L columns, of which P are of the prefix.

    Attributes:
        ids: B x L tokens, 0 where padded.
        positions: B x L, of each token in a sequence of its own prompt; 0 where padded.
        segments: B x L, 0 in a prefix, 1 to S in the suffixes, `PADDING` where padded.
        prefix: P.
        stops: S, the column behind each block.
        rows: B x S ratings, -1 where a block is empty.
    """

    ids: IntArray
    positions: IntArray
    segments: IntArray
    prefix: int
    stops: IntArray
    rows: IntArray

    @property
    def blocks(self) -> int:
        """S."""
        return int(self.rows.shape[1])

    def ends(self, last: int) -> IntArray:
        """The columns of the last tokens of each block, S * last of them.

        Where a block has fewer tokens, the first ones come before it.
        """
        ends: IntArray = np.maximum(self.stops[:, None] - np.arange(last, 0, -1), 0).ravel()
        return ends


def collate(packs: Sequence[Pack]) -> Batch:
    """Packs side by side."""
    prefix, widths = _shape(packs)
    stops = prefix + np.cumsum(widths)
    shape = (len(packs), int(stops[-1]))
    ids, positions = np.zeros(shape, np.intp), np.zeros(shape, np.intp)
    segments = np.full(shape, PADDING, np.intp)
    rows = np.full((len(packs), len(stops)), -1, np.intp)
    for b, one in enumerate(packs):
        start = len(one.prefix)
        ids[b, :start], positions[b, :start], segments[b, :start] = one.prefix, np.arange(start), 0
        rows[b, : len(one.rows)] = one.rows
        for s, suffix in enumerate(one.suffixes):
            here = slice(stops[s] - len(suffix), stops[s])
            ids[b, here], segments[b, here] = suffix, s + 1
            positions[b, here] = start + np.arange(len(suffix))
    return Batch(ids, positions, segments, prefix, stops, rows)


def in_batches(packs: Sequence[Pack], most_columns: int) -> list[list[Pack]]:
    """Packs of similar shape together, at most so many columns a batch unless one pack has more.

    Args:
        packs: in any order.
        most_columns: B * L of a batch.
    """
    order = sorted(packs, key=lambda one: (len(one.prefix), len(one.suffixes[0])))
    out: list[list[Pack]] = []
    columns = np.zeros(0, dtype=np.intp)  # of the last batch: of the prefix and of each block
    for one in order:
        own = np.array([len(one.prefix), *one.widths])
        grown = _wider(columns, own)
        if out and (len(out[-1]) + 1) * grown.sum() <= most_columns:
            out[-1].append(one)
            columns = grown
        else:
            out.append([one])
            columns = own
    return out


def _shape(packs: Sequence[Pack]) -> tuple[int, IntArray]:
    """Columns of the prefix and of each block."""
    widths = np.zeros(0, dtype=np.intp)
    for one in packs:
        widths = _wider(widths, one.widths)
    return max(len(one.prefix) for one in packs), widths


def _wider(one: IntArray, other: IntArray) -> IntArray:
    """The larger of two arrays, element by element; what one lacks counts 0."""
    size = max(len(one), len(other))
    return np.maximum(np.pad(one, (0, size - len(one))), np.pad(other, (0, size - len(other))))
