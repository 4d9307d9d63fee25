"""What a study of topics is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from evals.topics.embeddings import TFIDF

# Attributes of the paper's regressions, each with its base level.
BASES: Mapping[str, str] = {
    "gender": "Male",
    "age": "18-24 years old",
    "location_special_region": "US",
    "ethnicity_simplified": "White",
    "religion_simplified": "No Affiliation",
}
CONVERSATION_TYPE = "conversation_type"
TYPE_BASE = "unguided"
LEVEL = 0.01  # of the paper's tests


@dataclass(frozen=True)
class TopicSettings:
    """Settings of the study; every draw takes `seed`.

    Attributes:
        model: of the embeddings, see `evals.topics.embeddings.embed`.
        smallest: prompts that a topic has at least; None for 1 per cent of them.
        name_with: model that names topics, as Inspect has it; None for names from words.
        least: people that a group needs to be shown.
        replicates: of the bootstrap over participants.
        draws: of half the participants, for stability.
        replies: whether replies of all turns are embedded too, which field sites need.
        seed: of all draws.
    """

    model: str = TFIDF
    smallest: int | None = None
    name_with: str | None = None
    least: int = 20
    replicates: int = 1_000
    draws: int = 20
    replies: bool = True
    seed: int = 0
