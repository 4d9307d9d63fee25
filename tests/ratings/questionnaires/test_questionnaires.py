"""Keys of the questionnaires, and scoring of raw answers."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError, UnknownNameError
from ratings.instruments.dimensions import BIG_FIVE, HIGHER_ORDER, SCHWARTZ
from ratings.instruments.value_portrait import load_human_ratings
from ratings.questionnaires.questionnaire import (
    QUESTIONNAIRES,
    load_questionnaire,
    score_answers,
    usable,
)


def answers_to(name: str, people: int = 5, seed: int = 0) -> pd.DataFrame:
    asked = load_questionnaire(name)
    drawn = np.random.default_rng(seed).integers(
        asked.scale[0], asked.scale[1] + 1, size=(people, len(asked.items))
    )
    return pd.DataFrame(drawn.astype(float), columns=list(asked.items))


@pytest.mark.parametrize(
    ("name", "items", "dimensions"),
    [
        ("pvq21", 21, 14),
        ("ess_pvq21", 21, 14),
        ("pvq40", 40, 14),
        ("pvq_rr", 57, 30),
        ("bfi10", 10, 5),
    ],
)
def test_every_item_counts_once_for_the_basic_dimensions(name: str, items: int, dimensions: int):
    asked = load_questionnaire(name)
    basic = BIG_FIVE if name == "bfi10" else SCHWARTZ
    assert len(set(asked.items)) == len(asked.items) == items
    assert len(asked.keys) == dimensions
    keyed = [item for dimension in basic for item in asked.keys[dimension]]
    left = {"9", "24", "49"} if name == "pvq_rr" else set()  # Face, which is in no broad value
    assert len(keyed) == len(set(keyed))
    assert set(keyed) == set(asked.items) - left
    assert asked.reversed_items <= set(asked.items)
    assert all(set(HIGHER_ORDER) <= set(asked.keys) for _ in [0] if name != "bfi10")


def test_the_19_narrow_values_share_out_the_57_items():
    asked = load_questionnaire("pvq_rr")
    narrow = [asked.keys[dimension] for dimension in list(asked.keys)[:19]]
    assert sorted(map(int, sum(narrow, ()))) == list(range(1, 58))
    assert {len(items) for items in narrow} == {3}
    assert set(asked.keys["Tradition"]) == {
        *asked.keys["Tradition (narrow)"],
        *asked.keys["Humility"],
    }
    conservation = set(asked.keys["Conservation"])
    assert not conservation & {*asked.keys["Humility"], *asked.keys["Face"]}


def test_the_names_of_the_survey_are_the_same_21_items():
    numbers, names = load_questionnaire("pvq21"), load_questionnaire("ess_pvq21")
    for dimension, items in numbers.keys.items():
        assert names.keys[dimension] == tuple(names.items[int(item) - 1] for item in items)
    assert names.reversed_items == set(names.items)
    first = answers_to("pvq21")
    turned = (7 - first).set_axis(list(names.items), axis=1)
    pd.testing.assert_frame_equal(score_answers(first, numbers), score_answers(turned, names))


def test_the_released_scores_of_people_fit_the_counts_of_the_keys():
    """Centred scores weighted by numbers of items sum to 0, and aggregates are means of items."""
    scores = load_human_ratings().raters.dropna()
    asked = load_questionnaire("pvq21")
    counts = pd.Series({name: len(asked.keys[name]) for name in SCHWARTZ})
    assert len(scores) > 550
    assert (scores[list(SCHWARTZ)] @ counts).abs().max() < 1e-9
    for higher in HIGHER_ORDER:
        parts = [name for name in SCHWARTZ if set(asked.keys[name]) <= set(asked.keys[higher])]
        assert sum(len(asked.keys[name]) for name in parts) == len(asked.keys[higher])
        means = scores[parts] @ counts[parts] / counts[parts].sum()
        assert (means - scores[higher]).abs().max() < 1e-9
    traits = scores[list(BIG_FIVE)] * 2  # two items a trait
    assert (traits == traits.round()).all().all()
    assert traits.min().min() >= 2
    assert traits.max().max() <= 10
    # some total of 21 whole answers from 1 to 6 gives each person's ten scores
    for person in scores[list(SCHWARTZ)].to_numpy():
        sums = counts.to_numpy() * (person + np.arange(21, 127)[:, None] / 21)
        whole = np.abs(sums - sums.round()).max(axis=1) < 1e-6
        fits = (sums.round() >= counts.to_numpy()) & (sums.round() <= 6 * counts.to_numpy())
        assert (whole & fits.all(axis=1)).any()


@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_a_score_is_the_mean_of_its_items_less_the_mean_of_all(name: str):
    asked, answers = load_questionnaire(name), answers_to(name)
    scores = score_answers(answers, asked)
    assert list(scores.columns) == list(asked.keys)
    for rater, (dimension, items) in product(answers.index, asked.keys.items()):
        turned = {
            item: sum(asked.scale) - value if item in asked.reversed_items else value
            for item, value in answers.loc[rater].items()
        }
        mean = np.mean([turned[item] for item in items])
        centre = np.mean(list(turned.values())) if asked.centred else 0
        assert scores.loc[rater, dimension] == pytest.approx(mean - centre)


def test_missing_answers_are_left_out_up_to_a_limit():
    asked, answers = load_questionnaire("pvq21"), answers_to("pvq21", people=3)
    answers.iloc[1, :5] = np.nan
    answers.iloc[2, :6] = np.nan
    scores = score_answers(answers, asked)
    assert scores.iloc[2].isna().all()
    left = answers.iloc[1].dropna()
    assert scores.loc[1, "Power"] == pytest.approx(answers.loc[1, "17"] - left.mean())
    assert usable(answers, asked).tolist() == [True, True, False]


def test_who_answers_nearly_all_alike_is_not_usable():
    asked, answers = load_questionnaire("pvq21"), answers_to("pvq21", people=2)
    answers.iloc[0, :] = [3] * 16 + [1, 2, 1, 2, 1]
    answers.iloc[1, :] = [3] * 17 + [1, 2, 1, 2]
    assert usable(answers, asked).tolist() == [True, False]


def test_what_is_wrong_is_named():
    asked, answers = load_questionnaire("pvq21"), answers_to("pvq21")
    with pytest.raises(UnknownNameError, match="nearest first\\): pvq21"):
        load_questionnaire("pvq-21")
    with pytest.raises(DataError, match="lack the column '4' and 1 more"):
        score_answers(answers.drop(columns=["4", "9"]), asked)
    answers.loc[2, "9"] = 7
    with pytest.raises(DataError, match=r"rater 2 to item 9 is '7.0'; .* from 1 to 6"):
        score_answers(answers, asked)
    with pytest.raises(DataError, match=r"rater 0 to item 3 is 'like me'"):
        score_answers(answers.assign(**{"9": 1, "3": "like me"}), asked)
    with pytest.raises(DataError, match="two columns '3'"):
        score_answers(pd.concat([answers, answers[["3"]]], axis=1), asked)
