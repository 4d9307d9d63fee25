from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.demonstrations import MOST, NOT_SHOWN, draw_demonstrations
from ratings.errors import DataError
from ratings.evaluation_sample import (
    LEAST_ANSWERS,
    LEAST_DEMOGRAPHICS,
    MOST_OF_A_DENOMINATION,
    equal_shares,
    evaluation_sample,
    is_eligible,
)
from ratings.indie_value import PROBES, load_catalog
from ratings.survey import MISSING_CODE
from ratings.survey_generator import generate_survey


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
        assert (codes[:, survey.catalog.places(questions)] != MISSING_CODE).all()


def test_held_out_and_training_people_are_everybody(survey):
    sample = evaluation_sample(survey)
    together = np.concatenate([sample.held_out, sample.training])
    np.testing.assert_array_equal(np.sort(together), np.arange(len(survey)))


def test_continents_give_equal_shares_and_oceania_all_it_has(survey):
    sample = evaluation_sample(survey)
    eligible = survey.groups("Continent")[is_eligible(survey)].value_counts()
    held_out = survey.groups("Continent").iloc[sample.held_out].value_counts()
    assert held_out["Oceania"] == min(eligible["Oceania"], 133)
    others = held_out.drop("Oceania")
    assert others.max() - others.min() <= 1


def test_no_denomination_takes_more_than_its_places(survey):
    sample = evaluation_sample(survey)
    people = survey.people.iloc[sample.held_out]
    sizes = people.groupby(["B_COUNTRY_to_continent", "Q289"], observed=True).size()
    eligible = survey.people[is_eligible(survey)]
    crowded = eligible.groupby(["B_COUNTRY_to_continent", "Q289"], observed=True).size()
    assert sample.filled == 0
    assert sizes.max() <= MOST_OF_A_DENOMINATION < crowded.max()


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


def test_places_are_filled_beyond_the_cap_where_they_would_stay_empty(survey):
    """Everybody of one denomination: six continents of 80 leave 320 of 800 places."""
    alike = changed(survey, Q289=np.zeros(len(survey), dtype=int))
    sample = evaluation_sample(alike)
    assert len(np.unique(sample.held_out)) == 800
    assert sample.filled == 800 - 6 * 80
    assert evaluation_sample(survey).filled == 0


def test_people_of_an_unknown_continent_are_not_held_out(survey):
    codes = survey.people["B_COUNTRY_to_continent"].cat.codes.to_numpy().copy()
    codes[::3] = -1
    lost = changed(survey, B_COUNTRY_to_continent=codes)
    sample = evaluation_sample(lost)
    assert (codes[sample.held_out] >= 0).all()
    shares = lost.groups("Continent").iloc[sample.held_out].value_counts().drop("Oceania")
    assert shares.max() - shares.min() <= 1


def test_far_too_few_people_are_refused():
    tiny = generate_survey(load_catalog("sample"), 900, seed=0)[0]
    with pytest.raises(DataError, match=r"of 900 people answered enough .* and 800 are needed"):
        evaluation_sample(tiny)
    assert len(evaluation_sample(tiny, size=50).held_out) == 50


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(0, 120))
def test_shares_are_as_equal_as_sizes_allow(sizes: list[int], places: int):
    shares = equal_shares(np.array(sizes), places)
    assert shares.sum() == min(places, sum(sizes))
    assert (shares <= sizes).all()
    full = shares == sizes
    if not full.all():
        assert shares.max() - shares[~full].min() <= 1


def test_demonstrations_are_known_answers_outside_the_probe_set(survey):
    sample = evaluation_sample(survey)
    for probe, questions in PROBES.items():
        shown = draw_demonstrations(survey, sample, probe, MOST)
        drawn = shown != NOT_SHOWN
        assert (drawn.sum(axis=1) == MOST).all()
        assert not drawn[:, survey.catalog.places(questions)].any()
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
    mine[survey.catalog.places(PROBES[1])] = False
    expected = (survey.codes[sample.held_out] != MISSING_CODE) & mine
    np.testing.assert_array_equal(shown, expected)
