from dataclasses import replace

import numpy as np
import pytest

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.instances import instances_of
from ratings.data_sets.published.planted import plant
from ratings.data_sets.published.value_portrait_humans import load_value_portrait_humans
from ratings.errors import DataError, UnknownNameError
from ratings.representations.names import Component, parse_representation
from ratings.representations.rater_context import RaterContext, no_context
from ratings.representations.render import render_rater
from ratings.representations.represent import represent, wrong_raters
from ratings.splits import Partition, Split, draw_partition, split_raters
from ratings.table import RatingTable


@pytest.fixture(scope="module")
def data() -> DataSet:
    return plant(raters=40, ratings=12, seed=3).data


def context_of(data: DataSet, name: str, seed: int = 0) -> RaterContext:
    split, partition = split_raters(data, seed), draw_partition(data, seed)
    return represent(data, split, partition, parse_representation(name))


def known(context: RaterContext, rater: int) -> list[tuple[int, int]]:
    rows = slice(context.starts[rater], context.starts[rater + 1])
    return list(zip(context.instances[rows].tolist(), context.ratings[rows].tolist(), strict=True))


def fit_ratings(data: DataSet, partition: Partition, rater: int) -> list[tuple[int, int]]:
    rows = partition.fit[partition.starts[rater] : partition.starts[rater + 1]]
    frame = data.table.ratings.iloc[rows]
    return list(zip(frame["instance"].cat.codes, frame["rating"], strict=True))


@pytest.mark.parametrize(("name", "most"), [("1", 1), ("4", 4), ("99", 99), ("max", None)])
def test_examples_are_the_first_of_the_fit_ratings(data: DataSet, name: str, most: int | None):
    context, partition = context_of(data, f"examples:{name}"), draw_partition(data, 0)
    for rater in range(40):
        assert known(context, rater) == fit_ratings(data, partition, rater)[:most]
    assert context.givers == context.raters == tuple(data.table.raters.index)


def test_nothing_but_what_was_named_is_given(data: DataSet):
    frames = ("numbers", "levels", "labels", "texts")
    widths = {
        "none": (0, 0, 0, 0),
        "examples:2": (0, 0, 0, 0),
        "demographics": (0, 0, 1, 0),
        "demographics:region": (0, 0, 1, 0),
        "measured": (6, 6, 0, 0),
        "measured:stances": (6, 6, 0, 0),
        "groundtruth": (0, 0, 0, 1),
        "measured+demographics+groundtruth+examples:2": (6, 6, 1, 1),
    }
    for name, expected in widths.items():
        context = context_of(data, name)
        assert tuple(getattr(context, frame).shape[1] for frame in frames) == expected
        assert (context.counts > 0).all() == ("examples" in name)


def test_what_is_given_is_the_raters_own(data: DataSet):
    context, raters = context_of(data, "measured+demographics+groundtruth"), data.table.raters
    values = list(data.measured["stances"])
    np.testing.assert_array_equal(context.numbers[values], raters[values])
    assert context.labels["region"].tolist() == raters["region"].tolist()
    assert context.texts["groundtruth"].tolist() == raters["profile"].tolist()


def test_a_missing_text_is_empty_and_a_missing_score_stays_missing(data: DataSet):
    raters = data.table.raters.copy()
    raters.iloc[0, raters.columns.get_loc("profile")] = None
    raters.iloc[1, raters.columns.get_loc(data.measured["stances"][0])] = np.nan
    table = data.table.from_positions(
        data.table.positions(),
        raters=raters,
        instances=data.table.instances,
        choices=data.table.choices,
    )
    context = context_of(replace(data, table=table), "measured+groundtruth")
    assert context.texts.iloc[0, 0] == ""
    assert np.isnan(context.numbers.iloc[1, 0])
    assert np.isnan(context.levels.iloc[1, 0])


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_gives_everything_to_another_of_the_same_half(data: DataSet, seed: int):
    split = split_raters(data, seed)
    wrong = wrong_raters(split)
    assert sorted(wrong) == list(range(40))  # each given away once
    assert (wrong != np.arange(40)).all()  # nobody keeps their own
    for half in (split.train, split.test):
        assert set(wrong[half]) == set(half)


def test_what_is_shuffled_is_whole_and_under_the_name_of_who_gets_it(data: DataSet):
    own = context_of(data, "measured+groundtruth+examples:max")
    context = context_of(data, "shuffled(measured+groundtruth+examples:max)")
    wrong = wrong_raters(split_raters(data, 0))
    assert context.raters == own.raters
    assert context.givers == tuple(own.raters[giver] for giver in wrong)
    np.testing.assert_array_equal(context.numbers, own.numbers.iloc[wrong])
    np.testing.assert_array_equal(context.levels, own.levels.iloc[wrong])
    assert context.texts.iloc[:, 0].tolist() == own.texts.iloc[wrong, 0].tolist()
    for rater in range(40):
        assert known(context, rater) == known(own, int(wrong[rater]))


def test_part_of_what_is_given_may_be_shuffled(data: DataSet):
    context, own = context_of(data, "measured+shuffled(examples:2)"), context_of(data, "measured")
    np.testing.assert_array_equal(context.numbers, own.numbers)
    assert all(giver != rater for giver, rater in zip(context.givers, context.raters, strict=True))


def test_clusters_are_given_by_whoever_found_them(data: DataSet):
    split, partition = split_raters(data, 0), draw_partition(data, 0)
    asked: list[Component] = []

    def tell(part: Component) -> RaterContext:
        asked.append(part)
        return no_context(tuple(data.table.raters.index))

    represent(data, split, partition, parse_representation("shuffled(cluster:2)"), tell)
    assert [part.name for part in asked] == ["cluster:2"]
    with pytest.raises(DataError, match="^cluster:2 needs a fitted family: use it in"):
        context_of(data, "cluster:2")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("demographics", "^planted has no demographics of its raters$"),
        ("measured", "^planted has no measured scores of its raters$"),
        ("groundtruth", "^planted has no text that is known to describe its raters$"),
    ],
)
def test_a_data_set_without_it_says_so(data: DataSet, name: str, message: str):
    bare = replace(data, demographics=(), measured={}, groundtruth=None)
    for wrapped in (name, f"shuffled({name})", f"none+{name}"):
        with pytest.raises(DataError, match=message):
            context_of(bare, wrapped)


def test_an_unknown_column_names_the_nearest(data: DataSet):
    with pytest.raises(UnknownNameError, match="column of planted") as column:
        context_of(data, "demographics:regoin")
    assert (column.value.name, column.value.allowed) == ("regoin", ["region"])
    with pytest.raises(UnknownNameError, match="questionnaire of planted") as questionnaire:
        context_of(data, "measured:pvq_21")
    assert questionnaire.value.name == "pvq_21"


def test_what_is_given_twice_is_refused(data: DataSet):
    with pytest.raises(DataError, match="'region' is given twice"):
        context_of(data, "demographics+demographics:region")
    with pytest.raises(DataError, match="examples can be given only once"):
        context_of(data, "examples:2+examples:max")


def test_of_several_questionnaires_the_first_is_meant():
    data = load_value_portrait_humans("sample")
    split, partition = Split(0, np.arange(120), np.arange(120, 240)), draw_partition(data, 0)
    first, named, other = (
        represent(data, split, partition, parse_representation(name)).numbers
        for name in ("measured", "measured:pvq_21", "measured:bfi_10")
    )
    assert list(first) == list(named) == list(data.measured["pvq_21"])
    assert list(other) == list(data.measured["bfi_10"])


def test_a_rater_without_scores_has_an_empty_text_and_others_keep_theirs():
    full = load_value_portrait_humans("sample")
    raters = full.table.raters.copy()
    raters.iloc[3] = np.nan
    table = RatingTable.from_positions(
        full.table.positions(),
        raters=raters,
        instances=full.table.instances,
        choices=full.table.choices,
    )
    data = replace(full, table=table)
    split, partition = Split(0, np.arange(120), np.arange(120, 240)), draw_partition(data, 0)
    context = represent(data, split, partition, parse_representation("measured"))
    assert context.numbers.iloc[3].isna().all()
    assert context.levels.iloc[3].isna().all()
    assert render_rater(context, 3, instances_of(data), data.descriptions) == ""
    assert context.numbers.drop(index=3).notna().all(axis=None)
    assert "Power" in render_rater(context, 2, instances_of(data), data.descriptions)
