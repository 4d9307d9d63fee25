"""Whether a decoder's probabilities can be taken at their word."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from ratings.errors import DataError
from scorers.bootstrap import CONFIDENCE, cluster_sums, expanded_percentile
from scorers.estimate import Estimate
from scorers.ratio_scores import ratio
from scorers.split_means import FloatArray, Labels, drawn_sums, numbered, split_means
from scorers.v_information import IntArray, hits

BINS = 10
SIMULATED = 1_000
_BATCH = 2_000_000  # ratings simulated at a time


@dataclass(frozen=True)
class CalibrationError:
    """The expected calibration error (ECE), a share of ratings.

    Attributes:
        raw: as commonly defined. Noise in the bins alone makes it positive.
        corrected: `raw` less the bias that its bootstrap replicates show, with its interval.
            May be below 0. Of a perfectly calibrated decoder only a part of the bias is seen:
            compare `raw` with `if_calibrated`.
        if_calibrated: what `raw` would be on average for a perfectly calibrated decoder with the
            same confidences, and the range of 95% of such values.
    """

    raw: float
    corrected: Estimate
    if_calibrated: Estimate


def top_label(probabilities: FloatArray, ratings: IntArray) -> tuple[FloatArray, FloatArray]:
    """Confidence in the most probable label, and whether it was chosen: N and N values.

    Args:
        probabilities: N x K, rows summing to 1.
        ratings: N chosen labels, from 1.

    Returns:
        The highest probability of each row, and 1 where its label was chosen, else 0; with T
        labels tied, 1 / T where one of them was chosen.
    """
    right = hits(probabilities, ratings)
    return np.asarray(probabilities.max(axis=1, initial=0.0), dtype=float), right


def reliability_table(
    confidence: FloatArray, right: FloatArray, raters: Labels, bins: int = BINS
) -> pd.DataFrame:
    """How often a decoder is right where it is how confident, in bins of equal width.

    A bin holds its upper end and not its lower; the first holds 0 too. The interval is Wilson's,
    with the effective number of ratings instead of their number, because ratings of one rater
    resemble each other: that of Korn and Graubard (1998) for shares from clustered samples, never
    more than the ratings there are. Where all ratings of a bin are right, or none, the
    resemblance cannot be seen and the number of raters is taken.

    Args:
        confidence: N probabilities that a prediction is right.
        right: N values of 0 to 1, whether it was.
        raters: N labels.
        bins: their number.

    Returns:
        One row a bin, with columns `low_end`, `high_end`, `count`, `raters`, `mean_confidence`,
        `share_right`, `low` and `high`; NaN in a bin without ratings.
    """
    inside = _bin(confidence, right, raters, bins)
    _, rater = numbered(raters, "raters")
    people = int(rater.max()) + 1
    counts = np.bincount(inside, minlength=bins).astype(float)
    share, mean = ratio(cluster_sums(np.stack([right, confidence]), inside, bins), counts)
    cells = inside * people + rater
    residuals = np.bincount(cells, right - share[inside], bins * people).reshape(bins, people)
    present = np.bincount(cells, minlength=bins * people).reshape(bins, people) > 0
    clusters = np.asarray(present.sum(axis=1), dtype=float)
    variance = ratio((residuals**2).sum(axis=1), counts**2) * ratio(clusters, clusters - 1)
    spread = share * (1 - share)
    effective = np.minimum(ratio(spread, variance), counts)
    effective = np.where(np.isnan(effective), clusters, effective)
    low, high = np.full((2, bins), np.nan)
    full = counts > 0
    low[full], high[full] = proportion_confint(
        share[full] * effective[full], effective[full], alpha=1 - CONFIDENCE, method="wilson"
    )
    ends = np.linspace(0.0, 1.0, bins + 1)
    return pd.DataFrame(
        {
            "low_end": ends[:-1],
            "high_end": ends[1:],
            "count": counts.astype(int),
            "raters": clusters.astype(int),
            "mean_confidence": mean,
            "share_right": share,
            "low": low,
            "high": high,
        }
    )


def expected_calibration_error(
    confidence: FloatArray, right: FloatArray, raters: Labels, bins: int = BINS, seed: int = 0
) -> CalibrationError:
    """Mean distance between confidence and share right over bins, weighted by their ratings.

    The interval is the basic bootstrap's, 2 * raw less the percentiles of replicates that draw
    raters anew: replicates carry the noise of the bins twice, and reflecting them takes the bias
    off. What calibration alone would give is simulated from the confidences, with ratings
    independent given them; where raters lean to one side, noise is larger than that.

    Source: Guo et al. (2017), On calibration of modern neural networks, equation 3; Davison and
    Hinkley (1997), Bootstrap methods, section 5.2, for the interval.

    Args:
        confidence: N probabilities that a prediction is right.
        right: N values of 0 to 1, whether it was.
        raters: N labels.
        bins: their number.
        seed: of the bootstrap and the simulation.
    """
    inside = _bin(confidence, right, raters, bins)
    _, rater = numbered(raters, "raters")
    people, count = int(rater.max()) + 1, len(confidence)
    gaps = np.bincount(inside * people + rater, right - confidence, bins * people)
    sizes = np.bincount(rater, minlength=people).astype(float)
    raw = float(np.abs(gaps.reshape(bins, people).sum(axis=1)).sum() / count)
    drawn = drawn_sums(np.vstack([gaps.reshape(bins, people), sizes]), seed)
    replicates = np.abs(drawn[:, :-1]).sum(axis=1) / drawn[:, -1]
    low, high = expanded_percentile(replicates, people)
    reason = "no interval: all ratings are of one rater" if people < 2 else None
    corrected = Estimate(2 * raw - replicates.mean(), 2 * raw - high, 2 * raw - low, reason)
    calibrated = _calibrated(confidence, inside, bins, seed)
    ends = np.quantile(calibrated, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return CalibrationError(
        raw, corrected, Estimate(float(calibrated.mean()), float(ends[0]), float(ends[1]))
    )


def brier_score(
    probabilities: FloatArray, ratings: IntArray, raters: Labels, seed: int = 0
) -> Estimate:
    """Mean over ratings of the summed squares of probabilities less what was chosen, 0 to 2.

    With two choices it is twice the score that takes the probability of one of them.

    Source: Brier (1950), equation 2.

    Args:
        probabilities: N x K, rows summing to 1; 0 beyond an instance's last choice.
        ratings: N chosen labels, from 1.
        raters: N labels; the interval draws raters anew.
        seed: of the bootstrap.

    >>> brier_score(np.array([[0.75, 0.25], [1.0, 0.0]]), np.array([2, 1]), ["a", "b"]).value
    0.5625
    """
    hits(probabilities, ratings)  # refuses what is no distribution
    chosen = np.arange(1, probabilities.shape[1] + 1) == ratings[:, None]
    squares = ((probabilities - chosen) ** 2).sum(axis=1)
    (found,) = split_means(squares[None], raters, np.zeros(len(squares)), seed)
    return found.estimate


def _bin(
    confidence: FloatArray, right: FloatArray, raters: Labels, bins: int
) -> npt.NDArray[np.intp]:
    """The bin of each rating, 0 to `bins` - 1, after checking what was given."""
    if not len(confidence) == len(right) == len(raters) > 0:
        raise DataError(
            f"{len(confidence)} confidences, {len(right)} outcomes and {len(raters)} raters; give "
            "one of each for every rating, and at least one rating"
        )
    for name, values in (("confidence", confidence), ("right", right)):
        if not ((values >= 0) & (values <= 1)).all():  # a missing value fails this too
            raise DataError(f"{name} has values outside 0 to 1 or missing ones; leave those out")
    found: npt.NDArray[np.intp] = np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence)
    return found


def _calibrated(
    confidence: FloatArray, inside: npt.NDArray[np.intp], bins: int, seed: int
) -> FloatArray:
    """Calibration errors when each prediction is right with the probability it states."""
    rng = np.random.default_rng([seed, 13])
    count = len(confidence)
    rows = max(1, _BATCH // count)
    parts = []
    for first in range(0, SIMULATED, rows):
        size = (min(rows, SIMULATED - first), count)
        gaps = (rng.random(size) < confidence) - confidence
        parts.append(np.abs(cluster_sums(gaps, inside, bins)).sum(axis=1) / count)
    return np.concatenate(parts)
