"""`decoder/<folder>`: a trained language-model decoder answers in a model's place.

A checkpoint of statements answers `indie_value`, one of ratings `decode_ratings`: from the model's
probabilities, so that its row is comparable with those of the models that are prompted.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from inspect_ai.model import ChatMessage, GenerateConfig, ModelOutput

from providers.decoded_ratings import DecodedRatings
from providers.decoded_statements import DecodedStatements
from providers.offline_model import OfflineModel, Option
from ratings.asked import AskedRating, AskedStatements
from ratings.errors import DataError
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import Checkpoint


class DecoderAPI(OfflineModel):
    """A checkpoint as a model provider. `-M none=<folder>` answers where nothing is given."""

    provider = "decoder"
    options: ClassVar = {
        "none": Option(None, lambda folder: folder is None or isinstance(folder, str), "a folder")
    }
    takes_time = True

    def load(self) -> None:
        """Load the checkpoints."""
        from decoders.language_model.checkpoint import RATINGS, STATEMENTS

        self.name = f"decoder/{Path(self.model_name).name}"
        checkpoint, none = _checkpoint(self.model_name), self.given["none"]
        self._decoder: DecodedStatements | DecodedRatings
        if checkpoint.about.kind == STATEMENTS:
            if none is not None:
                raise DataError(
                    f"{self.name} predicts statements of people, also where nothing is known: "
                    f"leave -M none= out"
                )
            self._decoder = DecodedStatements(self.name, checkpoint)
            return
        nothing = None if none is None else _checkpoint(none)
        for one in (checkpoint, nothing):
            if one is not None and one.about.kind != RATINGS:
                raise DataError(f"{self.name}: a decoder of {one.about.kind} cannot answer here")
        self._decoder = DecodedRatings(self.name, checkpoint, nothing)

    def answer(self, messages: Sequence[ChatMessage], config: GenerateConfig) -> ModelOutput:
        """The model's answer to the question."""
        if isinstance(self._decoder, DecodedStatements):
            return self._decoder.answer(self.asked(messages, AskedStatements))
        return self._decoder.answer(self.asked(messages, AskedRating), config)


def _checkpoint(folder: str) -> "Checkpoint":
    from decoders.loaded import load_decoder

    return load_decoder(resolve_from_start(folder))
