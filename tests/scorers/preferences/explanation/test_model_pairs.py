"""Frequencies of models and pairs, who wins, and how alike scores are."""

import numpy as np
import pandas as pd
import pytest

from ratings.prism.prism import load_prism
from scorers.preferences.explanation.model_pairs import (
    model_frequency,
    models_per_person,
    pair_win_fractions,
    score_correlations,
)
from tests.scorers.preferences.explanation.scored_worlds import turns

WORLD = turns(
    ("ann", "c1.0", 0, "x", 90.0, True),
    ("ann", "c1.0", 0, "y", 10.0, False),
    ("ann", "c1.0", 0, "z", 85.0, False),
    ("ann", "c2.0", 0, "x", 20.0, True),
    ("ann", "c2.0", 0, "y", 50.0, False),
    ("bob", "c3.0", 0, "x", 60.0, True),
    ("bob", "c3.0", 0, "y", 30.0, False),
    ("bob", "c3.0", 0, "z", np.nan, False),
)


def made_turns(people: int, seed: int, models: str = "abcde") -> pd.DataFrame:
    """Three turns a person, of three models each; b copies a, and e is the best."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        for turn in range(3):
            base = rng.normal(50, 12)
            for name in rng.permutation(list(models))[:3]:
                own = base if name in "ab" else rng.normal(50, 12)
                score = np.clip(round(own + rng.normal(0, 5) + 15 * (name == "e")), 1, 100)
                rows.append((f"user{person}", f"c{person}-{turn}.0", 0, name, score, False))
    return turns(*rows)


def test_frequencies_by_hand():
    found = model_frequency(WORLD)
    assert found.loc[["x", "y", "z"], "replies"].tolist() == [3, 3, 1]
    assert found.loc[["x", "y", "z"], "people"].tolist() == [2, 2, 1]
    per_person = models_per_person(WORLD, seed=0)
    assert per_person["value"].tolist() == [2.5, 3.5]
    assert per_person["people"].tolist() == [2, 2]


def test_win_fractions_by_hand():
    """x beats y in two of three battles; x and z are within 5 points, a tie."""
    found = pair_win_fractions(WORLD, seed=0)
    assert found.value.loc["x", "y"] == pytest.approx(2 / 3)
    assert found.value.loc["y", "x"] == pytest.approx(1 / 3)
    assert np.isnan(found.value.loc["x", "z"])
    assert found.value.loc["z", "y"] == 1
    assert found.n.loc["x"].to_dict() == {"x": 0, "y": 3, "z": 1}
    assert found.people.loc["x"].to_dict() == {"x": 0, "y": 2, "z": 0}
    assert found.average["value"].to_dict() == pytest.approx({"z": 1, "x": 2 / 3, "y": 1 / 6})
    assert list(found.value.index) == list(found.value.columns) == ["z", "x", "y"]
    wide = pair_win_fractions(WORLD, seed=0, threshold=4.0)
    assert wide.value.loc["x", "z"] == 1


def test_the_two_orders_of_a_pair_say_the_same():
    found = pair_win_fractions(made_turns(60, seed=1), seed=0)
    off = ~np.eye(5, dtype=bool)
    assert (found.value + found.value.T).to_numpy()[off] == pytest.approx(1)
    assert (found.low + found.high.T).to_numpy()[off] == pytest.approx(1)
    assert found.average.index[0] == "e"
    assert found.average.loc["e", "low"] > 0.6
    assert ((found.low <= found.value) & (found.value <= found.high)).to_numpy()[off].all()


def test_correlations_are_those_of_the_wide_table():
    table = made_turns(80, seed=2)
    wide = table.pivot(index="interaction_id", columns="model_name", values="score")
    found = score_correlations(table, seed=0)
    off = ~np.eye(5, dtype=bool)
    assert found.value.to_numpy()[off] == pytest.approx(wide.corr().to_numpy()[off])
    assert found.value.loc["a", "b"] > 0.7
    assert found.low.loc["a", "b"] > 0.5
    assert found.low.loc["c", "d"] < 0 < found.high.loc["c", "d"]


def test_a_pair_that_met_too_rarely_or_does_not_vary():
    table = made_turns(30, seed=3)
    few = table[
        ~(table["model_name"].eq("a") & table["user_id"].isin({f"user{n}" for n in range(25)}))
    ]
    found = score_correlations(few, seed=0, least=20)
    assert found.value.loc["a"].isna().all()
    assert found.low.loc["a"].isna().all()
    assert np.isfinite(found.value.loc["c", "d"])
    flat = table.assign(score=table["score"].where(table["model_name"].ne("c"), 50.0))
    assert score_correlations(flat, seed=0, least=5).value.loc["c"].isna().all()
    assert np.isnan(score_correlations(few, seed=0).average.loc["a", "value"])


def test_all_ties_and_one_model():
    ties = pair_win_fractions(WORLD.assign(score=50.0), seed=0)
    assert ties.value.isna().to_numpy().all()
    assert ties.average["value"].isna().all()
    alone = pair_win_fractions(WORLD[WORLD["model_name"].eq("x")], seed=0)
    assert alone.value.shape == (1, 1)
    assert alone.average["value"].isna().all()


@pytest.mark.parametrize(("kept", "in_order"), [(1.0, 1.0), (0.4, 0.9)])
def test_the_sample_keeps_the_planted_order(kept: float, in_order: float):
    """Of models that are eight points apart; also where sixty per cent of scores are missing."""
    made = load_prism("sample", people=300, seed=4)
    openers = made.openers()
    gone = np.random.default_rng(0).random(len(openers)) > kept
    scores = openers.assign(score=openers["score"].mask(gone))
    found = pair_win_fractions(scores, seed=0, replicates=100).average["value"]
    fraction, worth = found.loc[list(made.truth.models)].to_numpy(), made.truth.worth
    apart = worth[:, None] - worth > 8
    assert apart.sum() > 50
    assert ((fraction[:, None] - fraction) > 0)[apart].mean() >= in_order
