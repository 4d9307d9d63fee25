"""Pairs by margin, and the order effect, by hand and by chance."""

import numpy as np
import pytest

from scorers.preferences.preferred_choice import PAIRS, POSITIONS, choice_numbers, pair_shares


def test_pairs_of_the_chosen_reply_by_hand():
    """60 against 64 (4 apart, below), 50 (10, above), 20 (40, above)."""
    found = choice_numbers(1, [60.0, 64.0, 50.0, 20.0], [2])
    assert [found[name] for name in PAIRS] == [0.0, 1.0, None, 1.0]
    assert [found[name] for name in POSITIONS] == [1.0, -1.0, 0.0, 0.0]


def test_ends_of_the_margins():
    for margin, name in [(1, 0), (5, 0), (6, 1), (15, 1), (16, 2), (30, 2), (31, 3), (99, 3)]:
        found = choice_numbers(1, [100.0, 100.0 - margin], [1])
        assert [found[one] for one in PAIRS].index(1.0) == name


def test_equal_and_missing_scores_are_no_pairs():
    found = choice_numbers(2, [None, 50.0, 50.0], [2, 3])
    assert [found[name] for name in PAIRS] == [None] * 4
    assert [found[name] for name in POSITIONS] == [0.0, 0.5, -0.5, None]


def test_a_missing_choice_has_no_numbers():
    assert set(choice_numbers(None, [1.0, 2.0], [2]).values()) == {None}


def test_guessing_gives_a_half_at_every_margin_and_no_order_effect():
    rng = np.random.default_rng(0)
    scores = rng.integers(1, 101, (4000, 4)).astype(float)
    shares = pair_shares(scores)[np.arange(4000), rng.integers(4, size=4000)]
    for column in shares.T:
        there = column[~np.isnan(column)]
        assert abs(there.mean() - 0.5) < 4 * there.std() / np.sqrt(len(there))


@pytest.mark.parametrize("right", [[1], [1, 3], [2, 3, 4]])
def test_what_is_chosen_too_often_somewhere_is_chosen_too_seldom_elsewhere(right: list[int]):
    found = choice_numbers(3, [10.0, 20.0, 30.0, 40.0], right)
    assert sum(found[name] for name in POSITIONS) == pytest.approx(0, abs=1e-8)
