import numpy as np
import pandas as pd

from ratings.table import RatingTable
from scorers.value_correlations import value_correlations


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
