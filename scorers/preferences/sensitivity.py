"""How ranks of models depend on choices of the analysis: threshold, prior, aggregation, subset."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from ratings.errors import DataError
from scorers.preferences.aggregations.aggregation import (
    AGGREGATIONS,
    DEFAULT,
    Aggregation,
    aggregation_named,
)
from scorers.preferences.aggregations.rank_centrality import rank_centrality
from scorers.preferences.preference_ranks import point_scores
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies

THRESHOLDS = (0.0, 5.0, 10.0, 20.0, 30.0, 50.0)
REGULARISATIONS = (0.0, 1.0, 5.0, 10.0, 50.0, 100.0)


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Ranks under several settings.

    Attributes:
        scores: models by settings; NaN where a model has none.
        ranks: the same, 1 is the most preferred, equal scores share the better rank.
        tau: settings by settings, Kendall's tau-b of scores of the models that both have.
        p_value: of no association, two-sided; NaN where tau is.
        reasons: why a setting has no scores.
    """

    scores: pd.DataFrame
    ranks: pd.DataFrame
    tau: pd.DataFrame
    p_value: pd.DataFrame
    reasons: dict[str, str]


def by_threshold(
    replies: ScoredReplies, thresholds: Iterable[float] = THRESHOLDS, aggregation: str = DEFAULT
) -> Sensitivity:
    """Ranks by the margin up to which a battle is a tie; figure 32."""
    chosen, tallies = aggregation_named(aggregation), Tallies.of(replies)
    return _compared(
        {
            f"{threshold:g}": partial(
                _scores,
                Tallies.of_battles(tallies.battles, threshold, tallies.scores),
                chosen,
            )
            for threshold in thresholds
        }
    )


def by_regularisation(
    tallies: Tallies, regularisations: Iterable[float] = REGULARISATIONS
) -> Sensitivity:
    """Ranks by rank centrality with so many wins of everyone against everyone; figure 33b."""
    chosen = AGGREGATIONS["rank_centrality"]
    return _compared(
        {
            f"{prior:g}": partial(
                _scores,
                tallies,
                replace(chosen, aggregate=partial(rank_centrality, regularisation=prior)),
            )
            for prior in regularisations
        }
    )


def by_aggregation(
    tallies: Tallies, aggregations: Iterable[str] = tuple(AGGREGATIONS)
) -> Sensitivity:
    """Ranks by how scores are made; figure 31."""
    return _compared(
        {name: partial(_scores, tallies, aggregation_named(name)) for name in aggregations}
    )


def by_subset(subsets: Mapping[str, Tallies], aggregation: str = DEFAULT) -> Sensitivity:
    """Ranks by which people, conversations or turns are counted; figure 33a."""
    chosen = aggregation_named(aggregation)
    return _compared({name: partial(_scores, part, chosen) for name, part in subsets.items()})


def _scores(tallies: Tallies, chosen: Aggregation) -> pd.Series:
    return pd.Series(point_scores(tallies, chosen), index=list(tallies.models))


def _compared(settings: Mapping[str, Callable[[], "pd.Series[float]"]]) -> Sensitivity:
    found, reasons = {}, {}
    for name, scores in settings.items():
        try:
            found[name] = scores()
        except DataError as error:
            found[name], reasons[name] = pd.Series(dtype=float), str(error)
    table = pd.DataFrame(found)
    names = list(settings)
    tau, p_value = (pd.DataFrame(np.nan, index=names, columns=names) for _ in range(2))
    for one in names:
        for other in names:
            both = table[[one, other]].dropna() if one != other else table[[one, one]].dropna()
            if len(both) > 1:
                test = stats.kendalltau(both.iloc[:, 0], both.iloc[:, 1])
                tau.loc[one, other], p_value.loc[one, other] = test.statistic, test.pvalue
    ranks = table.round(9).rank(ascending=False, method="min")
    return Sensitivity(table, ranks, tau, p_value, reasons)
