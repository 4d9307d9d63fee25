"""A trained decoder's answers to the questions of `decode_ratings`."""

import threading
from typing import TYPE_CHECKING

from inspect_ai.model import GenerateConfig, ModelOutput

from providers.distribution_output import letter_output
from providers.micro_batcher import MicroBatcher
from ratings.arrays import FloatArray
from ratings.asked import AskedRating
from ratings.errors import DataError
from ratings.representations.names import NONE

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import Checkpoint
    from decoders.rating_reader import RatingReader

Pair = tuple[str | None, str]


class DecodedRatings:
    """Answers with the distributions of one model, and of another where nothing is given."""

    def __init__(
        self, name: str, checkpoint: "Checkpoint", nothing_given: "Checkpoint | None"
    ) -> None:
        """Keep the models.

        Args:
            name: of the provider's model, for errors and answers.
            checkpoint: of the kind `ratings`.
            nothing_given: of the same kind and split, trained with nothing given.

        Raises:
            DataError: when the second was trained on anything else than the first.
        """
        self._name = name
        self._trained = {checkpoint.about.representation: checkpoint}
        if nothing_given is not None:
            _require_comparable(name, checkpoint, nothing_given)
            self._trained.setdefault(NONE.name, nothing_given)
        self._about = checkpoint.about
        self._readers: dict[tuple[str, str], MicroBatcher[Pair, FloatArray]] = {}
        self._lock = threading.Lock()

    def answer(self, asked: AskedRating, config: GenerateConfig) -> ModelOutput:
        """The answer to one call.

        Raises:
            DataError: when no model was trained for what is asked.
        """
        self._require_trained(asked)
        key = (asked.data, asked.representation)
        with self._lock:
            if key not in self._readers:
                reader = self._reader(asked.data, self._trained[asked.representation])
                self._readers[key] = MicroBatcher(reader.read)
        row = self._readers[key].ask((asked.rater, asked.instance))
        return letter_output(self._name, row[: asked.choices], asked.answer, config)

    def _require_trained(self, asked: AskedRating) -> None:
        about, representation = self._about, asked.representation
        if asked.seed != about.seed:
            raise DataError(
                f"{self._name} was trained on the split of seed {about.seed} and is asked about "
                f"that of seed {asked.seed}, whose test raters it may have learned from: ask it "
                f"with -T seed={about.seed}"
            )
        if representation in self._trained:
            return
        if representation == NONE.name:
            raise DataError(
                f"{self._name} was trained with {about.representation} given: name a decoder that "
                f"was trained with nothing given, for the calls that it is compared with: "
                f"-M none=<folder>"
            )
        raise DataError(
            f"{self._name} was trained with {about.representation} given and is asked with "
            f"{representation}: ask it with -T representation={about.representation}"
        )

    def _reader(self, data: str, checkpoint: "Checkpoint") -> "RatingReader":
        from decoders.rating_reader import RatingReader

        return RatingReader(self._name, checkpoint, data)


def _require_comparable(name: str, checkpoint: "Checkpoint", nothing: "Checkpoint") -> None:
    first, second = checkpoint.about, nothing.about
    if second.representation != NONE.name:
        raise DataError(
            f"{name}: the decoder of -M none= was trained with {second.representation} given, and "
            f"must have been with nothing"
        )
    for what in ("data_sha256", "seed"):
        if getattr(first, what) != getattr(second, what):
            raise DataError(
                f"{name}: the decoder of -M none= was trained on {second.data}, seed "
                f"{second.seed}, and must have been on the same data and split, {first.data}, "
                f"seed {first.seed}"
            )
