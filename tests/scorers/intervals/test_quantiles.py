"""The quantiles are those of scipy.stats, to the last bit, wherever a degree of freedom is."""

import numpy as np
from scipy import stats

from scorers.intervals.quantiles import (
    normal_below,
    normal_quantile,
    student_beyond,
    student_quantile,
)

SHARES = np.array([1e-6, 0.025, 0.5, 0.9, 0.975])
VALUES = np.array([-np.inf, -3, 0, 0.4, 7, 300, np.inf, np.nan])
FREEDOM = np.array([-1, 0, 1e-3, 0.5, 1, 2, 7.3, 103, 1e9, np.inf, np.nan])[:, None]


def test_they_are_those_of_scipy_stats():
    np.testing.assert_array_equal(student_quantile(SHARES, FREEDOM), stats.t.ppf(SHARES, FREEDOM))
    np.testing.assert_array_equal(student_beyond(VALUES, FREEDOM), stats.t.sf(VALUES, FREEDOM))
    np.testing.assert_array_equal(normal_quantile(SHARES), stats.norm.ppf(SHARES))
    np.testing.assert_array_equal(normal_below(VALUES), stats.norm.cdf(VALUES))
