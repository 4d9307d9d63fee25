import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scorers.scores.accuracy import mean_over_people, paired_difference


def test_a_mean_and_its_interval():
    rng = np.random.default_rng(0)
    values = rng.normal(0.6, 0.1, size=(400, 1))
    (found,) = mean_over_people(values)
    half = 1.966 * values.std(ddof=1) / math.sqrt(400)
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=1e-5)
    assert found.high == pytest.approx(values.mean() + half, abs=1e-5)


def test_nobody_and_one_person():
    (nobody,) = mean_over_people(np.empty((0, 1)))
    assert nobody.reason == "nobody has a value"
    missing, one = mean_over_people(np.array([[np.nan, 0.5]]))
    assert missing.reason == "nobody has a value"
    assert (one.value, one.reason) == (0.5, "one person")
    assert math.isnan(one.low)


def test_a_paired_difference_is_closer_than_two_intervals():
    rng = np.random.default_rng(1)
    person = rng.normal(0.6, 0.1, 200)
    one, other = person + rng.normal(0.01, 0.02, 200), person
    found, p_value = paired_difference(one, other)
    assert found.value == pytest.approx((one - other).mean())
    assert 0 < found.low < 0.01 < found.high
    assert p_value < 0.001
    back, same = paired_difference(other, one)
    assert back.value == pytest.approx(-found.value)
    assert same == pytest.approx(p_value)


def test_people_who_lack_a_value_are_left_out():
    one, other = np.array([0.5, np.nan, 0.7]), np.array([0.4, 0.1, 0.4])
    found, _ = paired_difference(one, other)
    assert found.value == pytest.approx(0.2)
    nothing, p_value = paired_difference(np.array([np.nan]), np.array([0.5]))
    assert nothing.reason
    assert math.isnan(p_value)


@settings(max_examples=40, deadline=None)
@given(
    arrays(
        float,
        st.tuples(st.integers(0, 6), st.integers(1, 3)),
        elements=st.one_of(st.floats(0, 1), st.just(math.nan)),
    )
)
def test_any_values(values: np.ndarray):
    for column, found in enumerate(mean_over_people(values)):
        there = values[:, column][~np.isnan(values[:, column])]
        if len(there):
            assert found.value == pytest.approx(there.mean())
        else:
            assert found.reason
            assert math.isnan(found.value)
