"""Made people who rate made models: as many as wanted, with what is true known."""

import numpy as np

from ratings.arrays import BoolArray, FloatArray

MODELS = 21
SHARES = {"nonmale": 0.5, "nonwhite": 0.3, "below_45": 0.55}


def worth_of_models(
    rng: np.random.Generator, spread: float = 6.0, apart: float = 2.0
) -> tuple[FloatArray, FloatArray]:
    """What models are worth to all, K, and how much more to each group, 3 x K."""
    return spread * rng.standard_normal(MODELS), apart * rng.standard_normal((3, MODELS))


def made_people(
    rng: np.random.Generator, people: int, worth: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, dict[str, BoolArray]]:
    """Ratings R x K, NaN unseen, and groups."""
    quality, apart = worth
    shares = np.array(list(SHARES.values()))
    inside = rng.random((people, 3)) < shares
    size = (people, MODELS)
    ratings = (
        65.0
        + quality
        + (inside - shares) @ apart
        + 10 * rng.standard_normal((people, 1))
        + 21 * rng.standard_normal(size)
    )
    seen = rng.random(size) < 0.58
    masks = {"everyone": np.ones(people, dtype=np.bool_), "male": ~inside[:, 0]}
    masks |= dict(zip(SHARES, inside.T, strict=True))
    return np.where(seen, ratings.clip(1, 100), np.nan), masks
