"""Means and quartiles with intervals over clusters."""

import numpy as np
import pytest

from scorers.neighbourhoods import spread
from scorers.neighbourhoods.spread import summary


def test_quartiles_of_replicates_are_those_of_numpy():
    rng = np.random.default_rng(0)
    points = np.sort(rng.normal(size=7))
    times = rng.multinomial(9, np.full(7, 1 / 7), size=50).astype(float)
    for share in (0.25, 0.5, 0.75):
        found = spread._quantile(points, times, share)
        again = [np.quantile(np.repeat(points, row.astype(int)), share) for row in times]
        np.testing.assert_allclose(found, again)


def test_values_by_hand():
    found = summary([1.0, 3.0, np.nan, 8.0], list("abcd"), 0, 200, (0, 99))
    assert found["mean"] == 4
    assert found["median"] == 3
    assert found["lower quartile"] == 2
    assert found["largest"] == 8
    np.testing.assert_allclose(found["sd"], np.std([1, 3, 8], ddof=1))
    assert 0 <= found["mean low"] < 4 < found["mean high"] <= 99


@pytest.mark.parametrize("values", [[], [np.nan]])
def test_nothing_is_not_defined(values: list[float]):
    assert np.isnan(list(summary(values, ["a"] * len(values), 0, 20).values())).all()


def test_one_value_has_no_interval():
    found = summary([2.0], ["a"], 0, 20)
    assert (found["mean"], found["median"]) == (2, 2)
    assert np.isnan([found["mean low"], found["sd"]]).all()


def test_the_interval_of_a_mean_covers():
    rng = np.random.default_rng(1)
    covered = 0
    for seed in range(200):
        effect = np.repeat(rng.normal(size=40), 3)
        found = summary(effect + rng.normal(size=120), np.repeat(np.arange(40), 3), seed, 200)
        covered += found["mean low"] <= 0 <= found["mean high"]
    assert covered >= 180
