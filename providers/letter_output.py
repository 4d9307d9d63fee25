"""A known distribution over lettered choices as a model would answer with it."""

import json
import math
import string

import numpy as np
import numpy.typing as npt
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    GenerateConfig,
    Logprob,
    Logprobs,
    ModelOutput,
    TopLogprob,
)

FloatArray = npt.NDArray[np.float64]

LETTERS = string.ascii_uppercase
# Also where a distribution gives nothing, as the logarithm must be a number.
_LEAST = 1e-12


def letter_output(model: str, row: FloatArray, answer: str, config: GenerateConfig) -> ModelOutput:
    """A distribution as an answer.

    Args:
        model: name.
        row: K probabilities of the choices.
        answer: `stated` for percentages in a JSON object; else the most probable letter, with
            log-probabilities where they are wanted.
        config: of the call.
    """
    letters = LETTERS[: len(row)]
    if answer == "stated":
        stated = {letter: round(100 * float(p), 2) for letter, p in zip(letters, row, strict=True)}
        return ModelOutput.from_content(model, json.dumps(stated))
    order = np.argsort(-row, kind="stable").tolist()
    top = [
        TopLogprob(token=letters[k], logprob=math.log(max(float(row[k]), _LEAST)))
        for k in order[: config.top_logprobs or 1]
    ]
    logprobs = None
    if config.logprobs:
        first = Logprob(token=top[0].token, logprob=top[0].logprob, top_logprobs=top)
        logprobs = Logprobs(content=[first])
    message = ChatMessageAssistant(content=letters[order[0]], model=model, source="generate")
    choice = ChatCompletionChoice(message=message, stop_reason="stop", logprobs=logprobs)
    return ModelOutput(model=model, choices=[choice])
