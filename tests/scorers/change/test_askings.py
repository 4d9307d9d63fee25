from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.arrays import FloatArray
from scorers.change.askings import askings
from scorers.comparison.paired import paired_scores
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix
from tests.scorers.change.raters import SCHWARTZ_FAMILY, grid


def scores_of(before: ResponseMatrix, after: ResponseMatrix) -> tuple[FloatArray, FloatArray]:
    found = askings(before, after, SCHWARTZ_FAMILY)
    assert found is not None
    return found.scores(found.before), found.scores(found.after)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 2), st.floats(0, 0.5))
def test_weights_make_the_scores_of_the_family(seed: int, before: int, after: int, lost: float):
    """Weighted sums of answers are the scores that `compare` has of what both answered."""
    rng = np.random.default_rng(seed)
    one, other = (
        np.where(rng.random((n, 20, 3)) < lost, np.nan, rng.integers(1, 7, (n, 20, 3)))
        for n in (before, after)
    )
    # An answer that one epoch lacks is averaged over the others alike on both roads.
    grids = grid(one), grid(other)
    expected = paired_scores(*grids, [SCHWARTZ_FAMILY])
    first, second = scores_of(*grids)
    np.testing.assert_allclose(first, expected[0].before, atol=1e-12)
    np.testing.assert_allclose(second, expected[0].after, atol=1e-12)


def test_a_share_of_right_choices_is_a_mean_over_people():
    rights = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    one = choices(rights, ["ann", "ann", "bob"])
    other = choices(1 - rights, ["ann", "ann", "bob"])
    found = askings(one, other, manifest_of("indie_value").scores["accuracy"])
    assert found is not None
    ((before,), (after,)) = found.scores(found.before), found.scores(found.after)
    assert before == pytest.approx(100 * (3 / 4 + 0) / 2)
    assert after == pytest.approx(100 - before)


def choices(right: FloatArray, people: Sequence[str]) -> ResponseMatrix:
    samples = [f"s{row}" for row in range(len(right))]
    return ResponseMatrix(
        samples=samples,
        epochs=[1] * len(samples),
        clusters=people,
        columns=[f"q{column}" for column in range(right.shape[1])],
        ratings=right,
        right=right,
        statuses=np.full(right.shape, "valid"),
        attributes=[{} for _ in samples],
    )
