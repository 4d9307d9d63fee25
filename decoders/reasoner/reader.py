"""A trained reasoner reading people: how likely each statement of a group is."""

from collections.abc import Sequence

from decoders.language_model.checkpoint import Checkpoint
from decoders.language_model.scoring import log_probabilities, probabilities
from decoders.reasoner.encoder import Question, StatementEncoder
from ratings.arrays import FloatArray


class StatementReader:
    """Answers questions about people with the probabilities of a model."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        """Keep the model and the statements that were made tokens."""
        self._checkpoint = checkpoint
        self._encoder = StatementEncoder(checkpoint.tokenizer, checkpoint.about.recipe)

    def read(self, questions: Sequence[Question]) -> list[list[FloatArray]]:
        """For each question, for each of its groups, K probabilities that sum to one.

        Questions that know the same share a prefix, so asking them together costs least.

        Raises:
            DataError: for a prompt longer than the model's context.
        """
        about = self._checkpoint.about
        prompts = self._encoder.to_predict(questions)
        found = log_probabilities(
            self._checkpoint.model, prompts, about.recipe.columns, about.recipe.precision
        )
        rows = iter(probabilities(found, about.temperature))
        return [[next(rows)[: len(group)] for group in one.groups] for one in questions]
