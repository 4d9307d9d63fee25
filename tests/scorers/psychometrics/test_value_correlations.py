import numpy as np
import pandas as pd
import pytest

from ratings.table import RatingTable
from scorers.psychometrics.value_correlations import value_correlations


def test_correlations_by_hand_and_where_there_are_none():
    matrix = np.array([[1.0, 3.0, 1.0, np.nan], [2.0, 3.0, 2.0, np.nan], [3.0, 3.0, np.nan, 6.0]])
    raters = pd.DataFrame({"Power": [0.1, 0.2, 0.3]}, index=["a", "b", "c"])
    table = RatingTable.from_matrix(
        matrix, raters=raters, instances=pd.DataFrame(index=list("wxyz")), choices=tuple("123456")
    )
    correlations, p_values = value_correlations(table, ["Power"])
    assert correlations[0, 0] == 1
    assert p_values[0, 0] == 0
    assert np.isnan(correlations[0, 1:]).all()


def test_a_rater_without_a_score_is_left_out_of_its_correlations():
    ratings = np.array([[1.0], [2.0], [4.0], [3.0], [6.0]])
    raters = pd.DataFrame(
        {"Power": [0.1, 0.3, 0.2, 0.4, np.nan], "Openness": np.arange(5.0)}, index=list("abcde")
    )
    table = RatingTable.from_matrix(
        ratings, raters=raters, instances=pd.DataFrame(index=["w"]), choices=tuple("123456")
    )
    correlations, p_values = value_correlations(table, ["Power", "Openness"])
    without = value_correlations(table.select(raters=list("abcd")), ["Power"])
    assert (correlations[0], p_values[0]) == (without[0][0], without[1][0])
    assert correlations[:, 0] == pytest.approx([0.4, 0.9])  # of four, of all five
