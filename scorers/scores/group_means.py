"""Means within the groups of several dimensions, each with an interval over its people.

Jiang et al. (2025), Figures 4, 8 and 10 to 20: accuracies by the groups of each demographic
dimension, and what training adds to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.intervals.bootstrap import ANYWHERE
from scorers.intervals.estimate import Estimate, undefined
from scorers.scores.accuracy import mean_over_people

LEAST_PEOPLE = 10


@dataclass(frozen=True)
class GroupMean:
    """The mean of one group of a dimension.

    Attributes:
        dimension: such as Country.
        group: its label.
        people: how many of the group have a value.
        estimate: their mean with its interval; NaN, with the reason, where they are too few.
    """

    dimension: str
    group: str
    people: int
    estimate: Estimate


def group_means(
    values: FloatArray,
    labels: Mapping[str, Sequence[str | None]],
    least: int = LEAST_PEOPLE,
    ends: tuple[float, float] = ANYWHERE,
) -> list[GroupMean]:
    """Mean of each group of each dimension, with the interval of `mean_over_people`.

    A person is a cluster: whatever was asked of one is one value here. The intervals hold for one
    group each; of many groups some miss the truth. A mean of fewer than `least` people says
    more of these people than of their group, so there is none.

    Args:
        values: of n people, NaN where one has none.
        labels: by dimension the group of each person, None where unknown; such people are in no
            group of that dimension.
        least: people that a mean needs, at least 2.
        ends: the least and the greatest value that a mean can take.

    Returns:
        Dimensions in the order given; in each the groups with an estimate, the highest first, then
        those without by name.

    Raises:
        DataError: when fewer than 2 people are to be enough.

    >>> found = group_means(np.array([0.5, 0.7, 0.2]), {"Sex": ["f", "f", "m"]}, least=2)
    >>> [(one.group, one.people, round(one.estimate.value, 2)) for one in found]
    [('f', 2, 0.6), ('m', 1, nan)]
    """
    if least < 2:
        raise DataError(f"a group needs at least 2 people for an interval, found {least}")
    there = ~np.isnan(values)
    found, columns = [], []
    for dimension, known in labels.items():
        of = np.array(known, dtype=object)
        for group in sorted({str(label) for label in of[there] if label is not None}):
            mine = there & (of == group)
            found.append((dimension, group, int(mine.sum())))
            columns.append(np.where(mine, values, np.nan))
    enough = [i for i, (_, _, people) in enumerate(found) if people >= least]
    estimates: dict[int, Estimate] = {}
    if enough:
        wanted = np.column_stack([columns[i] for i in enough])
        estimates = dict(zip(enough, mean_over_people(wanted, ends), strict=True))
    few = undefined(f"fewer than {least} people")
    means = [GroupMean(*one, estimates.get(i, few)) for i, one in enumerate(found)]
    order = list(labels)
    return sorted(means, key=lambda one: (order.index(one.dimension), *_highest_first(one)))


def _highest_first(one: GroupMean) -> tuple[bool, float, str]:
    value = one.estimate.value
    return bool(np.isnan(value)), 0.0 if np.isnan(value) else -value, one.group
