import math
from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.multitest import multipletests

from scorers.comparison.differences import Change, holm, scoped_differences
from scorers.intervals.scopes import Scoped


@settings(max_examples=50, deadline=None)
@given(arrays(float, st.integers(1, 12), elements=st.floats(0, 1)))
def test_holm_is_that_of_statsmodels_and_passes_over_nan(p_values: np.ndarray):
    holes = np.insert(p_values, 0, np.nan)
    found = holm(holes)
    assert math.isnan(found[0])
    with mock.patch("gc.collect"):  # which statsmodels calls each time, for a fifth of a second
        expected = multipletests(p_values, method="holm")[1]
    np.testing.assert_allclose(found[1:], expected)
    assert np.isnan(holm(np.array([np.nan]))).all()


def scoped(values: list[float], errors: list[float], freedom: float) -> Scoped:
    shape = (1, len(values))
    return Scoped(
        np.array([values]), np.array([errors]), np.full(shape, freedom), np.zeros(shape), "unknown"
    )


def test_differences_of_all_families_are_corrected_together():
    parts = [scoped([1.0, 0.2], [0.1, 0.2], 20), scoped([0.5], [0.1], 5)]
    found = scoped_differences(parts)
    alone = 2 * stats.t.sf(np.array([10, 1, 5]), [20, 20, 5])
    np.testing.assert_allclose([one.p_value for one in found], alone)
    np.testing.assert_allclose([one.corrected for one in found], holm(alone))
    assert [one.differs for one in found] == [True, False, True]


def test_a_change_names_the_widest_scope_that_shows_it():
    (sure,) = scoped_differences([scoped([1.0], [0.1], 20)])
    (unsure,) = scoped_differences([scoped([1.0], [1.0], 20)])
    (unknown,) = scoped_differences([scoped([1.0], [math.nan], 0)])
    assert unknown.difference.reason == "unknown"
    assert Change("a", 0, 1, sure, sure).differs == "beyond"
    assert Change("a", 0, 1, sure, unsure).differs == "on"
    assert Change("a", 0, 1, unknown, unsure).differs is None
    assert Change("a", 0, 1, unknown, sure).differs == "beyond"
