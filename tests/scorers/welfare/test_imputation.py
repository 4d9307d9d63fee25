"""What people never saw, guessed from what others say."""

import numpy as np
import pytest

from ratings.errors import DataError
from scorers.welfare.imputation import imputed
from scorers.welfare.matrix import WelfareMatrix


def matrix(worth: np.ndarray, kind: str = "rating") -> WelfareMatrix:
    people, models = worth.shape
    return WelfareMatrix(
        kind, tuple(f"p{n}" for n in range(people)), tuple(f"m{n}" for n in range(models)), worth
    )


def test_gaps_are_filled_by_what_goes_together_and_nothing_else_changes():
    rng = np.random.default_rng(0)
    taste = rng.normal(0, 15, (200, 1))
    whole = (50 + taste + rng.normal(0, 3, (200, 4))).clip(1, 100)
    hidden = rng.random(whole.shape) < 0.3
    hidden[:, 0] &= ~hidden[:, 1:].all(axis=1)
    filled = imputed(matrix(np.where(hidden, np.nan, whole))).worth
    assert np.array_equal(filled[~hidden], whole[~hidden])
    assert np.abs(filled - whole)[hidden].mean() < 5
    assert np.abs(whole - 50)[hidden].mean() > 8


@pytest.mark.parametrize(("kind", "low", "high"), [("rating", 1, 100), ("choice", 0, 1)])
def test_guesses_stay_on_the_scale(kind, low, high):
    rng = np.random.default_rng(1)
    worth = np.where(rng.random((60, 5)) < 0.5, rng.choice([low, high], (60, 5)), np.nan)
    worth[0] = high
    filled = imputed(matrix(worth, kind)).worth
    assert not np.isnan(filled).any()
    assert filled.min() >= low
    assert filled.max() <= high


def test_the_same_seed_gives_the_same_and_a_model_that_nobody_saw_stays_unseen():
    rng = np.random.default_rng(2)
    worth = np.where(rng.random((40, 4)) < 0.6, rng.uniform(1, 100, (40, 4)), np.nan)
    worth[:, 3] = np.nan
    one, again = imputed(matrix(worth)).worth, imputed(matrix(worth)).worth
    assert np.array_equal(one, again, equal_nan=True)
    assert np.isnan(one[:, 3]).all()
    assert not np.isnan(one[:, :3]).any()


@pytest.mark.parametrize("worth", [[[50.0, np.nan]], [[50.0], [60.0]]])
def test_one_person_or_one_model_says_nothing_of_gaps(worth):
    with pytest.raises(DataError, match="nothing can be imputed"):
        imputed(matrix(np.array(worth)))
