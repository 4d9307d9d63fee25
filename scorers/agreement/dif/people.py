"""DIF between two groups of people: ordinal logistic regression at like scores."""

from collections.abc import Sequence

import numpy as np
import scipy

from ratings.arrays import BoolArray, FloatArray
from scorers.agreement.dif.cumulative_logit import cumulative_logit
from scorers.agreement.dif.results import ROUNDS, Dif, ItemDif, ValueDif, corrected, purified
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import mean_of_present, ratio
from scorers.intervals.quantiles import student_beyond, student_quantile

METHOD = "ordinal logistic regression on the score of the value's other items"
LEAST_RATERS = 20  # of each group


def people_dif(first: FloatArray, second: FloatArray, tagged: BoolArray) -> Dif:
    """Uniform and non-uniform DIF of every item of every value, purified.

    An item's rating is regressed on the rater's score on the value's other items, then on the group
    too, then on their product; likelihood ratios compare the three. Scores are the means of ratings
    less the item's mean, so that people may have rated different items. They are moved
    towards their group's mean as far as they are unreliable there (Kelley's true scores); without
    that a difference between the groups' values would come out as DIF of every item. Items with
    DIF are taken out of the scores of the others until the same ones are found again.

    What all items of a value share is no DIF: it is seen in the scores, not here.

    Source: Zumbo (1999), A handbook on DIF; Jodoin and Gierl (2001) for sizes; Shealy and Stout
    (1993) for the correction of the matching score; Candell and Drasgow (1988) for purifying.

    Args:
        first: R x I ratings, NaN where missing.
        second: Q x I.
        tagged: D x I, the items of each value.
    """
    ratings = np.vstack([first, second])
    group = np.repeat([0.0, 1.0], [len(first), len(second)])
    anchors = tagged.copy()
    seen: list[BoolArray] = []
    for _ in range(ROUNDS):
        tested, parts = _tested(ratings, group, tagged, anchors)
        items = corrected(tested)
        anchors = purified(tagged, items)
        if any(np.array_equal(anchors, before) for before in seen):
            break
        seen.append(anchors)
    values = tuple(_value(d, items, parts) for d in range(len(tagged)))
    return Dif(METHOD, tuple(items), values)


def _tested(
    ratings: FloatArray, group: FloatArray, tagged: BoolArray, anchors: BoolArray
) -> tuple[list[ItemDif], list[FloatArray]]:
    """Every item of every value, and what each rater adds to its difference."""
    groups = [group == g for g in (0.0, 1.0)]
    centre = np.mean([mean_of_present(ratings[mine], axis=0) for mine in groups], axis=0)
    apart = ratings - centre
    items, parts = [], []
    for d in range(len(tagged)):
        for i in np.flatnonzero(tagged[d]).tolist():
            rest = anchors[d].copy()
            rest[i] = False
            score = _true_scores(apart[:, rest], groups)
            found, added = _item(ratings[:, i], score, group, i, d)
            items.append(found)
            parts.append(added)
    return items, parts


def _true_scores(apart: FloatArray, groups: Sequence[BoolArray]) -> FloatArray:
    """R scores from R x J ratings less the items' means; NaN for who rated none of the items."""
    out = np.full(len(apart), np.nan)
    there = ~np.isnan(apart)
    for mine in groups:
        known = there[mine]
        counts = known.sum(axis=1)
        means = mean_of_present(apart[mine], axis=1)
        centre = mean_of_present(means, axis=0)
        gaps = np.where(known, apart[mine] - mean_of_present(apart[mine], axis=0), 0.0)
        together = known.T.astype(float) @ known
        shared = ratio(gaps.T @ gaps, np.maximum(together - 1.0, 0.0))
        own = float(np.nanmean(np.diag(shared))) if known.any() else np.nan
        off = shared[~np.eye(len(shared), dtype=bool)]
        off = off[~np.isnan(off)]
        common = float(np.clip(off.mean(), 1e-6, own)) if off.size and own > 0 else own
        trust = common / (common + (own - common) / np.maximum(counts, 1))
        out[mine] = centre + trust * (means - centre)
    return out


def _item(
    rating: FloatArray, score: FloatArray, group: FloatArray, i: int, d: int
) -> tuple[ItemDif, FloatArray]:
    kept = ~np.isnan(rating + score)
    y, x, g = rating[kept], score[kept], group[kept]
    nothing = np.zeros(len(rating))
    sizes = int((g == 0).sum()), int((g == 1).sum())

    def untested(reason: str) -> tuple[ItemDif, FloatArray]:
        return ItemDif(
            i, d, undefined(reason), float("nan"), raters=int(kept.sum()), reason=reason
        ), nothing

    if min(sizes) < LEAST_RATERS:
        return untested(f"needs {LEAST_RATERS} people of each set who rated another item of the "
                        f"value, found {min(sizes)}")  # fmt: skip
    if np.ptp(y) == 0 or x.std() < 1e-9:
        return untested("ratings or scores do not differ")
    z = (x - x.mean()) / x.std()
    designs = [np.empty((len(y), 0)), z[:, None], np.stack([z, g], axis=1)]
    designs.append(np.stack([z, g, z * g], axis=1))
    fits = [cumulative_logit(y.astype(np.intp), design) for design in designs]
    if not all(fit.converged for fit in fits):
        return untested("the regression does not converge")
    null, matched, uniform, full = (fit.likelihood for fit in fits)
    gained = [max(2 * (b - a), 0.0) for a, b in ((matched, full), (matched, uniform),
                                                 (uniform, full))]  # fmt: skip
    p = [float(scipy.special.chdtrc(f, one)) for f, one in zip((2, 1, 1), gained, strict=True)]
    design = np.stack([np.ones(len(y)), z, g], axis=1)
    inverse = np.linalg.pinv(design)
    values = inverse @ y
    gaps = (y - design @ values) * inverse[2]
    freedom = len(y) - 3
    error = float(np.sqrt((gaps**2).sum() * len(y) / freedom))
    reach = float(student_quantile(0.975, freedom)) * error
    difference = float(values[2])
    added = nothing.copy()
    added[kept] = gaps * np.sqrt(len(y) / freedom)
    return ItemDif(
        item=i,
        dimension=d,
        difference=Estimate(difference, difference - reach, difference + reach),
        p=p[0],
        uniform=p[1],
        nonuniform=p[2],
        r2=_nagelkerke(null, full, len(y)) - _nagelkerke(null, matched, len(y)),
        log_odds=float(fits[2].slopes[1]),
        raters=len(y),
    ), added


def _nagelkerke(null: float, fitted: float, count: int) -> float:
    return float((1 - np.exp(2 * (null - fitted) / count)) / (1 - np.exp(2 * null / count)))


def _value(d: int, items: Sequence[ItemDif], parts: Sequence[FloatArray]) -> ValueDif:
    """The mean over a value's items; what one rater adds to several is added up first."""
    mine = [k for k, one in enumerate(items) if one.dimension == d and not np.isnan(one.p)]
    if not mine:
        return ValueDif(d, 0, 0, undefined("no item could be tested"), float("nan"))
    mean = float(np.mean([items[k].difference.value for k in mine]))
    error = float(np.sqrt((np.mean([parts[k] for k in mine], axis=0) ** 2).sum()))
    freedom = max(min(items[k].raters for k in mine) - 3, 1)
    reach = float(student_quantile(0.975, freedom)) * error
    p = float(2 * student_beyond(abs(mean) / error, freedom)) if error > 0 else float("nan")
    found = sum(items[k].found for k in mine)
    return ValueDif(d, len(mine), found, Estimate(mean, mean - reach, mean + reach), p)
