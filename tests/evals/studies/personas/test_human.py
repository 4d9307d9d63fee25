"""Figures of people: from a survey, and those of some groups and scores."""

from pathlib import Path

import numpy as np
import pytest

from evals.studies.personas.human import GroupFigures, printed_figures, survey_figures
from evals.studies.personas.prompts import load_personas
from evals.studies.personas.scale import load_scale, scale_finding
from leaderboard.published.figures import published_lines
from ratings.errors import UnknownNameError
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.sources.cards import load_card
from ratings.sources.fetch import accept
from ratings.survey.european_social_survey import load_european_social_survey
from scorers.amplification.differences import GroupDifferences
from tests.ratings.survey.made_european_social_survey import made_survey, written

LINES = published_lines("personas")


@pytest.fixture(scope="module")
def figures() -> GroupFigures:
    random = np.random.default_rng(0)
    root = random.normal(size=(6, 6))
    values = GroupDifferences(random.normal(size=(3, 2)), root @ root.T, np.full((3, 2), 9.0))
    groups = (("Age", "young"), ("Age", "old"), ("Sex", "male"))
    return GroupFigures(groups, ("Power", "Security"), values, {}, "made up", ())


def test_figures_are_picked_with_their_covariances(figures: GroupFigures):
    whole = figures.differences
    found = figures.of([("Sex", "male"), ("Age", "young"), ("Age", "dead")], ["Security", "Warmth"])
    expected = [[whole.values[2, 1], np.nan], [whole.values[0, 1], np.nan], [np.nan, np.nan]]
    np.testing.assert_array_equal(found.values, expected)
    assert found.covariance[0, 2] == whole.covariance[5, 1]
    assert found.covariance[0, 0] == whole.covariance[5, 5]
    assert not found.covariance[1].any()
    assert found.freedom[0, 0] == 9


def test_a_survey_gives_weighted_differences_of_its_groups(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("VALUEGAUGE_ESS", raising=False)
    accept(load_card("european_social_survey"))
    effects = {("gndr", 1): {"Power": 1.0}, ("eisced", 7): {"Self-Direction": 1.0}}
    survey = load_european_social_survey(written(made_survey(500, effects=effects), tmp_path))
    found = survey_figures(survey, ["Gender", "Education", "Race"])
    assert found.scores == SCHWARTZ
    assert [name for name, _ in found.groups] == ["Gender"] * 2 + ["Education"] * 4
    power = SCHWARTZ.index("Power")
    for row, (grouping, group) in enumerate(found.groups):
        mine = (survey.groups[grouping] == group).to_numpy()
        assert found.people[(grouping, group)] == mine.sum()
        scores = survey.scores.to_numpy()
        there = ~np.isnan(scores[:, power])
        expected = np.average(scores[mine & there, power], weights=survey.weights[mine & there])
        expected -= np.average(scores[there, power], weights=survey.weights[there])
        assert found.differences.values[row, power] == pytest.approx(expected)
    gender = found.of([("Gender", "Male"), ("Gender", "Female")], ["Power"])
    assert gender.values[0, 0] > 3 * gender.errors[0, 0]
    masters = found.of([("Education", "Master's")], ["Self-Direction"])
    assert masters.values[0, 0] > 3 * masters.errors[0, 0]
    assert "1,000 people (Han et al. (2025) have 37,498 of round 11), weighted" in found.notes[0]


def test_every_group_that_is_printed_of_people_has_a_persona():
    personas = load_personas()
    groups = [(one.grouping, one.name) for one in personas]
    assert set(printed_figures(LINES, "human", SCHWARTZ).groups) <= set(groups)
    assert list(printed_figures(LINES, "GPT-4o", SCHWARTZ).groups) == groups
    assert set(printed_figures(LINES, "GPT-4o", BIG_FIVE).groups) == set(groups)
    assert len({one.text for one in personas}) == 25
    assert not any("Your Profile" in one.text for one in personas)  # the paper's words


def test_groupings_are_picked_by_name():
    found = load_personas(groupings=["age", "Gender"])
    assert [one.name for one in found] == ["Male", "Female", "20-39", "40-59", "60-79", "80+"]
    with pytest.raises(UnknownNameError, match="unknown grouping of personas 'Agee'; .*: Age"):
        load_personas(groupings=["Agee"])


def test_people_whose_ratings_are_not_at_hand_give_no_scale(monkeypatch):
    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    found = load_scale("official")
    assert np.isnan(found.every.value)
    sentence = scale_finding(found).sentence
    assert sentence.startswith("Not known: people's ratings of the items are not at hand")
    assert "\n" not in sentence
