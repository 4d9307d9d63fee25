"""How well people's values are predicted: correlation, calibration, coverage and width."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import (
    cluster_weights,
    expanded_percentile,
    resampled,
)
from scorers.intervals.estimate import Estimate
from scorers.intervals.means import mean_of_present, ratio
from scorers.predicted_values.methods import Predicted


@dataclass(frozen=True, eq=False)
class Accuracy:
    """How D values of R people are predicted by one method.

    Attributes:
        correlations: D, Pearson's with the values as measured, over the people with a prediction.
        mean_correlation: over the D values.
        slopes: D, of measured values on predictions; 1 for a calibrated one, NaN where flat.
        rmse: root of the mean squared error over all predictions, in points of the values' scale.
        explained: share of the variance about people's mean that the predictions take away; below
            0 where the mean is the better guess.
        defined: share of people and values with a prediction.
        covered: share of 95% intervals, among those there are, that hold the measured value.
        width: mean width of the intervals there are.
        with_interval: share of people and values with an interval.
    """

    correlations: list[Estimate]
    mean_correlation: Estimate
    slopes: FloatArray
    rmse: float
    explained: float
    defined: float
    covered: float
    width: float
    with_interval: float


def accuracies(
    values: FloatArray, methods: Mapping[str, Predicted], seed: int = 0
) -> tuple[dict[str, Accuracy], dict[str, Estimate]]:
    """What each method attains, and how its mean correlation differs from the first one's.

    Intervals are percentiles over resamples of people, expanded for their number; the fits are not
    repeated in each. Differences are paired: the same resamples, and the same people, those of whom
    both methods say something.

    Args:
        values: R x D as measured.
        methods: by name, predictions from fits to other people.
        seed: of the resamples.
    """
    people = len(values)
    weights = np.concatenate([np.ones((1, people)), cluster_weights(people, seed)])
    first, *others = methods
    attained = {
        name: _accuracy(values, found, _correlations(found.values, values, weights))
        for name, found in methods.items()
    }
    differences = {}
    for name in others:
        both = [methods[one].values for one in (name, first)]
        there = ~np.isnan(both[0] + both[1])
        ours, theirs = (
            _correlations(np.where(there, one, np.nan), values, weights).mean(axis=1)
            for one in both
        )
        differences[name] = _estimate(ours - theirs, people)
    return attained, differences


def _accuracy(values: FloatArray, found: Predicted, correlations: FloatArray) -> Accuracy:
    people = len(values)
    gaps = found.values - values
    with_interval = ~np.isnan(found.reach)
    inside = np.where(with_interval, np.abs(gaps) <= found.reach, np.nan)
    there = ~np.isnan(gaps)
    error = float(np.nanmean(gaps**2))
    spread = np.where(there, values - values.mean(axis=0), np.nan)
    return Accuracy(
        correlations=[_estimate(column, people) for column in correlations.T],
        mean_correlation=_estimate(correlations.mean(axis=1), people),
        slopes=_slopes(found.values, values),
        rmse=float(np.sqrt(error)),
        explained=1 - error / float(np.nanmean(spread**2)),
        defined=float(there.mean()),
        covered=float(mean_of_present(inside.ravel(), axis=0)),
        width=float(mean_of_present(2 * found.reach.ravel(), axis=0)),
        with_interval=float(with_interval.mean()),
    )


def _estimate(found: FloatArray, people: int) -> Estimate:
    """The first of some numbers, with the interval of the others, which are resampled."""
    drawn = found[1:][~np.isnan(found[1:])]
    return Estimate(float(found[0]), *expanded_percentile(drawn, people))


def _moments(x: FloatArray, y: FloatArray, weights: FloatArray) -> list[FloatArray]:
    """B x D weighted variances of x and of y, and their covariances, where x is there."""
    there = ~np.isnan(x)
    one, other = np.where(there, x, 0.0), np.where(there, y, 0.0)
    count, first, second, square, crossed, other_square = (
        resampled(weights, np.ascontiguousarray(each.T))
        for each in (there.astype(float), one, other, one**2, one * other, other**2)
    )
    means, others = ratio(first, count), ratio(second, count)
    return [
        ratio(square, count) - means**2,
        ratio(other_square, count) - others**2,
        ratio(crossed, count) - means * others,
    ]


def _correlations(x: FloatArray, y: FloatArray, weights: FloatArray) -> FloatArray:
    """B x D correlations over people counted as often as the B x R weights say."""
    variance, other, crossed = _moments(x, y, weights)
    return ratio(crossed, np.sqrt(np.maximum(variance * other, 0.0)))


def _slopes(x: FloatArray, y: FloatArray) -> FloatArray:
    variance, _, crossed = _moments(x, y, np.ones((1, len(x))))
    slopes: FloatArray = ratio(crossed, variance)[0]
    return slopes
