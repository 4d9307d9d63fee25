"""How people's ratings of each item go with their measured values, and which items count.

Source: Value Portrait, section 3.2.3, for the correlations and the published rule.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.errors import unknown_name
from ratings.table import RatingTable
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.quantiles import normal_quantile, student_beyond
from scorers.tags.people import known_scores, same_raters

THRESHOLD = 0.3
ALPHA = 0.05
LEAST_RATERS = 3
Rule = Literal["published", "fdr", "fdr_any_dependence"]
RULES: tuple[Rule, ...] = get_args(Rule)

FEW = f"fewer than {LEAST_RATERS} people with a score rated the item"
FLAT_RATINGS = "all ratings of the item are the same"
FLAT_SCORES = "all raters of the item have the same score"


@dataclass(frozen=True, eq=False)
class TagTable:
    """Spearman correlations of I items with D dimensions.

    Attributes:
        dimensions: D names.
        instances: I items.
        r: D x I correlations; NaN where `reason` says why.
        p: D x I two-sided p-values by the t approximation.
        low: D x I lower ends of the 95% intervals; NaN also with three raters.
        high: D x I upper ends.
        n: D x I numbers of people with both a rating and a score.
        q: D x I Benjamini-Hochberg adjusted p-values over all D x I that are defined: the least
            false-discovery rate at which the pair is found. Holds under independence and
            positive dependence.
        q_any_dependence: D x I Benjamini-Yekutieli adjusted ones: hold under any dependence.
        reason: D x I, why there is no correlation; empty where there is one.
    """

    dimensions: tuple[str, ...]
    instances: tuple[object, ...]
    r: FloatArray
    p: FloatArray
    low: FloatArray
    high: FloatArray
    n: IntArray
    q: FloatArray
    q_any_dependence: FloatArray
    reason: npt.NDArray[np.object_]

    def found(
        self, threshold: float = THRESHOLD, alpha: float = ALPHA, rule: Rule = "published"
    ) -> BoolArray:
        """D x I: whether a correlation of either sign exceeds the threshold and is significant.

        Args:
            threshold: that |r| must exceed.
            alpha: that p (`published`) or q (the other rules) must be below.
            rule: `published`, p < alpha for each pair by itself; `fdr`, the false-discovery rate
                of all pairs is alpha at most (Benjamini-Hochberg); `fdr_any_dependence`
                (Benjamini-Yekutieli).

        Raises:
            UnknownNameError: for another rule.
        """
        if rule not in RULES:
            raise unknown_name("rule", rule, RULES)
        chance = {"published": self.p, "fdr": self.q, "fdr_any_dependence": self.q_any_dependence}
        return (np.abs(self.r) > threshold) & (chance[rule] < alpha)

    def tagged(
        self, threshold: float = THRESHOLD, alpha: float = ALPHA, rule: Rule = "published"
    ) -> BoolArray:
        """D x I: whether an item counts for a dimension: found, and the correlation is positive.

        Source: Value Portrait, section 3.4.1. Arguments as those of `found`.
        """
        return self.found(threshold, alpha, rule) & (self.r > 0)

    def frame(self) -> pd.DataFrame:
        """A row a pair: the item, the dimension, r with its interval, p, q, n and the reason."""
        dimension, instance = np.indices(self.r.shape).reshape(2, -1)
        return pd.DataFrame(
            {
                "instance": np.asarray(self.instances, dtype=object)[instance],
                "dimension": np.asarray(self.dimensions, dtype=object)[dimension],
                "r": self.r.ravel(),
                "r low": self.low.ravel(),
                "r high": self.high.ravel(),
                "p": self.p.ravel(),
                "q": self.q.ravel(),
                "n": self.n.ravel(),
                "reason": self.reason.ravel(),
            }
        )


def correlate(table: RatingTable, scores: pd.DataFrame) -> TagTable:
    """Spearman correlations of each item's ratings with people's scores.

    Correlations and p-values are those of `scipy.stats.spearmanr`, ties sharing their middle rank.
    A person without a score on a dimension, or without a rating, is left out of that pair only.

    Args:
        table: ratings of R raters on I items.
        scores: a row for each rater, D columns; NaN where a score is missing. All columns are one
            family of tests: give values and traits in two calls to adjust each by itself.

    Raises:
        DataError: when a rater has no row in the scores, or has more than one.

    >>> table = RatingTable.from_matrix(
    ...     [[1], [2], [4], [3]], raters=pd.DataFrame(index=list("abcd")),
    ...     instances=pd.DataFrame(index=["item"]), choices=tuple("123456"))
    >>> found = correlate(table, pd.DataFrame({"Power": [0.1, 0.3, 0.2, 0.4]}, index=list("abcd")))
    >>> found.r, found.p.round(3), found.n
    (array([[0.4]]), array([[0.6]]), array([[4]]))
    """
    r, n, reason = spearman(table.matrix(), known_scores(table, scores))
    p = p_values(r, n)
    low, high = intervals(r, n)
    return TagTable(
        dimensions=tuple(map(str, scores.columns)),
        instances=tuple(table.instances.index),
        r=r,
        p=p,
        low=low,
        high=high,
        n=n,
        q=adjusted(p, "bh"),
        q_any_dependence=adjusted(p, "by"),
        reason=reason,
    )


def spearman(
    matrix: FloatArray, scores: FloatArray
) -> tuple[FloatArray, IntArray, npt.NDArray[np.object_]]:
    """Correlations, numbers of raters and reasons, each D x I.

    Args:
        matrix: R x I ratings, NaN where missing.
        scores: R x D, NaN where missing.
    """
    shape = (scores.shape[1], matrix.shape[1])
    r, n = np.full(shape, np.nan), np.zeros(shape, dtype=np.intp)
    reason = np.full(shape, "", dtype=object)
    rated, scored = ~np.isnan(matrix), ~np.isnan(scores)
    for people, dimensions in same_raters(scored):
        for inner, items in same_raters(rated[people]):
            rows = people[inner]
            cells = np.ix_(dimensions, items)
            n[cells] = len(rows)
            if len(rows) < LEAST_RATERS:
                reason[cells] = FEW
                continue
            x, y = matrix[np.ix_(rows, items)], scores[np.ix_(rows, dimensions)]
            flat_items, flat_scores = np.ptp(x, axis=0) == 0, np.ptp(y, axis=0) == 0
            r[cells] = rank_correlations(centred_ranks(y), centred_ranks(x))
            reason[cells] = np.where(
                flat_items, FLAT_RATINGS, np.where(flat_scores[:, None], FLAT_SCORES, "")
            )
    return r, n, reason


def centred_ranks(values: FloatArray) -> FloatArray:
    """Twice the ranks along the first axis less their mean: whole numbers, so sums are exact.

    >>> centred_ranks(np.array([3.0, 1.0, 1.0]))
    array([ 2., -1., -1.])
    """
    ranks: FloatArray = scipy.stats.rankdata(values, axis=0)
    return 2 * ranks - (len(values) + 1)


def rank_correlations(y: FloatArray, x: FloatArray) -> FloatArray:
    """Correlations of centred n x D with centred n x I, D x I; NaN where one is all zero."""
    squares = np.outer((y**2).sum(axis=0), (x**2).sum(axis=0))
    sums = np.einsum("nd,ni->di", y, x)
    with np.errstate(invalid="ignore"):
        found: FloatArray = np.clip(sums / np.sqrt(squares), -1.0, 1.0)
    return found


def p_values(r: FloatArray, n: npt.ArrayLike) -> FloatArray:
    """Two-sided p-values of Spearman correlations of n raters by the t approximation."""
    freedom = np.maximum(np.asarray(n, dtype=float) - 2, 1.0)
    with np.errstate(divide="ignore"):
        t = np.abs(r) * np.sqrt(freedom / ((1 + r) * (1 - r)))
    return np.minimum(2 * student_beyond(t, freedom), 1.0)


def standard_error(r: npt.ArrayLike, n: npt.ArrayLike) -> FloatArray:
    """Standard error of a Spearman correlation on Fisher's scale, arctanh(r); NaN below n = 4.

    sqrt((1 + r^2 / 2) / (n - 3)). Source: Bonett and Wright (2000), Sample size requirements for
    estimating Pearson, Kendall and Spearman correlations.

    >>> round(float(standard_error(0.3, 46)), 4)
    0.1559
    """
    freedom = np.asarray(n, dtype=float) - 3
    variance = (1 + np.square(r) / 2) / np.where(freedom > 0, freedom, np.nan)
    found: FloatArray = np.sqrt(variance)
    return found


def intervals(
    r: FloatArray, n: npt.ArrayLike, confidence: float = CONFIDENCE
) -> tuple[FloatArray, FloatArray]:
    """Ends of Bonett and Wright's intervals of Spearman correlations.

    Args:
        r: any shape.
        n: numbers of raters, of the same shape or one number.
        confidence: nominal coverage.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.arctanh(r)
        reach = normal_quantile((1 + confidence) / 2) * standard_error(r, n)
        return np.tanh(centre - reach), np.tanh(centre + reach)


def adjusted(p: FloatArray, method: Literal["bh", "by"]) -> FloatArray:
    """Adjusted p-values over all that are defined; NaN where p is.

    Source: Benjamini and Hochberg (1995) for `bh`; Benjamini and Yekutieli (2001) for `by`.
    """
    out = np.full(p.shape, np.nan)
    defined = ~np.isnan(p)
    if defined.any():
        out[defined] = scipy.stats.false_discovery_control(p[defined], method=method)
    return out
