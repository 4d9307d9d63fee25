"""People whose values and ratings are dependent as real ones are, and items whose tags are known.

Ten values on a circle: neighbours go together, opposites exclude each other. Groups of people rate
items of their own. An item's latent rating has a planted covariance with each value, exactly zero
where none is planted although the values are correlated, and shares with the group's other items
what people have in common when they rate: some say yes more often.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from ratings.table import RatingTable

BY_DISTANCE = np.array([1, 0.3, 0.0, -0.2, -0.3, -0.35])
CUTS = stats.norm.ppf([0.25, 0.45, 0.6, 0.8, 0.95])
VALUES = [f"value {d}" for d in range(10)]
AGREEING = 0.15  # of the variance of ratings


def value_covariance() -> np.ndarray:
    steps = np.abs(np.subtract.outer(np.arange(10), np.arange(10)))
    return BY_DISTANCE[np.minimum(steps, 10 - steps)]


@dataclass(frozen=True, eq=False)
class Planted:
    """Covariances of 10 values with the latent ratings of I items, and who rates what."""

    covariances: np.ndarray  # 10 x I
    groups: int
    raters: int  # of a group

    def draw(self, seed: int) -> tuple[RatingTable, pd.DataFrame]:
        rng = np.random.default_rng(seed)
        items = self.covariances.shape[1]
        inverse = np.linalg.inv(value_covariance())
        people = self.groups * self.raters
        values = rng.multivariate_normal(np.zeros(10), value_covariance(), people)
        slopes = inverse @ self.covariances
        explained = (self.covariances * slopes).sum(axis=0)
        assert explained.max() < 1 - AGREEING
        agreeing = np.sqrt(AGREEING) * rng.normal(size=(people, 1))
        rest = np.sqrt(1 - AGREEING - explained) * rng.normal(size=(people, items))
        ratings = np.digitize(values @ slopes + agreeing + rest, CUTS) + 1.0
        of_item = np.arange(items) % self.groups
        of_person = np.arange(people) % self.groups
        ratings[of_person[:, None] != of_item] = np.nan
        raters = pd.Index([f"P{r}" for r in range(people)])
        table = RatingTable.from_matrix(
            ratings,
            raters=pd.DataFrame(index=raters),
            instances=pd.DataFrame(index=[f"item {i}" for i in range(items)]),
            choices=tuple("123456"),
        )
        return table, pd.DataFrame(np.round(values * 4) / 4, index=raters, columns=VALUES)


def sparse(items: int, related: float, strength: float, seed: int = 0) -> np.ndarray:
    """Covariances of which each item has one that is not zero, or none; a share has one."""
    rng = np.random.default_rng(seed)
    out = np.zeros((10, items))
    chosen = np.flatnonzero(rng.random(items) < related)
    out[rng.integers(10, size=len(chosen)), chosen] = strength * rng.choice([-1, 1], len(chosen))
    return out


def weak(items: int, deviation: float, seed: int = 0) -> np.ndarray:
    """Covariances that are all a little different from zero."""
    return np.random.default_rng(seed).normal(0, deviation, (10, items))
