"""What smaller cohorts of people say: how many battles they have, and how their scores scatter."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError
from scorers.preferences.aggregations.aggregation import DEFAULT, aggregation_named
from scorers.preferences.battles import battles_of
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies

DRAWS = 1_000
PROPERTIES = {
    "turns": "Sets of replies shown together",
    "battles": "Battles",
    "battles_per_pair": "Battles per possible pair of models",
    "raters_per_pair": "People per possible pair of models",
    "replies": "Scored replies",
    "raters_per_model": "People per model",
}


def cohort_weights(people: int, size: int, draws: int = DRAWS, seed: int = 0) -> FloatArray:
    """Who is in each of B cohorts drawn without replacement, B x R of 0 and 1.

    Raises:
        DataError: the cohort is empty or larger than all people.

    >>> cohort_weights(5, 2, draws=3).sum(axis=1)
    array([2., 2., 2.])
    """
    if not 1 <= size <= people:
        raise DataError(f"a cohort of {size} people cannot be drawn from {people}")
    order = np.random.default_rng(seed).random((draws, people)).argsort(axis=1)
    weights = np.zeros((draws, people))
    np.put_along_axis(weights, order[:, :size], 1.0, axis=1)
    return weights


def battle_properties(
    replies: ScoredReplies, sizes: Iterable[int], draws: int = DRAWS, seed: int = 0
) -> pd.DataFrame:
    """Mean and standard deviation over cohorts of what there is to rank models by; Table 26.

    Returns:
        One row for each size and property of `PROPERTIES`, columns `people`, `property`, `mean`
        and `sd` (n - 1; 0 for everybody).

    Raises:
        DataError: as `cohort_weights`.
    """
    each = _of_people(replies)
    rows = []
    for size in sizes:
        weights = cohort_weights(len(each), size, draws, seed)
        sums = weights @ each
        # Where everybody is drawn, draws differ in rounding alone.
        mean, spread = sums.mean(axis=0), sums.std(axis=0, ddof=1).round(9)
        rows += list(zip([size] * len(PROPERTIES), PROPERTIES, mean, spread, strict=True))
    return pd.DataFrame(rows, columns=["people", "property", "mean", "sd"])


def cohort_scores(
    tallies: Tallies,
    size: int,
    aggregation: str = DEFAULT,
    draws: int = DRAWS,
    seed: int = 0,
) -> FloatArray:
    """Scores of models by cohorts, B x K; NaN where a cohort did not compare a model; figure 34.

    Raises:
        DataError: as `cohort_weights`.
        UnknownNameError: there is no such aggregation.
    """
    weights = cohort_weights(len(tallies.people), size, draws, seed)
    return aggregation_named(aggregation).aggregate(tallies, weights)


def _of_people(replies: ScoredReplies) -> FloatArray:
    """What each person adds to each property, R x 6."""
    people, models = len(replies.people), len(replies.models)
    scored, battles = replies.where(replies.scored), battles_of(replies)
    pairs = max(models * (models - 1) / 2, 1)
    low = np.minimum(battles.first, battles.second)
    high = np.maximum(battles.first, battles.second)
    counts = {
        "turns": _distinct(scored.person, scored.turn),
        "battles": battles.person,
        "pairs": _distinct(battles.person, low * models + high),
        "replies": scored.person,
        "models": _distinct(scored.person, scored.model),
    }
    of = {name: np.bincount(who, minlength=people) for name, who in counts.items()}
    return np.column_stack(
        [
            of["turns"],
            of["battles"],
            of["battles"] / pairs,
            of["pairs"] / pairs,
            of["replies"],
            of["models"] / max(models, 1),
        ]
    )


def _distinct(person: IntArray, what: IntArray) -> IntArray:
    """The person of each distinct pair."""
    return np.unique(np.column_stack([person, what]), axis=0)[:, 0]
