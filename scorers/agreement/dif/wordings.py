"""Items that two models answer differently at like scores: their wordings are the repeats."""

from collections.abc import Sequence

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.agreement.dif.results import (
    NO_DIF,
    ROUNDS,
    Dif,
    ItemDif,
    ValueDif,
    corrected,
    purified,
)
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import mean_of_present, ratio
from scorers.intervals.quantiles import student_beyond, student_quantile

METHOD = "difference of an item less that of the value's other items, over wordings"
_MANY = 1e6  # degrees of freedom that are as good as infinite


def wordings_dif(first: FloatArray, second: FloatArray, tagged: BoolArray) -> Dif:
    """DIF of every item of every value between two models that were asked alike, purified.

    Two models are too few raters for a regression. But each wording gives both models' rating of an
    item; the difference less the mean difference of the value's other items is what the scores do
    not say. Its variance over a few wordings is itself uncertain, and 0 for some items by luck, so
    it is drawn towards that of all items as far as these vary no more than chance would make them
    (moderated t).

    Source: Smyth (2004), Linear models and empirical Bayes methods, for the moderated t; its prior
    is fitted here by moments of the variances, some of which are 0, and not of their logarithms.

    Args:
        first: I x M ratings, a column a wording and epoch; NaN where missing.
        second: I x M, of the same wordings.
        tagged: D x I, the items of each value.
    """
    apart = second - first
    anchors = tagged.copy()
    seen: list[BoolArray] = []
    for _ in range(ROUNDS):
        contrasts = _contrasts(apart, tagged, anchors)
        items = corrected(_tested(contrasts))
        anchors = purified(tagged, items)
        if any(np.array_equal(anchors, before) for before in seen):
            break
        seen.append(anchors)
    values = tuple(_value(d, items, apart, tagged, anchors) for d in range(len(tagged)))
    return Dif(METHOD, tuple(items), values)


def _contrasts(
    apart: FloatArray, tagged: BoolArray, anchors: BoolArray
) -> list[tuple[int, int, FloatArray]]:
    """Item, value, and M differences less the mean of those of the value's other items."""
    out = []
    for d in range(len(tagged)):
        for i in np.flatnonzero(tagged[d]).tolist():
            rest = anchors[d].copy()
            rest[i] = False
            others = mean_of_present(apart[rest], axis=0)
            out.append((i, d, apart[i] - others))
    return out


def _tested(contrasts: Sequence[tuple[int, int, FloatArray]]) -> list[ItemDif]:
    values = np.array([contrast for _, _, contrast in contrasts]).reshape(len(contrasts), -1)
    there = ~np.isnan(values)
    counts = there.sum(axis=1)
    means = mean_of_present(values, axis=1)
    gaps = np.where(there, values - means[:, None], 0.0)
    freedom = np.maximum(counts - 1.0, 0.0)
    variances = ratio((gaps**2).sum(axis=1), freedom)
    prior, most = _prior(variances, freedom)
    held = np.isfinite(variances)
    shared = ratio(prior * most + freedom * np.nan_to_num(variances), prior + freedom)
    pooled = np.where(held, shared, np.nan)
    # an item that varies more than most is not made surer by the others
    errors = np.sqrt(ratio(np.fmax(pooled, variances), counts))
    lent = np.where(variances > pooled, np.minimum(prior, freedom), prior)
    total = np.minimum(lent + freedom, max(float(freedom.sum()), 1.0))
    out = []
    for k, (i, d, _) in enumerate(contrasts):
        if not held[k] or np.isnan(errors[k]):
            reason = "needs two wordings that both answered, and another item of the value"
            nothing = undefined(reason)
            out.append(ItemDif(i, d, nothing, float("nan"), raters=int(counts[k]), reason=reason))
            continue
        mean, error, f = float(means[k]), float(errors[k]), float(total[k])
        reach = float(student_quantile(0.975, f)) * error
        p = float(2 * student_beyond(abs(mean) / error, f)) if error > 0 else float(mean == 0)
        found = Estimate(mean, mean - reach, mean + reach)
        out.append(ItemDif(i, d, found, p, raters=int(counts[k])))
    return out


def _prior(variances: FloatArray, freedom: FloatArray) -> tuple[float, float]:
    """Degrees of freedom and variance that an item's own variance is drawn towards."""
    known = np.isfinite(variances) & (freedom > 0)
    if known.sum() < 2:
        return 0.0, 0.0
    mean = float(variances[known].mean())
    f = float(freedom[known].mean())
    spread = (float(variances[known].var(ddof=1)) - 2 * mean**2 / f) / (1 + 2 / f)
    if mean <= 0 or spread <= 0:
        return _MANY, mean
    worth = min(4 + 2 * mean**2 / spread, _MANY)
    return worth, mean * (worth - 2) / worth


def _value(
    d: int, items: Sequence[ItemDif], apart: FloatArray, tagged: BoolArray, anchors: BoolArray
) -> ValueDif:
    """The mean difference of all items of a value less that of those without DIF."""
    mine = [one for one in items if one.dimension == d and not np.isnan(one.p)]
    found = sum(one.found for one in mine)
    if not mine:
        return ValueDif(d, 0, 0, undefined("no item could be tested"), float("nan"))
    if np.array_equal(tagged[d], anchors[d]):
        return ValueDif(d, len(mine), found, Estimate(0.0, reason=NO_DIF), float("nan"))
    every, kept = (mean_of_present(apart[rows[d]], axis=0) for rows in (tagged, anchors))
    over = (every - kept)[~np.isnan(every - kept)]
    mean = float(over.mean())
    if len(over) < 2:
        reason = "no interval: one wording"
        return ValueDif(d, len(mine), found, Estimate(mean, reason=reason), float("nan"))
    error = float(over.std(ddof=1) / np.sqrt(len(over)))
    reach = float(student_quantile(0.975, len(over) - 1)) * error
    p = float(2 * student_beyond(abs(mean) / error, len(over) - 1)) if error > 0 else float("nan")
    return ValueDif(d, len(mine), found, Estimate(mean, mean - reach, mean + reach), p)
