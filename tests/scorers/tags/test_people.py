import numpy as np
import pytest

from scorers.tags.people import same_raters, survey_groups


@pytest.mark.parametrize("density", [0.0, 0.1, 0.7, 1.0])
def test_sets_of_items_hold_every_rating_once(density: float):
    rated = np.random.default_rng(0).random((13, 9)) < density
    again, seen = np.zeros(rated.shape, dtype=int), np.zeros(9, dtype=int)
    for rows, columns in same_raters(rated):
        again[np.ix_(rows, columns)] += 1
        seen[columns] += 1
    assert (again == rated).all()
    assert (seen == 1).all()


def test_no_raters_and_no_items():
    assert [(r.tolist(), c.tolist()) for r, c in same_raters(np.zeros((0, 2), bool))] == [
        ([], [0, 1])
    ]
    assert list(same_raters(np.zeros((3, 0), bool))) == []


def test_groups_are_joined_through_others():
    rated = np.zeros((6, 5), dtype=bool)
    rated[0, 0] = rated[1, [0, 1]] = rated[2, 1] = True  # 0 and 2 share nothing but 1
    rated[3, 3] = rated[4, 3] = True
    assert survey_groups(rated).tolist() == [0, 0, 0, 1, 1, -1]
