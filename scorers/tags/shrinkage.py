"""True values behind noisy ones: normal about a mean, or for some exactly the mean.

Source: Efron and Morris (1973), Stein's estimation rule and its competitors.
"""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.means import ratio
from scorers.intervals.quantiles import normal_below

RELATED = (1.0, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05)


def steadied(estimates: FloatArray, chance: float) -> FloatArray:
    """Estimates of D dimensions pulled to their mean as far as chance makes them differ.

    James and Stein's; fewer than four stay as they are.

    Args:
        estimates: D numbers.
        chance: the variance that each has by chance.
    """
    count, apart = len(estimates), float(estimates.var(ddof=1)) if len(estimates) > 1 else 0.0
    if count < 4 or apart == 0:
        return estimates
    kept = np.clip(1 - (count - 3) / (count - 1) * chance / apart, 0.0, 1.0)
    found: FloatArray = estimates.mean() + kept * (estimates - estimates.mean())
    return found


@dataclass(frozen=True, eq=False)
class Posterior:
    """Deviations from a dimension's mean: 0, or normal with a chance; each D x I."""

    chance: FloatArray
    mean: FloatArray
    variance: FloatArray

    @classmethod
    def given(
        cls, deviation: FloatArray, variance: FloatArray, noise: FloatArray, related: float
    ) -> "Posterior":
        """The posterior of observed deviations from the prior's variance and their own noise.

        Args:
            deviation: D x I, from the dimension's mean.
            variance: D x 1, of the true deviations.
            noise: D x I, variance of the errors.
            related: the share of deviations that are not 0.
        """
        wide = variance / related
        odds = (
            related
            / max(1 - related, 1e-12)
            * np.exp(_log_normal(deviation, wide + noise) - _log_normal(deviation, noise))
        )
        weight = wide / (wide + noise)
        return cls(odds / (1 + odds), weight * deviation, weight * noise)

    def above(
        self, bound: FloatArray, sign: FloatArray, noise: FloatArray | float = 0.0
    ) -> FloatArray:
        """The chance that sign times a deviation, with more noise, is above a bound."""
        none = _chance_above(-bound, np.zeros_like(self.mean) + noise)
        some = _chance_above(sign * self.mean - bound, self.variance + noise)
        found: FloatArray = (1 - self.chance) * none + self.chance * some
        return found


def _chance_above(distance: FloatArray, variance: FloatArray) -> FloatArray:
    """The chance that a normal number so far above 0 on average is positive; half at 0 sharp."""
    certain = (1 + np.sign(distance)) / 2
    spread = np.sqrt(variance)
    return np.where(spread > 0, normal_below(ratio(distance, spread)), certain)


def _log_normal(value: FloatArray, variance: FloatArray) -> FloatArray:
    found: FloatArray = -0.5 * (np.log(variance) + value**2 / variance)
    return found


def related_share(deviation: FloatArray, variance: FloatArray, noise: FloatArray) -> float:
    """The share of items whose true correlation differs from the mean, by likelihood.

    1 unless another share is better by BIC's price of a parameter.
    """
    likelihood = []
    for share in RELATED:
        wide = _log_normal(deviation, variance[:, None] / share + noise) + np.log(share)
        none = _log_normal(deviation, noise) + (np.log(1 - share) if share < 1 else -np.inf)
        likelihood.append(float(np.nansum(np.logaddexp(wide, none))))
    best = int(np.argmax(likelihood))
    price = np.log((~np.isnan(deviation)).sum()) / 2
    return RELATED[best] if likelihood[best] - likelihood[0] > price else 1.0
