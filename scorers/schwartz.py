"""Scores of a rater on the dimensions of Value Portrait.

A score is the mean rating over the items tagged with a dimension. For the ten Schwartz values
and the four higher-order values it is normalised: the mean over all items that carry at least
one tag of the family, each counted once, is subtracted, which takes out how a rater uses the
scale. Big Five scores are raw means, brought from six points to five by the factor 5/6.

Source: Value Portrait, sections 3.4.1 and 4.1; Tables 5 and 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scorers.bootstrap import cluster_interval, cluster_sums, cluster_weights, resampled
from scorers.estimate import Estimate, undefined

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LOWEST, HIGHEST = 1.0, 6.0
BIG_FIVE_FACTOR = 5 / 6


@dataclass(frozen=True)
class Score:
    """A rater's score on one dimension.

    Attributes:
        dimension: its name.
        estimate: the score with its bootstrap interval over items, clustered by query.
        lowest: the score if every missing answer is read in the worst way for it.
        highest: the score if every missing answer is read in the best way for it.
        valid: share of valid answers among those to the items of the dimension.
        items: number of items tagged with the dimension.
        per_variant: the score from each variant alone, V values, NaN where undefined.
    """

    dimension: str
    estimate: Estimate
    lowest: float
    highest: float
    valid: float
    items: int
    per_variant: tuple[float, ...]

    @property
    def moves_with_missing(self) -> bool:
        """Whether the score depends on how missing answers, its own or the centre's, are read."""
        return self.highest - self.lowest > 1e-9


def score_family(
    ratings: FloatArray,
    tagged: BoolArray,
    queries: Sequence[object],
    dimensions: Sequence[str],
    *,
    missing: FloatArray | None = None,
    normalised: bool = True,
    scale: float | None = None,
    ends: tuple[float, float] = (LOWEST, HIGHEST),
    seed: int = 0,
) -> list[Score]:
    """Scores of one family of dimensions, with intervals and with bounds for missing answers.

    Args:
        ratings: I x V, 1 to 6, NaN where an answer is missing. The variants of an item that
            are there are averaged first.
        tagged: D x I, whether an item counts for a dimension.
        queries: I labels; items of one query are resampled together.
        dimensions: D names.
        missing: I x V, share of missing answers behind each rating where a rating is the mean of
            several; by default 1 where the rating is NaN and 0 elsewhere.
        normalised: subtract the mean over all tagged items (values); otherwise multiply the
            raw mean by 5/6 (Big Five).
        scale: what a score is multiplied by; by default 1, or 5/6 for raw means.
        ends: the least and the greatest rating, for the bounds.
        seed: of the bootstrap.

    Returns:
        D scores. A dimension without items or valid answers has a NaN score and a reason.
    """
    clusters = np.unique(np.asarray(queries, dtype=str), return_inverse=True)[1]
    means = _item_means(ratings)
    factor = scale if scale is not None else (1.0 if normalised else BIG_FIVE_FACTOR)
    values = _scores(means, tagged, normalised, factor)
    replicates = _replicates(means, tagged, clusters, normalised, factor, seed)
    per_variant = (
        np.stack([_scores(column, tagged, normalised, factor) for column in ratings.T], axis=-1)
        if ratings.shape[1]
        else np.empty((len(dimensions), 0))
    )
    if missing is None:
        missing = np.isnan(ratings).astype(float)
    bounds = _bounds(ratings, missing, tagged, values, normalised, factor, ends)
    return [
        Score(
            dimension,
            _estimate(value, replicates[:, d], tagged[d], means, clusters),
            float(bounds[0][d]),
            float(bounds[1][d]),
            _valid_share(missing[tagged[d]]),
            int(tagged[d].sum()),
            tuple(float(score) for score in per_variant[d]),
        )
        for d, (dimension, value) in enumerate(zip(dimensions, values, strict=True))
    ]


def _item_means(ratings: FloatArray) -> FloatArray:
    there = ~np.isnan(ratings)
    counts = there.sum(axis=1)
    sums = np.where(there, ratings, 0.0).sum(axis=1)
    return _ratio(sums, counts)


def _valid_share(missing: FloatArray) -> float:
    return float(1 - missing.mean()) if missing.size else float("nan")


def _scores(means: FloatArray, tagged: BoolArray, normalised: bool, factor: float) -> FloatArray:
    """D scores from I item means; NaN for a dimension without a rated item."""
    there = ~np.isnan(means)
    filled = np.where(there, means, 0.0)
    counted = tagged & there
    centre = _ratio(filled @ tagged.any(axis=0), float((tagged.any(axis=0) & there).sum()))
    return _finish(_ratio(counted @ filled, counted.sum(axis=1)), centre, normalised, factor)


def _replicates(
    means: FloatArray,
    tagged: BoolArray,
    clusters: npt.NDArray[np.intp],
    normalised: bool,
    factor: float,
    seed: int,
) -> FloatArray:
    """B x D bootstrap replicates of the scores, items resampled by query."""
    there = ~np.isnan(means)
    filled = np.where(there, means, 0.0)
    count = int(clusters.max(initial=-1)) + 1
    if count == 0:
        return np.full((1, len(tagged)), np.nan)
    groups = (np.vstack([tagged, tagged.any(axis=0)]) & there).astype(float)
    weights = cluster_weights(count, seed)
    sums = resampled(weights, cluster_sums(groups * filled, clusters, count))
    counts = resampled(weights, cluster_sums(groups, clusters, count))
    ratios = _ratio(sums, counts)
    return _finish(ratios[:, :-1], ratios[:, -1:], normalised, factor)


def _finish(means: FloatArray, centre: FloatArray, normalised: bool, factor: float) -> FloatArray:
    return factor * (means - centre if normalised else means)


def _ratio(sums: npt.ArrayLike, counts: npt.ArrayLike) -> FloatArray:
    top, bottom = np.asarray(sums, dtype=float), np.asarray(counts, dtype=float)
    ratio: FloatArray = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return ratio


def _estimate(
    value: float,
    replicates: FloatArray,
    tagged: BoolArray,
    means: FloatArray,
    clusters: npt.NDArray[np.intp],
) -> Estimate:
    if not tagged.any():
        return undefined("no item is tagged with it")
    if np.isnan(value):
        return undefined("no valid answer to any of its items")
    carrying = np.unique(clusters[tagged & ~np.isnan(means)]).size
    low, high = cluster_interval(value, replicates, carrying)
    reason = "no interval: its rated items belong to one query" if carrying < 2 else None
    return Estimate(float(value), low, high, reason)


def _bounds(
    ratings: FloatArray,
    missing: FloatArray,
    tagged: BoolArray,
    values: FloatArray,
    normalised: bool,
    factor: float,
    ends: tuple[float, float],
) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest scores, D each, over all readings of the missing answers.

    A score is linear in every missing answer, so each extreme is reached with all of them at
    an end of the scale. Leaving an unanswered item out is one of the readings too, so the
    bounds always contain the score itself.
    """
    if not ratings.size:
        empty = np.full(len(tagged), np.nan)
        return empty, empty
    known = (np.where(np.isnan(ratings), 0.0, ratings) * (1 - missing)).mean(axis=1)
    absent = missing.mean(axis=1)
    family = tagged.any(axis=0)
    slopes = _ratio(tagged, np.broadcast_to(tagged.sum(axis=1)[:, None], tagged.shape))
    centre = family / max(int(family.sum()), 1)
    slopes = factor * (slopes - centre if normalised else slopes)
    fixed = slopes @ known
    rising = np.where(slopes > 0, slopes, 0.0) @ absent
    falling = np.where(slopes < 0, slopes, 0.0) @ absent
    least, greatest = ends
    lowest = fixed + least * rising + greatest * falling
    highest = fixed + greatest * rising + least * falling
    return np.fmin(lowest, values), np.fmax(highest, values)
