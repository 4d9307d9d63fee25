"""A model's answer about one choice read as a distribution over the choices.

Either from the log-probabilities of the letter it answers with, or from percentages that it states
(`verbalized_probabilities`). Never from the choice alone: a distribution that puts everything on
one choice says nothing of how sure the model is.
"""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np

from ratings.arrays import FloatArray
from ratings.input.prompt_template import LETTERS
from scorers.answers.log_probabilities import checked_logprobs
from scorers.answers.spoken import spoken
from scorers.information.v_information import hits, log_losses

# Letters with less of the probability than this are no answer in the form that was asked for.
LEAST_COVERED = 0.5
# No choice gets less: providers list few tokens, and round what is nearly impossible to nothing.
FLOOR = 1e-6
STATUSES = (
    "valid",
    "refusal",
    "empty",
    "truncated",
    "no_logprobs",
    "unreadable",
    "unasked",
    "none_missing",
)
# A letter that goes on without any sign between, as "A person" and "I'm" do.
_SENTENCE = re.compile(r"[^\w\s]{0,9}[A-Z](?:['\u2019]\w|[^\S\n]+\w)")


def letter_distribution(tokens: Mapping[str, float], choices: int) -> FloatArray | None:
    """K probabilities of the choices from the log-probabilities of the first answer token.

    Ways to write a letter count together: with white space, brackets, a full stop or quotation
    marks around it. Letters that are not listed share equally the probability that the list leaves
    over, but none gets more than the least probable token listed. What is left over for letters is
    then scaled to sum to one, with at least `FLOOR` for each.

    Args:
        tokens: log-probability of the likeliest tokens.
        choices: K.

    Returns:
        None when the letters listed have less than half of the probability, or when what is given
        are no log-probabilities.

    >>> letter_distribution({"A": math.log(0.5), " B": math.log(0.25), "B.": math.log(0.25)}, 2)
    array([0.5, 0.5])
    """
    checked = checked_logprobs(tokens)
    if checked is None:
        return None
    letters = LETTERS[:choices]
    found: FloatArray = np.zeros(choices)
    listed = np.zeros(choices, dtype=bool)
    for token, logprob in checked.items():
        letter = token.strip(" \t\r\n().[]:*\"'`_Ġ▁")
        if len(letter) == 1 and letter in letters:
            found[letters.index(letter)] += math.exp(logprob)
            listed[letters.index(letter)] = True
    if found.sum() < LEAST_COVERED:
        return None
    left = max(0.0, 1.0 - sum(map(math.exp, checked.values())))
    least = min(map(math.exp, checked.values()))
    found[~listed] = min(left / max(int((~listed).sum()), 1), least)
    return _floored(found / found.sum())


def begins_sentence(text: str) -> bool:
    """Whether an answer begins with a letter that is a word of a sentence, and no choice.

    "A person like this" and "I'm sorry" begin with letters of choices.

    >>> begins_sentence("A careful person"), begins_sentence("A. strongly agree")
    (True, False)
    """
    return bool(_SENTENCE.match(spoken(text).text.strip()))


def prediction_numbers(
    given: Sequence[FloatArray | None], none: Sequence[FloatArray | None], ratings: Sequence[int]
) -> dict[str, list[float | None]]:
    """How good N predictions are, number by number; None where an answer is missing.

    `right` (1 where the most probable choice was chosen, 1 / T where T share the first place),
    `confidence` (probability of the most probable), `brier` (0 to 2), `loss` (nats), `loss_none`
    (of the answer given nothing) and `information`, `loss_none` less `loss`.

    Args:
        given: N distributions, each over the instance's own choices.
        none: likewise, given nothing.
        ratings: N chosen labels, from 1.
    """
    rows = [_numbers(row, rating) for row, rating in zip(given, ratings, strict=True)]
    lost = [_numbers(row, rating)["loss"] for row, rating in zip(none, ratings, strict=True)]
    out: dict[str, list[float | None]] = {
        name: [row[name] for row in rows] for name in ("right", "confidence", "brier", "loss")
    }
    out["loss_none"] = lost
    out["information"] = [
        None if one is None or other is None else round(other - one, 9)
        for one, other in zip(out["loss"], lost, strict=True)
    ]
    return out


def _numbers(row: FloatArray | None, rating: int) -> dict[str, float | None]:
    if row is None:
        return dict.fromkeys(("right", "confidence", "brier", "loss"))
    chosen = np.arange(1, len(row) + 1) == rating
    at = np.array([rating])
    return {
        "right": float(hits(row[None], at)[0]),
        "confidence": round(float(row.max()), 9),
        "brier": round(float(((row - chosen) ** 2).sum()), 9),
        "loss": round(float(log_losses(row[None], at)[0]), 9),
    }


def _floored(found: FloatArray) -> FloatArray:
    raised = np.maximum(found, FLOOR)
    shares: FloatArray = raised / raised.sum()
    return shares
