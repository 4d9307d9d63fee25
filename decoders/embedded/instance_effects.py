"""What raters choose on an instance on average, shrunk towards what similar instances get."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray, IntArray

_PASSES = 3
_STEPS = 10
_PENALTIES = 10.0 ** np.arange(-1, 5)


@dataclass(frozen=True, eq=False)
class Rated:
    """N ratings as N x D scores: who, what, and which of the D scores the instance has."""

    raters: IntArray
    instances: IntArray
    scores: FloatArray
    there: npt.NDArray[np.bool_]

    def rows(self, kept: npt.NDArray[np.bool_]) -> "Rated":
        """Some of them."""
        return Rated(self.raters[kept], self.instances[kept], self.scores[kept], self.there[kept])


def expected_scores(rated: Rated, features: FloatArray, groups: IntArray) -> FloatArray:
    """Mean score of each instance over raters, I x D.

    The mean of all, plus a ridge regression on text features, plus an effect of the instance's
    group, plus one of the instance, each shrunk by its variance as the ratings show it.

    Args:
        rated: N ratings.
        features: I x F of the texts.
        groups: I codes from 0.
    """
    out = np.zeros((len(features), rated.scores.shape[1]))
    for d in range(out.shape[1]):
        mine = rated.there[:, d]
        if mine.any():
            out[:, d] = _expected(rated.scores[mine, d], rated.instances[mine], features, groups)
    return out


def _expected(
    values: FloatArray, instances: IntArray, features: FloatArray, groups: IntArray
) -> FloatArray:
    mean = values.mean()
    rest = values - mean
    of_text, of_group, of_instance = (np.zeros(len(features)) for _ in range(3))
    for _ in range(_PASSES):
        other = of_group + of_instance
        of_text = features @ _ridge(features[instances], rest - other[instances])
        other = of_text + of_instance
        effects = _random_effects(rest - other[instances], groups[instances], groups.max() + 1)
        of_group = effects[groups]
        other = of_text + of_group
        of_instance = _random_effects(rest - other[instances], instances, len(features))
    total: FloatArray = mean + of_text + of_group + of_instance
    return total


def _ridge(rows: FloatArray, values: FloatArray) -> FloatArray:
    """Ridge regression, the penalty that makes the values most likely."""
    size = rows.shape[1]
    if size == 0:
        return np.zeros(0)
    lengths, axes = np.linalg.eigh(rows.T @ rows)
    lengths = lengths.clip(min=0)
    along = axes.T @ (rows.T @ values)
    total, count = float(values @ values), len(values)
    explained = (along**2 / (lengths + _PENALTIES[:, None])).sum(axis=1)
    variance = np.maximum(total - explained, 1e-12 * max(total, 1e-300)) / count
    spread = np.log1p(lengths / _PENALTIES[:, None]).sum(axis=1)
    best = _PENALTIES[np.argmin(count * np.log(variance) + spread)]
    weights: FloatArray = axes @ (along / (lengths + best))
    return weights


def _random_effects(values: FloatArray, members: IntArray, count: int) -> FloatArray:
    """Expected effects of `count` groups, 0 for those without a value; variances by EM."""
    numbers = np.bincount(members, minlength=count).astype(float)
    sums = np.bincount(members, values, minlength=count)
    seen = numbers > 0
    total = values.var()
    if total == 0:
        return np.zeros(count)
    between, within = 0.1 * total, 0.9 * total
    effects = np.zeros(count)
    for _ in range(_STEPS):
        weight = numbers * between + within
        effects = between * sums / weight
        uncertain = between * within / weight
        between = float((effects**2 + uncertain)[seen].mean())
        errors = values - effects[members]
        within = float((errors @ errors + numbers @ uncertain) / len(values))
    return effects
