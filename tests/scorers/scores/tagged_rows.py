"""Scores of tagged items from plain arrays, as a run with these ratings has them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

import numpy as np

from scorers.scores.families import ScoreRow, score_rows
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix


def tagged_rows(
    ratings: np.ndarray,
    tagged: np.ndarray,
    queries: Sequence[object],
    dimensions: Sequence[str],
    *,
    normalised: bool = True,
    scale: float | None = None,
) -> list[ScoreRow]:
    """The D scores of I x V ratings by their D x I tags; none where nothing is tagged."""
    family = manifest_of("value_portrait").scores["schwartz" if normalised else "big_five"]
    return score_rows(
        ResponseMatrix.from_ratings(
            ratings,
            samples=[f"i{i:04}" for i in range(len(ratings))],
            clusters=[str(query) for query in queries],
            columns=[f"v{v}" for v in range(ratings.shape[1])],
            tags=[list(compress(dimensions, item)) for item in tagged.T],
        ),
        [replace(family, names=tuple(dimensions), scale=family.scale if scale is None else scale)],
    )
