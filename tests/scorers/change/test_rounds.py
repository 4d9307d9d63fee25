import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scorers.change.rounds import expected_samples, further_askings, spent
from scorers.intervals.quantiles import normal_quantile


@given(st.integers(1, 40), st.integers(1, 10), st.floats(0.001, 0.2))
def test_the_whole_error_rate_is_spent_and_never_more(looks: int, before: int, level: float):
    found = spent(looks, before, level)
    assert len(found) == looks
    assert (found >= 0).all()
    assert math.isclose(found.sum(), level)


def test_half_of_the_cases_take_at_most_as_many_further_askings_as_foretold():
    """Of changes of any size, each undecided so far and then asked again until it is decided."""
    rng = np.random.default_rng(0)
    noise, margin, before, comparisons = 0.25, 0.2, 10, 11
    inside, beyond = normal_quantile(0.95), normal_quantile(1 - 0.025 / comparisons)

    def decided(seen: float, askings: int) -> bool:
        error = noise * math.sqrt(1 / askings + 1 / before)
        return bool(abs(seen) + inside * error <= margin or abs(seen) > beyond * error)

    took, foretold = [], []
    while len(took) < 150:
        shift, number = rng.uniform(-1.5, 1.5), 1
        base, total = noise * rng.normal() / math.sqrt(before), noise * rng.normal()
        if decided(shift + total - base, 1):
            continue
        plan = further_askings(
            np.array([shift + total - base]), np.array([noise]), np.array([margin]), so_far=1,
            before=before, further=np.arange(1.0, 101), comparisons=comparisons, seed=len(took),
        )  # fmt: skip
        while number < 101 and not decided(shift + total / number - base, number):
            total, number = total + noise * rng.normal(), number + 1
        took.append(number - 1)
        foretold.append((plan.median[0], plan.most[0]))
    median, most = np.array(foretold).T
    error = math.sqrt(0.25 / len(took))
    assert (took < median).mean() < 0.5 + 2 * error
    assert (took <= median).mean() > 0.5 - 2 * error
    assert (took <= most).mean() > 0.8 - 2 * error
    assert 1 / 1.3 <= np.median(np.array(took) / median) <= 1.3


def test_what_is_decided_at_once_is_asked_once():
    counted = np.ones((2, 30), dtype=bool)
    steady = expected_samples(
        np.full(2, 1e-6), np.full(2, 0.2), np.zeros(2), counted, looks=5, before=3
    )
    assert (steady == 30).all()
    never = expected_samples(
        np.full(2, 50.0), np.full(2, 0.2), np.zeros(2), counted, looks=5, before=3
    )
    assert np.median(never) == 150


def test_later_rounds_ask_what_is_undecided():
    counted = np.zeros((2, 30), dtype=bool)
    counted[0, :20], counted[1, 20:] = True, True
    found = expected_samples(
        np.array([50.0, 1e-6]), np.full(2, 0.2), np.zeros(2), counted, looks=4, before=3
    )
    assert np.median(found) == 30 + 3 * 20
