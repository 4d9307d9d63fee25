"""A trained reasoner's answers to the questions of `indie_value`."""

import json
import math
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    Logprob,
    Logprobs,
    ModelOutput,
    TopLogprob,
)

from providers.in_batches import InBatches
from ratings.errors import DataError
from ratings.instruments.indie_value import load_catalog
from ratings.survey.evaluation_sample import evaluation_sample
from ratings.survey.source import load_survey

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import Checkpoint
    from decoders.reasoner.encoder import Question

FloatArray = npt.NDArray[np.float64]

TASK = "indie_value"
_KEYS = {"data", "survey", "form", "person", "questions", "known"}
_MARK = "# "
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
        self._reading: InBatches[Question, list[FloatArray]] = InBatches(
            StatementReader(checkpoint).read
        )
        self._held_out: dict[tuple[str, str | None], frozenset[str]] = {}
        self._lock = threading.Lock()

    def answer(self, asked: Mapping[str, Any], text: str) -> ModelOutput:
        """The answer to one call, with log-probabilities of every statement asked.

        Args:
            asked: the metadata of the message: which groups, and where in the text what is known
                of the person stands.
            text: of the message.

        Raises:
            DataError: when the model learned from the person, or another survey.
        """
        from decoders.reasoner.encoder import Question

        if not set(asked) >= _KEYS:
            raise DataError(f"{self._name} answers {TASK} only, as this version asks it")
        self._require_held_out(asked)
        catalog = load_catalog(asked["data"])
        labels, places = list(asked["questions"]), catalog.places(list(asked["questions"].values()))
        groups = tuple(catalog.statements[asked["form"]][place] for place in places)
        question = Question(
            tuple(known_in(text, asked["known"])), groups, f"person {asked['person']}"
        )
        return statements_output(self._name, labels, self._reading.ask(question))

    def _require_held_out(self, asked: Mapping[str, Any]) -> None:
        """Nobody may be asked about of whom the model has learned."""
        if asked["data"] != self._about.data:
            return  # people of another survey
        key = (asked["data"], asked["survey"])
        with self._lock:
            if key not in self._held_out:
                survey = load_survey(*key)
                if survey.digest != self._about.data_sha256:
                    raise DataError(
                        f"{self._name} was trained on another survey ({self._about.data}, "
                        f"{self._about.data_sha256[:12]}) than it is asked about "
                        f"({survey.digest[:12]}), and may have learned from its people"
                    )
                people = evaluation_sample(survey, self._about.seed).held_out
                self._held_out[key] = frozenset(str(survey.people.index[row]) for row in people)
        if asked["person"] not in self._held_out[key]:
            raise DataError(
                f"{self._name} held out other people than person {asked['person']}: it was trained "
                f"with seed {self._about.seed}, so ask it with -T seed={self._about.seed}"
            )


def known_in(text: str, place: Sequence[int]) -> list[str]:
    r"""The statements that a message says are known.

    Args:
        text: of the message.
        place: where they start and end; empty when nothing is known.

    >>> known_in("Known:\n# I like tea\n# I like it hot\n\nNew:", [7, 35])
    ['I like tea', 'I like it hot']
    """
    if not place:
        return []
    start, end = place
    return [line.removeprefix(_MARK) for line in text[start:end].split("\n")]


def statements_output(
    name: str, labels: Sequence[str], shares: Sequence[FloatArray]
) -> ModelOutput:
    """Distributions over the statements of groups as the JSON object that the task asks for.

    Args:
        name: of the model.
        labels: of the groups, such as `NSG1`.
        shares: of each group, the probabilities of its statements.
    """
    chosen, content = {}, []
    for label, row in zip(labels, shares, strict=True):
        order = np.argsort(-row, kind="stable").tolist()
        top = [
            TopLogprob(token=f"{label}_s{k + 1}", logprob=math.log(max(float(row[k]), _LEAST)))
            for k in order
        ]
        content.append(Logprob(token=top[0].token, logprob=top[0].logprob, top_logprobs=top))
        told = f"probability {row[order[0]]:.3f}"
        chosen[label] = {"rationale": told, "choice": top[0].token}
    message = ChatMessageAssistant(content=json.dumps(chosen), model=name, source="generate")
    choice = ChatCompletionChoice(
        message=message, stop_reason="stop", logprobs=Logprobs(content=content)
    )
    return ModelOutput(model=name, choices=[choice])
