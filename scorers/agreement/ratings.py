"""How far two sets of ratings of the same items agree, answer by answer.

Answers are counted in a table of K x K for each item, the first set's rating by the second's.
Where both were asked alike, an answer is paired with that to the same wording; where one is people
and the other is not, every rating of the one is paired with every rating of the other, and each
item counts alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from scorers.agreement.jackknife import jackknifed, jackknifed_coefficient
from scorers.intervals.estimate import Estimate
from scorers.intervals.means import ratio
from scorers.intervals.scopes import clustered_mean
from scorers.psychometrics.reliability import intraclass_correlation


@dataclass(frozen=True)
class RatingAgreement:
    """How far ratings agree, each with an interval that keeps a query's items together.

    Attributes:
        pairs: number of pairs of ratings, or of items where ratings are not paired.
        exact: share of equal ratings.
        near: share of ratings that are at most one point apart.
        kappa: Cohen's, weighted by the square of the distance.
        icc: ICC(A,1) of the ratings, or of the items' means where they are not paired.
        difference: mean of the second set less the first.
    """

    pairs: int
    exact: Estimate
    near: Estimate
    kappa: Estimate
    icc: Estimate
    difference: Estimate


def paired_agreement(
    one: FloatArray, other: FloatArray, queries: Sequence[str], choices: int
) -> RatingAgreement:
    """Agreement of answers that were asked alike.

    Args:
        one: S x M ratings from 1 to K, NaN where missing.
        other: S x M, of the same items under the same wordings.
        queries: S labels.
        choices: K.
    """
    both = ~np.isnan(one + other)
    first, second = (np.where(both, each, np.nan) for each in (one, other))
    tables = np.zeros((len(one), choices, choices))
    item, _ = np.nonzero(both)
    np.add.at(tables, (item, first[both].astype(int) - 1, second[both].astype(int) - 1), 1)
    labels = np.repeat(np.asarray(queries, dtype=str), one.shape[1])
    icc = intraclass_correlation(np.stack([first.ravel(), second.ravel()], axis=1), labels.tolist())
    difference = clustered_mean((second - first).ravel(), labels.tolist())
    return RatingAgreement(int(both.sum()), *_of_tables(tables, queries), icc, difference)


def crossed_agreement(
    one: FloatArray, other: FloatArray, queries: Sequence[str], choices: int
) -> RatingAgreement:
    """Agreement of the ratings of people with those of others, each with each.

    `exact` is the chance that a rating of the one equals one of the other.

    Args:
        one: S x M ratings from 1 to K, NaN where missing.
        other: S x N.
        queries: S labels.
        choices: K.
    """
    first, second = (_shares(each, choices) for each in (one, other))
    tables = first[:, :, None] * second[:, None, :]
    values = np.arange(1, choices + 1)
    both = tables.sum(axis=(1, 2)) > 0
    means = np.stack([np.where(both, each @ values, np.nan) for each in (first, second)], axis=1)
    icc = intraclass_correlation(means, queries)
    difference = clustered_mean(means[:, 1] - means[:, 0], queries)
    return RatingAgreement(int(both.sum()), *_of_tables(tables, queries), icc, difference)


def _shares(ratings: FloatArray, choices: int) -> FloatArray:
    """S x K: the share of each rating among those of an item; zeros where there is none."""
    counts = np.stack([(ratings == k).sum(axis=1) for k in range(1, choices + 1)], axis=1)
    return ratio(counts, counts.sum(axis=1, keepdims=True), empty=0.0)


def _of_tables(tables: FloatArray, queries: Sequence[str]) -> tuple[Estimate, Estimate, Estimate]:
    """Exact share, share within one point, and kappa, from S x K x K tables."""
    names, of = np.unique(np.asarray(queries, dtype=str), return_inverse=True)
    sums = np.zeros((len(names), *tables.shape[1:]))
    np.add.at(sums, of, tables)
    sums = sums[sums.sum(axis=(1, 2)) > 0]
    total = sums.sum(axis=0)
    without = total - sums
    apart = np.abs(np.subtract.outer(np.arange(len(total)), np.arange(len(total))))

    def share(most: int) -> Estimate:
        def of_table(table: FloatArray) -> FloatArray:
            return ratio(np.where(apart <= most, table, 0).sum(axis=(-2, -1)), table.sum((-2, -1)))

        return jackknifed(float(of_table(total)), of_table(without), (0.0, 1.0))

    kappa = jackknifed_coefficient(
        _kappa(total), np.array([_kappa(table) for table in without], dtype=float)
    )
    return share(0), share(1), kappa


def _kappa(table: FloatArray) -> float:
    """Cohen's kappa with quadratic weights; NaN where one side rates everything alike."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    if (rows > 0).sum() < 2 and (columns > 0).sum() < 2:
        return float("nan")
    from statsmodels.stats.inter_rater import cohens_kappa  # a second to import

    return float(cohens_kappa(table, wt="quadratic", return_results=False))
