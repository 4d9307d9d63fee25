"""A factor model of people's ratings with random items, read backwards: ratings to values.

A rating is a level of the rater's own, the mean of the item, what the person's values make of it
and a rest:

    rating_ri = level_r + mean_i + sum over d of loading_id * value_rd + rest_ri.

Loadings are drawn from a normal distribution with mean 0 and one variance for all items and
values; the rests of the items of a part of the survey are correlated. Variances are found by
marginal likelihood over all parts. Values are normal with people's covariance; a person's are
their mean given the person's ratings. How little is known of loadings, which so many people rated,
is a part of a rating's rest.

Source: Robinson (1991), That BLUP is a good thing, for random effects; Skrondal and Rabe-Hesketh
(2004), Generalized latent variable modeling, chapter 7, for scores of factors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.quantiles import normal_quantile
from scorers.predicted_values.hyperparameters import (
    Contrasts,
    Loadings,
    fit_loadings,
    fit_strength,
    fit_variances,
    fit_weight,
)
from scorers.predicted_values.people import Part, folds_of

FOLDS = 5
_FLAT = 1e5  # variance of what the ratings say nothing of, in that of noise
_FLAT_AXIS = 1e-6  # values whose sum is fixed have one


@dataclass(frozen=True, eq=False)
class PartFit:
    """What is known of the I items of a part.

    Attributes:
        items: I ids.
        queries: I labels, what each item responds to.
        means: I, of the items over people.
        centre: K, of the values of the people who rated them.
        loadings: I x K.
        covariance: I x I, of the rests of somebody's ratings.
    """

    items: tuple[str, ...]
    queries: tuple[str, ...]
    means: FloatArray
    centre: FloatArray
    loadings: FloatArray
    covariance: FloatArray


@dataclass(frozen=True, eq=False)
class ValueModel:
    """The model as fitted to people.

    Attributes:
        mean: D, people's values.
        axes: D x K; values are the mean plus these times K independent ones of variance 1.
        parts: of the survey.
        noise: variance of a rating's rest.
        loading: variance of the loading of an item on a value.
        strength: people's worth of the guess that rests are uncorrelated.
        weight: how much of the evidence of somebody's ratings counts.
        raters: how many people it was fitted to.
    """

    mean: FloatArray
    axes: FloatArray
    parts: tuple[PartFit, ...]
    noise: float
    loading: float
    strength: float
    weight: float
    raters: int

    @property
    def items(self) -> list[str]:
        """I ids of all parts, one part after the other."""
        return [item for part in self.parts for item in part.items]

    def functions(self, there: BoolArray) -> "tuple[LinearPrediction, IntArray]":
        """The prediction as a linear function of ratings, for each of U sets of rated items.

        Args:
            there: B x I, which of `items` have a rating.

        Returns:
            U functions, and B numbers of them.
        """
        # Bits sort faster than rows of booleans.
        packed = np.packbits(there, axis=1)
        _, first, of = np.unique(packed, axis=0, return_index=True, return_inverse=True)
        found = [self._weights_of(there[row]) for row in first]
        constants, slopes, errors = (np.stack(each) for each in zip(*found, strict=True))
        return LinearPrediction(constants, slopes, errors), of.ravel()

    def predict(self, ratings: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Values of B raters from their ratings.

        Args:
            ratings: B x I, in the order of `items`; NaN where missing.

        Returns:
            B x D values, and B x D x D covariances of what the person's values are beside them.
        """
        there = ~np.isnan(ratings)
        found, of = self.functions(there)
        added = np.einsum("bi,bid->bd", np.where(there, ratings, 0.0), found.slopes[of])
        return found.constants[of] + added, found.errors[of]

    def reach_for_all(self) -> FloatArray:
        """D half widths of the 95% interval of somebody's values who rated every item."""
        every = np.ones((1, len(self.items)), dtype=bool)
        spread = np.sqrt(np.diagonal(self.functions(every)[0].errors[0]))
        reach: FloatArray = normal_quantile(0.5 + CONFIDENCE / 2) * spread
        return reach

    def evidence(self, part: int, there: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Weights, I x K, and information, K x K, of ratings of some of a part's items."""
        fit = self.parts[part]
        weights = np.zeros_like(fit.loadings)
        rows = np.ix_(there, there)
        weights[there] = np.linalg.solve(fit.covariance[rows], fit.loadings[there])
        return weights, fit.loadings.T @ weights

    def _weights_of(self, there: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        slopes, constant = [], np.zeros(self.axes.shape[1])
        information = np.zeros((len(constant), len(constant)))
        start = 0
        for number, part in enumerate(self.parts):
            mine = there[start : start + len(part.items)]
            start += len(part.items)
            weights, known = self.evidence(number, mine)
            slopes.append(weights)
            information += known
            constant += known @ part.centre - part.means @ weights
        covariance = np.linalg.inv(np.eye(len(constant)) + self.weight * information)
        back = self.weight * covariance @ self.axes.T
        errors = self.axes @ covariance @ self.axes.T
        return self.mean + constant @ back, np.concatenate(slopes) @ back, errors


@dataclass(frozen=True, eq=False)
class LinearPrediction:
    """U linear functions of ratings that give somebody's values.

    Attributes:
        constants: U x D.
        slopes: U x I x D; 0 for a rating that is missing.
        errors: U x D x D, covariance of a person's values given the ratings.
    """

    constants: FloatArray
    slopes: FloatArray
    errors: FloatArray


def fit_people(parts: Sequence[Part], seed: int = 0, *, level_only: bool = True) -> ValueModel:
    """Fit the model to people.

    Args:
        parts: of the survey, with people's ratings and values.
        seed: of the folds of people in which the weight of the evidence is chosen.
        level_only: whether nothing but a rater's level is left out of account. Otherwise how far
            the ratings rise with the items' means over people is left out as well.
    """
    folds = folds_of(parts, FOLDS, seed)
    values, information, evidence = [], [], []
    for fold in range(FOLDS):
        inner = _fit(
            [part.only(of != fold) for part, of in zip(parts, folds, strict=True)], level_only
        )
        scale = np.linalg.pinv(inner.axes).T
        for number, (part, of) in enumerate(zip(parts, folds, strict=True)):
            left = part.only(of == fold)
            every = np.ones(len(part.items), dtype=bool)
            weights, known = inner.evidence(number, every)
            centre, means = inner.parts[number].centre, inner.parts[number].means
            values.append((left.values - inner.mean) @ scale)
            information.append(known)
            evidence.append((left.ratings - means) @ weights + known @ centre)
    return replace(_fit(parts, level_only), weight=fit_weight(values, information, evidence))


def _fit(parts: Sequence[Part], level_only: bool) -> ValueModel:
    """The model with all of the evidence counted."""
    values = np.concatenate([part.values for part in parts])
    mean = values.mean(axis=0)
    spectrum, turned = np.linalg.eigh(np.atleast_2d(np.cov(values.T)))
    kept = spectrum > _FLAT_AXIS * spectrum.max()
    spectrum, turned = spectrum[kept], turned[:, kept]
    axes = turned * np.sqrt(spectrum)
    people = [(part.values - mean) @ (turned / np.sqrt(spectrum)) for part in parts]
    flat = [_flat_axes(part.ratings.mean(axis=0), level_only) for part in parts]
    bases = [np.linalg.svd(each)[0][:, each.shape[1] :] for each in flat]
    contrasts = [
        Contrasts(person - person.mean(axis=0), (part.ratings - part.ratings.mean(axis=0)) @ basis)
        for part, person, basis in zip(parts, people, bases, strict=True)
    ]
    noise, loading = fit_variances(contrasts, spectrum)
    found = [fit_loadings(each, noise, loading * np.diag(spectrum)) for each in contrasts]
    strength = fit_strength(found, noise)
    fits = [
        PartFit(
            part.items,
            part.queries,
            part.ratings.mean(axis=0),
            person.mean(axis=0),
            basis @ one.means,
            basis @ _rest(one, noise, strength) @ basis.T + _FLAT * noise * (axis @ axis.T),
        )
        for part, person, axis, basis, one in zip(parts, people, flat, bases, found, strict=True)
    ]
    return ValueModel(mean, axes, tuple(fits), noise, loading, strength, 1.0, len(values))


def _flat_axes(means: FloatArray, level_only: bool) -> FloatArray:
    """I x 1 or I x 2 orthonormal directions of which nothing is made: level, and agreement."""
    level: FloatArray = np.ones((len(means), 1)) / np.sqrt(len(means))
    rise = means - means.mean()
    size = np.linalg.norm(rise)
    if level_only or size == 0:
        return level
    return np.column_stack([level, rise / size])


def _rest(found: Loadings, noise: float, strength: float) -> FloatArray:
    """J x J covariance of a new rater's contrasts about what the loadings' means say.

    It holds the error of the items' means, and that of the loadings for a person whose values are
    as far from the mean as people's are.
    """
    size = len(found.residuals)
    total = strength + found.freedom
    rest: FloatArray = (strength * noise * np.eye(size) + found.residuals) / total
    unsure = float(np.trace(found.covariance))
    total_rest: FloatArray = rest * (1 + 1 / (found.freedom + 1)) + unsure * np.eye(size)
    return total_rest
