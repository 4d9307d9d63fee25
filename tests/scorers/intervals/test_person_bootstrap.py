"""Means with intervals over people."""

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from scorers.intervals.person_bootstrap import grouped_means, means, need_columns


def test_means_by_hand():
    table = pd.DataFrame({"x": [1.0, 2.0, np.nan, 6.0], "y": [True, False, True, True]})
    found = means(table, ["a", "a", "b", "c"], seed=0)
    assert found["value"].tolist() == pytest.approx([3, 0.75])
    assert found["people"].tolist() == [2, 3]
    assert found["n"].tolist() == [3, 4]
    assert (found["low"] < found["value"]).all()


def test_groups_by_hand():
    found = grouped_means([1.0, 3.0, 5.0, np.nan], [2, 1, 1, 1], ["a", "a", "b", "b"], seed=0)
    assert found.index.tolist() == [1, 2]
    assert found["value"].tolist() == [4, 1]
    assert found["n"].tolist() == [2, 1]
    assert found["people"].tolist() == [2, 1]
    assert found.loc[2, ["low", "high"]].isna().all()


def test_intervals_are_cut_off_where_nothing_can_be():
    values = pd.DataFrame({"share": [1.0, 1.0, 0.0]})
    found = means(values, ["a", "b", "c"], seed=0, ends=(0.0, 1.0)).loc["share"]
    assert (found["low"], found["high"]) == (0, 1)


def test_nothing_rests_on_nobody():
    found = means(pd.DataFrame({"x": pd.Series(dtype=float)}), [], seed=0)
    assert found.loc["x", ["value", "low", "high"]].isna().all()
    assert found.loc["x", "n"] == 0


def test_the_seed_says_the_interval():
    values = pd.DataFrame({"x": np.random.default_rng(0).normal(size=40)})
    people = np.repeat(np.arange(20), 2)
    first, again = means(values, people, seed=1), means(values, people, seed=1)
    pd.testing.assert_frame_equal(first, again)
    assert means(values, people, seed=2).loc["x", "low"] != first.loc["x", "low"]


def test_intervals_cover_where_a_person_has_a_way_of_their_own():
    """And an interval that took rows for people would not: it is four times too narrow."""
    covered, rng = 0, np.random.default_rng(3)
    for seed in range(200):
        person = np.repeat(np.arange(40), 16)
        values = 5 * rng.normal(size=40)[person] + rng.normal(size=640)
        found = means(pd.DataFrame({"x": values}), person, seed, replicates=400).loc["x"]
        covered += found["low"] <= 0 <= found["high"]
    assert 0.9 < covered / 200 < 0.99


def test_a_column_that_is_missing():
    with pytest.raises(DataError, match="scores need the column 'b'"):
        need_columns(pd.DataFrame({"a": []}), ("a", "b"), "scores")
