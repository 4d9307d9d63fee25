"""Test-retest reliability: what asking the same model the same again changes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import mean_of_present, ratio
from scorers.psychometrics.reliability import intraclass_correlation
from scorers.scores.manifests import ScoreFamily


@dataclass(frozen=True)
class Retest:
    """How reliably something is measured when it is asked twice.

    Attributes:
        name: of what is measured.
        error: standard error of measurement, of one asking.
        change: the smallest change between two askings that asking again would show in 5% of cases
            at most: 1.96 times the root of 2 times the standard error of measurement.
        icc: ICC(A,1) over items; undefined of a score, which is one number.
    """

    name: str
    error: Estimate
    change: Estimate
    icc: Estimate


def retest(
    one: FloatArray,
    other: FloatArray,
    queries: Sequence[str],
    families: Sequence[tuple[ScoreFamily, BoolArray]],
) -> list[Retest]:
    """Reliability of single answers, of items' means over wordings, and of every score.

    The error of a score is made of what asking again changed about its items: the root of half the
    sum of (w d)^2, where d is the change of an item's mean and w how much the item moves the score.

    Source: Weir (2005), Quantifying test-retest reliability, for both figures; the interval is that
    of a variance, chi-squared with the degrees of freedom that the squares are worth
    (Satterthwaite).

    Args:
        one: S x M ratings, NaN where missing.
        other: S x M, of the same wordings.
        queries: S labels.
        families: of the manifest, each with its D x S tags.
    """
    both = ~np.isnan(one + other)
    first, second = (np.where(both, each, np.nan) for each in (one, other))
    labels = np.repeat(np.asarray(queries, dtype=str), one.shape[1]).tolist()
    means = [mean_of_present(each, axis=1) for each in (first, second)]
    change = means[1] - means[0]
    out = [
        _retest(
            "a single answer",
            (second - first).ravel(),
            intraclass_correlation(np.stack([first.ravel(), second.ravel()], axis=1), labels),
        ),
        _retest(
            "an item, mean over wordings",
            change,
            intraclass_correlation(np.stack(means, axis=1), queries),
        ),
    ]
    none = undefined("a score is one number: see the items")
    there = ~np.isnan(change)
    for family, tagged in families:
        own = tagged & there
        counted = own.any(axis=0)
        weights = ratio(own, own.sum(axis=1, keepdims=True))
        if family.estimator == "centred_tagged_mean":
            weights -= ratio(counted, counted.sum(), empty=0.0)
        for name, row in zip(family.names, family.scale * weights, strict=True):
            parts = np.where(there, row * np.nan_to_num(change), np.nan)
            kept = parts[counted] if not np.isnan(row).all() else np.array([])
            out.append(_retest(name, kept, none, scores=True))
    return out


def _retest(name: str, changes: FloatArray, icc: Estimate, *, scores: bool = False) -> Retest:
    """From changes of many askings, or from what each item adds to the change of a score."""
    squares = changes[~np.isnan(changes)] ** 2
    if len(squares) < 2:
        missing = undefined("nothing was asked twice")
        return Retest(name, missing, missing, icc)
    total = float(squares.sum() if scores else squares.mean()) / 2
    error = float(np.sqrt(total))
    if total == 0:
        same = Estimate(0.0, reason="no interval: no answer changed")
        return Retest(name, same, same, icc)
    fourth = float((squares**2).sum())
    # squares of normal numbers: var(x^2) = 2 s^4, and the sample's fourth moment is 3 s^4
    freedom = max(3 * float(squares.sum()) ** 2 / fourth, 1.0)
    ends = np.sqrt(total * freedom / scipy.special.chdtri(freedom, [0.025, 0.975]))
    found = Estimate(error, float(ends[0]), float(ends[1]))
    wide = 1.96 * np.sqrt(2)
    return Retest(
        name, found, Estimate(wide * found.value, wide * found.low, wide * found.high), icc
    )
