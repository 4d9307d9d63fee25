"""What models are worth to people who never saw them, guessed from those who did."""

import warnings
from dataclasses import replace

import numpy as np

from ratings.errors import DataError
from scorers.welfare.matrix import HIGHEST, LOWEST, WelfareMatrix


def imputed(matrix: WelfareMatrix, seed: int = 1) -> WelfareMatrix:
    """The matrix with every gap filled by scikit-learn's IterativeImputer, clipped to the scale.

    Each model's worth is regressed on that of the others, in rounds, by Bayesian ridge regression
    (the imputer's defaults). A model that nobody saw stays unseen. What is guessed is no
    observation: intervals that take it for one are too narrow.

    Args:
        matrix: R x K.
        seed: of the imputer; 1 in the release.

    Raises:
        DataError: with fewer than two people or two seen models, from whom nothing can be guessed.

    Source: Kirk et al. (2024), appendix U.3.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401 - makes it importable
    from sklearn.impute import IterativeImputer

    seen = matrix.seen.any(axis=0)
    if len(matrix.people) < 2 or seen.sum() < 2:
        raise DataError(
            f"nothing can be imputed from {len(matrix.people)} people and {seen.sum()} models"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        filled = IterativeImputer(random_state=seed).fit_transform(matrix.worth[:, seen])
    worth = np.full(matrix.worth.shape, np.nan)
    worth[:, seen] = np.clip(filled, LOWEST[matrix.kind], HIGHEST[matrix.kind])
    return replace(matrix, worth=worth)
