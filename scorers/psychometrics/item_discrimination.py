"""Which items tell models apart: differences between models against those between prompts."""

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.means import ratio


def separating_items(ratings: FloatArray) -> FloatArray:
    """ICC(1,1) of each item: the share of its variance that lies between models.

    A one-way analysis of variance with models as groups and their answers to the prompt variants as
    cases. With mean squares MSB between and MSW within the k models that answered, of N answers
    in all, n[m] of model m:

        n0  = (N - sum of n[m]^2 / N) / (k - 1)
        ICC = (MSB - MSW) / (MSB + (n0 - 1) MSW)

    1 when every model gives one answer whatever the prompt, and models differ; around 0 when
    models differ no more than prompts do; below 0, down to -1 / (n0 - 1), when less. Negative
    values are kept. ICC is preferred to F because F grows with the number of variants. What a
    wording does to all models alike counts as variance within.

    Source: Shrout and Fleiss (1979), ICC(1,1); Donner (1986) for groups of unequal size.

    Args:
        ratings: M x V x I, NaN where an answer is missing.

    Returns:
        I coefficients; NaN with fewer than two models, when no model answered twice, or when all
        answers are the same.

    >>> one_item = np.array([[1.0, 1.0, 2.0], [5.0, 6.0, 6.0]])[:, :, None]
    >>> separating_items(one_item).round(3)
    array([0.965])
    """
    there = ~np.isnan(ratings)
    sizes = there.sum(axis=1).astype(float)
    groups, answers = (sizes > 0).sum(axis=0), sizes.sum(axis=0)
    grand = ratio(np.where(there, ratings, 0.0).sum(axis=(0, 1)), answers)
    centred = np.where(there, ratings - grand, 0.0)
    means = np.nan_to_num(ratio(centred.sum(axis=1), sizes))
    between = (sizes * means**2).sum(axis=0)
    within = (np.where(there, centred - means[:, None, :], 0.0) ** 2).sum(axis=(0, 1))
    usual = ratio(answers - ratio((sizes**2).sum(axis=0), answers), groups - 1)
    msb, msw = ratio(between, groups - 1), ratio(within, answers - groups)
    whole = msb + (usual - 1) * msw
    return np.where(between + within > 1e-9, ratio(msb - msw, whole), np.nan)
