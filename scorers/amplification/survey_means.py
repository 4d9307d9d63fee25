"""How groups of a survey's people differ from everyone, with errors as its sample was drawn."""

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from scorers.amplification.differences import GroupDifferences


def survey_differences(
    values: FloatArray,
    weights: FloatArray,
    members: BoolArray,
    strata: npt.NDArray[np.intp],
    clusters: npt.NDArray[np.intp],
) -> GroupDifferences:
    """Weighted means of B groups less the weighted mean of everyone, on D values.

    Errors are linearised and summed over clusters within strata, as survey software does it; the
    mean of a stratum with one cluster is taken to be that of all clusters. Degrees of freedom are
    clusters less strata.

    Source: Binder (1983), On the variances of asymptotically normal estimators from complex
    surveys; Lumley (2010), Complex surveys, chapter 2, for single clusters (option "adjust").

    Args:
        values: R x D; NaN where a person has none.
        weights: R.
        members: R x B.
        strata: R numbers.
        clusters: R numbers; a cluster is in one stratum.

    >>> found = survey_differences(np.array([[1.0], [3.0], [5.0]]), np.array([1.0, 1.0, 2.0]),
    ...                            np.array([[True], [True], [False]]), np.zeros(3, int),
    ...                            np.arange(3))
    >>> found.values.tolist()
    [[-1.5]]
    """
    people, dimensions = values.shape
    groups = members.shape[1]
    there = ~np.isnan(values)
    weight = weights[:, None] * there
    filled = np.where(there, values, 0.0)
    total = weight.sum(axis=0)
    mean = (weight * filled).sum(axis=0) / total
    of_group = np.einsum("rd,rb->bd", weight, members.astype(float))
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.einsum("rd,rb->bd", weight * filled, members.astype(float)) / of_group
    # R x B x D: how each person moves each difference
    moves = (
        weight[:, None]
        * members[:, :, None]
        * np.divide(
            filled[:, None] - np.nan_to_num(means),
            of_group,
            out=np.zeros((people, groups, dimensions)),
            where=of_group > 0,
        )
    ) - (weight * (filled - mean) / total)[:, None]
    covariance, freedom = _between_clusters(moves.reshape(people, -1), strata, clusters)
    return GroupDifferences(
        np.where(of_group > 0, means - mean, np.nan), covariance, np.full(means.shape, freedom)
    )


def _between_clusters(
    moves: FloatArray, strata: npt.NDArray[np.intp], clusters: npt.NDArray[np.intp]
) -> tuple[FloatArray, float]:
    """The covariance of the sums of R x M moves, and its degrees of freedom."""
    _, first, number = np.unique(clusters, return_index=True, return_inverse=True)
    sums = np.zeros((len(first), moves.shape[1]))
    np.add.at(sums, number, moves)
    stratum = np.unique(strata[first], return_inverse=True)[1]
    counts = np.bincount(stratum)
    means = np.zeros((len(counts), moves.shape[1]))
    np.add.at(means, stratum, sums)
    means /= counts[:, None]
    means[counts == 1] = 0.0  # moves add up to 0, so their mean over all clusters is 0
    shrunk = np.where(counts > 1, counts / np.maximum(counts - 1, 1), 1.0)
    apart = (sums - means[stratum]) * np.sqrt(shrunk[stratum])[:, None]
    freedom = float(max(len(first) - len(counts), 1))
    return apart.T @ apart, freedom
