"""Means over people, with intervals over other people of the kind."""

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import ANYWHERE
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.observations import Observations
from scorers.intervals.scopes import Scoped, beyond_items


def mean_over_people(values: FloatArray, ends: tuple[float, float] = ANYWHERE) -> list[Estimate]:
    """Mean of each of C columns over the people who have a value, with Student's interval.

    Args:
        values: n x C, a row a person; NaN where a person has none.
        ends: the least and the greatest value that a mean can take.

    >>> [estimate.value for estimate in mean_over_people(np.array([[1.0, np.nan], [0.0, 0.5]]))]
    [0.5, 0.5]
    """
    found = _means(values)
    return [
        _worded(found.estimates(column, ends=ends)[0], int((~np.isnan(values[:, column])).sum()))
        for column in range(values.shape[1])
    ]


def paired_difference(one: FloatArray, other: FloatArray) -> tuple[Estimate, float]:
    """Mean of `one` minus `other` over the same people, and a p-value by Student's t.

    People who lack either value are left out.

    Args:
        one: n values, a person each, NaN where missing.
        other: n values of the same people in the same order.

    >>> estimate, _ = paired_difference(np.array([0.5, 0.75]), np.array([0.25, 0.25]))
    >>> estimate.value
    0.375
    """
    differences = (one - other)[:, None]
    (estimate,) = mean_over_people(differences)
    return estimate, float(_means(differences).p_values().item())


def _means(values: FloatArray) -> Scoped:
    """Means of C columns, C x 1."""
    every = np.ones((1, len(values)), dtype=bool)
    people = np.arange(len(values)).tolist()
    return beyond_items(Observations.asked_once(values.T, every, people))


def _worded(estimate: Estimate, people: int) -> Estimate:
    if people == 0:
        return undefined("nobody has a value")
    return Estimate(estimate.value, reason="one person") if people == 1 else estimate
