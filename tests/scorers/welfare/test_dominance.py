"""Dominance as printed, and the sums that its test rests on."""

import numpy as np
import pytest

from scorers.welfare.dominance import excess_below, weakly_dominates


@pytest.mark.parametrize(
    ("one", "other", "flags"),
    [
        ([1, 2, 3], [3, 2, 1], (True, True)),
        ([2, 2, 3], [1, 2, 3], (True, False)),
        ([1, 5, 5], [2, 2, 2], (False, False)),
        ([4], [3], (True, False)),
    ],
)
def test_sorted_lists_are_compared_one_by_one(one, other, flags):
    first, second = np.array(one, dtype=float), np.array(other, dtype=float)
    assert (weakly_dominates(first, second), weakly_dominates(second, first)) == flags


def test_excess_agrees_with_sorted_lists():
    """No excess anywhere is what sorted lists of outcomes say, for any two schemes."""
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(300):
        worth = rng.integers(1, 5, 4).astype(float)  # with models of the same worth
        draws = rng.integers(0, 4, (2, 6))
        shares = [np.bincount(row, minlength=4) / 6 for row in draws]
        printed = weakly_dominates(worth[draws[0]], worth[draws[1]])
        assert printed == bool((excess_below(*shares, worth) <= 0).all())
        agreed.append(printed)
    assert 30 < sum(agreed) < 270


def test_by_hand():
    worth = np.array([30.0, 10.0, 20.0])
    one, other = np.array([0.5, 0.3, 0.2]), np.array([0.6, 0.1, 0.3])
    assert excess_below(one, other, worth) == pytest.approx([0.2, 0.1, 0.0])


def test_a_model_whose_worth_is_not_known_is_left_out():
    worth = np.array([30.0, np.nan, 20.0])
    one, other = np.array([0.25, 0.5, 0.25]), np.array([0.9, 0.0, 0.1])
    assert excess_below(one, other, worth) == pytest.approx([0.4, 0.0, 0.0])


def test_a_scheme_without_choices_gives_nothing():
    found = excess_below(np.full(2, np.nan), np.array([0.5, 0.5]), np.array([1.0, 2.0]))
    assert np.isnan(found).all()
