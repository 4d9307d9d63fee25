"""What a study of preferences is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

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
UNSAID = "Prefer not to say"


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
