"""What scores are made of: linear functions agree with means of what each observation adds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.intervals.observations import LinearObservations
from scorers.intervals.repeats import of_repeats
from scorers.intervals.scopes import Scoped, beyond_items

SCORES, OBSERVATIONS, FUNCTIONS = 3, 12, 2


def drawn(seed: int, runs: int, missing: float, repeats: int) -> LinearObservations:
    """Random observations, some missing and some answered once, of as many linear functions."""
    rng = np.random.default_rng(seed)
    answers = rng.normal(size=(runs, OBSERVATIONS, repeats))
    answers[rng.random(answers.shape) < missing] = np.nan
    values, variances, freedom, lone = of_repeats(answers)
    function = rng.integers(FUNCTIONS, size=runs)
    slopes = rng.normal(size=(FUNCTIONS, SCORES, OBSERVATIONS))
    return LinearObservations(
        values,
        variances,
        freedom,
        lone,
        clusters=rng.integers(5, size=OBSERVATIONS),
        slopes=slopes,
        constants=rng.normal(size=(FUNCTIONS, SCORES)),
        function=function,
        scale=rng.choice([1.0, -100.0]),
    )


def assert_same(one: Scoped, other: Scoped) -> None:
    for name in ("values", "errors", "freedom", "least"):
        found, expected = getattr(one, name), getattr(other, name)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True), name


@given(
    seed=st.integers(0, 10_000),
    runs=st.integers(1, 4),
    missing=st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]),
    repeats=st.integers(1, 4),
)
def test_a_linear_function_is_the_mean_of_what_each_observation_adds(
    seed: int, runs: int, missing: float, repeats: int
):
    observed = drawn(seed, runs, missing, repeats)
    one, other = beyond_items(observed), beyond_items(observed.as_means())
    assert_same(one, other)
    assert one.within is not None
    assert other.within is not None
    assert_same(one.within, other.within)


def test_a_score_falls_by_what_its_cluster_adds():
    every = np.ones((1, 3))
    observed = LinearObservations(
        np.array([[1.0, 2.0, 6.0]]),
        every,
        every,
        np.zeros((1, 3), dtype=bool),
        clusters=np.array([0, 0, 1]),
        slopes=np.array([[[1.0, 1.0, 0.5]]]),
        constants=np.array([[10.0]]),
        function=np.array([0]),
    )
    assert observed.scores().item() == 16
    ((falls, counts),) = observed.moves()
    # The mean of 13, 16 and 19; without the first two 19, without the last 14.5.
    assert falls.tolist() == [[-3.0, 1.5]]
    assert counts.tolist() == [[2.0, 1.0]]


def test_nothing_observed_is_no_score():
    assert np.isnan(drawn(1, 2, 1.0, 2).scores()).all()
