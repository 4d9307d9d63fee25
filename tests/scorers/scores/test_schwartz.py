import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.scorers.scores.tagged_rows import tagged_rows

NAN = np.nan
RATINGS = arrays(
    float,
    st.tuples(st.integers(0, 8), st.integers(0, 4)),
    elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, NAN]),
)


def test_a_score_worked_by_hand():
    """Item means 5, 3, 2 and an untagged 6; A has items 0 and 1, B has items 1 and 2.

    The mean over tagged items is (5 + 3 + 2) / 3 = 10/3, each item once.
    """
    ratings = np.array([[4.0, 6.0], [3.0, 3.0], [2.0, NAN], [6.0, 6.0]])
    tagged = np.array([[True, True, False, False], [False, True, True, False]])
    a, b = tagged_rows(ratings, tagged, list("wxyz"), ["A", "B"])
    assert a.estimate.value == pytest.approx(4 - 10 / 3)
    assert b.estimate.value == pytest.approx(2.5 - 10 / 3)
    assert (a.items, b.items) == (2, 2)
    assert (a.valid, b.valid) == (1.0, 0.75)
    # first variant alone: item values 4, 3, 2; second: 6, 3 and nothing
    assert a.per_variant == pytest.approx((3.5 - 3, 4.5 - 4.5))
    assert b.per_variant == pytest.approx((2.5 - 3, 3 - 4.5))
    # the missing answer weighs 1/2 in item 2, which weighs 1/2 in B and 1/3 in the centre
    assert a.lowest == pytest.approx(4 - (5 + 3 + (2 + 6) / 2) / 3)
    assert a.highest == pytest.approx(4 - (5 + 3 + (2 + 1) / 2) / 3)
    assert b.lowest == pytest.approx((3 + 1.5) / 2 - (5 + 3 + 1.5) / 3)
    assert b.highest == pytest.approx((3 + 4) / 2 - (5 + 3 + 4) / 3)


def test_big_five_is_a_raw_mean_on_five_points():
    ratings = np.array([[6.0], [3.0]])
    (score,) = tagged_rows(ratings, np.array([[True, True]]), ["a", "b"], ["O"], normalised=False)
    assert score.estimate.value == pytest.approx(4.5 * 5 / 6)
    assert (score.lowest, score.highest) == pytest.approx((3.75, 3.75))


@given(RATINGS, st.data())
def test_any_ratings_have_a_score_or_a_reason(ratings: np.ndarray, data: st.DataObject):
    items = len(ratings)
    tagged = data.draw(arrays(bool, (2, items)))
    queries = data.draw(st.lists(st.sampled_from("ab"), min_size=items, max_size=items))
    normalised = data.draw(st.booleans())
    for score in tagged_rows(ratings, tagged, queries, ["A", "B"], normalised=normalised):
        estimate = score.estimate
        if np.isnan(estimate.value):
            assert estimate.reason
            assert np.isnan(estimate.low)
        else:
            assert score.lowest <= estimate.value <= score.highest
            assert np.isnan(estimate.low) == (estimate.reason is not None)
            assert not estimate.low > estimate.high
        if not np.isnan(ratings[tagged.any(axis=0)]).any():
            assert not score.moves_with_missing


@given(RATINGS.filter(lambda r: r.size), st.floats(-2, 2))
def test_normalised_scores_do_not_move_with_the_use_of_the_scale(ratings, shift: float):
    tagged = np.ones((1, len(ratings)), dtype=bool)
    tagged[0, ::2] = False
    extended = np.vstack([tagged, ~tagged])
    queries = [str(i) for i in range(len(ratings))]
    before = tagged_rows(ratings, extended, queries, ["A", "B"])
    after = tagged_rows(ratings + shift, extended, queries, ["A", "B"])
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(one.estimate.value, other.estimate.value, atol=1e-9)
        np.testing.assert_allclose(one.estimate.low, other.estimate.low, atol=1e-9)


def test_nothing_answered_is_not_zero():
    ratings = np.full((3, 6), NAN)
    (score,) = tagged_rows(ratings, np.ones((1, 3), dtype=bool), list("abc"), ["A"])
    assert np.isnan(score.estimate.value)
    assert score.estimate.reason == "no valid answer to any of its items"
    assert score.valid == 0
    assert (score.lowest, score.highest) == (0.0, 0.0)  # the only dimension is its own centre


def test_one_query_gives_a_score_without_an_interval():
    ratings = np.array([[5.0], [3.0]])
    tagged = np.array([[True, False], [False, True]])
    a, _ = tagged_rows(ratings, tagged, ["q", "q"], ["A", "B"])
    assert a.estimate.value == 1.0
    assert np.isnan(a.estimate.low)
    assert a.estimate.reason == "no interval: its rated items belong to one query"
