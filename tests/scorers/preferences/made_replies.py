"""Scored replies with a planted order of models."""

import numpy as np

from scorers.preferences.replies import ScoredReplies


def scored_replies(
    people: int = 150,
    models: int = 6,
    turns: int = 6,
    shown: int = 4,
    spacing: float = 6.0,
    own: float = 6.0,
    noise: float = 20.0,
    seed: int = 0,
    missing: float = 0.0,
    worth: np.ndarray | None = None,
    sample: int | None = None,
) -> ScoredReplies:
    """Replies of models m0 (best), m1 and so on.

    Args:
        people: R.
        models: K.
        turns: of each person.
        shown: replies a turn, of models chosen at random.
        spacing: points between a model's mean and the next one's.
        own: standard deviation of a person's taste for a model.
        noise: standard deviation of a score.
        seed: of everything.
        missing: share of scores.
        worth: R x K means in place of those of `spacing`.
        sample: of people and noise; the same `seed` with another `sample` has the same truth.
    """
    rng = np.random.default_rng((seed, sample or 0))
    if worth is None:
        worth = np.broadcast_to(60 - spacing * (np.arange(models) - models / 2), (people, models))
    taste = worth + own * rng.normal(size=(people, models))
    person = np.repeat(np.arange(people), turns * shown)
    model = rng.random((people * turns, models)).argsort(axis=1)[:, :shown].ravel()
    score = taste[person, model] + noise * rng.normal(size=len(person))
    score = np.clip(score.round(), 1, 100)
    score[rng.random(len(score)) < missing] = np.nan
    return ScoredReplies(
        tuple(f"m{m}" for m in range(models)),
        tuple(f"p{r}" for r in range(people)),
        np.repeat(np.arange(people * turns), shown),
        person,
        model,
        score,
    )
