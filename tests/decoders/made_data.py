"""Raters of one's own making for the tests of this room."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ratings.data_sets.data_set import DataSet
from ratings.table import RatingTable

WORDS = ("tea", "rain", "work", "music", "snow", "bread", "cats", "debt")


def made(
    counts: Sequence[int],
    *,
    raters: int = 60,
    ratings: Sequence[int] = (12,),
    ordered: bool = True,
    strength: float = 2.0,
    seed: int = 0,
) -> DataSet:
    """Raters with one trait, which moves them along an instance's choices, or against.

    Args:
        counts: number of choices of each instance.
        raters: R.
        ratings: how many a rater gives, in turn.
        ordered: whether choices are ordered; without, the trait moves between two of them.
        strength: how far, in logits between the outermost choices.
        seed: of every draw.
    """
    rng = np.random.default_rng(seed)
    trait, size, most = rng.normal(size=raters), len(counts), max(counts)
    pull = strength * rng.choice([-1, 1], size=size)
    scores = np.full((size, most), -np.inf)
    for i, count in enumerate(counts):
        scores[i, :count] = np.linspace(-0.5, 0.5, count)
    there = np.isfinite(scores)
    lean = rng.normal(0, 0.7, size=(size, most))
    logits = lean + (trait[:, None] * pull)[:, :, None] * np.where(there, scores, 0)
    odds = np.exp(logits) * there
    shares = (odds / odds.sum(axis=2, keepdims=True)).cumsum(axis=2)
    chosen = 1 + (rng.random((raters, size, 1)) > shares).sum(axis=2)
    chosen = np.minimum(chosen, np.asarray(counts))
    rank = rng.random((raters, size)).argsort(axis=1).argsort(axis=1)
    given = np.array([ratings[r % len(ratings)] for r in range(raters)])
    people = pd.DataFrame(
        {
            "trait": trait,
            "other": rng.normal(size=raters),
            "side": np.where(trait > 0, "high", "low"),
            "about": [f"likes {WORDS[0 if t > 0 else 1]}" for t in trait],
        },
        index=[f"r{r:03d}" for r in range(raters)],
    )
    texts = [
        f"{WORDS[i % 8]} and {WORDS[(i // 8 + i) % 8]} for {WORDS[-i % 8]}" for i in range(size)
    ]
    table = RatingTable.from_positions(
        np.where(rank < given[:, None], chosen, 0).astype(np.int8),
        raters=people,
        instances=pd.DataFrame({"text": texts}, index=[f"q{i:03d}" for i in range(size)]),
        choices=[[f"choice {k}" for k in range(count)] for count in counts],
    )
    return DataSet(
        "made",
        table,
        task="Choose.",
        ordered=ordered,
        demographics=("side",),
        measured={"traits": ("trait", "other")},
        groundtruth="about",
    )
