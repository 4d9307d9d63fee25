import numpy as np
import pytest
from scipy import stats

from scorers.preferences.aggregations.aggregation import AGGREGATIONS
from scorers.preferences.preference_ranks import rank_models
from scorers.preferences.sensitivity import (
    by_aggregation,
    by_regularisation,
    by_subset,
    by_threshold,
)
from scorers.preferences.tallies import Tallies
from tests.scorers.preferences.made_replies import scored_replies

REPLIES = scored_replies(people=120, models=8, spacing=3)


def test_thresholds_change_what_is_a_tie():
    found = by_threshold(REPLIES, [0, 5, 40])
    assert list(found.ranks.columns) == ["0", "5", "40"]
    for threshold in (0, 5, 40):
        scores = rank_models(Tallies.of(REPLIES, threshold), replicates=2).scores()
        assert found.scores[str(threshold)].to_dict() == pytest.approx(scores)
    assert found.ranks["5"].min() == 1


def test_taus_are_of_pairs_of_settings():
    found = by_threshold(REPLIES, [0, 40])
    test = stats.kendalltau(found.scores["0"], found.scores["40"])
    assert found.tau.loc["0", "40"] == found.tau.loc["40", "0"] == test.statistic
    assert found.p_value.loc["0", "40"] == test.pvalue
    np.testing.assert_allclose(np.diag(found.tau), 1)


def test_a_strong_prior_draws_scores_together_and_keeps_ends():
    found = by_regularisation(Tallies.of(REPLIES), [0, 1, 100])
    spread = found.scores.max() - found.scores.min()
    assert spread["0"] > spread["1"] > spread["100"] > 0
    assert found.tau.loc["1", "100"] > 0.7


def test_every_aggregation_is_a_column():
    found = by_aggregation(Tallies.of(REPLIES))
    assert set(found.ranks.columns) == set(AGGREGATIONS)
    assert not found.reasons
    assert (found.tau.drop("released").drop(columns="released") > 0.7).all(axis=None)


def test_what_has_no_answer_is_an_empty_column_with_its_reason():
    found = by_aggregation(Tallies.of_battles(Tallies.of(REPLIES).battles, 100))
    assert set(found.reasons) == {
        "bradley_terry", "mean_score", "mean_normalised_score", "borda"
    }  # fmt: skip
    assert "battles are ties" in found.reasons["bradley_terry"]
    assert found.ranks["bradley_terry"].isna().all()
    assert (found.ranks["rank_centrality"] == 1).all()


def test_subsets_are_compared_on_the_models_that_they_share():
    fewer = Tallies.of(REPLIES.where(REPLIES.model != 3))
    found = by_subset({"all": Tallies.of(REPLIES), "without m3": fewer})
    assert np.isnan(found.ranks.loc["m3", "without m3"])
    both = found.scores.dropna()
    assert len(both) == 7
    assert found.tau.loc["all", "without m3"] == stats.kendalltau(*both.to_numpy().T).statistic
