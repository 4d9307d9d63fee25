"""Two sets of askings of the same items, and scores as weighted sums of their answers."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.means import mean_of_present, ratio
from scorers.predicted_values.fitted import fitted_to
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import TAGGED, counted_for, shared_responses, tags_of


@dataclass(frozen=True, eq=False)
class Askings:
    """D scores of two sets of askings of the same S samples in P columns.

    A score of either set is the sum of weight times mean answer, over the answers that both have.

    Attributes:
        names: D.
        before: S x P x E answers of the first set in each of its askings; NaN where missing.
        after: S x P x F of the second.
        weights: D x S x P; 0 where either set has no answer.
        counted: D x S x P, the answers that count for each score, those of its centre left out.
        clusters: S numbers from 0, of what is asked together (a query, a person).
        wordings: whether the columns of a sample are wordings of one question.
    """

    names: tuple[str, ...]
    before: FloatArray
    after: FloatArray
    weights: FloatArray
    counted: BoolArray
    clusters: npt.NDArray[np.intp]
    wordings: bool

    @property
    def change(self) -> FloatArray:
        """S x P, mean answer after less before; 0 where either is missing, which weighs nothing."""
        found = mean_of_present(self.after, axis=2) - mean_of_present(self.before, axis=2)
        return np.where(np.isnan(found), 0.0, found)

    def scores(self, answers: FloatArray) -> FloatArray:
        """D scores of one of the two sets, on the answers of both; NaN where there are none."""
        filled = np.nan_to_num(mean_of_present(answers, axis=2))
        found = np.tensordot(self.weights, filled, axes=2)
        return np.where(self.counted.any(axis=(1, 2)), found, np.nan)


def askings(
    before: ResponseMatrix,
    after: ResponseMatrix,
    family: ScoreFamily,
    wordings: bool | None = None,
) -> Askings | None:
    """The answers that two sets of askings share, and the weights of a family's scores.

    Args:
        before: one or several askings, a sample in as many rows as it was asked.
        after: likewise, of the same items.
        family: whose scores are means of answers.
        wordings: whether the columns are wordings of one question; by default those of tagged items
            are.

    Returns:
        None where no score of the family counts any answer.
    """
    runs = shared_responses([before, after], family, wordings)
    layout = runs.layout
    one, other = (
        answers[:, :, : max(Counter(grid.samples).values(), default=1)]
        for answers, grid in zip(runs.repeats, (before, after), strict=True)
    )
    there: BoolArray = ~(np.isnan(one).all(axis=2) | np.isnan(other).all(axis=2))
    clusters = np.unique(np.asarray(layout.clusters, dtype=str), return_inverse=True)[1]
    counted = counted_for(layout, family)
    if not counted or (family.estimator in TAGGED and not tags_of(layout, family).any()):
        return None
    if family.estimator == "predicted_values" and not fitted_to(layout.samples, layout.clusters):
        return None
    if family.estimator == "predicted_values":
        counted = dict.fromkeys(family.names, there)
    counting: BoolArray = np.array([each & there for each in counted.values()])
    if family.estimator == "predicted_values":
        weights = _of_predictions(counting, layout)
    elif family.estimator in TAGGED:
        weights = _of_items(counting, there, np.any(tags_of(layout, family), axis=0), family)
    elif family.estimator == "mean_of":
        weights = ratio(counting, counting.sum(axis=(1, 2), keepdims=True), empty=0.0)
    else:
        weights = _of_clusters(counting, clusters)
    return Askings(
        tuple(counted), one, other, family.scale * weights, counting, clusters, runs.by_column
    )


def _of_predictions(counting: BoolArray, layout: ResponseMatrix) -> FloatArray:
    """D x S x P weights of values predicted from all ratings, whose constants cancel."""
    model = fitted_to(layout.samples, layout.clusters)
    assert model is not None
    answers = counting[0].sum(axis=1)
    rated = {sample for sample, n in zip(layout.samples, answers.tolist(), strict=True) if n}
    found, _ = model.functions(np.array([[item in rated for item in model.items]]))
    of = dict(zip(model.items, found.slopes[0], strict=True))
    items = np.array([of[sample] for sample in layout.samples]).T
    weights: FloatArray = items[:, :, None] * ratio(counting[0], answers[:, None], empty=0.0)
    return weights


def _of_items(
    counting: BoolArray, there: BoolArray, family: BoolArray, of: ScoreFamily
) -> FloatArray:
    """D x S x P weights of means over items, each the mean of its answers; less the centre."""
    answers = there.sum(axis=1)
    within = ratio(there, answers[:, None], empty=0.0)
    rated: BoolArray = np.any(counting, axis=2)
    items = ratio(rated, rated.sum(axis=1, keepdims=True), empty=0.0)
    if of.estimator == "centred_tagged_mean":
        centre = family & (answers > 0)
        there_is = rated.sum(axis=1, keepdims=True) > 0
        items = np.where(there_is, items - ratio(centre, centre.sum()), 0.0)
    weights: FloatArray = items[:, :, None] * within
    return weights


def _of_clusters(counting: BoolArray, clusters: npt.NDArray[np.intp]) -> FloatArray:
    """D x S x P weights of means over clusters, each the mean of its answers."""
    asked = np.zeros((len(counting), clusters.max(initial=-1) + 1))
    np.add.at(asked.T, clusters, counting.sum(axis=2).T)
    number = (asked > 0).sum(axis=1)
    each = ratio(1.0, asked[:, clusters] * number[:, None], empty=0.0)
    weights: FloatArray = counting * each[:, :, None]
    return weights
