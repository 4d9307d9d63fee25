"""The regression of scores on features: planted coefficients, three kinds of error, refusals."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.linear_model import OLS

from ratings.errors import DataError
from ratings.prism.prism import load_prism
from scorers.preferences.explanation.score_regression import explain_scores
from tests.scorers.preferences.explanation.scored_worlds import (
    COEFFICIENTS,
    CONSTANT,
    planted_scores,
)


def test_planted_coefficients_are_recovered():
    found = explain_scores(*planted_scores(500, 20, seed=1))
    assert list(found.table.index) == ["const", *COEFFICIENTS]
    truth = np.array([CONSTANT, *COEFFICIENTS.values()])
    off = (found.table["value"] - truth) / found.table["plain_error"]
    assert off.abs().max() < 3
    assert (found.table["plain_error"] < 0.5).all()
    assert (found.replies, found.people) == (10_000, 500)
    assert found.left_out == {}


def test_without_clustering_the_three_kinds_of_error_agree():
    found = explain_scores(*planted_scores(500, 20, seed=2)).table
    for kind in ("robust", "clustered"):
        assert found[f"{kind}_error"].to_numpy() == pytest.approx(found["plain_error"], rel=0.12)


def test_a_regression_by_hand():
    """Scores 10 and 20 without, 40 and 50 with: the coefficient is 30, the residuals are 5."""
    utterances = pd.DataFrame(
        {"user_id": list("abcd"), "turn": 0, "score": [10.0, 20.0, 40.0, 50.0]}
    )
    features = pd.DataFrame({"x": [0, 0, 1, 1], "text_length": 1, "is_empty": False})
    found = explain_scores(utterances, features, names=["x"])
    table = found.table
    assert table["value"].tolist() == pytest.approx([15, 30])
    assert table["plain_error"].tolist() == pytest.approx([np.sqrt(25), np.sqrt(50)])
    # each person a cluster: HC1 and clustered differ by their factors, 4/2 and 4/3 x 3/2
    assert table["robust_error"].tolist() == pytest.approx([np.sqrt(25), np.sqrt(50)])
    assert table["clustered_error"].tolist() == pytest.approx([np.sqrt(25), np.sqrt(50)])
    assert found.r_squared == pytest.approx(900 / 1000)
    assert found.f_statistic == pytest.approx(900 / 50)


@pytest.mark.slow
def test_clustered_intervals_cover_and_plain_ones_do_not(in_full: bool):
    """People differ by 15 points, and in the replies that they get."""
    repeats = 600 if in_full else 100
    truth = np.array([CONSTANT, *COEFFICIENTS.values()])
    covered = dict.fromkeys(("plain", "robust", "clustered"), 0.0)
    for seed in range(repeats):
        table = explain_scores(*planted_scores(150, 20, seed=seed, between=15.0)).table
        for kind in covered:
            inside = (table[f"{kind}_low"] <= truth) & (truth <= table[f"{kind}_high"])
            covered[kind] += inside.mean() / repeats
    assert 0.92 < covered["clustered"] < 0.97
    assert covered["plain"] < 0.75
    assert covered["robust"] < 0.75


@pytest.mark.parametrize("effects", [("model",), ("person",), ("model", "person")])
def test_effects_are_as_with_an_indicator_for_each(effects):
    utterances, features = planted_scores(40, 12, seed=4, between=15.0)
    utterances = utterances.drop(
        index=utterances.sample(60, random_state=np.random.RandomState(1)).index
    )
    features = features.loc[utterances.index]
    found = explain_scores(utterances, features, effects=effects).table
    parts = [features[list(COEFFICIENTS)].astype(float), pd.Series(1.0, features.index)]
    for name in effects:
        column = utterances["model_name" if name == "model" else "user_id"]
        parts.append(pd.get_dummies(column, drop_first=True, dtype=float))
    plain = OLS(utterances["score"].to_numpy(), pd.concat(parts, axis=1).to_numpy()).fit()
    robust = plain.get_robustcov_results("HC1", use_t=True)
    assert list(found.index) == list(COEFFICIENTS)
    assert found["value"].to_numpy() == pytest.approx(plain.params[:7], abs=1e-7)
    assert found["plain_error"].to_numpy() == pytest.approx(plain.bse[:7], rel=1e-7)
    assert found["robust_error"].to_numpy() == pytest.approx(robust.bse[:7], rel=1e-7)
    assert found["plain_p"].to_numpy() == pytest.approx(plain.pvalues[:7], abs=1e-9)


def test_effects_of_people_bring_back_what_they_confound():
    """Whoever scores high gets long replies: without the effects length seems to do it."""
    rng = np.random.default_rng(5)
    person = np.repeat(np.arange(200), 20)
    own = rng.normal(size=200)[person]
    features = pd.DataFrame(
        {"text_length": 300 + 100 * own + 50 * rng.normal(size=4000), "is_empty": False}
    )
    score = 50 + 10 * own + 0.02 * features["text_length"] + rng.normal(size=4000)
    utterances = pd.DataFrame({"user_id": person.astype(str), "turn": 0, "score": score})
    plain = explain_scores(utterances, features, names=["text_length"])
    within = explain_scores(utterances, features, names=["text_length"], effects=["person"])
    assert plain.table.loc["text_length", "value"] > 0.08
    assert within.table.loc["text_length", "value"] == pytest.approx(0.02, abs=0.002)
    assert within.effects == ("person",)


def test_features_that_say_nothing_are_named_and_left_out():
    utterances, features = planted_scores(50, 10, seed=6)
    features["if_refusal"] = False
    features["if_deanthro"] = features["if_line_breaks"]
    found = explain_scores(utterances, features)
    assert found.left_out == {
        "if_deanthro": "it is determined by text_length and if_line_breaks and if_question_marks "
        "and if_enumeration",
        "if_refusal": "it is the same for all replies",
    }
    assert list(found.table.index) == [
        "const", "text_length", "if_line_breaks", "if_question_marks", "if_enumeration",
        "if_self_identification",
    ]  # fmt: skip
    assert np.isfinite(found.table.to_numpy()).all()


def test_a_feature_that_the_effects_determine_is_left_out():
    utterances, features = planted_scores(50, 10, seed=7)
    features["if_refusal"] = utterances["model_name"].eq("model1")
    found = explain_scores(utterances, features, names=["if_refusal"], effects=["model"])
    assert found.left_out == {"if_refusal": "it is determined by the effects taken out"}
    assert found.table.empty
    assert np.isnan(found.f_statistic)


def test_no_feature_is_left():
    utterances, features = planted_scores(50, 10, seed=8)
    features["if_refusal"] = True
    found = explain_scores(utterances, features, names=["if_refusal"])
    assert found.table.loc["const", "value"] == pytest.approx(utterances["score"].mean())
    assert found.r_squared == pytest.approx(0)
    assert np.isnan(found.f_statistic)


def test_turns_the_cut_and_replies_without_a_score_or_text():
    """The cut is a percentile of all replies given, of whichever turn, and keeps its own value."""
    utterances, features = planted_scores(10, 10, seed=9)
    features["text_length"] = np.arange(1, 101)
    utterances["turn"] = np.arange(100) % 2
    utterances.loc[[0, 1], "score"] = np.nan
    features.loc[[2, 4], "is_empty"] = True
    every = explain_scores(utterances, features, turns="all", names=["text_length"])
    assert (every.replies, every.unscored, every.too_long, every.longest) == (98, 2, 0, None)
    assert every.empty == 2
    cut = explain_scores(utterances, features, names=["text_length"], percentile=95)
    assert cut.longest == pytest.approx(95.05)
    assert (cut.replies, cut.too_long, cut.unscored) == (47, 2, 1)
    without = explain_scores(utterances, features, names=["text_length"], keep_empty=False)
    assert (without.replies, without.empty) == (47, 0)


def test_one_person_has_no_clustered_error():
    utterances, features = planted_scores(1, 40, seed=10)
    found = explain_scores(utterances, features, names=["text_length"]).table
    assert np.isfinite(found["plain_error"]).all()
    assert (
        found[["clustered_error", "clustered_low", "clustered_high", "clustered_p"]]
        .isna()
        .all()
        .all()
    )


def test_what_cannot_be_explained():
    utterances, features = planted_scores(2, 3, seed=11)
    with pytest.raises(DataError, match="6 replies with a score are too few to estimate"):
        explain_scores(utterances, features)
    with pytest.raises(DataError, match="no reply has a score"):
        explain_scores(utterances.assign(score=np.nan), features)
    with pytest.raises(DataError, match="unknown feature 'length'"):
        explain_scores(utterances, features, names=["length"])
    with pytest.raises(DataError, match="unknown fixed effect 'topic'"):
        explain_scores(utterances, features, effects=["topic"])
    with pytest.raises(DataError, match="regressions of scores need the column 'turn'"):
        explain_scores(utterances.drop(columns="turn"), features)


def test_the_effects_of_texts_that_the_sample_plants_are_recovered():
    """In its scores before they are rounded and cut to the scale, and among replies of one model.

    Models with a style of their own are better or worse for other reasons too, so that without
    the effects of models the same coefficients are off.
    """
    names = dict(
        zip(
            ("characters", "line_breaks", "question_marks", "enumeration", "de_anthropomorphise",
             "refusal", "self_identification", "empty"),
            (*COEFFICIENTS, "is_empty"),
            strict=True,
        )
    )  # fmt: skip
    covered: dict[tuple[str, ...], list[pd.Series]] = {("model",): [], (): []}
    for seed in range(10):
        made = load_prism("sample", people=200, seed=seed)
        scores = made.utterances.assign(score=made.truth.latent)
        features = made.truth.features.rename(columns=names)
        truth = pd.Series(made.truth.text_effects).rename(names)
        for effects, found in covered.items():
            table = explain_scores(
                scores, features, names=list(names.values()), effects=effects
            ).table.reindex(truth.index)
            inside = (table["clustered_low"] <= truth) & (truth <= table["clustered_high"])
            found.append(inside.where(table["value"].notna()))
    rates = {effects: pd.concat(found).mean() for effects, found in covered.items()}
    assert rates[("model",)] > 0.9
    assert rates[()] < 0.85
