from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from ratings.instruments.indie_value import PROBES, load_catalog
from ratings.survey.demonstrations import MOST, NOT_SHOWN, draw_demonstrations
from ratings.survey.evaluation_sample import (
    CUT_DENOMINATIONS,
    LEAST_ANSWERS,
    LEAST_DEMOGRAPHICS,
    MOST_OF_A_DENOMINATION,
    PEOPLE,
    evaluation_sample,
    is_eligible,
)
from ratings.survey.generator import generate_survey
from ratings.survey.survey import MISSING_CODE


@pytest.fixture(scope="module")
def survey():
    return generate_survey(load_catalog("sample"), 6_000, seed=3)[0]


def test_everybody_held_out_answered_enough(survey):
    sample = evaluation_sample(survey)
    codes = survey.codes[sample.held_out]
    assert len(np.unique(sample.held_out)) == 800
    assert (codes != MISSING_CODE).sum(axis=1).min() >= LEAST_ANSWERS
    assert survey.people.iloc[sample.held_out].notna().sum(axis=1).min() >= LEAST_DEMOGRAPHICS
    for questions in PROBES.values():
        assert (codes[:, survey.catalog.positions(questions)] != MISSING_CODE).all()


def test_held_out_and_training_people_are_everybody(survey):
    sample = evaluation_sample(survey)
    together = np.concatenate([sample.held_out, sample.training])
    np.testing.assert_array_equal(np.sort(together), np.arange(len(survey)))


def shares_of(survey, sample):
    return survey.groups("Continent").iloc[sample.held_out].value_counts()


def test_all_of_oceania_and_the_releases_share_of_every_other_continent(survey):
    """Five shares and Oceania are one to five people too many, of whom chance leaves out some."""
    sample = evaluation_sample(survey)
    oceania = int((survey.groups("Continent")[is_eligible(survey)] == "Oceania").sum())
    share = int((PEOPLE - oceania) / 5) + 1
    found = shares_of(survey, sample)
    left_out = oceania + 5 * share - PEOPLE
    assert 1 <= left_out <= 5
    assert 0 <= oceania - found["Oceania"] <= left_out
    assert (found.drop("Oceania") <= share).all()
    assert (found.drop("Oceania") >= share - left_out).all()
    assert sample.filled == 0


def test_oceania_is_taken_whatever_its_people_answered_and_others_are_not(survey):
    """The release asks 24 demographics of the other continents alone."""
    continent = survey.groups("Continent")
    silent = ((continent == "Oceania") | (continent == "Asia")).to_numpy()
    kept = ["B_COUNTRY", "B_COUNTRY_to_continent"]
    hidden = {
        name: np.where(silent, -1, column.cat.codes)
        for name, column in survey.people.items()
        if name not in kept
    }
    found = shares_of(survey, evaluation_sample(changed(survey, **hidden)))
    assert found["Oceania"] > 0
    assert found["Asia"] == 0


def test_eight_answers_on_denomination_are_cut_and_others_are_not(survey):
    labels = survey.catalog.demographics["Q289"].labels
    sample = evaluation_sample(survey)
    people = survey.people.iloc[sample.held_out]
    eligible = survey.people[is_eligible(survey)]
    cut = [labels[code] for code in CUT_DENOMINATIONS]
    sizes, crowded = (
        frame[frame["Q289"].isin(cut)]
        .groupby(["B_COUNTRY_to_continent", "Q289"], observed=True)
        .size()
        for frame in (people, eligible)
    )
    assert sizes.max() <= MOST_OF_A_DENOMINATION < crowded.max()
    for code, uncut in ((6, True), (4, True), (1, False)):  # Hindu, Jewish, Roman Catholic
        alike = changed(survey, Q289=np.full(len(survey), code))
        assert (evaluation_sample(alike).filled == 0) == uncut


def test_a_seed_draws_the_same_people_and_another_others(survey):
    one, same, other = (evaluation_sample(survey, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.held_out, same.held_out)
    assert len(np.setdiff1d(one.held_out, other.held_out)) > 50


def changed(survey, **columns):
    people = survey.people.assign(
        **{
            name: pd.Categorical.from_codes(codes, categories=survey.people[name].cat.categories)
            for name, codes in columns.items()
        }
    )
    return replace(survey, people=people)


def test_the_sample_is_filled_up_where_continents_cannot_fill_their_shares(survey):
    """Everybody of one denomination that is cut: five continents of 80, and Oceania."""
    alike = changed(survey, Q289=np.zeros(len(survey), dtype=int))
    sample = evaluation_sample(alike)
    oceania = int((survey.groups("Continent")[is_eligible(survey)] == "Oceania").sum())
    assert len(np.unique(sample.held_out)) == 800
    assert sample.filled == 800 - oceania - 5 * 80


def test_the_sample_is_filled_up_within_the_cut_first(survey):
    """One continent is gone: the others have people within the cut to spare."""
    continent = survey.groups("Continent").cat
    codes = continent.codes.to_numpy().copy()
    codes[codes == list(continent.categories).index("Africa")] = -1
    lost = changed(survey, B_COUNTRY_to_continent=codes)
    sample = evaluation_sample(lost)
    people = lost.people.iloc[sample.held_out]
    sizes = people.groupby(["B_COUNTRY_to_continent", "Q289"], observed=True).size()
    assert sample.filled > 100
    assert lost.groups("Continent").iloc[sample.held_out].notna().all()
    assert sizes.drop(["Hindu", "Jewish"], level="Q289").max() <= MOST_OF_A_DENOMINATION


def test_the_first_few_of_the_held_out_people_are_a_random_part_of_them(survey):
    sample = evaluation_sample(survey)
    found_at = np.flatnonzero(survey.groups("Continent").iloc[sample.held_out] == "Oceania")
    assert abs(found_at.mean() - 400) < 4 * 800 / np.sqrt(12 * len(found_at))


@pytest.mark.parametrize("number", [2_000, 30_000])
def test_among_simulated_people_oceania_does_not_crowd_out_the_world(number: int):
    survey = generate_survey(load_catalog("sample"), number, seed=0)[0]
    found = shares_of(survey, evaluation_sample(survey))
    assert 20 < found["Oceania"] < 100
    assert found.drop("Oceania").min() > 140


def test_far_too_few_people_are_refused():
    tiny = generate_survey(load_catalog("sample"), 900, seed=0)[0]
    with pytest.raises(DataError, match=r"of 900 people answered enough .* and 800 are needed"):
        evaluation_sample(tiny)
    assert len(evaluation_sample(tiny, size=50).held_out) == 50


def test_demonstrations_are_known_answers_outside_the_probe_set(survey):
    sample = evaluation_sample(survey)
    for probe, questions in PROBES.items():
        shown = draw_demonstrations(survey, sample, probe, MOST)
        drawn = shown != NOT_SHOWN
        assert (drawn.sum(axis=1) == MOST).all()
        assert not drawn[:, survey.catalog.positions(questions)].any()
        assert (survey.codes[sample.held_out][drawn] != MISSING_CODE).all()
        assert (np.sort(shown, axis=1)[:, -MOST:] == np.arange(MOST)).all()


def test_fewer_demonstrations_are_the_first_of_more(survey):
    sample = evaluation_sample(survey)
    many, few = (draw_demonstrations(survey, sample, 2, number) for number in (150, 50))
    np.testing.assert_array_equal(few, np.where(many < 50, many, NOT_SHOWN))
    assert (draw_demonstrations(survey, sample, 2, 0) == NOT_SHOWN).all()
    other = draw_demonstrations(survey, sample, 2, 50, seed=1)
    assert (few != other).any()


def test_a_category_shows_all_that_was_answered_of_it(survey):
    sample = evaluation_sample(survey)
    shown = draw_demonstrations(survey, sample, 1, "Security") != NOT_SHOWN
    mine = (survey.catalog.questions["category"] == "Security").to_numpy(copy=True)
    mine[survey.catalog.positions(PROBES[1])] = False
    expected = (survey.codes[sample.held_out] != MISSING_CODE) & mine
    np.testing.assert_array_equal(shown, expected)
