"""What is said of predictions, against NumPy on the people who have one."""

import numpy as np
import pytest

from scorers.predicted_values.comparison import accuracies
from scorers.predicted_values.methods import Predicted


@pytest.fixture(scope="module")
def measured() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(300, 2))


def test_figures_are_those_of_numpy(measured: np.ndarray):
    rng = np.random.default_rng(1)
    guess = 0.5 * measured + rng.normal(size=measured.shape)
    guess[:40, 1] = np.nan
    reach = np.where(np.isnan(guess), np.nan, 1.5)
    reach[50:60] = np.nan
    found = accuracies(measured, {"it": Predicted(guess, reach)})[0]["it"]
    there = ~np.isnan(guess)
    for d in range(2):
        x, y = guess[there[:, d], d], measured[there[:, d], d]
        r = found.correlations[d]
        assert r.value == pytest.approx(np.corrcoef(x, y)[0, 1])
        assert r.low < r.value < r.high
        assert found.slopes[d] == pytest.approx(np.polyfit(x, y, 1)[0])
    errors = (guess - measured)[there]
    assert found.rmse == pytest.approx(np.sqrt((errors**2).mean()))
    about = (measured - measured.mean(axis=0))[there]
    assert found.explained == pytest.approx(1 - (errors**2).mean() / (about**2).mean())
    assert found.defined == pytest.approx(there.mean())
    assert found.covered == pytest.approx(
        (np.abs(guess - measured) <= 1.5)[~np.isnan(reach)].mean()
    )
    assert found.width == pytest.approx(3)
    assert found.with_interval == pytest.approx((~np.isnan(reach)).mean())


def test_a_correlations_interval_is_as_wide_as_fishers(measured: np.ndarray):
    guess = measured + np.random.default_rng(2).normal(size=measured.shape)
    nothing = np.full(measured.shape, np.nan)
    r = accuracies(measured, {"it": Predicted(guess, nothing)})[0]["it"].correlations[0]
    ends = np.tanh(np.arctanh(r.value) + np.array([-1.96, 1.96]) / np.sqrt(297))
    assert [r.low, r.high] == pytest.approx(ends, abs=0.02)


def test_a_method_that_is_the_first_differs_by_nothing_from_it(measured: np.ndarray):
    rng = np.random.default_rng(3)
    nothing = np.full(measured.shape, np.nan)
    one = Predicted(measured + rng.normal(size=measured.shape), nothing)
    worse = Predicted(measured + 4 * rng.normal(size=measured.shape), nothing)
    _, differences = accuracies(measured, {"first": one, "same": one, "worse": worse})
    assert list(differences) == ["same", "worse"]
    assert [differences["same"].low, differences["same"].high] == [0, 0]
    assert differences["worse"].high < 0


def test_differences_are_of_the_people_that_both_say_something_of(measured: np.ndarray):
    rng = np.random.default_rng(4)
    nothing = np.full(measured.shape, np.nan)
    some, every = (measured + rng.normal(size=measured.shape) for _ in range(2))
    some[:150] = np.nan
    methods = {"some": Predicted(some, nothing), "every": Predicted(every, nothing)}
    _, differences = accuracies(measured, methods)
    same = [
        np.mean([np.corrcoef(x[150:, d], measured[150:, d])[0, 1] for d in range(2)])
        for x in (every, some)
    ]
    assert differences["every"].value == pytest.approx(same[0] - same[1])
