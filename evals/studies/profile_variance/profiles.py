"""Profiles of tagged models: from runs and recordings, or as a paper prints them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evals.studies.agreement.answer_sets import AnswerSet
from evals.studies.profile_variance.tags import ModelTag, Tags, tagged_name
from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.profiles.variances import ModelVariance
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix

FAMILY = manifest_of("value_portrait").scores["schwartz"]


@dataclass(frozen=True, eq=False)
class Profile:
    """One model's ten values.

    Attributes:
        name: as it is tagged, or as its log has it.
        tag: what is known of it.
        values: D scores.
        variance: of them.
        matrix: its answers; None where only scores are printed.
    """

    name: str
    tag: ModelTag
    values: FloatArray
    variance: ModelVariance
    matrix: ResponseMatrix | None = None


def of_sets(sets: Sequence[AnswerSet], tags: Tags, seed: int) -> tuple[list[Profile], list[str]]:
    """Profiles of runs and recordings, and the names of those that are not tagged.

    Raises:
        DataError: when a model is there twice, or has no score.
    """
    out: dict[str, Profile] = {}
    untagged = []
    for one in sets:
        name = tagged_name(one.rater, tags)
        if name is None:
            untagged.append(one.rater)
        name = name or one.rater
        if name in out:
            raise DataError(f"{name} is there twice; give one run of each model")
        scores = ratio_scores(one.answers.matrix, FAMILY)
        if scores is None or np.isnan(scores.values()).any():
            raise DataError(f"{one.name}: a value has no score, so the profile has no variance")
        out[name] = Profile(
            name,
            tags.get(name, ModelTag()),
            scores.values(),
            ModelVariance.of(scores, seed),
            one.answers.matrix,
        )
    return list(out.values()), untagged


def of_print(printed: pd.DataFrame, tags: Tags) -> list[Profile]:
    """Profiles as a paper prints them, of the models that are tagged.

    Args:
        printed: M x 10, by the names that the paper prints.
        tags: by the same names.
    """
    kept = [name for name in printed.index if name in tags]
    rows: Mapping[str, FloatArray] = {name: printed.loc[name].to_numpy(float) for name in kept}
    return [
        Profile(name, tags[name], row, ModelVariance.printed(row)) for name, row in rows.items()
    ]
