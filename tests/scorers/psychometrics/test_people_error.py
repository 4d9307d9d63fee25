"""Known truth: scores of the means of many made samples of people scatter as the errors say."""

import numpy as np
import pytest

from scorers.psychometrics.people_error import people_errors

TAGGED = np.zeros((3, 40), dtype=bool)
TAGGED[0, :15] = TAGGED[1, 10:30] = TAGGED[2, 35:] = True


def made(rng: np.random.Generator, people: int) -> np.ndarray:
    """Ratings by people who lean to a dimension as a whole, each of about a quarter of 40 items."""
    leanings = rng.normal(0, 0.5, size=(people, 3)) @ TAGGED
    ratings = 3.5 + leanings + rng.normal(0, 1.2, size=(people, 40))
    return np.where(rng.random((people, 40)) < 0.25, ratings, np.nan)


@pytest.mark.parametrize("centred", [True, False])
def test_the_errors_are_those_of_other_people(centred: bool):
    rng = np.random.default_rng(0)
    scores = []
    for _ in range(400):
        means = np.nanmean(made(rng, 150), axis=0)
        found = np.array([means[row].mean() for row in TAGGED])
        scores.append(found - (means[TAGGED.any(axis=0)].mean() if centred else 0))
    errors = np.mean([people_errors(made(rng, 150), TAGGED, centred=centred, seed=k)
                      for k in range(20)], axis=0)  # fmt: skip
    assert errors == pytest.approx(np.std(scores, axis=0), rel=0.1)


def test_the_scale_multiplies_them():
    people = made(np.random.default_rng(1), 30)
    single = people_errors(people, TAGGED, centred=False)
    assert people_errors(people, TAGGED, centred=False, scale=0.5) == pytest.approx(single / 2)


def test_one_person_and_no_item_have_no_error():
    people = made(np.random.default_rng(2), 20)
    assert np.isnan(people_errors(people[:1], TAGGED, centred=True)).all()
    nothing = np.vstack([TAGGED[0], np.zeros(40, dtype=bool)])
    errors = people_errors(people, nothing, centred=False)
    assert errors[0] > 0
    assert np.isnan(errors[1])
