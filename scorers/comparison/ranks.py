"""Ranks of models, and how sure they are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.bootstrap import CONFIDENCE

_DECIMALS = 9  # equal values computed in another order differ in the last bits
_CERTAIN = 1e-9
_CANCELLED = 1e-3  # of the spread of its two models, below which a difference's is computed itself
_BLOCK = 64  # models whose draws are in the cache of the processor at once
_FARTHEST = 15.0  # standard errors, to which SciPy's quantiles of t are right


@dataclass(frozen=True)
class Rank:
    """The rank of a model, 1 is the first, with its interval.

    Attributes:
        rank: None when the model has no value.
        low: the best rank of the interval; None when no replicate has a value.
        high: the worst rank of the interval.
    """

    rank: int | None
    low: int | None
    high: int | None


def rank_intervals(
    values: FloatArray,
    replicates: FloatArray,
    clusters: npt.NDArray[np.intp],
    *,
    highest_first: bool = True,
    simultaneous: bool = False,
    confidence: float = CONFIDENCE,
) -> list[Rank]:
    """Ranks of M models with intervals that hold the true rank at the nominal rate.

    A model's best rank is one below the models that are surely ahead of it, its worst one above
    those that are surely behind. Surely means that the difference, over its standard error, is
    beyond the 95th percentile of the largest such ratio in replicates about the observed values:
    the largest over the model's own M - 1 differences for an interval of one model, over all
    M (M - 1) / 2 for intervals that hold together. With few clusters the percentile is taken at
    the same tail of Student's t instead of the normal distribution.

    The true rank is one more than the number of models that are truly ahead; models that are
    truly equal share it. Equal values share the better rank (1, 1, 3).

    Ranks of replicates, and their percentiles, are no such intervals: replicates scatter about
    the observed values, which are already farther apart than the true ones, so they hardly bring
    the first of many near equals down. Of 33 models a twentieth of a standard error apart they
    covered the rank of the first in about half of simulations.

    Source: Mogstad, Romano, Shaikh and Wilhelm (2024), Inference for ranks with applications to
    mobility across neighbourhoods and academic achievement across countries, sections 3.1 and
    3.2, the intervals in one step.

    Args:
        values: of M models; NaN takes no part.
        replicates: B x M; in one row every model is computed from the same clusters drawn.
            NaN in a replicate leaves that one out for the pairs of the model.
        clusters: M numbers of clusters that the values rest on.
        highest_first: whether rank 1 is the highest value; otherwise the lowest.
        simultaneous: whether all M intervals are to hold at once.
        confidence: nominal coverage, of each or of all at once.

    >>> drawn = np.array([5.0, 4.0, 1.0]) + np.array([[0.9, 0, 0], [-0.9, 0, 0], [0, 0.9, 0]])
    >>> found = rank_intervals(np.array([5.0, 4.0, 1.0]), drawn, np.array([99, 99, 99]))
    >>> [(r.rank, r.low, r.high) for r in found]
    [(1, 1, 2), (2, 1, 2), (3, 3, 3)]
    """
    there = ~np.isnan(values)
    point = _ranks(values[None, :], highest_first)[0]
    known = there & ~np.isnan(replicates).all(axis=0)
    ahead, equal = _surely_ahead(
        (values if highest_first else -values)[known],
        (replicates if highest_first else -replicates)[:, known],
        clusters[known],
        simultaneous,
        confidence,
    )
    # A model without replicates may rank before or behind any other.
    best = 1 + ahead.sum(axis=0)
    worst = 1 + int(there.sum()) - (ahead | equal).sum(axis=1)
    found = [Rank(None if np.isnan(rank) else int(rank), None, None) for rank in point]
    for m, low, high in zip(np.flatnonzero(known), best.tolist(), worst.tolist(), strict=True):
        rank = int(point[m])
        found[m] = Rank(rank, min(low, rank), max(high, rank))
    return found


def _ranks(values: FloatArray, highest_first: bool) -> FloatArray:
    """Ranks within each row, B x M; NaN stays, and has no rank."""
    lowest_first = np.round(-values if highest_first else values, _DECIMALS)
    last = np.where(np.isnan(values), np.inf, lowest_first)
    ranks: FloatArray = stats.rankdata(last, method="min", axis=1).astype(float)
    return np.where(np.isnan(values), np.nan, ranks)


def _surely_ahead(
    values: FloatArray,
    replicates: FloatArray,
    clusters: npt.NDArray[np.intp],
    simultaneous: bool,
    confidence: float,
) -> tuple[BoolArray, BoolArray]:
    """M x M, whether the model of the row is surely above that of the column, or surely equal."""
    count = len(values)
    ratios, furthest = np.zeros((count, count)), np.zeros((count, len(replicates)))
    equal = np.eye(count, dtype=bool)
    # A row a model: what is summed over draws then lies together. A pair is computed once.
    drawn_values = np.ascontiguousarray(replicates.T) - values[:, None]
    spread = _spread_of_differences(drawn_values)
    for m, after in (
        (one, slice(start, start + _BLOCK))
        for one in range(count - 1)
        for start in range(one + 1, count, _BLOCK)
    ):
        gaps = values[m] - values[after]
        drawn = drawn_values[m] - drawn_values[after]
        if spread is None:
            missing = np.isnan(drawn)
            drawn[missing] = 0.0
            shared = np.maximum((~missing).sum(axis=1), 1)
            errors = _errors(drawn, shared, missing)
            certain = (errors <= _CERTAIN) & ~missing.all(axis=1)
        else:
            errors = spread[m, after].copy()
            unsure = errors == 0
            if unsure.any():
                few = drawn[unsure]
                errors[unsure] = _errors(few, np.full(len(few), few.shape[1]))
            certain = errors <= _CERTAIN
        errors[errors <= _CERTAIN] = np.inf
        np.abs(drawn, out=drawn)
        drawn *= (1 / errors)[:, None]
        np.maximum(furthest[m], drawn.max(axis=0), out=furthest[m])
        np.maximum(furthest[after], drawn, out=furthest[after])
        equal[m, after] = equal[after, m] = certain & (np.abs(gaps) <= _CERTAIN)
        # A difference that no draw moves is certain, unless it is 0.
        moved = np.where(np.abs(gaps) > _CERTAIN, np.copysign(np.inf, gaps), 0.0)
        ratios[m, after] = np.where(certain, moved, gaps / errors)
        ratios[after, m] = -ratios[m, after]
    fewest = np.minimum(clusters[:, None], clusters)
    if simultaneous:
        furthest = np.broadcast_to(furthest.max(axis=0, initial=0.0), furthest.shape)
    beyond = np.quantile(furthest, confidence, axis=1) if furthest.size else np.zeros(count)
    return ratios > _student(beyond, fewest), equal


def _spread_of_differences(drawn: FloatArray) -> FloatArray | None:
    """M x M standard deviations over draws of the differences of M models; None where one lacks.

    From products of M models, so small ones are not exact: the squares nearly cancel.

    Args:
        drawn: M x B.
    """
    if not drawn.size or np.isnan(drawn).any():
        return None
    centred = drawn - drawn.mean(axis=1, keepdims=True)
    products = centred @ centred.T / centred.shape[1]
    own = np.diag(products)
    found: FloatArray = np.sqrt(np.maximum(own[:, None] + own - 2 * products, 0.0))
    # Relative to the models' own spreads, where squares cancel.
    found[found < _CANCELLED * np.sqrt(own[:, None] + own)] = 0.0
    return found


def _errors(
    drawn: FloatArray, shared: npt.NDArray[np.intp], missing: BoolArray | None = None
) -> FloatArray:
    """Standard deviations of rows over the draws that are there, 0 where they are not."""
    centred = drawn - (drawn.sum(axis=1) / shared)[:, None]
    if missing is not None:
        centred[missing] = 0.0
    found: FloatArray = np.sqrt(np.vecdot(centred, centred) / shared)
    return found


def _student(quantiles: FloatArray, clusters: npt.NDArray[np.intp]) -> FloatArray:
    """Quantiles at the same tail of Student's t, for errors that replicates understate, M x M.

    Beyond 15 standard errors SciPy's quantile of t fails (it can even be -inf): the tail is cut
    there, and Student's quantile is never less than the normal one.

    Args:
        quantiles: M, one for each row.
        clusters: M x M.
    """
    enough = np.maximum(clusters, 2)
    tails = stats.norm.sf(np.minimum(quantiles, _FARTHEST))
    # SciPy's quantile is slow, and few numbers of clusters differ.
    each, which = np.unique(enough, return_inverse=True)
    of_each = stats.t.isf(tails[:, None], each - 1)
    found = np.take_along_axis(of_each, which.reshape(enough.shape), axis=1)
    found = np.maximum(found, quantiles[:, None]) * np.sqrt(enough / (enough - 1))
    return np.where(clusters > 1, found, np.inf)
