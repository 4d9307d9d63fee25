"""Groups and schemes: the paper's, and a user's file."""

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from scorers.welfare.plan import Group, Scheme, load_plan

SURVEY = pd.DataFrame(
    {
        "gender": ["Male", "Female", "Non-binary / third gender", "Prefer not to say", None],
        "age": ["45-54 years old", "18-24 years old", "65+ years old", "35-44 years old", None],
        "ethnicity_simplified": ["White", "Black", "White", "Prefer not to say", None],
    }
)
PLAN = """
groups:
  everyone: {}
  women: {column: gender, only: [Female]}
schemes:
  all_5: {pool: everyone, people: 5}
  women_3: {pool: women, people: 3}
compared_with: all_5
stakeholders: [everyone, women]
"""


def write(folder, text: str) -> str:
    path = folder / "plan.yaml"
    path.write_text(text)
    return str(path)


def test_the_papers_groups_and_seven_schemes():
    plan = load_plan()
    masks = plan.masks(SURVEY)
    expected = {
        "everyone": [1, 1, 1, 1, 1], "male": [1, 0, 0, 0, 0], "nonmale": [0, 1, 1, 1, 0],
        "white": [1, 0, 1, 0, 0], "nonwhite": [0, 1, 0, 1, 0],
        "above_45": [1, 0, 1, 0, 0], "below_45": [0, 1, 0, 1, 0],
    }  # fmt: skip
    assert {name: mask.astype(int).tolist() for name, mask in masks.items()} == expected
    assert plan.schemes == {
        **{f"rep_{n}": Scheme("everyone", n) for n in (10, 20, 50, 100)},
        "male_100": Scheme("male", 100),
        "white_100": Scheme("white", 100),
        "above_45_100": Scheme("above_45", 100),
    }
    assert plan.stakeholders == ("everyone", "nonmale", "nonwhite", "below_45")


def test_any_other_plan_from_a_file(tmp_path):
    plan = load_plan(write(tmp_path, PLAN))
    assert plan.schemes["women_3"] == Scheme("women", 3)
    assert plan.masks(SURVEY)["women"].tolist() == [False, True, False, False, False]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("pool: women", "pool: wimmen", "women"),
        ("compared_with: all_5", "compared_with: all_6", "all_5"),
        ("people: 3", "people: 0", "greater than or equal to 1"),
        ("people: 3", "people: three", "a whole number"),
        ("only: [Female]", "only: [Female], without: [Male]", "one of 'only' and 'without'"),
        ("only: [Female]", "onyl: [Female]", "only"),
        ("column: gender, ", "", "needs a 'column'"),
        ("everyone: {}", "all: {}", "everyone"),
        ("stakeholders: [everyone, women]", "stakeholders: []", "needs a stakeholder"),
        ("compared_with: all_5", "", "compared_with"),
    ],
)
def test_a_wrong_plan_is_refused_in_one_line(tmp_path, old, new, named):
    assert old in PLAN
    with pytest.raises(DataError, match="plan.yaml") as caught:
        load_plan(write(tmp_path, PLAN.replace(old, new)))
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_column_that_the_survey_lacks_is_named():
    with pytest.raises(DataError, match="gender"):
        Group("gendre", only=("Male",)).members(SURVEY)


def test_an_answer_that_nobody_gave_makes_an_empty_group():
    assert not Group("gender", only=("Other",)).members(SURVEY).any()
    assert np.array_equal(Group().members(SURVEY), np.ones(5, dtype=bool))
