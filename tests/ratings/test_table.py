import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ratings.errors import DataError
from ratings.table import RatingTable

CHOICES = ("no", "unsure", "yes")
MATRICES = arrays(
    float,
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    elements=st.sampled_from([1.0, 2.0, 3.0, np.nan]),
)


def frame(names: str, count: int) -> pd.DataFrame:
    return pd.DataFrame({"about": range(count)}, index=[f"{names}{i}" for i in range(count)])


def table_of(matrix: np.ndarray) -> RatingTable:
    return RatingTable.from_matrix(
        matrix,
        raters=frame("r", len(matrix)),
        instances=frame("i", matrix.shape[1]),
        choices=CHOICES,
    )


@given(MATRICES)
def test_a_matrix_comes_back_as_it_went_in(matrix: np.ndarray):
    table = table_of(matrix)
    np.testing.assert_array_equal(table.matrix(), matrix)
    assert len(table) == (~np.isnan(matrix)).sum()
    assert table.ratings["rating"].dtype == np.int16


@given(MATRICES, st.data())
def test_a_selection_is_the_selection_of_the_matrix(matrix: np.ndarray, data: st.DataObject):
    rows = data.draw(st.lists(st.integers(0, len(matrix) - 1), unique=True))
    columns = data.draw(st.lists(st.integers(0, matrix.shape[1] - 1), unique=True))
    chosen = table_of(matrix).select(
        raters=[f"r{i}" for i in rows], instances=[f"i{i}" for i in columns]
    )
    np.testing.assert_array_equal(chosen.matrix(), matrix[np.ix_(rows, columns)])
    assert list(chosen.raters["about"]) == rows


def ratings(**columns: list) -> pd.DataFrame:
    return pd.DataFrame(
        {"rater": ["r0", "r0"], "instance": ["i0", "i1"], "rating": [1, 2]} | columns
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"rating": [1, 4]}, "rating 4 is not one of the 3 choices, counted from 1"),
        ({"rating": [0, 1]}, "rating 0 is not one of"),
        ({"rating": [1, 1.5]}, "rating 1.5 is not one of"),
        ({"rating": [1, np.nan]}, "leave a missing rating out"),
        ({"rater": ["r0", "r9"]}, "rater 'r9' has ratings but no row in the rater table"),
        ({"instance": ["i0", "i0"]}, "rater 'r0' rates instance 'i0' twice"),
    ],
)
def test_ratings_that_do_not_fit_are_refused(changed: dict, message: str):
    with pytest.raises(DataError, match=message):
        RatingTable(ratings(**changed), frame("r", 2), frame("i", 2), CHOICES)


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(DataError, match="ratings lack the column 'rating'"):
        RatingTable(ratings().drop(columns="rating"), frame("r", 2), frame("i", 2), CHOICES)
    twice = pd.concat([frame("r", 1), frame("r", 1)])
    with pytest.raises(DataError, match="rater 'r0' is listed twice"):
        RatingTable(ratings(), twice, frame("i", 2), CHOICES)
    with pytest.raises(DataError, match=r"shape \(1, 2\) does not fit 1 raters and 3 instances"):
        RatingTable.from_matrix(
            np.ones((1, 2)), raters=frame("r", 1), instances=frame("i", 3), choices=CHOICES
        )
    with pytest.raises(DataError, match="instance 'i7' is not in the table"):
        table_of(np.ones((1, 2))).select(instances=["i7"])


OWN = (("no", "yes"), ("never", "sometimes", "always"))


def test_instances_may_have_choices_of_their_own():
    table = RatingTable.from_positions(
        np.array([[2, 3], [0, 1]], dtype=np.int8),
        raters=frame("r", 2),
        instances=frame("i", 2),
        choices=OWN,
    )
    assert table.choices == OWN
    assert list(table.choice_counts()) == [2, 3]
    assert len(table) == 3
    assert table.select(instances=["i1"]).choices == OWN[1:]
    again = RatingTable(table.ratings, table.raters, table.instances, OWN)
    np.testing.assert_array_equal(again.positions(), table.positions())
    np.testing.assert_array_equal(table.matrix(), [[2, 3], [np.nan, 1]])


def test_a_rating_beyond_its_own_instance_is_refused():
    parts = {"raters": frame("r", 1), "instances": frame("i", 2), "choices": OWN}
    with pytest.raises(DataError, match="rating 3 is not one of the 2 choices"):
        RatingTable.from_positions(np.array([[3, 3]], dtype=np.int8), **parts)
    rows = pd.DataFrame({"rater": ["r0"], "instance": ["i0"], "rating": [3]})
    with pytest.raises(DataError, match="rating 3 is not one of the 2 choices"):
        RatingTable(rows, **parts)
    with pytest.raises(DataError, match="choices of 2 instances do not fit 3 instances"):
        RatingTable.from_matrix(
            np.ones((1, 3)), raters=frame("r", 1), instances=frame("i", 3), choices=OWN
        )
    with pytest.raises(DataError, match=r"rating 1.5 is not the position of a choice"):
        RatingTable.from_matrix(np.array([[1.5, 1]]), **parts)
