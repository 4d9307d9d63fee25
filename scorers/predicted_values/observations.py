"""A run's predicted values as linear functions of its ratings, to be like other scores."""

from collections.abc import Sequence

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.intervals.means import mean_of_present
from scorers.intervals.observations import LinearObservations
from scorers.predicted_values.model import ValueModel


def predicted_observations(
    model: ValueModel,
    repeated: tuple[FloatArray, FloatArray, FloatArray, BoolArray],
    items: Sequence[str],
    clusters: IntArray,
    *,
    differences: bool = False,
) -> LinearObservations:
    """What D predicted values of B runs are linear functions of: mean ratings of items.

    A prediction is linear in the ratings, averaged over their repeats, of the items that have one;
    so is the difference of two runs, on the items that both rated.

    Args:
        model: as fitted to people.
        repeated: what `of_repeats` makes of B x S x V ratings, or differences of ratings.
        items: S ids; those that the model does not know are left out.
        clusters: S numbers from 0; items of one cluster are resampled together.
        differences: whether the ratings are differences of ratings.
    """
    known = {item: i for i, item in enumerate(items)}
    position = np.array([known.get(item, -1) for item in model.items])
    asked = position >= 0
    means, variances, freedom, lone = repeated
    means = np.where(asked, means[:, position], np.nan)
    found, function = model.functions(~np.isnan(means))
    part = np.repeat(np.arange(len(model.parts)), [len(one.items) for one in model.parts])
    return LinearObservations(
        _levelled(means, part),
        variances[:, position],
        freedom[:, position],
        lone[:, position],
        clusters=np.where(asked, clusters[position], 0),
        slopes=np.swapaxes(found.slopes, 1, 2),
        constants=found.constants * (not differences),
        function=function,
    )


def _levelled(means: FloatArray, parts: IntArray) -> FloatArray:
    """B x I, less the mean of each part, of which a prediction makes nothing."""
    out = means.copy()
    for part in np.unique(parts):
        mine = means[:, parts == part]
        out[:, parts == part] = mine - mean_of_present(mine, axis=1)[:, None]
    return out
