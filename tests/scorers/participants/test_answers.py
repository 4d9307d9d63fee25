"""Shares of answers: by hand, against statsmodels, and how often intervals cover."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from scorers.participants.answers import (
    UNSAID,
    answer_shares,
    option_shares,
    question_shares,
    wilson,
)


def test_answers_by_hand():
    kinds = pd.CategoricalDtype(["a", UNSAID, "b", "c"])
    found = answer_shares(pd.Series(["b", UNSAID, "b", None, UNSAID, UNSAID, "a"], dtype=kinds))
    assert found["answer"].tolist() == ["b", "a", "c", UNSAID]
    assert found["people"].tolist() == [2, 1, 0, 3]
    assert found["share"].tolist() == pytest.approx([2 / 6, 1 / 6, 0, 3 / 6])
    assert found["share of all"].tolist() == pytest.approx([2 / 7, 1 / 7, 0, 3 / 7])
    assert found["answered"].eq(6).all()
    assert found["missing"].eq(1).all()


def test_wilsons_interval_is_that_of_statsmodels():
    found = answer_shares(pd.Series(["x"] * 3 + ["y"] * 7))
    low, high = proportion_confint(3, 10, method="wilson")
    row = found.set_index("answer").loc["x"]
    assert (row["share low"], row["share high"]) == pytest.approx((low, high), rel=1e-12)


def test_wilsons_interval_covers():
    rng = np.random.default_rng(0)
    for share in (0.03, 0.3):
        low, high = wilson(rng.binomial(200, share, 4_000), np.full(4_000, 200))
        assert 0.93 < np.mean((low <= share) & (share <= high)) < 0.98


def test_options_are_shares_of_those_who_were_asked():
    ticks = pd.DataFrame({"a": [1, 0, np.nan, 1], "b": [1, 1, np.nan, 1]})
    found = option_shares(ticks)
    assert found["answer"].tolist() == ["b", "a"]
    assert found["share"].tolist() == pytest.approx([1, 2 / 3])
    assert found["missing"].tolist() == [1, 1]


@pytest.mark.parametrize("answers", [[], [None, None]])
def test_nobody_answered(answers):
    kinds = pd.CategoricalDtype(["a"])
    found = answer_shares(pd.Series(answers, dtype=kinds))
    assert found["people"].tolist() == [0]
    assert found[["share", "share low", "share high"]].isna().all(axis=None)
    assert found["missing"].tolist() == [len(answers)]


def test_one_person_has_a_wide_interval():
    row = answer_shares(pd.Series(["a"])).iloc[0]
    assert (row["share"], row["share high"]) == pytest.approx((1, 1))
    assert row["share low"] < 0.25


def test_questions_that_were_not_asked_are_left_out():
    survey = pd.DataFrame({"age": ["old", "young"]})
    found = question_shares(survey, {"gender": "gender", "age": "years"})
    assert found["question"].tolist() == ["years", "years"]
    assert question_shares(survey, {"gender": "gender"}).empty
