"""How many tags would there be if nobody's ratings had to do with their values?

People's scores are permuted among those who rated the same items: each person keeps all scores
together, and all ratings together, so the correlations among values and among items stay as they
are and only the relation between the two is broken. A pair passes the rule in so many of such
permutations, and that number over the number of tags found is the share that chance explains.

It counts every pair as unrelated, so it is the most that the share can be. Benjamini and Hochberg's
control of the false-discovery rate assumes the same. Storey's share of unrelated pairs makes it an
estimate: of the pairs with p > .5 nearly all are unrelated, and their number over the number under
permutation is the share of unrelated pairs (too high where relations are weak, so still on the
safe side).

Source: Storey and Tibshirani (2003), Statistical significance for genomewide studies, for the
share; Efron (2010), Large-scale inference, chapters 2, 5 and 6, for permutation nulls, for local
false-discovery rates, and for a histogram fitted by a Poisson regression.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.table import RatingTable
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import ratio
from scorers.intervals.quantiles import normal_quantile
from scorers.tags.correlations import (
    ALPHA,
    THRESHOLD,
    Rule,
    TagTable,
    adjusted,
    centred_ranks,
    correlate,
    p_values,
    spearman,
)
from scorers.tags.people import known_scores, same_raters, survey_groups

PERMUTATIONS = 1_000
NULL_P = 0.5  # a pair with a greater p-value counts as unrelated
LEAST_PAIRS = 200  # of a histogram
_BATCH = 50
_BINS = 60
_DEGREE = 7
_ROUNDING = 1e-12  # equal p-values computed in another order differ in the last bits


@dataclass(frozen=True, eq=False)
class FalseTags:
    """Tags found, and tags under permutation.

    Attributes:
        dimensions: D names.
        found: D numbers of tags.
        permuted: P x D numbers of tags with permuted scores.
        dull: D numbers of pairs with p > .5.
        dull_permuted: P x D numbers of such pairs with permuted scores.
        p: D x I p-values by permutation: the share of all pairs in all permutations with as small
            a p-value. The t approximation is a little too small far out where ratings have ties.
        q: D x I Benjamini-Hochberg adjusted ones.
        local: D x I local false-discovery rates, the chance that a pair is unrelated given its
            correlation; NaN with fewer than 200 pairs.
    """

    dimensions: tuple[str, ...]
    found: IntArray
    permuted: IntArray
    dull: IntArray
    dull_permuted: IntArray
    p: FloatArray
    q: FloatArray
    local: FloatArray

    def expected(self) -> Estimate:
        """The number of tags if no pair were related, and the central 95% over permutations."""
        totals = self.permuted.sum(axis=1)
        return Estimate(float(totals.mean()), *_central(totals.astype(float)))

    def unrelated(self) -> float:
        """The share of unrelated pairs, at most 1 (Storey)."""
        return _share_unrelated(self.dull, self.dull_permuted)

    def most(self) -> Estimate:
        """The most that the share of false tags is: expected over found.

        The ends are those of the number of tags under permutation over the number found.
        """
        total = int(self.found.sum())
        if not total:
            return undefined("no tag was found")
        expected = self.expected()
        value, low, high = (
            min(end / total, 1.0) for end in (expected.value, expected.low, expected.high)
        )
        return Estimate(value, low, high)

    def share(self) -> Estimate:
        """The expected share of false tags, with the share of unrelated pairs.

        The ends are 95% of what the share would be with each permutation for the null.
        """
        total = int(self.found.sum())
        if not total:
            return undefined("no tag was found")
        unrelated = np.minimum(self.dull.sum() / self.dull_permuted.sum(axis=1), 1.0)
        shares = np.minimum(unrelated * self.permuted.sum(axis=1) / total, 1.0)
        most = self.most()
        return Estimate(self.unrelated() * most.value, *_central(shares))

    def by_dimension(self) -> pd.DataFrame:
        """A row a dimension: tags found, expected by chance, and the most that are false."""
        expected = self.permuted.mean(axis=0)
        low, high = np.array([_central(column) for column in self.permuted.T.astype(float)]).T
        found = self.found.astype(float)
        return pd.DataFrame(
            {
                "dimension": self.dimensions,
                "found": self.found,
                "expected": expected,
                "expected low": low,
                "expected high": high,
                "most false": np.minimum(ratio(expected, found), 1.0),
            }
        )


def false_tags(
    table: RatingTable,
    scores: pd.DataFrame,
    threshold: float = THRESHOLD,
    alpha: float = ALPHA,
    rule: Rule = "published",
    *,
    positive: bool = False,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> FalseTags:
    """Tags by a rule, and how many there are when people's scores are permuted.

    Args:
        table: ratings of R raters on I items.
        scores: R x D, as `correlate` takes them.
        threshold: as in `TagTable.found`.
        alpha: as in `TagTable.found`.
        rule: as in `TagTable.found`.
        positive: count positive correlations only, the tags that a score uses.
        permutations: P.
        seed: of the permutations.

    Raises:
        DataError: when a rater has no row in the scores, or has more than one.
    """
    tags = correlate(table, scores)

    def passing(r: FloatArray, p: FloatArray) -> BoolArray:
        chance = p if rule == "published" else adjusted(p, "bh" if rule == "fdr" else "by")
        return (chance < alpha) & ((r if positive else np.abs(r)) > threshold)

    counts, dull = [], []
    order = np.argsort(tags.p, axis=None)  # NaN last
    smaller, drawn = np.zeros(tags.p.size), 0
    for r in permuted_correlations(table.matrix(), known_scores(table, scores), permutations, seed):
        p = p_values(r, tags.n)
        counts += [passing(*pair).sum(axis=1) for pair in zip(r, p, strict=True)]
        dull.append((p > NULL_P).sum(axis=2))
        there = np.sort(p[~np.isnan(p)])
        smaller[order] += np.searchsorted(there, tags.p.ravel()[order] + _ROUNDING, side="right")
        drawn += there.size
    by_permutation = np.where(
        np.isnan(tags.p), np.nan, (1 + smaller.reshape(tags.p.shape)) / (1 + drawn)
    )
    found = (tags.tagged if positive else tags.found)(threshold, alpha, rule)
    dull_permuted, dull_found = np.concatenate(dull), (tags.p > NULL_P).sum(axis=1)
    unrelated = _share_unrelated(dull_found, dull_permuted)
    return FalseTags(
        dimensions=tags.dimensions,
        found=found.sum(axis=1),
        permuted=np.array(counts),
        dull=dull_found,
        dull_permuted=dull_permuted,
        p=by_permutation,
        q=adjusted(by_permutation, "bh"),
        local=local_rates(tags, unrelated),
    )


def permuted_correlations(
    matrix: FloatArray, scores: FloatArray, permutations: int, seed: int
) -> Iterator[FloatArray]:
    """Spearman correlations with people's scores permuted within groups, B x D x I at a time.

    Groups are those of `survey_groups`. People without a rating or without any score take no part.

    Args:
        matrix: R x I ratings, NaN where missing.
        scores: R x D, NaN where missing.
        permutations: how many in all.
        seed: of the permutations.
    """
    there = ~np.isnan(matrix).all(axis=1) & ~np.isnan(scores).all(axis=1)
    matrix, scores = matrix[there], scores[there]
    rated = ~np.isnan(matrix)
    group = survey_groups(rated)
    members = [np.flatnonzero(group == number) for number in range(group.max(initial=-1) + 1)]
    rng = np.random.default_rng(seed)
    for first in range(0, permutations, _BATCH):
        size = min(_BATCH, permutations - first)
        out = np.full((size, scores.shape[1], matrix.shape[1]), np.nan)
        for rows in members:
            items = np.flatnonzero(rated[rows].any(axis=0))
            order = rng.permuted(np.tile(np.arange(len(rows)), (size, 1)), axis=1)
            out[:, :, items] = _shuffled(matrix[np.ix_(rows, items)], scores[rows], order)
        yield out


def _shuffled(matrix: FloatArray, scores: FloatArray, order: IntArray) -> FloatArray:
    """Correlations of one group with its people's scores in B orders, B x D x I."""
    rated = ~np.isnan(matrix)
    if np.isnan(scores).any():
        return np.stack([spearman(matrix, scores[rows])[0] for rows in order])
    out = np.full((len(order), scores.shape[1], matrix.shape[1]), np.nan)
    whole = _scaled(scores) if rated.all() else None
    for rows, items in same_raters(rated):
        if len(rows) > 2:
            mine = order[:, rows]
            y = _scaled(scores[mine], axis=1) if whole is None else whole[mine]
            x = _scaled(matrix[np.ix_(rows, items)])
            out[:, :, items] = np.einsum("bnd,ni->bdi", y, x)
    return out


def _scaled(values: FloatArray, axis: int = 0) -> FloatArray:
    """Ranks with mean 0 and sum of squares 1 along an axis; NaN where all are the same."""
    ranks = np.moveaxis(centred_ranks(np.moveaxis(values, axis, 0)), 0, axis)
    squares = (ranks**2).sum(axis=axis, keepdims=True)
    found: FloatArray = ranks / np.sqrt(np.where(squares > 0, squares, np.nan))
    return found


def local_rates(tags: TagTable, unrelated: float) -> FloatArray:
    """The chance that each pair is unrelated, given its correlation, D x I.

    The p-values as normal numbers z with the sign of r are a mixture of a standard normal (the
    unrelated pairs) and something wider. The chance is unrelated * normal(z) / density(z); the
    density is a Poisson regression of a histogram of all z on a polynomial of degree 7.

    Args:
        tags: with two hundred pairs or more, or all is NaN.
        unrelated: the share of unrelated pairs.
    """
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    with np.errstate(invalid="ignore"):
        z = np.sign(tags.r) * -normal_quantile(np.maximum(tags.p, 1e-15) / 2)
    there = z[~np.isnan(z)]
    if there.size < LEAST_PAIRS:
        return np.full(z.shape, np.nan)
    edges = np.linspace(there.min(), there.max(), _BINS + 1)
    middles, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    basis = np.polynomial.legendre.legvander(np.linspace(-1, 1, _BINS), _DEGREE)
    fit = GLM(np.histogram(there, edges)[0], basis, family=Poisson()).fit()
    log_density = np.log(np.maximum(fit.fittedvalues, 1e-9) / (there.size * width))
    density = np.exp(np.interp(z, middles, log_density))
    normal = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    rates: FloatArray = np.minimum(unrelated * normal / density, 1.0)
    return rates


def _share_unrelated(dull: IntArray, permuted: IntArray) -> float:
    return float(min(dull.sum() / permuted.sum(axis=1).mean(), 1.0))


def _central(values: FloatArray) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)
