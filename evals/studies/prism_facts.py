"""What the JSON of every study of PRISM says of its data and settings."""

from collections.abc import Mapping
from typing import Any

from ratings.prism.container import Prism


def prism_facts(
    study: str, prism: Prism, data: str, settings: Mapping[str, object], **more: object
) -> dict[str, Any]:
    """Which data a study read, and how it was asked.

    Args:
        study: its name.
        prism: what was read.
        data: as it was asked for.
        settings: of the study, by name.
        more: what else its reader must know.
    """
    return {
        "study": study,
        "data": data,
        "card": prism.card.id,
        "card_revision": prism.card.revision,
        "synthetic": prism.card.synthetic,
        "people": len(prism.survey),
        "conversations": len(prism.conversations),
        "replies": len(prism.utterances),
        **more,
        **settings,
    }
