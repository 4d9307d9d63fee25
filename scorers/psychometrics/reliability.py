"""How consistently a set of parts measures the same thing.

Every function takes a matrix of N cases by K parts. Two readings of it are in use: within one
run the cases are items and the parts are the prompt variants (does the model say the same
whatever the wording?); across runs the cases are model x variant rows and the parts are the
items of one value (the paper's Table 4). Cases with a missing part are left out.
"""

import warnings
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import (
    REPLICATES,
    cluster_interval,
    cluster_sums,
    cluster_weights,
    resampled,
)
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import ratio
from scorers.intervals.quantiles import student_quantile

_ICC_LEAST_ANSWERS = 5  # of pingouin's analysis of variance
_ROUNDING = 0.01  # pingouin rounds the ends of its intervals
_OMEGA_SWEEPS = 100
_ALIKE = 1e-9  # a coefficient this close to 1 is 1


def complete_cases(matrix: FloatArray) -> FloatArray:
    """The rows without a missing part, N x K."""
    return matrix[~np.isnan(matrix).any(axis=1)]


def cronbach_alpha(matrix: FloatArray, clusters: Sequence[object] | None = None) -> Estimate:
    """Cronbach's alpha with a 95% interval.

    Cases that are drawn one by one have Feldt's interval, by pingouin. Cases that come in clusters,
    as rows of one model or items of one query do, have that of a jackknife over clusters.

    Source: Cronbach (1951); Value Portrait, Appendix F; Bonett and Wright (2015) for ln(1 - alpha).

    Args:
        matrix: N x K, NaN where missing.
        clusters: N labels; cases of one label are left out together.

    >>> round(cronbach_alpha(np.array([[1, 2.0], [2, 4], [3, 5], [4, 4]])).value, 3)
    0.836
    """
    cases = complete_cases(matrix)
    reason = _unfit(cases, least_cases=2)
    if reason:
        return undefined(reason)
    if clusters is not None:
        return _jackknifed(_alpha(cases), matrix, clusters, _alphas_without)
    import pingouin  # a second to import

    value, (low, high) = pingouin.cronbach_alpha(pd.DataFrame(cases))
    return Estimate(float(value), float(low), float(high))


def mcdonald_omega(
    matrix: FloatArray,
    clusters: Sequence[object] | None = None,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> Estimate:
    """McDonald's omega (total, one factor), with a bootstrap interval over cases.

    Loadings come from the one-factor minres solution of the correlation matrix; omega is the
    squared sum of loadings over that plus the unique variances.
    Source: McDonald (1999), Test theory, chapter 6.

    Args:
        matrix: N x K, NaN where missing.
        clusters: N labels; cases of one label are resampled together. Each alone by default.
        seed: of the bootstrap.
        replicates: number of draws; with many parts each takes milliseconds.
    """
    cases = complete_cases(matrix)
    reason = _unfit(cases, least_cases=3)
    if reason is None and cases.shape[1] < 3:
        reason = "one factor needs three parts or more"
    if reason:
        return undefined(reason)
    kept = ~np.isnan(matrix).any(axis=1)
    labels = np.arange(len(matrix)) if clusters is None else np.asarray(clusters, dtype=str)
    cluster = np.unique(labels[kept], return_inverse=True)[1]
    count = int(cluster.max()) + 1
    weights = np.vstack([np.ones((1, count)), cluster_weights(count, seed, replicates)])
    omega = _omega(_covariances(cases, cluster, weights))
    if np.isnan(omega[0]):
        return undefined("a part does not vary")
    low, high = cluster_interval(float(omega[0]), omega[1:], count, ends=(0.0, 1.0))
    reason = "no interval: all cases belong to one cluster" if count < 2 else None
    return Estimate(float(omega[0]), low, high, reason)


def intraclass_correlation(
    matrix: FloatArray, clusters: Sequence[object] | None = None
) -> Estimate:
    """ICC(A,1): agreement of single parts, two-way random effects, with a 95% interval.

    The interval is that of McGraw and Wong, by pingouin, for cases drawn one by one, and that of a
    jackknife over clusters where these are given. The jackknife takes the parts as fixed.

    Source: McGraw and Wong (1996); Shrout and Fleiss's ICC(2,1).

    Args:
        matrix: N x K, NaN where missing.
        clusters: N labels; cases of one label are left out together.
    """
    cases = complete_cases(matrix)
    reason = _unfit(cases, least_cases=2)
    if reason is None and cases.size < _ICC_LEAST_ANSWERS:
        reason = f"needs {_ICC_LEAST_ANSWERS} answers or more, found {cases.size}"
    if reason:
        return undefined(reason)
    value = _icc(cases)
    if np.isnan(value):
        return undefined("there is no variance to compare")
    if clusters is not None:
        return _jackknifed(value, matrix, clusters, _iccs_without)
    import pingouin  # a second to import

    long = pd.DataFrame(cases).melt(ignore_index=False, var_name="part").reset_index()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # pingouin calls pandas in ways that newer versions of it deprecate
        warnings.simplefilter("ignore", DeprecationWarning)
        table = pingouin.intraclass_corr(long, targets="index", raters="part", ratings="value")
    row = table.set_index("Type").loc["ICC(A,1)"]
    low, high = (float(end) for end in row["CI95"])
    if not low <= value + _ROUNDING or not high >= value - _ROUNDING:
        return Estimate(value, reason="no interval: its approximation fails for these ratings")
    return Estimate(value, low, high)


def _unfit(cases: FloatArray, least_cases: int) -> str | None:
    """Why these complete cases define no coefficient, None when they do."""
    if cases.shape[1] < 2:
        return "needs two parts or more"
    if len(cases) < least_cases:
        return f"needs {least_cases} complete cases or more, found {len(cases)}"
    if np.ptp(cases, axis=0).max() == 0:
        return "the cases do not differ"
    if np.isclose(cases.sum(axis=1).var(), 0):
        return "the total does not vary over the cases"
    return None


def _jackknifed(
    value: float,
    matrix: FloatArray,
    clusters: Sequence[object],
    without_each: Callable[[FloatArray, npt.NDArray[np.intp], int], FloatArray],
) -> Estimate:
    """The 95% interval from ln(1 - coefficient) without each cluster in turn, by Student's t.

    One cluster unlike the others makes the standard error itself uncertain. Its degrees of
    freedom are those of a variance of C values with their kurtosis, C - 1 at most.
    """
    kept = ~np.isnan(matrix).any(axis=1)
    cases = matrix[kept]
    names, cluster = np.unique(np.asarray(clusters, dtype=str)[kept], return_inverse=True)
    count = len(names)
    if count < 2:
        return Estimate(value, reason="no interval: all cases belong to one cluster")
    without = without_each(cases, cluster, count)
    if value > 1 - _ALIKE and (without > 1 - _ALIKE).all():
        return Estimate(value, value, value)
    if value > 1 - _ALIKE or not (without < 1 - _ALIKE).all():
        return Estimate(value, reason="no interval: one cluster holds all that differs")
    logs = np.log(1 - without)
    squares = (logs - logs.mean()) ** 2
    if not squares.any():
        return Estimate(value, value, value)
    error = np.sqrt((count - 1) / count * squares.sum())
    kurtosis = count * (squares**2).sum() / squares.sum() ** 2
    freedom = min(2 * count / (kurtosis - 1 + 2 / (count - 1)), count - 1)
    reach = float(student_quantile(0.975, freedom) * error)
    low, high = (float(1 - (1 - value) * np.exp(end)) for end in (reach, -reach))
    return Estimate(value, low, high)


def _alphas_without(cases: FloatArray, cluster: npt.NDArray[np.intp], count: int) -> FloatArray:
    """C alphas without each cluster in turn, from sums; NaN where the total does not vary."""
    parts = cases.shape[1]
    centred = cases - cases.mean(axis=0)  # for precision: the squares stay small
    columns = np.vstack([centred.T, centred.sum(axis=1)])
    size = len(cases) - np.bincount(cluster, minlength=count)
    sums, squares = (
        each.sum(axis=1)[:, None] - cluster_sums(each, cluster, count)
        for each in (columns, columns**2)
    )
    spread = squares - sums**2 / np.maximum(size, 1)
    within, total = spread[:-1].sum(axis=0), spread[-1]
    defined = (size > 1) & ~np.isclose(total / np.maximum(size, 1), 0)
    ratios = np.divide(within, total, out=np.full(count, np.nan), where=defined)
    found: FloatArray = parts / (parts - 1) * (1 - ratios)
    return found


def _alpha(cases: FloatArray) -> float:
    if _unfit(cases, least_cases=2):
        return np.nan
    parts = cases.shape[1]
    within = cases.var(axis=0, ddof=1).sum() / cases.sum(axis=1).var(ddof=1)
    return float(parts / (parts - 1) * (1 - within))


def _icc(cases: FloatArray) -> float:
    if _unfit(cases, least_cases=2):
        return np.nan
    count, parts = cases.shape
    items = parts * cases.mean(axis=1).var(ddof=1)
    variants = count * cases.mean(axis=0).var(ddof=1)
    error = (parts * cases.var(axis=0, ddof=1).mean() - items) / (parts - 1)
    total = items + (parts - 1) * error + parts / count * (variants - error)
    return float((items - error) / total) if total > 0 else np.nan


def _iccs_without(cases: FloatArray, cluster: npt.NDArray[np.intp], count: int) -> FloatArray:
    return np.array([_icc(cases[cluster != one]) for one in range(count)])


def _covariances(
    cases: FloatArray, cluster: npt.NDArray[np.intp], weights: FloatArray
) -> FloatArray:
    """B x K x K covariance matrices of the cases in the clusters drawn, from sums of products."""
    centred = cases - cases.mean(axis=0)  # for precision: the products stay small
    parts = centred.shape[1]
    products = np.einsum("nk,nl->kln", centred, centred).reshape(parts * parts, -1)
    count = weights.shape[1]
    stacked = np.vstack([np.ones((1, len(cases))), centred.T, products])
    drawn = resampled(weights, cluster_sums(stacked, cluster, count))
    size, sums = drawn[:, :1], drawn[:, 1 : parts + 1]
    crossed = drawn[:, parts + 1 :].reshape(-1, parts, parts)
    crossed = crossed - sums[:, :, None] * sums[:, None, :] / size[:, :, None]
    covariances: FloatArray = crossed / np.maximum(size[:, :, None] - 1, 1)
    return covariances


def _omega(covariances: FloatArray) -> FloatArray:
    """B omegas of B one-factor solutions; NaN where there is none."""
    variances = np.einsum("bkk->bk", covariances)
    defined = (variances > 1e-9).all(axis=1)
    omega = np.full(len(covariances), np.nan)
    if not defined.any():
        return omega
    scale = np.sqrt(variances[defined])
    correlations = covariances[defined] / (scale[:, :, None] * scale[:, None, :])
    loadings = _one_factor(correlations) * scale
    common = loadings.sum(axis=1) ** 2
    unique = np.clip(variances[defined] - loadings**2, 0.0, None).sum(axis=1)
    omega[defined] = ratio(common, common + unique)
    return omega


def _one_factor(correlations: FloatArray) -> FloatArray:
    """B x K loadings on one factor that leave the least squared off-diagonal residuals.

    Source: Harman and Jones (1966), Factor analysis by minimizing residuals (minres).
    """
    off_diagonal = correlations * (1 - np.eye(correlations.shape[1]))
    loadings: FloatArray = np.sqrt(np.abs(off_diagonal).max(axis=2))
    for _ in range(_OMEGA_SWEEPS):
        before = loadings.copy()
        squares = (loadings**2).sum(axis=1)
        for part in range(loadings.shape[1]):
            others = squares - loadings[:, part] ** 2
            pulled = np.einsum("bk,bk->b", off_diagonal[:, part], loadings)
            fitted = np.divide(pulled, others, out=np.zeros_like(pulled), where=others > 1e-12)
            loadings[:, part] = np.clip(fitted, -1.0, 1.0)
            squares = others + loadings[:, part] ** 2
        if np.abs(loadings - before).max() < 1e-4:
            break
    return loadings
