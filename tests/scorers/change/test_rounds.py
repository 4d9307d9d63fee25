import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scorers.change.asking_noise import changes
from scorers.change.askings import askings
from scorers.change.rounds import further_askings, look, spent
from scorers.intervals.quantiles import normal_quantile
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
