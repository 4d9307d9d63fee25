"""PRISM by name: as published, as a generated sample, or from a folder."""

from collections.abc import Sequence

from ratings.errors import unknown_name
from ratings.prism.container import Prism
from ratings.sources.cards import load_card

__all__ = ["CARD", "PARTS", "PUBLISHED", "SAMPLE", "Prism", "load_prism"]

PUBLISHED, SAMPLE = "published", "sample"
CARD = "prism"
PARTS = ("survey", "conversations", "utterances", "metadata")


def load_prism(
    data: str = PUBLISHED,
    *,
    seed: int = 0,
    people: int | None = None,
    parts: Sequence[str] = ("survey", "conversations", "utterances"),
) -> Prism:
    """PRISM as published, as a generated sample, or from a folder with files in its layout.

    Args:
        data: `published` (card `prism`), `sample` (generated, with what was planted; card
            `prism_sample`), or the path of a folder with the JSON-lines files.
        seed: of the sample.
        people: of the sample; None for its usual size.
        parts: tables to read. Those left out of a folder or of the published data are empty
            tables with the right columns; `metadata` left out is None.

    Raises:
        UnknownNameError: for another part.
        DataError: when files are missing, changed, or not in the layout of the card.
    """
    for part in parts:
        if part not in PARTS:
            raise unknown_name("part of PRISM", part, PARTS)
    if data == SAMPLE:
        from ratings.prism.generator import SAMPLE_PEOPLE, generate_prism

        return generate_prism(
            SAMPLE_PEOPLE if people is None else people, seed, metadata="metadata" in parts
        )
    from ratings.prism.reader import read_folder, read_published

    if data == PUBLISHED:
        return read_published(load_card(CARD), parts)
    return read_folder(data, load_card(CARD), parts)
