"""What is given about a rater, other than known ratings, as columns of numbers."""

import numpy as np
import pandas as pd

from decoders.embedded.text_features import TextFeatures
from ratings.arrays import FloatArray, IntArray
from ratings.representations.rater_context import LEVELS, RaterContext

# Kinds of columns that describe how a rater uses a scale.
STYLES = (1, 2)
_TEXT_DIMENSIONS = 24
_MOST_LABELS = 40


class ContextFeatures:
    """Columns for measured scores, their levels, labels and texts, learned on training raters.

    Along with the scores come their mean and their standard deviation within the rater,
    elevation and scatter of a profile (Cronbach and Gleser 1953), which describe how a rater uses a
    scale. A missing score is taken for the mean, a missing or unknown label gets no column.

    Attributes:
        kinds: Z codes of the columns: 0 scores, 1 elevation and scatter, 2 levels, 3 labels,
            4 texts.
    """

    def __init__(self, given: RaterContext, seed: int) -> None:
        """Learn means, spreads, labels and words.

        Args:
            given: of the training raters.
            seed: of the decomposition of texts.
        """
        spread = given.numbers.std(ddof=0)
        self._means = given.numbers.mean().fillna(0.0)
        self._spreads = spread.where(spread > 0, 1.0).fillna(1.0)
        self._styles = [
            (one.mean(), one.std(ddof=0) or 1.0) for one in _elevation_and_scatter(given.numbers)
        ]
        self._labels = [
            (column, label)
            for column in given.labels.columns
            for label in given.labels[column].value_counts().index[:_MOST_LABELS]
        ]
        self._texts = {
            column: TextFeatures(list(given.texts[column]), _TEXT_DIMENSIONS, pairs=True, seed=seed)
            for column in given.texts.columns
        }
        sizes = (
            given.numbers.shape[1],
            2 * (given.numbers.shape[1] > 1),
            given.levels.shape[1] * len(LEVELS),
            len(self._labels),
            sum(found.dimensions for found in self._texts.values()),
        )
        self.kinds: IntArray = np.repeat(np.arange(5), sizes).astype(np.intp)

    def of(self, given: RaterContext) -> FloatArray:
        """The columns of R raters, R x Z."""
        numbers = ((given.numbers - self._means) / self._spreads).fillna(0.0)
        levels = [
            (given.levels[column] == level).to_numpy(dtype=float) - 1 / len(LEVELS)
            for column in given.levels.columns
            for level in range(len(LEVELS))
        ]
        labels = [_is(given.labels[column], label) for column, label in self._labels]
        texts = [found.of(list(given.texts[column])) for column, found in self._texts.items()]
        shape = self._shape(given) if numbers.shape[1] > 1 else []
        parts = [
            numbers.to_numpy(dtype=float),
            *(c[:, None] for c in (*shape, *levels, *labels)),
            *texts,
        ]
        return np.hstack(parts)

    def _shape(self, given: RaterContext) -> list[FloatArray]:
        """Elevation and scatter of R raters, standardised as among the training raters."""
        found = _elevation_and_scatter(given.numbers)
        return [
            ((one - mean) / spread).fillna(0.0).to_numpy(dtype=float)
            for one, (mean, spread) in zip(found, self._styles, strict=True)
        ]


def _is(column: pd.Series, label: object) -> FloatArray:
    return np.asarray(column == label, dtype=float)


def _elevation_and_scatter(numbers: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return numbers.mean(axis=1), numbers.std(axis=1, ddof=0)
