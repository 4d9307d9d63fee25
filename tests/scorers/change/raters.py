"""Raters whose answers scatter when they are asked again, and their answers as runs have them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ratings.arrays import FloatArray
from ratings.instruments.dimensions import SCHWARTZ
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix

SCHWARTZ_FAMILY = manifest_of("value_portrait").scores["schwartz"]


def grid(runs: FloatArray, queries: Sequence[str] | None = None) -> ResponseMatrix:
    """T x I x V ratings of items that count for one or two values, a row an item and asking."""
    times, items, wordings = runs.shape
    names = [f"item {i}" for i in range(items)]
    tags = [
        [SCHWARTZ[i % len(SCHWARTZ)], *([SCHWARTZ[(i + 1) % len(SCHWARTZ)]] if i % 3 else [])]
        for i in range(items)
    ]
    found = ResponseMatrix.from_ratings(
        runs.reshape(-1, wordings),
        names * times,
        list(queries or [f"query {i // 2}" for i in range(items)]) * times,
        [f"v{v}" for v in range(wordings)],
        tags * times,
    )
    return replace(found, epochs=[epoch + 1 for epoch in range(times) for _ in names])


def scattered(
    opinions: FloatArray, scatter: float, rng: np.random.Generator, times: int = 1
) -> FloatArray:
    """T x I x V answers around what the rater thinks, I x V whole numbers from 1 to 6."""
    noise = scatter * rng.standard_normal((times, *opinions.shape))
    found: FloatArray = np.clip(np.rint(opinions + noise), 1, 6)
    return found


def opinions(rng: np.random.Generator, items: int = 60, wordings: int = 6) -> FloatArray:
    """I x V answers of a rater that does not scatter."""
    found: FloatArray = rng.integers(1, 7, (items, wordings)).astype(float)
    return found


def in_rounds(runs: FloatArray, kept: int) -> ResponseMatrix:
    """Askings of which all but the first asked the first items only."""
    full = grid(runs)
    rows = [s for s, of in enumerate(full.epochs) if of == 1 or s % runs.shape[1] < kept]
    return full.rows(rows)
