import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scorers.psychometrics.item_discrimination import separating_items

NAN = np.nan
# Shrout and Fleiss (1979), Table 2: six targets, four judges.
TARGETS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)


def test_the_coefficient_of_shrout_and_fleiss():
    assert separating_items(TARGETS[:, :, None])[0] == pytest.approx(0.17, abs=0.005)


@pytest.mark.filterwarnings("ignore")  # of pingouin's own making
def test_it_is_pingouins_where_nothing_is_missing():
    long = [{"model": m, "variant": v, "value": value} for (m, v), value in np.ndenumerate(TARGETS)]
    table = pingouin.intraclass_corr(pd.DataFrame(long), "model", "variant", "value")
    expected = table.set_index("Type").loc["ICC(1,1)", "ICC"]
    assert separating_items(TARGETS[:, :, None])[0] == pytest.approx(expected)


def test_unequal_groups_worked_by_hand():
    """Groups 1, 3 and 5 and 8, 8: means 2, 5, 8; of 5 answers the mean is 5 (25 / 5).

    MSB = (2 * 9 + 1 * 0 + 2 * 9) / 2 = 18, MSW = 2 / 2 = 1, n0 = (5 - 9 / 5) / 2 = 1.6.
    """
    ratings = np.array([[1.0, 3.0], [5.0, NAN], [8.0, 8.0], [NAN, NAN]])
    expected = (18 - 1) / (18 + 0.6 * 1)
    assert separating_items(ratings[:, :, None])[0] == pytest.approx(expected)
    groups = [[1, 3], [5], [8, 8]]
    ratio = stats.f_oneway(*groups).statistic
    assert expected == pytest.approx((ratio - 1) / (ratio + 0.6))


def test_the_true_share_of_variance_is_found_on_average():
    """Between models 1, within 3: a share of .25; 400 items with a third of answers missing."""
    rng = np.random.default_rng(0)
    ratings = rng.normal(size=(40, 1, 400)) + np.sqrt(3) * rng.normal(size=(40, 6, 400))
    ratings[rng.random(ratings.shape) < 1 / 3] = NAN
    assert separating_items(ratings).mean() == pytest.approx(0.25, abs=0.02)


def test_ends_and_what_is_not_defined():
    items = {
        "each its own answer": [[2.0, 2.0], [5.0, 5.0]],
        "models alike": [[2.0, 5.0], [5.0, 2.0]],
        "all the same": [[0.1, 0.1], [0.1, 0.1]],
        "one model": [[2.0, 5.0], [NAN, NAN]],
        "one answer each": [[2.0, NAN], [NAN, 5.0]],
        "nothing": [[NAN, NAN], [NAN, NAN]],
    }
    ratings = np.moveaxis(np.array(list(items.values())), 0, -1)
    np.testing.assert_allclose(separating_items(ratings), [1, -1, NAN, NAN, NAN, NAN])


@given(st.data())
def test_any_ratings_have_a_share_or_nan(data: st.DataObject):
    shape = data.draw(st.tuples(*[st.integers(0, 4)] * 3))
    ratings = data.draw(arrays(float, shape, elements=st.sampled_from([1.0, 2.0, 6.0, NAN])))
    found = separating_items(ratings)
    assert found.shape == (shape[2],)
    defined = found[~np.isnan(found)]
    assert (defined <= 1 + 1e-9).all()
    models, variants, items = (data.draw(st.permutations(range(size))) for size in shape)
    again = separating_items(7 - 2 * ratings[np.ix_(models, variants, items)])
    np.testing.assert_allclose(again, found[items], atol=1e-9)
