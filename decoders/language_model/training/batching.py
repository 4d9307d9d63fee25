"""In which order a model sees its targets, and which of them share a step and a prefix."""

import numpy as np

from decoders.language_model.prompts.packing import NO_POSITIONS, Pack, pack
from decoders.language_model.prompts.prompts import Prompts
from ratings.arrays import IntArray


def epoch_steps(
    prompts: Prompts, batch: int, share: int, seed: int, epoch: int
) -> list[list[IntArray]]:
    """The steps of one epoch, each a list of the ratings of its packs; every rating once.

    Args:
        prompts: N ratings, their answers known.
        batch: ratings a step, fewer where packs do not add up to it.
        share: most ratings behind one prefix.
        seed: of the order.
        epoch: from 0; every epoch has its own order.
    """
    rng = np.random.default_rng([seed, 11, epoch])
    order = rng.permutation(len(prompts))
    order = order[np.argsort(prompts.prefix_of[order], kind="stable")]
    ends = np.flatnonzero(np.diff(prompts.prefix_of[order])) + 1
    groups = [
        part
        for rows in np.split(order, ends)
        for part in np.array_split(rows, -(-len(rows) // min(share, batch)))
    ]
    steps: list[list[IntArray]] = []
    filled = batch
    for group in rng.permutation(len(groups)):
        rows = groups[group]
        if filled + len(rows) > batch:
            steps.append([])
            filled = 0
        steps[-1].append(rows)
        filled += len(rows)
    return steps


def pack_of(prompts: Prompts, rows: IntArray) -> Pack:
    """Ratings that share a prefix, each with the answer but its last token behind it."""
    prefix = prompts.prefix_of[rows[0]]
    return pack(
        prefix=prompts.prefixes[prefix],
        suffixes=[
            np.concatenate([prompts.suffixes[prompts.suffix_of[row]], prompts.answer(row)[:-1]])
            for row in rows
        ],
        rows=rows,
        answered=prompts.answered[prefix] if prompts.answered else NO_POSITIONS,
    )
