"""Turns, and the part of the scale that people use."""

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from ratings.prism.prism import load_prism
from scorers.preferences.explanation.scale_use import (
    counts_by_turn,
    normalised_scores,
    person_scale_use,
    scale_use,
    score_by_turn,
    score_distribution,
)
from tests.scorers.preferences.explanation.scored_worlds import turns

WORLD = turns(
    ("ann", "c1.0", 0, "x", 90.0, True),
    ("ann", "c1.0", 0, "y", 10.0, False),
    ("ann", "c1.1", 1, "x", 80.0, True),
    ("ann", "c1.1", 1, "x", 70.0, False),
    ("ann", "c1.2", 2, "x", 60.0, True),
    ("ann", "c2.0", 0, "x", 50.0, True),
    ("ann", "c2.0", 0, "y", np.nan, False),
    ("bob", "c3.0", 0, "x", 40.0, True),
    ("bob", "c3.0", 0, "y", 20.0, False),
)


def test_counts_by_turn_by_hand():
    found = counts_by_turn(WORLD)
    assert found.index.tolist() == [1, 2, 3]
    assert found["conversations"].tolist() == [2, 0, 1]
    assert found["longest"].tolist() == [1, 0, 1]
    assert found["reach"].tolist() == [2, 1, 1]


def test_scores_by_turn_by_hand():
    found = score_by_turn(WORLD, seed=0)
    assert found["mean"].tolist() == pytest.approx([(50 + 50 + 30) / 3, 75, 60])
    assert found["mean_n"].tolist() == [3, 1, 1]
    assert found["range"].tolist()[:2] == pytest.approx([50, 10])
    assert np.isnan(found.loc[2, "range"])  # one score has no range
    assert found.loc[0, "range_sd"] == pytest.approx(np.std([80, 20], ddof=1))
    assert found["mean_people"].tolist() == [2, 1, 1]


def test_a_persons_use_of_the_scale_by_hand():
    found = person_scale_use(WORLD)
    assert found.index.tolist() == [("ann", "later"), ("ann", "openers"), ("bob", "openers")]
    assert found.loc[("ann", "openers"), "centrality"] == 50  # turns of mean 50 and 50
    assert found.loc[("ann", "openers"), "expressivity"] == 80  # c2 has one score: no range
    assert found.loc[("ann", "openers"), "reach"] == 80
    assert found.loc[("ann", "openers"), "deviation"] == pytest.approx(np.std([90, 10, 50], ddof=1))
    later = found.loc[("ann", "later")]
    assert later[["turns", "centrality", "expressivity", "reach"]].tolist() == [2, 67.5, 10, 20]
    assert found.loc[("bob", "openers"), "expressivity"] == 20


def test_the_use_of_the_scale_over_people():
    found = scale_use(WORLD, seed=0)
    assert found.loc[("openers", "centrality"), "value"] == 40
    assert found.loc[("openers", "expressivity"), "q50"] == 50
    assert found.loc[("later", "centrality"), "people"] == 1
    # only ann has both
    assert found.loc[("change", "centrality"), "value"] == 17.5
    assert np.isnan(found.loc[("change", "centrality"), "low"])


def test_where_no_conversation_goes_on():
    found = scale_use(WORLD[WORLD["turn"].eq(0)], seed=0)
    assert found.loc[("later", "centrality"), "people"] == 0
    assert found.loc["change", ["value", "low", "high"]].isna().to_numpy().all()
    assert found.loc[("openers", "centrality"), "value"] == 40


def test_where_nothing_has_a_score():
    empty = WORLD.assign(score=np.nan)
    assert score_by_turn(empty, seed=0).empty
    assert scale_use(empty, seed=0)["value"].isna().all()
    assert score_distribution(empty, pd.Series({"ann": "f"}), seed=0).table.empty


def test_the_sample_narrows_to_a_favourite():
    """As in the paper: later turns have higher scores in a smaller range."""
    found = scale_use(load_prism("sample", people=100, seed=2).utterances, seed=0).loc["change"]
    assert found.loc["centrality", "low"] > 0
    assert found.loc["expressivity", "high"] < 0


def test_normalised_scores_by_hand():
    found = normalised_scores(WORLD[WORLD["turn"].eq(0)])
    ann = np.array([90, 10, 50])
    assert found.iloc[:3].tolist() == pytest.approx(((ann - 50) / ann.std(ddof=1)).tolist())
    assert np.isnan(found.iloc[3])
    assert found.iloc[4:].tolist() == pytest.approx([np.sqrt(0.5), -np.sqrt(0.5)])
    assert normalised_scores(WORLD.assign(score=50.0)).tolist() == [0.0] * len(WORLD)


def people(count: int, spikes: int, seed: int = 0) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    person = np.repeat([f"user{n}" for n in range(count)], 8)
    score = rng.integers(2, 49, size=len(person)).astype(float)
    score[:spikes] = 100.0
    groups = pd.Series({f"user{n}": "many" if n < count - 5 else "few" for n in range(count)})
    return pd.DataFrame({"user_id": person, "score": score}), groups


def test_distributions_are_numpys_and_small_groups_are_left_out():
    scores, groups = people(65, spikes=48)
    groups["user0"], groups["user1"] = "Prefer not to say", np.nan
    found = score_distribution(scores, groups, seed=0)
    assert found.left_out == {
        "Prefer not to say": "they preferred not to say", "few": "5 people, fewer than 20"
    }  # fmt: skip
    row = found.table.loc["many"]
    mine = scores.loc[scores["user_id"].map(groups).eq("many"), "score"]
    assert (row["people"], row["n"]) == (58, len(mine))
    assert row["median"] == np.median(mine)
    for name, share in (("q05", 0.05), ("q25", 0.25), ("q75", 0.75), ("q95", 0.95)):
        assert row[name] == np.quantile(mine, share, method="averaged_inverted_cdf")
    assert row["share_100"] == pytest.approx(32 / len(mine))
    assert row["share_50"] == 0
    assert row["share_100_low"] < row["share_100"] < row["share_100_high"]
    assert row["median_low"] <= row["median"] <= row["median_high"]


def test_the_median_of_two_halves_is_between_them():
    scores = pd.DataFrame({"user_id": ["a", "a", "b", "b"], "score": [1.0, 2.0, 4.0, 9.0]})
    groups = pd.Series({"a": "g", "b": "g"})
    assert score_distribution(scores, groups, seed=0, least=1).table.loc["g", "median"] == 3


def test_the_interval_of_a_median_covers():
    """Of people who differ by more than their own scores do."""
    covered = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        centre = rng.normal(50, 12, size=60).repeat(10)
        score = np.clip(np.round(centre + rng.normal(0, 6, size=600)), 1, 100)
        table = pd.DataFrame({"user_id": np.arange(60).repeat(10), "score": score})
        groups = pd.Series("g", index=range(60))
        row = score_distribution(table, groups, seed, replicates=300).table.loc["g"]
        covered += row["median_low"] <= 50 <= row["median_high"]
    assert 88 <= covered <= 100


def test_columns_that_are_missing():
    with pytest.raises(DataError, match="counts by turn need the column 'turn'"):
        counts_by_turn(WORLD.drop(columns="turn"))
    with pytest.raises(DataError, match="distributions of scores need the column 'score'"):
        score_distribution(WORLD.drop(columns="score"), pd.Series({"ann": "f"}), seed=0)
