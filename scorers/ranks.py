"""Ranks of models, how sure they are, and which models cannot be told apart."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from scorers.bootstrap import CONFIDENCE

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_DECIMALS = 9  # equal values computed in another order differ in the last bits


@dataclass(frozen=True)
class Rank:
    """The place of a model, 1 is the first, with its interval.

    Attributes:
        rank: None when the model has no value.
        low: the best place of the interval; None when no replicate has a value.
        high: the worst place of the interval.
    """

    rank: int | None
    low: int | None
    high: int | None


def rank_intervals(
    values: FloatArray,
    replicates: FloatArray,
    *,
    highest_first: bool = True,
    confidence: float = CONFIDENCE,
) -> list[Rank]:
    """Ranks of M models with percentile intervals of their ranks within bootstrap replicates.

    Equal values share the better rank (1, 1, 3). The interval is rounded outward to whole places
    and always contains the rank. It says of one model at a time where it may stand; it is not a
    statement about all places at once. In simulations of 10 models it covered the true place in 98
    to 100 per cent of samples when neighbours were half a standard error apart or more. A
    fifth of one apart it covered 94 overall and 85 at both ends of the list: replicates scatter
    about the observed values, so they hardly bring the first of many near equals down.

    Source: Goldstein and Spiegelhalter (1996), League tables and their limitations; Hall and
    Miller (2009), Using the bootstrap to quantify the authority of an empirical ranking.

    Args:
        values: of M models; NaN takes no part.
        replicates: B x M; in one row every model is computed from the same clusters drawn.
            A model that is NaN in a replicate is left out of that one.
        highest_first: whether rank 1 is the highest value; otherwise the lowest.
        confidence: nominal coverage.

    >>> drawn = np.array([[3.0, 2.0, 1.0], [2.0, 3.0, 1.0]])
    >>> [(r.rank, r.low, r.high) for r in rank_intervals(np.array([5.0, 4.0, 1.0]), drawn)]
    [(1, 1, 2), (2, 1, 2), (3, 3, 3)]
    """
    there = ~np.isnan(values)
    point = _ranks(values[None, :], highest_first)[0]
    drawn = _ranks(np.where(there, replicates, np.nan), highest_first)
    tail = (1 - confidence) / 2
    return [
        _rank(point[m], drawn[:, m], tail) if there[m] else Rank(None, None, None)
        for m in range(len(values))
    ]


def tie_groups(
    values: FloatArray, different: BoolArray, *, highest_first: bool = True
) -> list[int | None]:
    """Groups of models that cannot be told from the first of their group, numbered from 1.

    From the first model on, a group takes in the next ones in rank up to the first that differs
    from the group's own first model, which then starts the next group. Models of equal value
    stay together, and count as different when one of them is. Members of one group may differ
    from each other, and the last of a group need not differ from the first of the next:
    'not different' is no equivalence.

    Args:
        values: of M models.
        different: M x M, whether two models differ significantly; either order counts.
        highest_first: as in `rank_intervals`.

    Returns:
        M numbers; None where the value is NaN.

    >>> told_apart = np.array([[0, 0, 1], [0, 0, 0], [1, 0, 0]], dtype=bool)
    >>> tie_groups(np.array([3.0, 2.0, 1.0]), told_apart)
    [1, 1, 2]
    """
    ranks = _ranks(values[None, :], highest_first)[0]
    either = different | different.T
    groups: list[int | None] = [None] * len(values)
    first, group = np.array([], dtype=np.intp), 0
    for place in np.unique(ranks[~np.isnan(ranks)]):
        level = np.flatnonzero(ranks == place)
        if group == 0 or either[np.ix_(first, level)].any():
            first, group = level, group + 1
        for model in level:
            groups[model] = group
    return groups


def _ranks(values: FloatArray, highest_first: bool) -> FloatArray:
    """Ranks within each row, B x M; NaN stays, and takes no place."""
    lowest_first = np.round(-values if highest_first else values, _DECIMALS)
    last = np.where(np.isnan(values), np.inf, lowest_first)
    ranks: FloatArray = stats.rankdata(last, method="min", axis=1).astype(float)
    return np.where(np.isnan(values), np.nan, ranks)


def _rank(point: float, drawn: FloatArray, tail: float) -> Rank:
    defined = drawn[~np.isnan(drawn)]
    if not defined.size:
        return Rank(int(point), None, None)
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Rank(
        int(point), min(int(np.floor(low)), int(point)), max(int(np.ceil(high)), int(point))
    )
