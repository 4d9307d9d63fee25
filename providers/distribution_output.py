"""Known distributions as the output of a model."""

import json
import math
from collections.abc import Sequence

import numpy as np
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    GenerateConfig,
    Logprob,
    Logprobs,
    ModelOutput,
    ModelUsage,
    TopLogprob,
)

from ratings.arrays import FloatArray
from ratings.input.prompt_template import LETTERS

# Also where a distribution over letters gives nothing, as the logarithm must be a number.
_LEAST = 1e-12


def distribution_output(
    model: str, text: str, tokens: Sequence[Logprob] | None = None
) -> ModelOutput:
    """A text as an answer that cost no tokens.

    Args:
        model: name.
        text: of the answer.
        tokens: by `token_of`, where log-probabilities are given.
    """
    message = ChatMessageAssistant(content=text, model=model, source="generate")
    logprobs = None if tokens is None else Logprobs(content=list(tokens))
    choice = ChatCompletionChoice(message=message, stop_reason="stop", logprobs=logprobs)
    return ModelOutput(model=model, choices=[choice], usage=ModelUsage())


def token_of(
    labels: Sequence[str], row: FloatArray, most: int | None = None, least: float = _LEAST
) -> Logprob:
    """The most probable of some labels as a token, with those that it was chosen from.

    Args:
        labels: K texts; of equally probable ones the first is chosen.
        row: K probabilities.
        most: how many alternatives to give, the most probable first; None for all.
        least: in place of a smaller probability.
    """
    top = [
        TopLogprob(token=labels[k], logprob=math.log(max(float(row[k]), least)))
        for k in np.argsort(-row, kind="stable")[:most].tolist()
    ]
    return Logprob(token=top[0].token, logprob=top[0].logprob, top_logprobs=top)


def letter_output(model: str, row: FloatArray, answer: str, config: GenerateConfig) -> ModelOutput:
    """A distribution over lettered choices as the answer to `decode_ratings`.

    Args:
        model: name.
        row: K probabilities of the choices.
        answer: `stated` for percentages in a JSON object; else the most probable letter, with
            log-probabilities where they are wanted.
        config: of the call.
    """
    letters = LETTERS[: len(row)]
    if answer == "stated":
        shares = {letter: round(100 * float(p), 2) for letter, p in zip(letters, row, strict=True)}
        return distribution_output(model, json.dumps(shares))
    token = token_of(letters, row, config.top_logprobs or 1)
    return distribution_output(model, token.token, [token] if config.logprobs else None)
