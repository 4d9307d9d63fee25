"""A checkpoint behind the protocol of families: measured on other data, and not trained on it."""

from collections.abc import Sequence

from decoders.family import Cost
from decoders.language_model.checkpoint import RATINGS, Checkpoint
from decoders.language_model.family import LanguageModelDecoder
from decoders.language_model.prompts.encoder import Encoder
from decoders.source_version import source_version
from ratings.data_sets.instances import Instances
from ratings.errors import DataError
from ratings.representations.rater_context import Episode


class UntrainedFamily:
    """Whatever it is to be fitted to, it stays the checkpoint that it is."""

    calibration = "nothing is fitted to the data; probabilities are divided as the checkpoint says"
    partitions = 1

    def __init__(self, checkpoint: Checkpoint) -> None:
        """Measure this checkpoint.

        Raises:
            DataError: when it predicts something else than ratings.
        """
        about = checkpoint.about
        if about.kind != RATINGS:
            raise DataError(f"a decoder of {about.kind} (of {about.data}) predicts no ratings")
        self._checkpoint = checkpoint
        self.name, self.version = about.recipe.name, source_version("language_model")

    def fit(
        self, instances: Instances, training: Sequence[Episode], seed: int
    ) -> LanguageModelDecoder:
        """The checkpoint, asked about these instances; training raters are not looked at."""
        del training, seed
        found, recipe = self._checkpoint, self._checkpoint.about.recipe
        return LanguageModelDecoder(
            recipe=recipe,
            model=found.model,
            tokenizer=found.tokenizer,
            encoder=Encoder(found.tokenizer, instances, recipe),
            temperature=found.about.temperature,
            losses=(),
            cost=Cost(seconds=0.0, parameters=0, ratings=0),
            tokens=0,
        )
