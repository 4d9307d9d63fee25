"""The variance of several models' profiles, on the same items, so that errors go together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from scorers.agreement.jackknife import jackknifed
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.quantiles import student_beyond, student_quantile
from scorers.scores.profile_variance import ProfileVariance, variance_of
from scorers.scores.ratio_scores import RatioScores

LEAST_SIZES = 3  # for an interval over models


@dataclass(frozen=True, eq=False)
class ModelVariance:
    """The variance of one model's profile.

    Attributes:
        found: as published and without noise, each with its interval.
        without: by query, the published variance without that query.
    """

    found: ProfileVariance
    without: dict[str, float]

    @classmethod
    def of(cls, scores: RatioScores, seed: int = 0) -> "ModelVariance":
        """Of the scores of one run over its queries."""
        count = len(scores.clusters)
        left = scores.replicates(1.0 - np.eye(count)).var(axis=1, ddof=1)
        return cls(
            variance_of(scores, seed), dict(zip(scores.clusters, left.tolist(), strict=True))
        )

    @classmethod
    def printed(cls, values: FloatArray) -> "ModelVariance":
        """Of D scores that are printed without their items: nothing is known of their noise."""
        value = float(values.var(ddof=1))
        reason = "no interval: only the scores are printed"
        return cls(ProfileVariance(Estimate(value, reason=reason), undefined(reason)), {})

    @property
    def best(self) -> float:
        """Without noise where that is known."""
        corrected = self.found.corrected.value
        return self.found.published.value if np.isnan(corrected) else corrected

    def left_out(self, queries: Sequence[str]) -> FloatArray:
        """Without each of C queries in turn; unchanged by one that it did not answer."""
        lost = self.found.published.value - self.best
        kept = [self.without.get(query, self.found.published.value) for query in queries]
        return np.array(kept) - lost


@dataclass(frozen=True)
class Slope:
    """How the variance of a profile rises with the logarithm of the size, to the base of 10.

    Attributes:
        models: M.
        items: the slope of these models, with the error of drawing other queries.
        models_too: the same with the error of drawing other models, by which M points scatter about
            the lines.
        p: of no slope, over models.
        rises: steps from a model to the next larger one of its family with a larger variance.
        steps: all steps.
    """

    models: int
    items: Estimate
    models_too: Estimate
    p: float
    rises: int
    steps: int


def size_slope(
    sizes: FloatArray, families: Sequence[str], variances: Sequence[ModelVariance]
) -> Slope:
    """One slope for all families, each with a level of its own.

    Over queries, a jackknife leaves out each query for all models at once, which keeps what their
    errors share. Over models, the residuals about the families' lines have M - F - 1 degrees of
    freedom.

    Args:
        sizes: M, in billions of parameters.
        families: M names.
        variances: M.
    """
    names, of = np.unique(np.asarray(families, dtype=str), return_inverse=True)
    found = np.array([one.best for one in variances])
    logs = np.log10(sizes)
    apart = logs - np.array([logs[of == f].mean() for f in range(len(names))])[of]
    total = float((apart**2).sum())
    rises, steps = _steps(sizes, of, found)
    if not total > 0 or np.isnan(found).any():
        missing = undefined("needs two sizes of a family")
        return Slope(len(sizes), missing, missing, float("nan"), rises, steps)
    value = float(apart @ found) / total
    queries = sorted({query for one in variances for query in one.without})
    if all(one.without for one in variances) and queries:
        left = np.array([one.left_out(queries) for one in variances])
        items = jackknifed(value, apart @ left / total)
    else:
        items = Estimate(value, reason="no interval: only the scores are printed")
    freedom = len(sizes) - len(names) - 1
    if freedom < 1:
        reason = "no interval: one slope and a level a family fit so few models exactly"
        return Slope(len(sizes), items, Estimate(value, reason=reason), float("nan"), rises, steps)
    levels = np.array([found[of == f].mean() for f in range(len(names))])[of]
    gaps = found - levels - value * apart
    error = float(np.sqrt((gaps**2).sum() / freedom / total))
    reach = float(student_quantile(0.975, freedom)) * error
    p = float(2 * student_beyond(abs(value) / error, freedom)) if error > 0 else float("nan")
    return Slope(len(sizes), items, Estimate(value, value - reach, value + reach), p, rises, steps)


def _steps(sizes: FloatArray, of: npt.NDArray[np.intp], found: FloatArray) -> tuple[int, int]:
    rises = steps = 0
    for f in np.unique(of):
        order = np.flatnonzero(of == f)[np.argsort(sizes[of == f], kind="stable")]
        up: BoolArray = np.diff(found[order]) > 0
        larger = np.diff(sizes[order]) > 0
        rises, steps = rises + int((up & larger).sum()), steps + int(larger.sum())
    return rises, steps


def variance_difference(reasoning: ModelVariance, base: Sequence[ModelVariance]) -> Estimate:
    """The variance of a reasoning model less the mean of those of its bases, over queries."""
    value = reasoning.best - float(np.mean([one.best for one in base]))
    queries = sorted({query for one in (reasoning, *base) for query in one.without})
    if not queries:
        return Estimate(value, reason="no interval: only the scores are printed")
    left = reasoning.left_out(queries) - np.mean([one.left_out(queries) for one in base], axis=0)
    return jackknifed(value, left)
