"""What a sample lacks, the part of it that follows the census, and weights."""

import numpy as np
import pandas as pd
import pytest

from ratings.census.rebalance import counted, draw_representative, needed_counts, shortfall
from ratings.census.weights import weights
from ratings.errors import DataError

AGES, PLACES = ["young", "old"], ["sea", "land"]
CELLS = pd.Series(
    [10.0, 30.0, 20.0, 40.0],
    pd.MultiIndex.from_product([AGES, PLACES], names=["age", "origin"]),
    name="people",
)


def people(*counts: int) -> pd.DataFrame:
    index = CELLS.index.repeat(counts)
    table = index.to_frame(index=False)
    table.index = [f"user{i}" for i in range(len(table))]
    return table


def test_counts_leave_out_who_is_outside():
    table = people(1, 2, 0, 3)
    table.loc["user0", "age"] = None
    assert counted(table, CELLS).tolist() == [0, 2, 0, 3]


def test_shortfall_by_hand():
    found = shortfall(people(5, 2, 1, 0), CELLS, target=12)
    assert found["needed"].tolist() == pytest.approx([1.2, 3.6, 2.4, 4.8])
    assert found["have"].tolist() == [5, 2, 1, 0]
    assert found["draw"].tolist() == [2, 2, 1, 0]
    assert found["short"].tolist() == pytest.approx([0, 1.6, 1.4, 4.8])
    assert found["sample_share"].tolist() == [5 / 8, 2 / 8, 1 / 8, 0]


def test_a_whole_number_needed_is_not_rounded_up():
    cells = CELLS / 3
    assert needed_counts(cells, 10).tolist() == pytest.approx([1, 3, 2, 4])
    assert shortfall(people(9, 9, 9, 9), cells, 10)["draw"].tolist() == [1, 3, 2, 4]


def test_the_draw_has_each_cells_number_in_the_order_of_the_people():
    table = people(30, 30, 1, 30)
    shuffled = table.sample(frac=1, random_state=np.random.default_rng(3))
    drawn = draw_representative(shuffled, CELLS, 20, seed=5)
    assert counted(table.loc[drawn], CELLS).tolist() == [2, 6, 1, 8]
    assert list(drawn) == [one for one in shuffled.index if one in set(drawn)]
    assert list(drawn) == list(draw_representative(shuffled, CELLS, 20, seed=5))
    assert set(drawn) != set(draw_representative(shuffled, CELLS, 20, seed=6))


def test_everybody_of_a_cell_is_drawn_as_often():
    table = people(10, 0, 0, 0)
    times = pd.Series(0, table.index)
    for seed in range(150):
        times[draw_representative(table, CELLS, 20, seed=seed)] += 1
    assert times.sum() == 300
    assert times.between(12, 48).all()


def test_poststratification_by_hand():
    table = people(4, 2, 2, 2)
    found = weights(table, CELLS)
    each = [0.25, 1.5, 1.0, 2.0]
    assert found.values.tolist() == pytest.approx(np.repeat(each, [4, 2, 2, 2]).tolist())
    assert found.effective == pytest.approx(100 / (4 / 16 + 2 * 2.25 + 2 * 1 + 2 * 4))
    assert found.rounds == 0


def test_a_person_outside_has_no_weight():
    table = people(1, 1, 1, 2)
    table.loc["user4", "origin"] = None
    found = weights(table, CELLS)
    assert found.values.isna().tolist() == [False, False, False, False, True]
    assert found.values.mean() == pytest.approx(1)


def test_raking_by_hand_where_a_cell_is_empty():
    table = people(4, 3, 5, 0)
    cells = pd.Series([20.0, 20.0, 50.0, 10.0], CELLS.index)
    with pytest.raises(DataError, match="nobody in 1 of 4 cells, such as old, land, 10.0% of the"):
        weights(table, cells)
    # young .4 and sea .7 leave one solution: .1 young of the sea, .3 of the land, .6 old
    found = weights(table, cells, "margins")
    each = [0.1 * 12 / 4, 0.3 * 12 / 3, 0.6 * 12 / 5]
    assert found.values.tolist() == pytest.approx(np.repeat(each, [4, 3, 5]).tolist(), abs=1e-6)
    assert found.rounds > 1


def test_raking_keeps_what_the_margins_do_not_say():
    """The odds ratio of the sample stays, as iterative proportional fitting has it."""
    table = people(4, 3, 5, 8)
    found = weights(table, CELLS, "margins").values
    a, b, c, d = (found.iloc[[0, 4, 7, 12]] * [4, 3, 5, 8]).tolist()
    assert a * d / (b * c) == pytest.approx(4 * 8 / (3 * 5), rel=1e-7)
    assert (a + b) / 20 == pytest.approx(0.4, abs=1e-8)
    assert (a + c) / 20 == pytest.approx(0.3, abs=1e-8)


def test_of_one_variable_both_ways_are_the_same():
    cells = CELLS.groupby("age").sum()
    table = people(4, 2, 3, 1)[["age"]]
    pd.testing.assert_series_equal(
        weights(table, cells).values, weights(table, cells, "margins").values
    )


def test_weights_take_the_sample_to_the_census_where_they_matter():
    """A mean that differs by cell is off in a lopsided sample, and right when it is weighed."""
    rng = np.random.default_rng(7)
    table = people(400, 100, 300, 50)
    truth = pd.Series([10.0, 20.0, 30.0, 40.0], CELLS.index)
    outcome = truth.loc[pd.MultiIndex.from_frame(table)].to_numpy() + rng.normal(size=len(table))
    right = float((truth * CELLS).sum() / CELLS.sum())
    weighed = np.average(outcome, weights=weights(table, CELLS).values)
    assert abs(outcome.mean() - right) > 5
    assert weighed == pytest.approx(right, abs=0.3)


@pytest.mark.parametrize("by", ["cells", "margins"])
def test_what_cannot_be_weighed(by):
    with pytest.raises(DataError, match="nobody of the sample is in a cell of the census"):
        weights(people(0, 0, 0, 0), CELLS, by)
    empty = CELLS.where(CELLS > 10, 0.0)
    with pytest.raises(DataError, match="1 people in young, sea, where the census counts nobody"):
        weights(people(1, 1, 1, 1), empty, by)
    table = people(1, 1, 1, 1)
    table.loc["user0", "origin"] = "moon"
    with pytest.raises(DataError, match="the census has no origin 'moon'"):
        weights(table, CELLS, by)
    with pytest.raises(DataError, match="no column 'origin' of the census"):
        weights(table[["age"]], CELLS, by)
    with pytest.raises(DataError, match="the person 'user1' is listed twice"):
        weights(people(1, 1, 1, 1).set_axis(["user0", "user1", "user1", "user2"]), CELLS, by)


def test_a_category_without_people_cannot_be_raked():
    with pytest.raises(DataError, match="nobody with origin 'land', 70.0% of the census"):
        weights(people(4, 0, 3, 0), CELLS, "margins")


def test_margins_that_no_weights_fit(monkeypatch):
    """Only young of the sea and old of the land: by the census fewer are of the sea than young."""
    monkeypatch.setattr("ratings.census.weights._ROUNDS", 50)
    with pytest.raises(DataError, match="no weights were found that fit all margins in 50 rounds"):
        weights(people(4, 0, 0, 3), CELLS, "margins")


def test_an_unknown_way_to_weigh():
    with pytest.raises(DataError, match="unknown way to weigh 'all'; allowed"):
        weights(people(1, 1, 1, 1), CELLS, "all")
