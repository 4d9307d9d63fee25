"""Whether values lie on Schwartz's circle: in the profile of one model, and over many models."""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import cluster_weights, resampled
from scorers.intervals.estimate import Estimate, undefined
from scorers.psychometrics.correlation import fisher_interval, row_correlations

LEAST_VALUES = 4  # three parameters fit three values exactly
LEAST_MODELS = 4


@dataclass(frozen=True)
class CircumplexFit:
    """How well one wave around the circle describes a profile.

    Attributes:
        fit: R squared of the wave; NaN when not defined.
        p: of so good a fit when the ratings have nothing to do with the tags.
        by_chance: the mean fit in that case.
        amplitude: half the distance from peak to trough, in the unit of the profile.
        peak: where the wave is highest, from 0 (the first value) up to but not including D.
        reason: why there is no fit, None when there is.
    """

    fit: float
    p: float
    by_chance: float
    amplitude: float
    peak: float
    reason: str | None = None


@dataclass(frozen=True)
class CircleOrder:
    """How far values over models lie in the order of the circle.

    Attributes:
        fit: correlation of the values' correlations with the cosines of their angles.
        p: of so good a fit when the ratings have nothing to do with the tags.
        by_chance: the mean fit in that case.
        models: M, those with a complete profile.
    """

    fit: Estimate
    p: float
    by_chance: float
    models: int


def cosine_fit(profile: FloatArray, chance: FloatArray) -> CircumplexFit:
    """Fit level + amplitude * cos(angle - peak) to a profile by least squares.

    A level common to all scores is fitted, so it does not matter whether the profile is centred.
    R squared of scores in no order at all is 2 / (D - 1) on average (.22 for ten values), and
    more where neighbours share items. So the null is what these items and tags make of ratings
    that were put on other items: the same wave is fitted to each chance profile.

    Source: Schwartz (1992) for the circle; Gurtman and Pincus (2003), The circumplex model, for
    the fit of a profile by a cosine (.80 and more is commonly called a good fit).

    Args:
        profile: D scores in the order of the circle, taken to be equally spaced on it.
        chance: B x D, the model's `chance_profiles.chance_profiles`. One that has no fit
            counts as fitting as well.

    >>> around = np.arange(4) * np.pi / 2
    >>> chance = np.random.default_rng(0).normal(size=(99, 4))
    >>> found = cosine_fit(2 + 3 * np.cos(around - np.pi / 2), chance)
    >>> round(found.fit, 6), round(found.amplitude, 6), round(found.peak, 6), found.p
    (1.0, 3.0, 1.0, 0.01)
    """
    values = len(profile)
    reason = _unfit(profile)
    if reason:
        return CircumplexFit(np.nan, np.nan, np.nan, np.nan, np.nan, reason)
    fit = float(_wave_fits(profile[None])[0])
    null = _wave_fits(chance)
    vector = 2 / values * complex((profile - profile.mean()) @ np.exp(1j * _angles(values)))
    peak = float(np.angle(vector) % (2 * np.pi)) * values / (2 * np.pi)
    return CircumplexFit(fit, _p_value(null, fit), _mean(null), abs(vector), peak % values)


def circle_order(profiles: FloatArray, chance: FloatArray, seed: int = 0) -> CircleOrder:
    """Do the correlations among values over models fall with their distance on the circle?

    Fit is the Pearson correlation of the D(D-1)/2 correlations with the cosines of the angles
    between their positions: 1 when neighbours go together and opposites exclude each other. The
    p-value is one-sided: the share of chance profiles, the observed ones counted in, that fit as
    well.

    Profiles are centred within a model, which makes the correlations negative on average (-1 /
    (D - 1) if nothing else were at work). That does not move the fit, which does not change when
    all correlations are lowered alike. Values that share items go together by noise alone, and
    on the tags of Value Portrait it is neighbours that share most: the fit by chance is about .1
    for 10 models and .2 for 33. Permuting the labels of the values (Mantel 1967) would take
    that for an order, so the ratings are put on other items instead.

    Models of one maker are alike and are still drawn one by one, so the interval is rather too
    narrow. Noise in the correlations pulls the fit towards 0, and no interval mends that: in
    simulations it covered the fit of the true correlations in 82 to 90 per cent of samples of 30
    models, in 58 to 85 of samples of 6, and in few when the truth was a nearly perfect circle.
    A fit from few models is likely too low. The p-value has no part in this.

    Source: Schwartz (1992).

    Args:
        profiles: M x D, columns in the order of the circle. Models with a NaN are left out.
        chance: B x M x D, the models' `chance_profiles.chance_profiles`. A draw that has
            no fit counts as fitting as well.
        seed: of the bootstrap over models.

    Returns:
        The fit with its interval, and p; undefined and NaN with fewer than four models or
        values, or when a value does not differ between models.
    """
    whole = ~np.isnan(profiles).any(axis=1)
    complete = profiles[whole]
    models, values = complete.shape
    reason = None
    if values < LEAST_VALUES:
        reason = f"needs {LEAST_VALUES} values or more, found {values}"
    elif models < LEAST_MODELS:
        reason = f"needs {LEAST_MODELS} complete profiles or more, found {models}"
    elif np.isclose(np.ptp(complete, axis=0), 0).any():
        reason = "a value does not differ between models"
    if reason:
        return CircleOrder(undefined(reason), np.nan, np.nan, models)
    weights = np.vstack([np.ones((1, models)), cluster_weights(models, seed)])
    fits = _order_fits(_drawn_covariances(complete, weights))
    if np.isnan(fits[0]):
        return CircleOrder(undefined("all values correlate alike"), np.nan, np.nan, models)
    null = _order_fits(_covariances(chance[:, whole]))
    fit = float(fits[0])
    low, high = fisher_interval(fit, fits[1:], models)
    return CircleOrder(Estimate(fit, low, high), _p_value(null, fit), _mean(null), models)


def _unfit(profile: FloatArray) -> str | None:
    if len(profile) < LEAST_VALUES:
        return f"needs {LEAST_VALUES} values or more, found {len(profile)}"
    if np.isnan(profile).any():
        return "a value has no score"
    if np.isclose(np.ptp(profile), 0):
        return "the scores do not differ"
    return None


def _angles(values: int) -> FloatArray:
    return 2 * np.pi * np.arange(values) / values


def _p_value(null: FloatArray, observed: float) -> float:
    # Equal fits computed in another order differ in the last bits.
    return float((1 + (~(null < observed - 1e-9)).sum()) / (1 + len(null)))


def _mean(null: FloatArray) -> float:
    defined = null[~np.isnan(null)]
    return float(defined.mean()) if defined.size else np.nan


def _wave_fits(profiles: FloatArray) -> FloatArray:
    """R squared of B x D profiles; NaN for those that are flat or have a gap."""
    values = profiles.shape[1]
    centred = profiles - profiles.mean(axis=1, keepdims=True)
    squares = (centred**2).sum(axis=1)
    waves = np.abs(centred @ np.exp(1j * _angles(values))) ** 2
    fits: FloatArray = np.divide(
        2 / values * waves, squares, out=np.full(len(profiles), np.nan), where=squares > 1e-12
    )
    return fits


def _order_fits(covariances: FloatArray) -> FloatArray:
    """B fits of B x D x D covariances; NaN where a value does not vary."""
    values = covariances.shape[1]
    rows, columns = np.triu_indices(values, 1)
    angles = _angles(values)
    variances = np.einsum("bdd->bd", covariances)
    scale = np.sqrt(np.where(variances > 1e-12, variances, np.nan))
    correlations = covariances[:, rows, columns] / (scale[:, rows] * scale[:, columns])
    return row_correlations(correlations, np.cos(angles[rows] - angles[columns]))


def _covariances(profiles: FloatArray) -> FloatArray:
    """B x D x D covariances over the models of B x M x D profiles."""
    centred = profiles - profiles.mean(axis=1, keepdims=True)
    found: FloatArray = np.einsum("bmd,bme->bde", centred, centred) / profiles.shape[1]
    return found


def _drawn_covariances(profiles: FloatArray, weights: FloatArray) -> FloatArray:
    """B x D x D covariances over the models drawn, for M x D profiles and B x M weights."""
    values = profiles.shape[1]
    centred = profiles - profiles.mean(axis=0)  # for precision: the products stay small
    products = np.einsum("md,me->dem", centred, centred).reshape(values * values, -1)
    size = weights.sum(axis=1)[:, None]
    means = resampled(weights, centred.T) / size
    crossed = (resampled(weights, products) / size).reshape(-1, values, values)
    found: FloatArray = crossed - means[:, :, None] * means[:, None, :]
    return found
