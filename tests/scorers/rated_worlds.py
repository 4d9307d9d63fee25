"""Worlds of models and of queries like the recordings at hand, to hold intervals against."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.instruments.value_portrait import load_instrument
from studies.regression_items import RECORDINGS
from tests.published.recordings import grid_of

# The recordings at hand.
MODELS = (*RECORDINGS, "mistral-tiny", "gemini-2.0-flash-thinking-exp-01-21")


@lru_cache
def recorded_cube() -> np.ndarray:
    """Ratings of the recorded models, M x V x I; NaN where missing."""
    return np.stack([grid_of(m, "careful").ratings.T for m in MODELS])


def queries_of(items: np.ndarray) -> np.ndarray:
    """The query of each of some items, from 0."""
    queries = load_instrument().items["query"].to_numpy(dtype=str)[items]
    return np.unique(queries, return_inverse=True)[1]


def between(values: np.ndarray, query: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean squares of K x I values within queries, and what queries add to the variance, K each.

    The method of moments for a one-way layout of unequal groups; can be below zero.
    """
    sizes = np.bincount(query)
    sums = np.stack([np.bincount(query, row) for row in values])
    means = sums / sizes
    beyond = max(len(query) - len(sizes), 1)  # where each query has one item, all is between
    within = ((values - means[:, query]) ** 2).sum(axis=1) / beyond
    apart = (sizes * (means - values.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    usual = (len(query) - (sizes**2).sum() / len(query)) / (len(sizes) - 1)
    return within, (apart / (len(sizes) - 1) - within) / usual


@dataclass(frozen=True)
class Models:
    """Models resampled, each as steady and as much of a mind of its own as a recorded one.

    A rating is the mean of its item in its wording, what the model is like, what it is like in
    the query and in the item, what it is like in the wording, and noise; all normal, then rounded
    to the scale. What one recorded model is like is too little to tell a variance from, so that of
    all is taken; the other variances are a recorded model's own.
    """

    value: str

    def draw(self, models: int, rng: np.random.Generator) -> np.ndarray:
        """Ratings, models x V x I."""
        wordings, query, alike, parts = _fitted(self.value)
        of_query, of_item, of_wording, noise = np.sqrt(
            parts[:, rng.integers(parts.shape[1], size=models)]
        )
        shape = (models, *wordings.shape)
        found = wordings + np.sqrt(alike) * rng.normal(size=(models, 1, 1))
        of_queries = of_query[:, None] * rng.normal(size=(models, query.max() + 1))
        of_items = of_item[:, None] * rng.normal(size=(models, len(query)))
        found = found + (of_queries[:, query] + of_items)[:, None]
        found += (of_wording[:, None] * rng.normal(size=shape[:2]))[:, :, None]
        found += noise[:, None, None] * rng.normal(size=shape)
        return np.clip(np.rint(found), 1, 6)


@lru_cache
def _fitted(value: str) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """Means, V x I; queries; variance of models; and 4 variances of each recorded one."""
    items = load_instrument().tagged()[ALL_DIMENSIONS.index(value)]
    query = queries_of(items)
    cube = recorded_cube()[:, :, items]
    models, variants, count = cube.shape
    wordings = np.nanmean(cube, axis=0)
    apart = np.nan_to_num(cube - wordings) * np.sqrt(models / (models - 1))
    of_item, of_wording = apart.mean(axis=1), apart.mean(axis=2)
    whole = of_item.mean(axis=1)
    rest = apart - of_item[:, None] - of_wording[:, :, None] + whole[:, None, None]
    noise = (rest**2).sum(axis=(1, 2)) / ((variants - 1) * (count - 1))
    wording = of_wording.var(axis=1, ddof=1) - noise / count
    within, queries = between(of_item, query)
    both = np.maximum(within - noise / variants + queries, 0)
    share = np.clip(queries.mean() / (within - noise / variants + queries).mean(), 0, 1)
    parts = np.stack([both * share, both * (1 - share), np.maximum(wording, 0), noise])
    weight = (np.bincount(query) ** 2).sum() / count**2
    alike = whole**2 - np.maximum(queries, 0) * weight - within / count - wording / variants
    return wordings, query, float(np.maximum(alike, 0).mean()), parts


def redrawn_queries(model: int, rng: np.random.Generator) -> tuple[np.ndarray, list[int]]:
    """One recorded model's items, N x V, in queries resampled; and the draw of each."""
    ratings = recorded_cube()[model].T
    query = queries_of(np.arange(len(ratings)))
    drawn = rng.integers(query.max() + 1, size=query.max() + 1)
    items = [np.flatnonzero(query == one) for one in drawn]
    labels = np.repeat(np.arange(len(drawn)), [len(one) for one in items])
    return ratings[np.concatenate(items)], labels.tolist()
