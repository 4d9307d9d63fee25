from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.instances import instances_of
from ratings.data_sets.published.value_portrait_humans import load_value_portrait_humans
from ratings.errors import DataError, UnknownNameError
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.table import RatingTable


@pytest.fixture
def data() -> DataSet:
    table = RatingTable(
        pd.DataFrame(
            {
                "rater": ["ann", "ann", "bob"],
                "instance": ["q1", "q2", "q3"],
                "rating": [1, 3, 2],
            }
        ),
        raters=pd.DataFrame({"age": ["30", None]}, index=["ann", "bob"]),
        instances=pd.DataFrame(
            {"text": ["Is it?", None, "Why?"], "topic": ["b", "a", "b"]}, index=["q1", "q2", "q3"]
        ),
        choices=[["no", "yes"], ["a", "b", "c"], ["no", "yes"]],
    )
    return DataSet("own", table, "Answer.", ordered=False, demographics=("age",), groups="topic")


def test_instances_are_as_in_the_table_without_a_rating(data: DataSet):
    found = instances_of(data)
    assert found.names == ("q1", "q2", "q3")
    assert found.texts == ("Is it?", "", "Why?")
    assert found.choices == (("no", "yes"), ("a", "b", "c"), ("no", "yes"))
    assert found.counts.tolist() == [2, 3, 2]
    assert found.groups.tolist() == [0, 1, 0]
    assert (found.ordered, found.task) == (False, "Answer.")
    assert len(found) == found.most_choices == 3


def test_without_groups_every_instance_is_its_own(data: DataSet):
    assert instances_of(replace(data, groups=None)).groups.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "change",
    [{"demographics": ("aeg",)}, {"measured": {"q": ("aeg",)}}, {"groundtruth": "aeg"}],
)
def test_a_rater_column_that_is_not_there_names_the_nearest(data: DataSet, change: dict):
    with pytest.raises(UnknownNameError) as caught:
        replace(data, **change)
    assert (caught.value.name, caught.value.allowed) == ("aeg", ["age"])


def test_instances_need_texts_and_the_groups_named(data: DataSet):
    with pytest.raises(DataError, match="^own: the instances have no column 'theme'$"):
        replace(data, groups="theme")
    table = RatingTable.from_positions(
        data.table.positions(),
        raters=data.table.raters,
        instances=data.table.instances.drop(columns="text"),
        choices=data.table.choices,
    )
    with pytest.raises(DataError, match="^own: the instances have no column 'text'$"):
        replace(data, table=table)


def test_raters_with_too_few_ratings_are_left_out(data: DataSet):
    assert data.with_at_least(1) is data
    assert data.with_at_least(2).table.raters.index.tolist() == ["ann"]
    assert data.of_raters(["bob", "ann"]).table.raters.index.tolist() == ["bob", "ann"]
    with pytest.raises(DataError, match="^own: no rater has 3 ratings or more$"):
        data.with_at_least(3)


def test_made_data_without_a_card_is_nobodys(data: DataSet):
    assert not data.synthetic


def test_humans_of_value_portrait_are_described_by_two_questionnaires():
    data = load_value_portrait_humans("sample")
    assert data.name == "value_portrait_humans_sample"
    assert data.measured == {"pvq_21": SCHWARTZ, "bfi_10": BIG_FIVE}
    assert set(data.descriptions) == {*SCHWARTZ, *BIG_FIVE}
    assert (data.demographics, data.groundtruth) == ((), None)
    instances = instances_of(data)
    assert instances.ordered
    assert instances.most_choices == 6
    responses = data.table.instances["response"]
    pairs = zip(instances.texts, responses, strict=True)
    assert all(text.endswith(f"Response: {response}") for text, response in pairs)
    # responses to the same query are a group
    groups = data.table.instances.groupby("query").ngroup()
    assert len(set(zip(groups, instances.groups, strict=True))) == groups.nunique()


def test_the_official_ratings_are_those_of_the_instrument(mirror):
    data = load_value_portrait_humans()
    assert data.name == "value_portrait_humans"
    assert not data.synthetic
    scores = data.table.raters[[*SCHWARTZ, *BIG_FIVE]]
    there = np.isfinite(scores.to_numpy(dtype=float))
    assert list(scores.index[~there.any(axis=1)]) == ["P186-group-0"]
    assert there.all(axis=1).sum() == 559
