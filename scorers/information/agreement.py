"""Whether two raters agree on an instance: observed, and as a simulated population would.

Source: Sorensen et al. (2025), section 7 and figure 11.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.information.split_means import drawn_sums
from scorers.information.v_information import check_probabilities
from scorers.intervals.bootstrap import cluster_interval
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import ratio
from scorers.psychometrics.correlation import fisher_interval

LEAST_INSTANCES = 3


@dataclass(frozen=True)
class AgreementReport:
    """How well predicted agreement tells where raters agree.

    Attributes:
        instances: number of instances with enough raters.
        correlation: Pearson's, over instances.
        p_value: two-sided, of the correlation; NaN when it is not defined.
        r_squared: its square, the variance explained by the best line. The interval is that of
            the correlation squared: it begins at 0 where that one holds 0, which percentiles of
            squared replicates never do.
        prediction_r_squared: 1 - SSE / SST of the predictions as they are, without a line fitted.
            Below 0 when they are worse than the mean of what was observed.
    """

    instances: int
    correlation: Estimate
    p_value: float
    r_squared: Estimate
    prediction_r_squared: Estimate


def observed_agreement(counts: FloatArray | npt.NDArray[np.integer]) -> FloatArray:
    """Share of pairs of different raters of an instance who chose the same label, I values.

    Pairs without replacement, so it is unbiased for any number of raters.

    Args:
        counts: I x K, how many raters chose each label.

    Returns:
        NaN for an instance with fewer than two raters.

    >>> observed_agreement(np.array([[3, 1], [2, 0], [1, 0]]))
    array([0.5, 1. , nan])
    """
    table = np.asarray(counts, dtype=float)
    if not (table >= 0).all():
        raise DataError("counts of ratings must be 0 or more and not missing")
    raters = table.sum(axis=-1)
    return ratio((table * (table - 1)).sum(axis=-1), raters * (raters - 1))


def predicted_agreement(given: FloatArray) -> FloatArray:
    """Probability that two different members of a simulated population choose the same label.

    Each of V profiles chooses at random from its distribution. The mean over pairs of different
    profiles v and w of sum_k p_vk * p_wk, from the square of the sum less the sum of squares.

    Args:
        given: ... x V x K distributions of the decoder given each profile.

    Returns:
        One probability an instance, ...; NaN with fewer than two profiles.

    >>> predicted_agreement(np.array([[[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]])).round(4)
    array([0.3333])
    """
    check_probabilities(given)
    table = np.asarray(given, dtype=float)
    profiles = table.shape[-2]
    if profiles < 2:
        return np.full(table.shape[:-2], np.nan)
    all_pairs = (table.sum(axis=-2) ** 2).sum(axis=-1)
    same = (table**2).sum(axis=(-2, -1))
    return np.asarray((all_pairs - same) / (profiles * (profiles - 1)))


def agreement_report(
    observed: FloatArray,
    predicted: FloatArray,
    raters: npt.NDArray[np.integer],
    minimum: int,
    seed: int = 0,
) -> AgreementReport:
    """Observed against predicted agreement over the instances with enough raters.

    With five raters or so an instance, the observed agreement is mostly noise, and no prediction
    can explain much of its variance.

    Source: Sorensen et al. (2025), section 11, took 3 or 5 raters at least, by data set.

    Args:
        observed: I values, from `observed_agreement`; NaN ones are left out.
        predicted: I values, from `predicted_agreement`; NaN ones are left out.
        raters: I numbers of raters.
        minimum: the least number of raters of an instance that counts.
        seed: of the bootstrap, which draws instances.
    """
    if not len(observed) == len(predicted) == len(raters):
        raise DataError(
            f"{len(observed)} observed values, {len(predicted)} predicted ones and {len(raters)} "
            "numbers of raters; give one of each for every instance"
        )
    kept = (raters >= minimum) & ~np.isnan(observed) & ~np.isnan(predicted)
    seen, said = observed[kept], predicted[kept]
    reason = _unfit(seen, said, minimum)
    if reason:
        nothing = undefined(reason)
        return AgreementReport(int(kept.sum()), nothing, float("nan"), nothing, nothing)
    found = stats.pearsonr(said, seen)
    value, count = float(found.statistic), len(seen)
    # Centred beforehand: sums of squares of centred values lose no digits.
    one, other = seen - seen.mean(), said - seen.mean()
    rows = np.stack([np.ones_like(one), one, other, one**2, other**2, one * other])
    correlations, fits = _correlation_and_fit(drawn_sums(rows, seed))
    low, high = fisher_interval(value, correlations, count)
    fit = float(1 - ((seen - said) ** 2).sum() / (one**2).sum())
    return AgreementReport(
        count,
        Estimate(value, low, high),
        float(found.pvalue),
        Estimate(value**2, 0.0 if low <= 0 <= high else min(low**2, high**2), max(low**2, high**2)),
        Estimate(fit, *cluster_interval(fit, fits, count, ends=(-np.inf, 1.0))),
    )


def _unfit(seen: FloatArray, said: FloatArray, minimum: int) -> str | None:
    if len(seen) < LEAST_INSTANCES:
        return f"needs {LEAST_INSTANCES} instances with {minimum} raters or more, found {len(seen)}"
    if np.ptp(seen) == 0:
        return "raters agree on all instances alike"
    return "the same agreement is predicted for all instances" if np.ptp(said) == 0 else None


def _correlation_and_fit(sums: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pearson's r and 1 - SSE / SST from B x 6 sums; NaN where either row is flat."""
    n, x, y, xx, yy, xy = sums.T
    spread_x, spread_y = xx - x**2 / n, yy - y**2 / n
    flat = (spread_x <= 1e-12 * xx) | (spread_y <= 1e-12 * yy)
    spread_x[flat] = np.nan
    together = xy - x * y / n
    correlations: FloatArray = np.clip(together / np.sqrt(spread_x * np.abs(spread_y)), -1, 1)
    fits: FloatArray = 1 - (xx - 2 * xy + yy) / spread_x
    return correlations, fits
