"""The European Social Survey's file: values, weights, groups, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError, DataMissingError, TermsError, UnknownNameError
from ratings.instruments.dimensions import SCHWARTZ
from ratings.questionnaires.questionnaire import load_questionnaire
from ratings.sources.cards import load_card
from ratings.sources.fetch import accept
from ratings.survey.european_social_survey import load_european_social_survey, survey_groupings
from tests.ratings.survey.made_european_social_survey import ITEMS, made_survey, written


@pytest.fixture(autouse=True)
def _terms(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VALUEGAUGE_ESS", raising=False)
    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    accept(load_card("european_social_survey"))


def score_by_hand(answers: pd.Series, value: str) -> float:
    """7 less the code, mean over the value's items less mean over all that were answered."""
    valid = {item: 7 - code for item, code in answers.items() if 1 <= code <= 6}
    keyed = load_questionnaire("ess_pvq21").keys[value]
    own = [valid[item] for item in keyed if item in valid]
    return float(np.mean(own) - np.mean(list(valid.values()))) if own else np.nan


def test_values_are_scored_as_schwartz_says(tmp_path: Path):
    frame = made_survey(60)
    survey = load_european_social_survey(written(frame, tmp_path))
    assert list(survey.scores.columns) == list(SCHWARTZ)
    assert len(survey.scores) > 100
    for person in survey.scores.index:
        for value in SCHWARTZ:
            by_hand = score_by_hand(frame.loc[person, list(ITEMS)], value)
            assert survey.scores.loc[person, value] == pytest.approx(by_hand, nan_ok=True)
    assert survey.origin == "European Social Survey round 11, edition 4.1, AT, DE"


def test_missing_codes_and_careless_people(tmp_path: Path):
    frame = made_survey(60)
    frame[list(ITEMS)] = np.tile([1, 2, 3], 7)
    frame.loc[0, list(ITEMS[:6])] = [7, 8, 9, 77, 88, 99]  # one too many
    frame.loc[1, list(ITEMS[:5])] = [66, 77, 88, 99, 9]
    frame.loc[2, list(ITEMS)] = [3] * 17 + [1, 2, 1, 2]  # one too many alike
    frame.loc[3, list(ITEMS)] = [3] * 16 + [1, 2, 1, 2, 1]
    survey = load_european_social_survey(written(frame, tmp_path))
    assert survey.scores.index[:3].tolist() == [1, 3, 4]
    assert "2 of 120 people left out" in survey.notes[0]
    valid = 7 - frame.loc[1, list(ITEMS[5:])].astype(float)
    # of ipcrtiva and impfreea the first is missing
    assert survey.scores.loc[1, "Self-Direction"] == pytest.approx(valid["impfreea"] - valid.mean())


def test_weights_design_and_countries(tmp_path: Path):
    frame = made_survey(60)
    path = written(frame, tmp_path)
    survey = load_european_social_survey(path)
    kept = frame.loc[survey.scores.index]
    np.testing.assert_allclose(survey.weights, kept["anweight"])
    assert len(set(survey.clusters)) == kept.groupby(["cntry", "psu"]).ngroups
    assert len(set(survey.strata)) == kept.groupby(["cntry", "stratum"]).ngroups
    austria = load_european_social_survey(path, ["at"])
    assert set(austria.countries) == {"AT"}
    assert austria.origin.endswith("edition 4.1, AT")

    two_weights = written(frame.drop(columns=["anweight", "psu"]), tmp_path)
    survey = load_european_social_survey(two_weights)
    np.testing.assert_allclose(survey.weights, kept["pspwght"] * kept["pweight"])
    assert len(set(survey.clusters)) == len(survey.scores)
    assert survey.notes[-1].endswith("the file has no psu")


def test_a_person_without_a_weight_is_left_out(tmp_path: Path):
    frame = made_survey(60)
    frame.loc[[3, 5], "anweight"] = [np.nan, 0]
    survey = load_european_social_survey(written(frame, tmp_path))
    assert not {3, 5} & set(survey.scores.index)
    assert "2 left out: no weight" in survey.notes


def test_groups_follow_the_codes(tmp_path: Path):
    frame = made_survey(60)
    survey = load_european_social_survey(written(frame, tmp_path))
    kept = frame.loc[survey.scores.index]
    expected = {
        "Gender": kept["gndr"].map({1: "Male", 2: "Female"}),
        "Age": pd.cut(
            kept["agea"], [19, 39, 59, 79, 120], labels=["20-39", "40-59", "60-79", "80+"]
        ),
        "Political orientation": kept["lrscale"].map(
            {**dict.fromkeys([0, 1, 2], "Left-wing"), **dict.fromkeys([3, 4, 5, 6, 7], "Centered")}
            | dict.fromkeys([8, 9, 10], "Right-wing")
        ),
        "Education": kept["eisced"].map(
            {**dict.fromkeys([1, 2], "<Highschool"), **dict.fromkeys([3, 4, 5], "Highschool")}
            | {6: "Bachelor's", 7: "Master's"}
        ),
    }
    for grouping, groups in expected.items():
        found = survey.groups[grouping]
        assert found.isna().tolist() == groups.isna().tolist()
        assert found.dropna().tolist() == groups.dropna().astype(str).tolist()
    assert survey.names["Age"] == ("20-39", "40-59", "60-79", "80+")


def test_education_is_read_from_either_variable(tmp_path: Path):
    # what eisced 1 to 7 are in edulvlb
    detailed = {
        1: 113,
        2: 213,
        3: 311,
        4: 313,
        5: 520,
        6: 620,
        7: 720,
        55: 5555,
        77: 7777,
        88: 8888,
    }
    frame = made_survey(60)
    whole = load_european_social_survey(written(frame, tmp_path))
    other = frame.assign(edulvlb=frame["eisced"].map(detailed)).drop(columns="eisced")
    found = load_european_social_survey(written(other, tmp_path))
    pd.testing.assert_frame_equal(found.groups, whole.groups)


def test_a_grouping_whose_variable_is_missing_is_not_there(tmp_path: Path):
    survey = load_european_social_survey(written(made_survey(60).drop(columns="lrscale"), tmp_path))
    assert list(survey.groups.columns) == [
        name for name in survey_groupings() if name != "Political orientation"
    ]


def test_earlier_names_of_the_items_are_read(tmp_path: Path):
    frame = made_survey(60)
    older = frame.rename(columns={item: item.removesuffix("a") for item in ITEMS})
    expected = load_european_social_survey(written(frame, tmp_path)).scores
    found = load_european_social_survey(written(older, tmp_path, sep=";")).scores
    pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda frame: frame.drop(columns=list(ITEMS)),
            "lacks the value items ipcrtiva, impricha, ipeqopta and 18 more",
        ),
        (lambda frame: frame.drop(columns=["impfuna"]), "lacks the value items impfuna; a file"),
        (
            lambda frame: frame.drop(columns=["anweight", "pweight"]),
            "lacks weights: anweight, or pspwght and pweight",
        ),
        (lambda frame: frame.drop(columns=["cntry"]), "lacks the column cntry"),
        (lambda frame: frame.assign(essround=9), "holds round 9 of the survey; rounds 11 and"),
        (
            lambda frame: frame.assign(impfuna="Very much like me"),
            r"impfuna holds 'Very much like me' \(row 1\) in place of a code",
        ),
        (lambda frame: frame.assign(impfuna=12), "the answer of rater 0 to item impfuna is '12.0'"),
        (lambda frame: frame.iloc[:0], "holds the names of the columns and no person"),
        (
            lambda frame: frame.assign(**dict.fromkeys(ITEMS, 99)),
            "holds nobody with a weight and answers",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_named(change, message: str, tmp_path: Path):
    path = written(change(made_survey(20)), tmp_path)
    with pytest.raises(DataError, match=message) as caught:
        load_european_social_survey(path)
    assert "\n" not in str(caught.value)


def test_who_does_not_say_where_it_is_gets_three_ways(tmp_path: Path, monkeypatch):
    with pytest.raises(DataMissingError, match="no European Social Survey was given; .*--ess PATH"):
        load_european_social_survey()
    with pytest.raises(DataMissingError, match="nowhere.csv is not there"):
        load_european_social_survey(str(tmp_path / "nowhere.csv"))
    path = written(made_survey(20), tmp_path)
    with pytest.raises(UnknownNameError, match="unknown country of ESS11e04_1.csv 'XX'; .*AT, DE"):
        load_european_social_survey(path, ["XX"])
    monkeypatch.setenv("VALUEGAUGE_ESS", path)
    assert len(load_european_social_survey().scores) == 40
    whole = Path(path).read_text()
    Path(path).write_text(whole[: len(whole) - 40])
    with pytest.raises(DataError, match="is cut off"):
        load_european_social_survey()


def test_terms_come_first(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(TermsError, match="data fetch european_social_survey --accept-terms"):
        load_european_social_survey(written(made_survey(20), tmp_path))
