"""Variances of the model of people's ratings, by marginal likelihood (empirical Bayes)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray

_LOG_STRENGTH = (0.0, 8.0)


@dataclass(frozen=True, eq=False)
class Contrasts:
    """A part of the survey in the coordinates that the model is fitted in.

    Attributes:
        people: R x K, people's values, independent with variance 1 in all, less the part's mean.
        ratings: R x J contrasts of ratings in which nothing is left of a rater's level, less the
            mean of each over the part's people.
    """

    people: FloatArray
    ratings: FloatArray


@dataclass(frozen=True, eq=False)
class Loadings:
    """What the people of a part tell of its items' loadings.

    Attributes:
        means: J x K posterior means.
        covariance: K x K, of the posterior of each contrast's loadings.
        residuals: J x J, expected sum of squares and products of what the values leave over.
        freedom: people less one.
    """

    means: FloatArray
    covariance: FloatArray
    residuals: FloatArray
    freedom: int


def marginal_deviance(
    parts: Sequence[Contrasts], noise: float, loading: float, spectrum: FloatArray
) -> float:
    """-2 log marginal likelihood of the ratings given the values, but for a constant.

    Args:
        parts: of the survey.
        noise: variance of a rating about what the values say.
        loading: variance of the loading of an item on a value.
        spectrum: K variances of the values along the axes of `Contrasts.people`.
    """
    scale = np.sqrt(loading * spectrum)
    total = 0.0
    for part in parts:
        people, contrasts = len(part.ratings) - 1, part.ratings.shape[1]
        crossed = scale[:, None] * (part.people.T @ part.people) * scale / noise
        inner = np.eye(len(scale)) + crossed
        pulled = scale[:, None] * (part.people.T @ part.ratings) / noise
        total += contrasts * (people * np.log(noise) + float(np.linalg.slogdet(inner)[1]))
        total += float((part.ratings**2).sum()) / noise
        total -= float((pulled * np.linalg.solve(inner, pulled)).sum())
    return total


def fit_variances(parts: Sequence[Contrasts], spectrum: FloatArray) -> tuple[float, float]:
    """The variance of noise and that of loadings that make the ratings likeliest."""
    from scipy.optimize import minimize

    def deviance(logs: FloatArray) -> float:
        noise, loading = np.exp(logs).tolist()
        return marginal_deviance(parts, noise, loading, spectrum)

    start = float(np.mean([part.ratings.var() for part in parts]))
    found = minimize(
        deviance, np.log([start, start / 100]), method="L-BFGS-B", bounds=[(-12, 8)] * 2
    )
    noise, loading = np.exp(found.x).tolist()
    return noise, loading


def fit_loadings(part: Contrasts, noise: float, prior: FloatArray) -> Loadings:
    """The posterior of the loadings of a part's items.

    Args:
        part: of the survey.
        noise: variance of a rating about what the values say.
        prior: K x K covariance of an item's loadings.
    """
    precision = np.linalg.inv(prior) + part.people.T @ part.people / noise
    covariance = np.linalg.inv(precision).astype(float)
    means = (covariance @ (part.people.T @ part.ratings) / noise).T
    gaps = part.ratings - part.people @ means.T
    unsure = float(np.trace(part.people @ covariance @ part.people.T))
    residuals = gaps.T @ gaps + np.eye(len(means)) * unsure
    return Loadings(means, covariance, residuals, len(part.ratings) - 1)


def fit_strength(found: Sequence[Loadings], noise: float) -> float:
    """How many people's worth the guess weighs that residuals are uncorrelated.

    The covariance of a part's residuals has an inverse Wishart prior whose mean is `noise` times
    the unit matrix; its strength maximises the marginal likelihood of all parts' residuals.
    """
    from scipy.special import multigammaln

    roots = [(np.linalg.eigvalsh(one.residuals), one.freedom) for one in found]

    def deviance(log_strength: float) -> float:
        strength, total = np.exp(log_strength), 0.0
        for root, freedom in roots:
            size = len(root)
            prior = strength + size + 1
            total += prior * size * np.log(strength * noise)
            total -= (prior + freedom) * np.log(strength * noise + root).sum()
            total += 2 * multigammaln((prior + freedom) / 2, size)
            total -= 2 * multigammaln(prior / 2, size)
        return -float(total)

    return float(np.exp(_lowest(deviance, _LOG_STRENGTH)))


def fit_weight(
    values: Sequence[FloatArray], information: Sequence[FloatArray], evidence: Sequence[FloatArray]
) -> float:
    """How much of the evidence of a person's ratings counts, from 0 to 1.

    The likeliest weight for the values of people who were left out, where their prior precision is
    1 and their ratings add `weight` times the information.

    Source: Bissiri, Holmes and Walker (2016), A general framework for updating belief
    distributions, for likelihoods with a weight; chosen here by predictive likelihood.

    Args:
        values: of groups of people left out together, R x K each.
        information: K x K each, of the ratings of one person.
        evidence: R x K each, information times what the ratings alone would say.
    """
    turned = []
    for value, known, told in zip(values, information, evidence, strict=True):
        root, axes = np.linalg.eigh(known)
        turned.append((value @ axes, np.maximum(root, 0.0), told @ axes))

    def deviance(weight: float) -> float:
        total = 0.0
        for value, root, told in turned:
            precision = 1 + weight * root
            gaps = value - weight * told / precision
            total += float((gaps**2 * precision).sum() - len(value) * np.log(precision).sum())
        return total

    return _lowest(deviance, (0.0, 1.0))


def _lowest(function: Callable[[float], float], ends: tuple[float, float]) -> float:
    from scipy.optimize import minimize_scalar

    return float(minimize_scalar(function, bounds=ends, method="bounded").x)
