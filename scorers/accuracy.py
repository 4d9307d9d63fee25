"""Means over people, with intervals that draw people anew."""

import numpy as np
import numpy.typing as npt
from scipy import stats

from scorers.bootstrap import ANYWHERE, cluster_interval, cluster_weights, resampled
from scorers.estimate import Estimate, undefined

FloatArray = npt.NDArray[np.float64]

RESAMPLES = 9_999


def mean_over_people(
    values: FloatArray, seed: int = 0, ends: tuple[float, float] = ANYWHERE
) -> list[Estimate]:
    """Mean of each of C columns over the people who have a value, with its bootstrap interval.

    Args:
        values: n x C, a row a person; NaN where a person has none.
        seed: of the bootstrap; columns are drawn together.
        ends: the least and the greatest value that a mean can take.

    >>> [estimate.value for estimate in mean_over_people(np.array([[1.0, np.nan], [0.0, 0.5]]))]
    [0.5, 0.5]
    """
    there = ~np.isnan(values)
    people = there.sum(axis=0)
    if not len(values):
        return [undefined("nobody was asked") for _ in range(values.shape[1])]
    weights = cluster_weights(len(values), seed)
    sums = resampled(weights, np.where(there, values, 0.0).T.copy())
    counts = resampled(weights, there.T.astype(float).copy())
    replicates = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    return [
        _estimate(
            values[there[:, column], column], replicates[:, column], int(people[column]), ends
        )
        for column in range(values.shape[1])
    ]


def paired_difference(one: FloatArray, other: FloatArray, seed: int = 0) -> tuple[Estimate, float]:
    """Mean of `one` minus `other` over the same people, and a p-value.

    The interval draws people anew; the p-value flips the sign of each person's difference.
    People who lack either value are left out.

    Args:
        one: n values, a person each, NaN where missing.
        other: n values of the same people in the same order.
        seed: of the bootstrap and the sign flips.

    >>> estimate, _ = paired_difference(np.array([0.5, 0.75]), np.array([0.25, 0.25]))
    >>> estimate.value
    0.375
    """
    differences = one - other
    differences = differences[~np.isnan(differences)]
    (estimate,) = mean_over_people(differences[:, None], seed)
    if len(differences) < 2:
        return estimate, float("nan")
    found = stats.permutation_test(
        (differences,),
        lambda rows, axis: rows.mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=500,
        rng=np.random.default_rng([seed, 2]),
    )
    return estimate, float(found.pvalue)


def _estimate(
    values: FloatArray, replicates: FloatArray, people: int, ends: tuple[float, float]
) -> Estimate:
    if people == 0:
        return undefined("nobody has a value")
    value = float(values.mean())
    reason = "one person" if people == 1 else None
    return Estimate(value, *cluster_interval(value, replicates, people, ends=ends), reason)
