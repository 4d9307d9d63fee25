import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.change.asking_noise import changes
from scorers.change.askings import askings
from scorers.change.rounds import further_askings, look, spent
from tests.scorers.change.raters import SCHWARTZ_FAMILY, grid, opinions, scattered


@given(st.integers(1, 40), st.integers(1, 10), st.floats(0.001, 0.2))
def test_the_whole_error_rate_is_spent_and_never_more(looks: int, before: int, level: float):
    found = spent(looks, before, level)
    assert len(found) == looks
    assert (found >= 0).all()
    assert math.isclose(found.sum(), level)


def test_a_look_decides_as_a_check_does():
    rng = np.random.default_rng(0)
    thinks = opinions(rng)
    other = thinks.copy()
    other[::10] = np.where(other[::10] < 6, other[::10] + 1, 1)
    asked = askings(
        grid(scattered(thinks, 0.2, rng, 3)), grid(scattered(other, 0.2, rng)), SCHWARTZ_FAMILY
    )
    assert asked is not None
    found = look(changes(asked), np.full(10, 0.2))
    assert found.moved[0]
    assert not (found.same & found.moved).any()
    np.testing.assert_array_equal(found.undecided, ~(found.same | found.moved))
    stricter = look(changes(asked), np.full(10, 0.2), level=1e-9)
    assert not (stricter.moved & ~found.moved).any()
    assert not (stricter.same & ~found.same).any()


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.3, 0.5])
def test_as_many_further_askings_decide_as_foretold(shift: float):
    """Half of the cases are decided with the median number, in the true world as in the forecast."""
    rng = np.random.default_rng(round(10 * shift))
    noise, margin, before, comparisons = 0.25, 0.2, 3, 11
    inside, beyond = 1.645, 2.84
    early, foretold, took = 0, [], []
    while len(took) < 150:
        base, first = noise * rng.normal(size=2) / math.sqrt(before), noise * rng.normal()
        seen = shift + first - base[0]
        error = noise * math.sqrt(1 + 1 / before)
        if abs(seen) + inside * error <= margin or abs(seen) > beyond * error:
            continue
        plan = further_askings(
            np.array([seen]), np.array([noise]), np.array([margin]), so_far=1, before=before,
            further=np.arange(1.0, 200), comparisons=comparisons, seed=len(took),
        )  # fmt: skip
        total, number = first, 1
        while number < 200:
            total, number = total + noise * rng.normal(), number + 1
            now = shift + total / number - base[0]
            spread = noise * math.sqrt(1 / number + 1 / before)
            if abs(now) + inside * spread <= margin or abs(now) > beyond * spread:
                break
        took.append(number - 1)
        foretold.append(plan.median[0])
        early += took[-1] <= plan.median[0]
    assert len(took) == len(foretold)
    assert early > 0
