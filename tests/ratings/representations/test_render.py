from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.instances import Instances, instances_of
from ratings.representations.rater_context import RaterContext, levels_of, no_context
from ratings.representations.render import render_rater, render_rating
from ratings.table import RatingTable


@pytest.fixture
def instances() -> Instances:
    table = RatingTable(
        pd.DataFrame({"rater": ["ann"], "instance": ["q1"], "rating": [1]}),
        raters=pd.DataFrame(index=["ann"]),
        instances=pd.DataFrame({"text": ["Is honey good?", "Is rain bad?"]}, index=["q1", "q2"]),
        choices=[["no", "yes"], ["never", "at times", "always"]],
    )
    return instances_of(DataSet("own", table, task="Answer.", ordered=True))


def context() -> RaterContext:
    numbers = pd.DataFrame(
        {"Power": [1.0, 2.255, 3.0, 4.0, 5.0], "Care": [np.nan, np.nan, 1, 1, 1]}
    )
    return replace(
        no_context(["ann", "bob", "cid", "dee", "eve"]),
        starts=np.array([0, 0, 2, 2, 2, 2], dtype=np.intp),
        instances=np.array([1, 0], dtype=np.intp),
        ratings=np.array([3, 1], dtype=np.intp),
        numbers=numbers,
        levels=levels_of(numbers),
        labels=pd.DataFrame(
            {"age": ["30 to 39", "60+", None, None, None], "region": [None, "n", *3 * [None]]}
        ),
        texts=pd.DataFrame(
            {"profile:a": ["", "Thrifty.", "", "", ""], "groundtruth": ["", "Kind.", "", "", ""]}
        ),
    )


def test_everything_given_about_a_rater_is_written(instances: Instances):
    assert render_rater(context(), 1, instances, {"Power": "status and wealth"}) == (
        "The rater says of themselves:\n"
        "- age: 60+\n"
        "- region: n\n"
        "\n"
        "Measured by a questionnaire:\n"
        "- Power (status and wealth): 2.25, low among all raters\n"
        "\n"
        "A description of the rater:\n"
        "Thrifty.\n"
        "Kind.\n"
        "\n"
        "Other ratings by the same rater:\n"
        "Is rain bad?\n"
        "The rater chose: always\n"
        "Is honey good?\n"
        "The rater chose: no"
    )


def test_what_is_missing_is_left_out(instances: Instances):
    assert render_rater(context(), 0, instances, {}) == (
        "The rater says of themselves:\n"
        "- age: 30 to 39\n"
        "\n"
        "Measured by a questionnaire:\n"
        "- Power: 1.00, very low among all raters"
    )


def test_nothing_given_is_nothing_written(instances: Instances):
    assert render_rater(no_context(["ann"]), 0, instances, {}) == ""


def test_a_known_rating_names_the_label_of_its_own_instance(instances: Instances):
    assert render_rating(instances, 1, 2) == "Is rain bad?\nThe rater chose: at times"
    assert render_rating(instances, 0, 2) == "Is honey good?\nThe rater chose: yes"
