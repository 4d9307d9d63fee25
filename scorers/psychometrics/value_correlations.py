"""Tags of items: how people's ratings of an item go with their measured values.

Source: Value Portrait, section 3.2.3.
"""

import warnings
from collections.abc import Sequence

import numpy as np
from scipy import stats

from ratings.arrays import FloatArray
from ratings.table import RatingTable


def value_correlations(
    table: RatingTable, dimensions: Sequence[str]
) -> tuple[FloatArray, FloatArray]:
    """Spearman correlations of each item's ratings with rater scores, and their p-values.

    Args:
        table: ratings of R raters on I items, with the dimensions as rater columns. A rater
            without a score on a dimension is left out of its correlations.
        dimensions: D rater columns.

    Returns:
        Two D x I arrays: correlations and two-sided p-values (t approximation). NaN where
        fewer than three raters with a score rated an item or either side does not vary.
    """
    matrix = table.matrix()
    scores = table.raters[list(dimensions)].to_numpy(dtype=float)
    correlations = np.full((len(dimensions), matrix.shape[1]), np.nan)
    p_values = np.full_like(correlations, np.nan)
    for item in range(matrix.shape[1]):
        for d in range(len(dimensions)):
            both = ~np.isnan(matrix[:, item]) & ~np.isnan(scores[:, d])
            if both.sum() < 3:
                continue
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", stats.ConstantInputWarning)
                result = stats.spearmanr(matrix[both, item], scores[both, d])
            correlations[d, item], p_values[d, item] = result.statistic, result.pvalue
    return correlations, p_values
