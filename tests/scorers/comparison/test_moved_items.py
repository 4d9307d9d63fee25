import numpy as np

from scorers.comparison.moved_items import MovedItem, moved_most

NAN = np.nan


def test_the_items_that_moved_most_come_first_and_unmoved_ones_never():
    before = np.array([[1, 1], [2, 2], [3, 3], [4, 4]], dtype=float)
    after = np.array([[1, 1], [2, 3], [6, 6], [4, 1]], dtype=float)
    cells = np.ones((4, 2), dtype=bool)
    assert moved_most(cells, before, after, list("abcd"), axis=1) == (
        MovedItem("c", 3.0, 6.0),
        MovedItem("d", 4.0, 2.5),
        MovedItem("b", 2.0, 2.5),
    )
    cells[2] = False  # it does not count for the score
    assert [one.instance for one in moved_most(cells, before, after, list("abcd"), 1)] == ["d", "b"]


def test_missing_answers_count_for_nothing():
    before = np.array([[1, NAN], [NAN, NAN]])
    after = np.array([[2, NAN], [5, 5]])
    cells = np.ones((2, 2), dtype=bool)
    assert moved_most(cells, before, after, ["a", "b"], 1) == (MovedItem("a", 1.0, 2.0),)


def test_columns_are_averaged_over_the_people():
    before = np.array([[1, 0], [1, 0]], dtype=float)
    after = np.array([[1, 1], [1, 0]], dtype=float)
    found = moved_most(np.ones((2, 2), dtype=bool), before, after, ["q1", "q2"], axis=0)
    assert found == (MovedItem("q2", 0.0, 0.5),)
