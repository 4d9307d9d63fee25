"""What people say matters to them, and what they say of conversations."""

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from ratings.prism.codebook import ATTRIBUTES
from ratings.prism.prism import load_prism
from scorers.intervals.bootstrap import cluster_weights
from scorers.preferences.explanation.attributes import (
    _correlations,
    attribute_correlations,
    attribute_distributions,
    people_with_other,
    person_attributes,
)

SURVEY = pd.DataFrame(
    {
        "stated_prefs_values": [10.0, 50.0, np.nan],
        "stated_prefs_safety": [1.0, 2.0, 3.0],
        "stated_prefs_other": [100.0, np.nan, np.nan],
        "stated_prefs_other_text": ["is kind", None, ""],
    },
    index=pd.Index(["ann", "bob", "cy"], name="user_id"),
)
CONVERSATIONS = pd.DataFrame(
    {
        "user_id": ["ann", "ann", "bob"],
        "performance_attributes_values": [20.0, np.nan, 50.0],
        "choice_attributes_values": [10.0, 30.0, np.nan],
    }
)


def table(people: int, seed: int, missing: float = 0.0, shared: float = 0.0) -> pd.DataFrame:
    """Three stages of the shared attributes, to whole numbers; stages share a part of `shared`."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(people, 7))
    stages = {}
    for stage in ("stated", "performance", "choice"):
        own = rng.normal(size=(people, 7))
        values = np.round(50 + 15 * (np.sqrt(shared) * common + np.sqrt(1 - shared) * own))
        values[rng.random(values.shape) < missing] = np.nan
        stages[stage] = pd.DataFrame(values, columns=list(ATTRIBUTES))
    return pd.concat(stages, axis=1, names=["stage", "attribute"])


def test_a_persons_attributes_by_hand():
    found = person_attributes(SURVEY, CONVERSATIONS)
    assert found.columns.tolist() == [
        ("stated", "values"), ("stated", "safety"), ("performance", "values"), ("choice", "values")
    ]  # fmt: skip
    assert found.loc["ann"].tolist() == [10, 1, 20, 20]
    assert found.loc["bob"].fillna(-1).tolist() == [50, 2, 50, -1]
    assert found.loc["cy"].fillna(-1).tolist() == [-1, 3, -1, -1]


def test_distributions_by_hand():
    found = attribute_distributions(SURVEY, CONVERSATIONS, seed=0)
    row = found.loc[("stated", "values")]
    assert row[["value", "n", "people", "not_applicable", "unmoved"]].tolist() == [
        30, 2, 2, pytest.approx(1 / 3), 0.5
    ]  # fmt: skip
    row = found.loc[("performance", "values")]
    assert row[["value", "n", "people", "unmoved"]].tolist() == [35, 2, 2, 0.5]
    assert row["not_applicable"] == pytest.approx(1 / 3)
    assert found.loc[("choice", "values"), "q50"] == 20


def test_people_with_another_attribute():
    assert people_with_other(SURVEY).tolist() == ["ann"]
    with pytest.raises(DataError, match="other attributes need the column"):
        people_with_other(SURVEY[["stated_prefs_other"]])


def test_correlations_are_those_of_pandas():
    whole = table(60, seed=1, shared=0.5)
    for method in ("spearman", "pearson"):
        found = attribute_correlations(whole, seed=0, method=method, replicates=100)
        assert found.value.to_numpy() == pytest.approx(whole.corr(method=method).to_numpy())
    holes = table(60, seed=1, shared=0.5, missing=0.2)
    found = attribute_correlations(holes, seed=0, method="pearson", replicates=100)
    assert found.value.to_numpy() == pytest.approx(holes.corr().to_numpy())


@pytest.mark.parametrize("ranked", [True, False])
def test_a_replicate_is_the_correlation_of_the_people_drawn(ranked: bool):
    """Ranks too are those among the people drawn, who may be there several times."""
    whole = table(40, seed=2, shared=0.5)
    drawn = cluster_weights(40, seed=5, replicates=3)
    found = _correlations(whole.to_numpy(), drawn, ranked)
    for b in range(3):
        rows = whole.loc[whole.index.repeat(drawn[b].astype(int))]
        theirs = rows.corr(method="spearman" if ranked else "pearson")
        assert found[b] == pytest.approx(theirs.to_numpy())


def test_planted_correlations_are_found_and_corrected():
    found = attribute_correlations(table(300, seed=3, shared=0.3), seed=0, replicates=400)
    assert found.same["value"].between(0.1, 0.5).all()
    assert (found.same["p_holm"] < 0.05).all()
    assert (found.same["p_holm"] >= found.same["p"]).all()
    assert len(found.same) == 21
    assert ((found.same["low"] <= 0.3) & (found.same["high"] >= 0.3)).mean() > 0.8


@pytest.mark.slow
def test_where_nothing_goes_together_hardly_anything_is_found(in_full: bool):
    """False alarms after Holm's correction: at most 5 % of families of seven."""
    repeats = 300 if in_full else 60
    alarms, covered = 0, []
    for seed in range(repeats):
        found = attribute_correlations(table(50, seed), seed=seed, replicates=200).same
        alarms += (found["p_holm"] < 0.05).groupby("stages").any().sum()
        covered.append(((found["low"] <= 0) & (found["high"] >= 0)).mean())
    assert alarms / (3 * repeats) < (0.07 if in_full else 0.09)
    assert 0.93 < np.mean(covered) < 0.98


def test_an_attribute_that_does_not_vary_or_that_nobody_gave():
    some = table(30, seed=4)
    some[("stated", "values")] = 50.0
    some[("choice", "values")] = np.nan
    found = attribute_correlations(some, seed=0, replicates=50)
    assert found.value[("stated", "values")].isna().all()
    assert found.value[("choice", "values")].isna().all()
    assert found.people.loc[("stated", "safety"), ("choice", "values")] == 0
    assert found.same.loc[("stated and choice", "values"), ["value", "p", "p_holm"]].isna().all()
    assert found.same["p_holm"].notna().sum() == 21 - 3


def test_two_people_correlate_in_nothing():
    found = attribute_correlations(table(2, seed=5), seed=0, replicates=20)
    assert found.value.isna().to_numpy().all()


def test_another_correlation():
    with pytest.raises(DataError, match="unknown correlation 'kendall'"):
        attribute_correlations(table(9, seed=6), seed=0, method="kendall")


def test_the_sample_has_what_it_plants():
    """Choices follow what a person states, and half as much how well a model is said to do."""
    made = load_prism("sample", people=200, seed=1)
    attributes = person_attributes(made.survey, made.conversations)
    found = attribute_correlations(attributes, seed=0, replicates=100).same
    assert (found.loc["stated and choice", "low"] > 0.3).all()
    stated = found["value"].unstack("stages")
    assert (found.loc["stated and performance", "low"] > 0).all()
    assert (stated["stated and choice"] > stated["stated and performance"]).all()
    distributions = attribute_distributions(made.survey, made.conversations, seed=0, replicates=100)
    assert distributions.loc["choice", "not_applicable"].between(0.01, 0.15).all()
