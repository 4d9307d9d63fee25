"""What a chosen reply says against a participant's scores of the replies shown together."""

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.means import ratio

# Pairs of replies by how far their scores lie apart, in points of 1 to 100: from, to.
MARGINS = ((1, 5), (6, 15), (16, 30), (31, 99))
PAIRS = ("pairs_1_5", "pairs_6_15", "pairs_16_30", "pairs_31")
# As many replies as a turn shows at most.
POSITIONS = ("position_1", "position_2", "position_3", "position_4")


def pair_shares(scores: FloatArray) -> FloatArray:
    """How often a choice agrees with the scores, pair by pair of it and another reply.

    A pair of the chosen reply with another agrees where the chosen one has the higher score. Pairs
    with equal scores, or without a score, do not count. Choosing blindly gives a half in every bin.

    Args:
        scores: N x K, 1 to 100; NaN where there is no such reply or no score.

    Returns:
        N x K x B, by the reply that is chosen and the bin of `MARGINS` the share of its pairs that
        agree; NaN where it has none.

    >>> pair_shares(np.array([[90.0, 85.0, 20.0]]))[0, 1].tolist()
    [0.0, nan, nan, 1.0]
    """
    margin = scores[:, :, None] - scores[:, None, :]
    low, high = np.array(MARGINS, dtype=float).T
    size = np.round(np.abs(margin))[..., None]
    inside = (size >= low) & (size <= high)  # NaN is in no bin
    count = inside.sum(axis=2)
    agree = (inside & (margin > 0)[..., None]).sum(axis=2)
    return ratio(agree, count)


def choice_numbers(
    chosen: int | None, scores: list[float | None], preferred: list[int]
) -> dict[str, float | None]:
    """The further numbers of one choice; None where there is no such number.

    Of `PAIRS`, the share of the chosen reply's pairs that agree. Of `POSITIONS`, 1 where the reply
    at the position was chosen, less the share of the preferred reply that is there.

    Args:
        chosen: position of the chosen reply, from 1; None where none could be read.
        scores: K, in the order shown.
        preferred: positions of the replies that are right.

    >>> found = choice_numbers(1, [80.0, 20.0], [2])
    >>> found["pairs_31"], found["position_1"], found["position_2"], found["position_3"]
    (1.0, 1.0, -1.0, None)
    """
    out: dict[str, float | None] = dict.fromkeys((*PAIRS, *POSITIONS))
    if chosen is None:
        return out
    row = np.array([[np.nan if score is None else score for score in scores]])
    shares = pair_shares(row)[0, chosen - 1].tolist()
    out |= {n: None if s != s else round(s, 9) for n, s in zip(PAIRS, shares, strict=True)}
    for k, name in enumerate(POSITIONS[: len(scores)], 1):
        own = 1 / len(preferred) if k in preferred else 0.0
        out[name] = round(float(chosen == k) - own, 9)
    return out
