"""A trained reasoner's answers to the questions of `indie_value`."""

import json
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from inspect_ai.model import ModelOutput

from providers.distribution_output import distribution_output, token_of
from providers.micro_batcher import MicroBatcher
from ratings.arrays import FloatArray
from ratings.asked import AskedStatements
from ratings.errors import DataError
from ratings.survey.evaluation_sample import evaluation_sample
from ratings.survey.source import load_survey
from ratings.survey.survey import Survey

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import Checkpoint
    from decoders.reasoner.encoder import Question


# Also where the model gives nothing, as the logarithm must be a number.
_LEAST = 1e-300


class DecodedStatements:
    """Chooses statements as likely as a model finds them."""

    def __init__(self, name: str, checkpoint: "Checkpoint") -> None:
        """Keep the model.

        Args:
            name: of the provider's model, for errors and answers.
            checkpoint: of the kind `statements`.
        """
        from decoders.reasoner.reader import StatementReader

        self._name, self._about = name, checkpoint.about
        self._batcher: MicroBatcher[Question, list[FloatArray]] = MicroBatcher(
            StatementReader(checkpoint).read
        )
        self._surveys: dict[tuple[str, str | None], tuple[Survey, frozenset[str]]] = {}
        self._lock = threading.Lock()

    def answer(self, asked: AskedStatements) -> ModelOutput:
        """The answer to one call, with log-probabilities of every statement asked.

        Raises:
            DataError: when the model learned from the person, or another survey.
        """
        from decoders.reasoner.encoder import Question

        survey = self._survey(asked)
        catalog, row = (
            survey.catalog,
            int(survey.people.index.get_indexer(pd.Index([asked.person]))[0]),
        )
        who = survey.demographic_statements_of(row) if asked.demographics else []
        said = survey.statements_of(row, asked.known_form, asked.known)
        columns = catalog.positions(list(asked.questions.values()))
        groups = tuple(catalog.statements[asked.form][column] for column in columns)
        question = Question((*who, *said), groups, f"person {asked.person}")
        return statements_output(self._name, list(asked.questions), self._batcher.ask(question))

    def _survey(self, asked: AskedStatements) -> Survey:
        """The survey of a person of whom the model has not learned."""
        key = (asked.data, asked.survey)
        with self._lock:
            if key not in self._surveys:
                survey = load_survey(*key)
                self._surveys[key] = (survey, self._not_learned_from(asked.data, survey))
        survey, people = self._surveys[key]
        if asked.person not in people:
            raise DataError(
                f"{self._name} held out other people than person {asked.person}: it was trained "
                f"with seed {self._about.seed}, so ask it with -T seed={self._about.seed}"
            )
        return survey

    def _not_learned_from(self, data: str, survey: Survey) -> frozenset[str]:
        if data != self._about.data:  # other people
            return frozenset(map(str, survey.people.index))
        if survey.digest != self._about.data_sha256:
            raise DataError(
                f"{self._name} was trained on another survey ({self._about.data}, "
                f"{self._about.data_sha256[:12]}) than it is asked about ({survey.digest[:12]}), "
                f"and may have learned from its people"
            )
        held_out = evaluation_sample(survey, self._about.seed).held_out
        return frozenset(str(survey.people.index[row]) for row in held_out)


def statements_output(
    name: str, labels: Sequence[str], shares: Sequence[FloatArray]
) -> ModelOutput:
    """Distributions over the statements of groups as the JSON object that the task asks for.

    Args:
        name: of the model.
        labels: of the groups, such as `NSG1`.
        shares: of each group, the probabilities of its statements.
    """
    tokens = [
        token_of([f"{label}_s{k}" for k in range(1, 1 + len(row))], row, least=_LEAST)
        for label, row in zip(labels, shares, strict=True)
    ]
    chosen = {
        label: {"rationale": f"probability {row.max():.3f}", "choice": token.token}
        for label, row, token in zip(labels, shares, tokens, strict=True)
    }
    return distribution_output(name, json.dumps(chosen), tokens)
