"""Ways to make scores of models out of people's preferences, under one interface."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ratings.arrays import FloatArray
from ratings.errors import unknown_name
from scorers.intervals.bootstrap import ANYWHERE
from scorers.preferences.aggregations.bradley_terry import bradley_terry, elo_mle
from scorers.preferences.aggregations.elo import elo
from scorers.preferences.aggregations.rank_centrality import rank_centrality, released
from scorers.preferences.aggregations.score_means import (
    borda,
    mean_normalised_score,
    mean_score,
    win_rate,
)
from scorers.preferences.tallies import Tallies

Aggregate = Callable[[Tallies, FloatArray], FloatArray]
DEFAULT = "rank_centrality"
SHARE = (0.0, 1.0)


@dataclass(frozen=True)
class Aggregation:
    """One way to make scores.

    Attributes:
        title: for tables.
        unit: of the scores, which are higher for models that are preferred.
        source: where it is from.
        aggregate: tallies and weights of people, B x R, to scores, B x K; NaN for a model that
            the weighted people did not compare.
        compares: whether scores rest on battles, so that models that no chain of battles connects
            have none in common.
        ends: the least and the greatest score that there can be.
    """

    title: str
    unit: str
    source: str
    aggregate: Aggregate
    compares: bool = True
    ends: tuple[float, float] = ANYWHERE


AGGREGATIONS: Mapping[str, Aggregation] = {
    "rank_centrality": Aggregation(
        "Pairwise rank centrality",
        "share",
        "Negahban, Oh and Shah (2017); Kirk et al. (2024), appendix T.1",
        rank_centrality,
        ends=SHARE,
    ),
    "released": Aggregation(
        "Rank centrality as released",
        "share",
        "code of Kirk et al. (2024), which pairs wins otherwise than the paper",
        released,
        ends=SHARE,
    ),
    "bradley_terry": Aggregation(
        "Bradley-Terry with ties", "log-odds", "Davidson (1970)", bradley_terry
    ),
    "elo": Aggregation("Elo, mean over orders", "Elo points", "Elo (1978)", elo),
    "elo_mle": Aggregation(
        "Elo by maximum likelihood", "Elo points", "Chatbot Arena (FastChat)", elo_mle
    ),
    "win_rate": Aggregation(
        "Average win rate",
        "share",
        "Kirk et al. (2024), appendices T.3 and T.9",
        win_rate,
        ends=SHARE,
    ),
    "mean_score": Aggregation(
        "Mean score", "points", "Kirk et al. (2024), appendix T.3", mean_score, compares=False
    ),
    "mean_normalised_score": Aggregation(
        "Mean normalised score",
        "standard deviations",
        "Kirk et al. (2024), appendix T.3",
        mean_normalised_score,
        compares=False,
    ),
    "borda": Aggregation(
        "Share beaten within the turn",
        "share",
        "Borda (1784); Kirk et al. (2024), appendix T.3",
        borda,
        ends=SHARE,
    ),
}


def aggregation_named(name: str) -> Aggregation:
    """The aggregation of a name.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in AGGREGATIONS:
        raise unknown_name("aggregation", name, AGGREGATIONS)
    return AGGREGATIONS[name]
