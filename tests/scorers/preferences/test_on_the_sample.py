"""Ranking on made PRISM data, against what was planted in them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ratings.prism.container import Prism
from ratings.prism.prism import load_prism
from scorers.preferences.aggregations.aggregation import AGGREGATIONS
from scorers.preferences.group_differences import GroupTest, group_differences
from scorers.preferences.preference_ranks import rank_models
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies

LEAST = 20
LEVEL = 0.05


def tallies_of(prism: Prism) -> Tallies:
    return Tallies.of(ScoredReplies.of(prism.openers()))


def by_group(prism: Prism, tallies: Tallies, column: str) -> GroupTest:
    labels = prism.survey[column].astype(object).reindex(list(tallies.people))
    sizes = labels.value_counts()
    large = set(sizes.index[sizes >= LEAST]) - {"Prefer not to say"}
    return group_differences(
        tallies,
        [label if label in large else None for label in labels],
        permutations=199,
        replicates=2,
    )


def most_by_chance(seeds: int, rate: float = LEVEL) -> int:
    """How many of the seeds may exceed a nominal rate before that is no chance (p < .005)."""
    return int(stats.binom.ppf(0.995, seeds, rate))


@pytest.fixture(scope="module")
def whole() -> Prism:
    return load_prism("sample", people=1_500)


# The authors' arithmetic divides by other pairs' totals, and need not keep the order.
@pytest.mark.parametrize("aggregation", [name for name in AGGREGATIONS if name != "released"])
def test_every_aggregation_recovers_the_planted_order(whole: Prism, aggregation: str):
    tallies = tallies_of(whole)
    found = AGGREGATIONS[aggregation].aggregate(tallies, tallies.everyone)[0]
    worth = dict(zip(whole.truth.models, whole.truth.worth, strict=True))
    planted = [worth[model] for model in tallies.models]
    assert stats.kendalltau(found, planted).statistic > 0.85
    assert tallies.models[int(np.argmax(found))] in sorted(worth, key=worth.get)[-2:]


@pytest.mark.slow
def test_planted_differences_between_groups_are_found_and_others_not(in_full: bool):
    seeds = 100 if in_full else 6
    alarms = {"age": 0, "education": 0}
    found = {"gender": 0, "location_special_region": 0}
    for seed in range(seeds):
        prism = load_prism("sample", seed=seed, people=800)
        tallies = tallies_of(prism)
        for column in (*alarms, *found):
            sure = by_group(prism, tallies, column).p_value < LEVEL
            (alarms if column in alarms else found)[column] += int(sure)
    assert all(count <= most_by_chance(seeds) for count in alarms.values()), alarms
    assert found["gender"] > most_by_chance(seeds, 0.5) or (not in_full and found["gender"] >= 3)


@pytest.mark.slow
def test_intervals_of_ranks_cover_the_planted_ranks(in_full: bool):
    """Of mean scores, whose expectation is what was planted but for the ends of the scale."""
    seeds = 100 if in_full else 8
    inside = []
    for seed in range(seeds):
        prism = load_prism("sample", seed=seed, people=300)
        ranked = rank_models(tallies_of(prism), "mean_score", replicates=300)
        planted = pd.Series(prism.truth.worth, list(prism.truth.models)).rank(ascending=False)
        inside += [
            one.rank.low <= planted[one.model] <= one.rank.high
            for one in ranked.models
            if one.rank.rank is not None
        ]
    assert np.mean(inside) >= 0.95 - 2.5 * np.sqrt(0.05 * 0.95 / seeds / 5)
