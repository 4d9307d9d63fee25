"""What a study of preferences is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ratings.prism.codebook import PREFER_NOT
from scorers.preferences.aggregations.aggregation import DEFAULT
from scorers.preferences.battles import TIE_THRESHOLD

SUBSETS: Mapping[str, str] = {
    "balanced": "conversations flagged as balanced over conversation types",
    "all": "all conversations",
    "UK": "people flagged as representative of the UK, balanced conversations",
    "US": "people flagged as representative of the US, balanced conversations",
}
GROUPINGS = (
    "gender",
    "age",
    "ethnicity_simplified",
    "religion_simplified",
    "location_special_region",
)
_FLAGS = {0: "no", 1: "yes"}


@dataclass(frozen=True)
class PreferenceSettings:
    """Settings of the study; every draw takes `seed`.

    Attributes:
        subset: one of `SUBSETS`.
        aggregation: how scores of models are made, a name of `AGGREGATIONS`.
        threshold: difference of scores up to which two replies tie.
        groupings: survey columns whose groups are compared.
        least: people that a group needs.
        replicates: of each bootstrap over participants.
        permutations: of each test of groups.
        seed: of all draws.
    """

    subset: str = "balanced"
    aggregation: str = DEFAULT
    threshold: float = TIE_THRESHOLD
    groupings: tuple[str, ...] = GROUPINGS
    least: int = 20
    replicates: int = 1_000
    permutations: int = 4_999
    seed: int = 0


def grouping_columns(survey: pd.DataFrame) -> list[str]:
    """The columns of a survey that put people in groups: categories, and what is true or not."""
    return [
        str(name)
        for name, column in survey.items()
        if isinstance(column.dtype, pd.CategoricalDtype)
        or (pd.api.types.is_numeric_dtype(column) and column.dropna().isin(list(_FLAGS)).all())
    ]


def groups_said(column: pd.Series) -> pd.Series:
    """The name of each person's group; None for those who did not answer or preferred not to."""
    said = column.astype(object).where(column.notna() & column.ne(PREFER_NOT), None)
    return said.map(lambda one: None if one is None else str(_FLAGS.get(one, one)))
