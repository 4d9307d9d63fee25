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

from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.repeats import of_repeats
from scorers.intervals.scopes import Cells, beyond_items

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LOWEST, HIGHEST = 1.0, 6.0
BIG_FIVE_FACTOR = 5 / 6


@dataclass(frozen=True)
class Score:
    """A rater's score on one dimension.

    Attributes:
        dimension: its name.
        estimate: the score with its interval beyond these items, clustered by query.
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
) -> list[Score]:
    """Scores of one family of dimensions, with intervals and with bounds for missing answers.

    Args:
        ratings: I x V, 1 to 6, NaN where an answer is missing. The variants of an item that
            are there are averaged first.
        tagged: D x I, whether an item counts for a dimension.
        queries: I labels; items of one query would be drawn together.
        dimensions: D names.
        missing: I x V, share of missing answers behind each rating where a rating is the mean of
            several; by default 1 where the rating is NaN and 0 elsewhere.
        normalised: subtract the mean over all tagged items (values); otherwise multiply the
            raw mean by 5/6 (Big Five).
        scale: what a score is multiplied by; by default 1, or 5/6 for raw means.
        ends: the least and the greatest rating, for the bounds.

    Returns:
        D scores. A dimension without items or valid answers has a NaN score and a reason.
    """
    clusters = np.unique(np.asarray(queries, dtype=str), return_inverse=True)[1]
    means, variances, freedom, lone = of_repeats(ratings[None])
    factor = scale if scale is not None else (1.0 if normalised else BIG_FIVE_FACTOR)
    cells = Cells(means, variances, freedom, tagged, clusters, normalised, factor, lone)
    found = beyond_items(cells)
    per_variant = (
        np.stack([_scores(column, tagged, normalised, factor) for column in ratings.T], axis=-1)
        if ratings.shape[1]
        else np.empty((len(dimensions), 0))
    )
    if missing is None:
        missing = np.isnan(ratings).astype(float)
    bounds = _bounds(ratings, missing, tagged, found.values[0], normalised, factor, ends)
    return [
        Score(
            dimension,
            _worded(estimate, tagged[d]),
            float(bounds[0][d]),
            float(bounds[1][d]),
            _valid_share(missing[tagged[d]]),
            int(tagged[d].sum()),
            tuple(float(score) for score in per_variant[d]),
        )
        for d, (dimension, estimate) in enumerate(zip(dimensions, found.estimates(), strict=True))
    ]


def _valid_share(missing: FloatArray) -> float:
    return float(1 - missing.mean()) if missing.size else float("nan")


def _scores(means: FloatArray, tagged: BoolArray, normalised: bool, factor: float) -> FloatArray:
    """D scores from I item means; NaN for a dimension without a rated item."""
    there = ~np.isnan(means)
    filled = np.where(there, means, 0.0)
    counted = tagged & there
    centre = _ratio(filled @ tagged.any(axis=0), float((tagged.any(axis=0) & there).sum()))
    return _finish(_ratio(counted @ filled, counted.sum(axis=1)), centre, normalised, factor)


def _finish(means: FloatArray, centre: FloatArray, normalised: bool, factor: float) -> FloatArray:
    return factor * (means - centre if normalised else means)


def _ratio(sums: npt.ArrayLike, counts: npt.ArrayLike) -> FloatArray:
    top, bottom = np.asarray(sums, dtype=float), np.asarray(counts, dtype=float)
    ratio: FloatArray = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return ratio


def _worded(estimate: Estimate, tagged: BoolArray) -> Estimate:
    if not tagged.any():
        return undefined("no item is tagged with it")
    if np.isnan(estimate.value):
        return undefined("no valid answer to any of its items")
    if np.isnan(estimate.low):
        return Estimate(estimate.value, reason="no interval: its rated items belong to one query")
    return estimate


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
