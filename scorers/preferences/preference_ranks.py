"""Ranks of models by people's preferences, with intervals over people."""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.comparison.ranks import Rank, rank_intervals
from scorers.intervals.bootstrap import cluster_intervals, cluster_weights
from scorers.intervals.estimate import Estimate, undefined
from scorers.preferences.aggregations.aggregation import DEFAULT, Aggregation, aggregation_named
from scorers.preferences.aggregations.win_graph import apart
from scorers.preferences.tallies import Tallies

REPLICATES = 1_000
FEWEST_PEOPLE = 2


@dataclass(frozen=True)
class RankedModel:
    """A model among the others.

    Attributes:
        model: its name.
        score: with its interval.
        rank: 1 is the most preferred, with its interval; None where there is no score.
        raters: how many people compared it, or scored it where scores are means of scores.
        battles: how many it has; ties too.
    """

    model: str
    score: Estimate
    rank: Rank
    raters: int
    battles: int


@dataclass(frozen=True)
class Ranking:
    """Models by people's preferences.

    Attributes:
        aggregation: the name of how scores are made.
        models: by rank, those without a score last.
        people: how many.
        battles: how many.
        replicates: how many times people were drawn again.
        defined: in how many of these every ranked model has a score.
        seed: of the draws.
    """

    aggregation: str
    models: tuple[RankedModel, ...]
    people: int
    battles: int
    replicates: int
    defined: int
    seed: int

    def scores(self) -> dict[str, float]:
        """The score of each model; NaN where there is none."""
        return {one.model: one.score.value for one in self.models}


def rank_models(
    tallies: Tallies,
    aggregation: str = DEFAULT,
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
    simultaneous: bool = False,
) -> Ranking:
    """Rank models, with intervals from a bootstrap over people.

    Args:
        tallies: of the people that are to count.
        aggregation: a name of `AGGREGATIONS`.
        seed: of the bootstrap.
        replicates: how many times people are drawn.
        simultaneous: whether the intervals of all ranks are to hold at once.

    Raises:
        DataError: there is no battle between two models, battles leave sets of models unconnected
            (which are named), nobody scored anything, or the aggregation has no answer.
        UnknownNameError: there is no such aggregation.
    """
    chosen = aggregation_named(aggregation)
    values = point_scores(tallies, chosen)
    known = np.isfinite(values)
    weights = cluster_weights(len(tallies.people), seed, replicates)
    drawn = chosen.aggregate(tallies, weights)
    raters = tallies.raters(chosen.compares)
    low, high = np.clip(cluster_intervals(values, drawn, raters), *chosen.ends)
    ranks = rank_intervals(values, drawn, raters, simultaneous=simultaneous)
    wins, ties = (kind[0] for kind in tallies.counts(tallies.everyone))
    battles = (wins + wins.T + ties).sum(axis=1).astype(int)
    found = [
        RankedModel(
            model,
            _estimate(values[m], low[m], high[m]),
            ranks[m],
            int(raters[m]),
            int(battles[m]),
        )
        for m, model in enumerate(tallies.models)
    ]
    return Ranking(
        aggregation,
        tuple(sorted(found, key=lambda one: (one.rank.rank or len(found) + 1, one.model))),
        len(tallies.people),
        len(tallies.battles),
        replicates,
        int(np.isfinite(drawn[:, known]).all(axis=1).sum()),
        seed,
    )


def point_scores(tallies: Tallies, chosen: Aggregation) -> FloatArray:
    """K scores of all people once; NaN for a model that nobody compared.

    Raises:
        DataError: as in `rank_models`.
    """
    if chosen.compares:
        wins, ties = (kind[0] for kind in tallies.counts(tallies.everyone))
        reason = apart(tallies.models, wins + ties)
        if reason:
            raise DataError(f"{chosen.title}: {reason}")
    if not tallies.people:
        raise DataError(f"{chosen.title}: there are no people")
    values: FloatArray = chosen.aggregate(tallies, tallies.everyone)[0]
    if np.isnan(values).all():
        raise DataError(f"{chosen.title}: {_why_none(tallies, chosen)}")
    return values


def _why_none(tallies: Tallies, chosen: Aggregation) -> str:
    if not chosen.compares:
        return "no reply has a score"
    wins, ties = (kind[0] for kind in tallies.counts(tallies.everyone))
    if not wins.any():
        return f"all {len(tallies.battles)} battles are ties"
    scored, met = wins + ties, (wins + wins.T + ties).any(axis=1)
    causes = [
        f"{', '.join(name for name, one in zip(tallies.models, alone, strict=True) if one)} {what}"
        for alone, what in (
            (met & ~scored.any(axis=1), "never won or tied"),
            (met & ~scored.any(axis=0), "never lost or tied"),
        )
        if alone.any()
    ]
    cause = " and ".join(causes) or "no circle of wins joins all models"
    return f"{cause}, so there is no finite answer; rank_centrality and elo_mle have one"


def _estimate(value: float, low: float, high: float) -> Estimate:
    if np.isnan(value):
        return undefined("nobody compared it with another model")
    if np.isnan(low):
        return Estimate(float(value), reason="fewer than two people scored it")
    return Estimate(float(value), float(low), float(high))
