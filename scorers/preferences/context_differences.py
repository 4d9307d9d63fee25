"""Whether models are preferred in some contexts more than in others, by the same people."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.comparison.differences import holm
from scorers.intervals.bootstrap import cluster_intervals, cluster_weights
from scorers.intervals.estimate import Estimate
from scorers.preferences.aggregations.aggregation import DEFAULT, aggregation_named
from scorers.preferences.preference_ranks import point_scores
from scorers.preferences.tallies import Tallies

REPLICATES = 1_000


@dataclass(frozen=True)
class ContextEffect:
    """How much better a model fares in one context than in all the others together.

    Attributes:
        context: its name.
        model: its name.
        effect: score in the context less the score in all others.
        p_value: of no difference.
        corrected: the same after Holm's correction over models and contexts.
    """

    context: str
    model: str
    effect: Estimate
    p_value: float
    corrected: float


@dataclass(frozen=True)
class ContextTest:
    """Whether scores differ between contexts.

    Attributes:
        p_value: of the same scores of all models in all contexts.
        effects: by context, then model.
    """

    p_value: float
    effects: tuple[ContextEffect, ...]


def context_differences(
    inside: Mapping[str, Tallies],
    outside: Mapping[str, Tallies],
    aggregation: str = DEFAULT,
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> ContextTest:
    """Test whether scores differ between contexts, such as types of conversation.

    The same people take part in several contexts, so people are resampled with all that they did,
    and a difference is taken within each resample. Each effect is studentised by its bootstrap
    standard error; the omnibus p-value is the share of resamples in which the largest deviation
    from the observed effects is at least as large as the largest observed effect. Both sides of a
    difference are counted as often as makes up all battles, so that regularisation pulls the one
    no further than the other.

    Args:
        inside: tallies of R people by context; models and people in the same positions.
        outside: tallies of the same in all other contexts.
        aggregation: a name of `AGGREGATIONS`, but `elo`, whose score depends on an order.
        seed: of the resamples.
        replicates: how many.

    Raises:
        DataError: fewer than two contexts, or a context with no scores; `elo`.
        UnknownNameError: there is no such aggregation.
    """
    chosen = aggregation_named(aggregation)
    if aggregation == "elo":
        raise DataError("elo depends on the order of battles: test elo_mle instead")
    if len(inside) < 2:
        raise DataError(f"a comparison needs two contexts or more, but has {len(inside)}")
    first = next(iter(inside.values()))
    weights = cluster_weights(len(first.people), seed, replicates)
    points, draws, carriers = [], [], []
    for name, mine in inside.items():
        other = outside[name]
        for part in (mine, other):
            point_scores(part, chosen)  # refuses what cannot be ranked
        battles = len(mine.battles) + len(other.battles)
        point, drawn = (
            chosen.aggregate(mine, weight * battles / max(len(mine.battles), 1))
            - chosen.aggregate(other, weight * battles / max(len(other.battles), 1))
            for weight in (mine.everyone, weights)
        )
        points.append(point[0])
        draws.append(drawn)
        rated = (part.raters(chosen.compares) for part in (mine, other))
        carriers.append(np.minimum(*rated))
    point, drawn = np.concatenate(points), np.concatenate(draws, axis=1)
    people = np.concatenate(carriers)
    error = np.array(
        [np.nanstd(one, ddof=1) if np.isfinite(one).any() else np.nan for one in drawn.T]
    )
    known = np.isfinite(point) & (error > 0)
    ratio: FloatArray = np.full(len(point), np.nan)
    ratio[known] = np.abs(point[known]) / error[known]
    p_values = 2 * stats.t.sf(ratio, np.maximum(people - 1, 1))
    corrected: FloatArray = np.full(len(point), np.nan)
    corrected[known] = holm(p_values[known])
    low, high = cluster_intervals(point, drawn, people)
    return ContextTest(
        _largest(point[known], drawn[:, known], error[known]),
        tuple(
            ContextEffect(
                context,
                model,
                Estimate(
                    float(point[at]),
                    float(low[at]),
                    float(high[at]),
                    None if known[at] else "too few people scored it",
                ),
                float(p_values[at]),
                float(corrected[at]),
            )
            for at, (context, model) in enumerate(
                (context, model) for context in inside for model in first.models
            )
        ),
    )


def _largest(point: FloatArray, drawn: FloatArray, error: FloatArray) -> float:
    """p-value of the largest studentised effect, the observed one counted as one resample."""
    if not len(point):
        return np.nan
    observed = np.max(np.abs(point) / error)
    deviations = np.nanmax(np.abs(drawn - point) / error, axis=1)
    return float((1 + (deviations >= observed).sum()) / (1 + len(drawn)))
