"""A simulated reader of participants: names the reply that they preferred with a known chance.

What an evaluation should find is therefore known: the accuracy, and, where probabilities are asked
for, the log-loss, because the respondent is as sure as it is right.
"""

import hashlib

import numpy as np
from inspect_ai.model import GenerateConfig, ModelOutput

from providers.distribution_output import letter_output
from providers.respondents.known_accuracy import KnownAccuracy
from ratings.arrays import FloatArray
from ratings.asked import AskedPreference
from ratings.errors import DataError
from ratings.input.prompt_template import LETTERS
from ratings.preferences.turns import preferred_of

_LEAST_SURE = 0.51  # so that the reply which is chosen is the most probable one


def loyal_answer(
    model: str, known: KnownAccuracy, asked: AskedPreference, seed: int, config: GenerateConfig
) -> ModelOutput | str:
    """The letter of one reply, or its distribution in the way that is asked for.

    Args:
        model: name, for answers and errors.
        known: the chance of naming a preferred reply.
        asked: the turn.
        seed: the same seed gives the same answer to the same question.
        config: whether log-probabilities are wanted, and how many.

    Raises:
        DataError: for a respondent with accuracies by group.
    """
    if known.dimension is not None:
        raise DataError(f"{model}: prism is answered with one accuracy, such as respondent/0.7")
    row = loyal_distribution(known.accuracy, asked, seed)
    if asked.answer == "letter":
        return LETTERS[int(row.argmax())]
    return letter_output(model, row, asked.answer, config)


def loyal_distribution(chance: float, asked: AskedPreference, seed: int) -> FloatArray:
    """K probabilities: `chance`, at least `_LEAST_SURE`, on one reply, right with `chance`."""
    preferred = preferred_of(asked.data)
    own = [k for k, reply in enumerate(asked.replies) if reply in preferred]
    others = [k for k in range(len(asked.replies)) if k not in own]
    key = f"{seed}\0{asked.participant}\0{asked.conversation}\0{asked.turn}"
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big"))
    choice = rng.choice(own if rng.random() < chance else others)
    sure = max(chance, _LEAST_SURE)
    row = np.full(len(asked.replies), (1 - sure) / (len(asked.replies) - 1))
    row[choice] = sure
    return row
