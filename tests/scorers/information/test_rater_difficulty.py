import math

import numpy as np
import pytest

from ratings.errors import DataError
from scorers.information.rater_difficulty import rater_difficulty


def test_three_raters_by_hand():
    fit = np.array([[5.0, 1.0], [2.0, 3.0], [np.nan, np.nan]])
    losses = np.array([[0.1, 0.4], [0.1, 0.8], [1.5, 0.0], [0.0, 0.0]])
    none = np.array([0.5, 0.5, 1.0, 1.0])
    table = rater_difficulty(fit, losses, none, np.array([0, 0, 1, 2]))
    assert table["rank"].tolist() == [1, 2]
    assert table["rater"].tolist() == [1, 0]
    assert table["profile"].tolist() == [0, 1]
    np.testing.assert_allclose(table["loss"], [1.5, 0.6])
    np.testing.assert_allclose(table["excess"], [0.5, 0.1])
    assert table.loc[1, "loss_low"] < 0.6 < table.loc[1, "loss_high"]
    assert math.isnan(table.loc[0, "loss_low"])
    assert table.loc[0, "reason"]


def test_choosing_by_other_ratings_does_not_flatter():
    """All candidates are noise: the best of 50 by fit does no better than any of them."""
    rng = np.random.default_rng(0)
    raters = np.repeat(np.arange(100), 10)
    fit = rng.gamma(1, size=(100, 50))
    losses = rng.gamma(1, size=(1000, 50)).astype(np.float32)
    table = rater_difficulty(fit, losses, np.ones(1000), raters)
    assert table["loss"].mean() == pytest.approx(1, abs=0.1)
    assert table["loss"].is_monotonic_decreasing


def test_a_rater_like_no_candidate_comes_first():
    rng = np.random.default_rng(1)
    held = np.repeat(np.arange(20), 15)
    own = np.arange(20) % 2
    likely = np.where(own[held][:, None] == np.arange(2), 0.2, 2.0)
    likely[held == 7] = 1.5
    fit = np.stack([likely[held == r].sum(axis=0) for r in range(20)])
    losses = likely + 0.1 * rng.random(likely.shape)
    table = rater_difficulty(fit, losses, np.full(300, 0.7), held)
    assert table.loc[0, "rater"] == 7
    assert table.loc[0, "excess_low"] > 0
    assert (table["excess_high"][1:] < 0).all()


def test_shapes_that_do_not_go_together_are_refused():
    with pytest.raises(DataError, match="a column a candidate"):
        rater_difficulty(np.ones((2, 3)), np.ones((4, 2)), np.ones(4), np.zeros(4, dtype=int))
    with pytest.raises(DataError, match="from 0 to 1"):
        rater_difficulty(np.ones((2, 3)), np.ones((1, 3)), np.ones(1), np.array([2]))
