"""What a score would be if every missing answer were read in the worst or the best way for it."""

from dataclasses import replace

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.means import ratio
from scorers.predicted_values.fitted import fitted_to
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import RATED, shared_responses, tags_of


def score_bounds(
    grid: ResponseMatrix, family: ScoreFamily, values: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest scores of a family, D each, over all readings of the missing answers.

    Args:
        grid: of a run.
        family: of tagged means, predicted values, shares that are right or a mean of numbers.
        values: D scores as they are.
    """
    if family.estimator in RATED:
        return _of_ratings(grid, family, values)
    if family.estimator == "share_right":
        assert grid.right is not None
        best = np.where(grid.statuses == "valid", grid.right, 1.0)
        return values, _values(replace(grid, right=best), family)
    numbers = grid.values[family.of]
    missing = np.isnan(numbers) & grid.asked & (grid.statuses != "valid")
    lowest, highest = (
        _values(
            replace(grid, values={family.of: np.where(missing, end / family.scale, numbers)}),
            family,
        )
        for end in family.range
    )
    return lowest, highest


def _values(grid: ResponseMatrix, family: ScoreFamily) -> FloatArray:
    parts = shared_responses([grid], family).observations
    return np.concatenate([observed.scores()[0] for _, observed in parts])


def _of_ratings(
    grid: ResponseMatrix, family: ScoreFamily, values: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """A score is linear in each missing answer, so its extremes have all at an end of the scale.

    Leaving an unanswered item out is one of the readings too, so the bounds always contain the
    score itself.
    """
    _, first, row = np.unique(
        np.asarray(grid.samples, dtype=str), return_index=True, return_inverse=True
    )
    there = ~np.isnan(grid.ratings)
    counts, sums, read = (
        np.bincount(row, each.sum(axis=1), len(first))
        for each in (np.ones(there.shape), np.where(there, grid.ratings, 0.0), there)
    )
    known, absent = ratio(sums, counts), ratio(counts - read, counts)
    constants, slopes = _linear(grid.rows(first.tolist()), family)
    known_part = constants + slopes @ known
    rising, falling = (np.where(side, slopes, 0.0) @ absent for side in (slopes > 0, slopes < 0))
    least, greatest = family.ratings
    lowest = known_part + least * rising + greatest * falling
    highest = known_part + greatest * rising + least * falling
    return np.fmin(lowest, values), np.fmax(highest, values)


def _linear(items: ResponseMatrix, family: ScoreFamily) -> tuple[FloatArray, FloatArray]:
    """D constants and D x S slopes of the scores on the ratings of S items that are all rated."""
    if family.estimator == "predicted_values":
        model = fitted_to(items.samples, items.clusters)
        assert model is not None
        asked = set(items.samples)
        found, _ = model.functions(np.array([[item in asked for item in model.items]]))
        slopes = dict(zip(model.items, found.slopes[0], strict=True))
        return found.constants[0], np.array([slopes[sample] for sample in items.samples]).T
    tagged = tags_of(items, family)
    shares = ratio(tagged, tagged.sum(axis=1, keepdims=True))
    if family.estimator == "centred_tagged_mean":
        union = tagged.any(axis=0)
        shares -= union / max(int(union.sum()), 1)
    return np.zeros(len(shares)), family.scale * shares
