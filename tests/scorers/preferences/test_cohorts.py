import numpy as np
import pytest

from ratings.errors import DataError
from scorers.preferences.aggregations.rank_centrality import rank_centrality
from scorers.preferences.battles import battles_of
from scorers.preferences.cohorts import (
    PROPERTIES,
    battle_properties,
    cohort_scores,
    cohort_weights,
)
from scorers.preferences.tallies import Tallies
from tests.scorers.preferences.made_replies import scored_replies

REPLIES = scored_replies(people=40, models=5, missing=0.3)


def test_properties_of_everybody_are_counts():
    found = battle_properties(REPLIES, [40], draws=5).set_index("property")
    battles, scored = battles_of(REPLIES), REPLIES.where(REPLIES.scored)
    raters = [len(set(scored.person[scored.model == m])) for m in range(5)]
    pairs = set(
        zip(
            battles.person,
            np.minimum(battles.first, battles.second),
            np.maximum(battles.first, battles.second),
            strict=True,
        )
    )
    expected = {
        "turns": len(set(scored.turn)),
        "battles": len(battles),
        "battles_per_pair": len(battles) / 10,
        "raters_per_pair": len(pairs) / 10,
        "replies": len(scored.score),
        "raters_per_model": np.mean(raters),
    }
    assert set(expected) == set(PROPERTIES)
    for name, value in expected.items():
        assert found.loc[name, "mean"] == pytest.approx(value)
        assert found.loc[name, "sd"] == 0


def test_smaller_cohorts_have_their_share_on_average():
    found = battle_properties(REPLIES, [40, 10], draws=2_000).pivot(
        index="property", columns="people", values="mean"
    )
    np.testing.assert_allclose(found[10] / found[40], 0.25, rtol=0.02)


def test_draws_are_without_replacement_and_seeded():
    weights = cohort_weights(30, 12, draws=50, seed=1)
    assert set(np.unique(weights)) == {0, 1}
    assert (weights.sum(axis=1) == 12).all()
    np.testing.assert_array_equal(weights, cohort_weights(30, 12, draws=50, seed=1))
    assert (weights != cohort_weights(30, 12, draws=50, seed=2)).any()


@pytest.mark.parametrize("size", [0, 41])
def test_a_cohort_is_of_some_of_the_people(size: int):
    with pytest.raises(DataError, match=f"a cohort of {size} people cannot be drawn from 40"):
        battle_properties(REPLIES, [size])


def test_scores_scatter_more_in_smaller_cohorts():
    tallies = Tallies.of(REPLIES)
    spreads = [
        np.nanstd(cohort_scores(tallies, size, draws=300), axis=0).mean() for size in (30, 5)
    ]
    assert spreads[0] < spreads[1]
    everybody = cohort_scores(tallies, 40, draws=2)
    np.testing.assert_allclose(everybody, rank_centrality(tallies, np.ones((2, 40))))
