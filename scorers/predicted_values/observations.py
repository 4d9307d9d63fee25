"""A run's predicted values as means of its items' parts, so that they are like any other scores."""

from collections.abc import Sequence

import numpy as np

from ratings.arrays import FloatArray, IntArray
from scorers.intervals.means import mean_of_present
from scorers.intervals.repeats import of_repeats
from scorers.intervals.scopes import Observations
from scorers.predicted_values.model import ValueModel


def predicted_observations(
    model: ValueModel,
    repeats: FloatArray,
    items: Sequence[str],
    clusters: IntArray,
    *,
    differences: bool = False,
) -> Observations:
    """What D predicted values of B runs are means of: each item's part in each value.

    A prediction is linear in the ratings, averaged over their repeats, of the items that have one;
    so is the difference of two runs, on the items that both rated.

    Args:
        model: as fitted to people.
        repeats: B x S x V ratings, or differences of ratings; NaN where missing.
        items: S ids; those that the model does not know are left out.
        clusters: S numbers from 0; items of one cluster are resampled together.
        differences: whether the repeats are differences of ratings.
    """
    known = {item: i for i, item in enumerate(items)}
    position = np.array([known.get(item, -1) for item in model.items])
    asked = np.where((position >= 0)[None, :, None], repeats[:, position], np.nan)
    means, variances, freedom, lone = of_repeats(asked)
    there = ~np.isnan(means)
    found = model.weights(there)
    part = np.repeat(np.arange(len(model.parts)), [len(one.items) for one in model.parts])
    slopes = there.sum(axis=1)[:, None, None] * np.swapaxes(found.slopes, 1, 2)
    runs, values, count = slopes.shape
    own = slopes * _levelled(means, part)[:, None]
    if not differences:
        own = own + found.constants[:, :, None]

    def for_each_value(rows: FloatArray) -> FloatArray:
        return np.broadcast_to(rows[:, None], slopes.shape).reshape(runs, -1)

    return Observations(
        own.reshape(runs, -1),
        (slopes**2).reshape(runs, -1) * for_each_value(variances),
        for_each_value(freedom),
        tagged=np.repeat(np.eye(values, dtype=bool), count, axis=1),
        clusters=np.tile(np.where(position >= 0, clusters[position], 0), values),
        lone=for_each_value(lone.astype(float)) > 0,
    )


def _levelled(means: FloatArray, parts: IntArray) -> FloatArray:
    """B x I, less the mean of each part, of which a prediction makes nothing."""
    out = means.copy()
    for part in np.unique(parts):
        mine = means[:, parts == part]
        out[:, parts == part] = mine - mean_of_present(mine, axis=1)[:, None]
    return out
