"""Small worlds of people who rate items, with everything known."""

import numpy as np

from scorers.predicted_values.people import Part


def small_world(
    rng: np.random.Generator,
    *,
    parts: int = 2,
    items: int = 10,
    people: int = 30,
    values: int = 3,
    loading: float = 0.3,
    noise: float = 1.0,
    last: np.ndarray | None = None,
) -> list[Part]:
    """Parts whose ratings are what the model says, in numbers with any decimals.

    Args:
        rng: random generator.
        parts: of the survey.
        items: of each part.
        people: who rate each part.
        values: of each person, independent.
        loading: variance of an item's loading on a value.
        noise: variance of a rating's rest.
        last: values of the last person of each part.
    """
    out = []
    for number in range(parts):
        known = rng.normal(size=(people, values))
        if last is not None:
            known[-1] = last
        loadings = np.sqrt(loading) * rng.normal(size=(items, values))
        ratings = 3.5 + rng.normal(size=items) + rng.normal(size=(people, 1)) + known @ loadings.T
        ratings += np.sqrt(noise) * rng.normal(size=ratings.shape)
        out.append(
            Part(
                tuple(f"{number}-{i}" for i in range(items)),
                tuple(f"{number}-{i // 5}" for i in range(items)),
                tuple(f"{number}-{r}" for r in range(people)),
                ratings,
                known,
            )
        )
    return out
