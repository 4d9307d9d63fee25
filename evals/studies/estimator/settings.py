"""What the study of estimators is asked for, and what it calls them."""

from collections.abc import Mapping
from dataclasses import dataclass

from scorers.predicted_values.methods import (
    Method,
    by_agreement,
    by_model,
    by_ridge,
    by_tags,
    without_agreement,
)

PUBLISHED, PREDICTED, LEVELLED = "published score", "factor model", "model without agreement"
METHODS: Mapping[str, Method] = {
    PUBLISHED: by_tags,
    "agreement alone": by_agreement,
    "ridge": by_ridge,
    LEVELLED: without_agreement,
    PREDICTED: by_model,
}


@dataclass(frozen=True)
class EstimatorSettings:
    """Settings of the study; every draw takes `seed`.

    Attributes:
        folds: of people, each read by fits to the others.
        worlds: simulated.
        seed: of folds, resamples and worlds.
    """

    folds: int = 5
    worlds: int = 200
    seed: int = 0
