import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scorers.psychometrics.correlation import fisher_interval, row_correlations


def test_rows_are_correlated_as_scipy_does():
    rng = np.random.default_rng(0)
    rows, other = rng.normal(size=(5, 8)), rng.normal(size=(5, 8))
    one = [stats.pearsonr(row, other[0]).statistic for row in rows]
    np.testing.assert_allclose(row_correlations(rows, other[0]), one)
    pairs = [stats.pearsonr(*pair).statistic for pair in zip(rows, other, strict=True)]
    np.testing.assert_allclose(row_correlations(rows, other), pairs)
    assert np.isnan(row_correlations(np.full((1, 3), 0.1), other[0, :3])).all()


def test_the_interval_worked_by_hand():
    """z of 0.5 is 0.5493; z of the replicates 0.4, 0.6 is 0.4236 and 0.6931, their SD 0.13475.

    With 10 clusters: 2.262 * 0.13475 * sqrt(10 / 9) = 0.3213, so z from 0.2280 to 0.8706.
    """
    low, high = fisher_interval(0.5, np.array([0.4, math.nan, 0.6]), 10)
    assert low == pytest.approx(np.tanh(0.2280), abs=1e-4)
    assert high == pytest.approx(np.tanh(0.8706), abs=1e-4)


@given(
    st.floats(-1, 1),
    arrays(float, st.integers(0, 6), elements=st.floats(-1, 1) | st.just(math.nan)),
    st.integers(0, 20),
)
def test_the_interval_holds_the_value_within_one(value, replicates, clusters):
    low, high = fisher_interval(value, replicates, clusters)
    if clusters < 2 or (~np.isnan(replicates)).sum() < 2:
        assert math.isnan(low)
        assert math.isnan(high)
    else:
        assert -1 <= low <= value <= high <= 1
