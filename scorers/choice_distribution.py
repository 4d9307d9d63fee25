"""A model's answer about one choice read as a distribution over the choices.

Either from the log-probabilities of the letter it answers with, or from percentages that it states.
Never from the choice alone: a distribution that puts everything on one choice says nothing of how
sure the model is.
"""

import json
import math
import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scorers.refusal import declines
from scorers.v_information import hits, log_losses

FloatArray = npt.NDArray[np.float64]

LETTERS = string.ascii_uppercase
# Letters with less of the probability than this are no answer in the form that was asked for.
LEAST_COVERED = 0.5
# No choice gets less: providers list few tokens, and round what is nearly impossible to nothing.
FLOOR = 1e-6
# What stated percentages are mixed with, in equal parts of the choices.
SMOOTHING = 0.02
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
        None when the letters listed have less than half of the probability.

    >>> letter_distribution({"A": math.log(0.5), " B": math.log(0.25), "B.": math.log(0.25)}, 2)
    array([0.5, 0.5])
    """
    letters = LETTERS[:choices]
    found: FloatArray = np.zeros(choices)
    listed = np.zeros(choices, dtype=bool)
    for token, logprob in tokens.items():
        letter = token.strip(" \t\r\n().[]:*\"'`_Ġ▁")
        if len(letter) == 1 and letter in letters:
            found[letters.index(letter)] += math.exp(logprob)
            listed[letters.index(letter)] = True
    if found.sum() < LEAST_COVERED:
        return None
    left = max(0.0, 1.0 - sum(map(math.exp, tokens.values())))
    least = min(map(math.exp, tokens.values()))
    found[~listed] = min(left / max(int((~listed).sum()), 1), least)
    return _floored(found / found.sum())


def stated_distribution(text: str, choices: int) -> FloatArray | None:
    """K probabilities of the choices from a JSON object of percentages.

    Scaled to sum to one, then p' = (1 - e) p + e / K with e = 0.02, because people and models round
    what is unlikely to 0.

    Args:
        text: with one JSON object, whatever stands around it.
        choices: K; the object must have just their letters, with numbers of 0 or more, not all 0.

    Returns:
        None when there is no such object.

    >>> stated_distribution('{"A": 100, "B": 0}', 2)
    array([0.99, 0.01])
    """
    found = re.findall(r"\{[^{}]*\}", text)
    if len(found) != 1:
        return None
    try:
        stated = json.loads(found[0])
    except ValueError:
        return None
    shares = {str(name).strip(): _percentage(value) for name, value in stated.items()}
    if set(shares) != set(LETTERS[:choices]):
        return None
    values = np.array([shares[letter] for letter in LETTERS[:choices]])
    if not np.isfinite(values).all() or (values < 0).any() or values.sum() <= 0:
        return None
    smoothed: FloatArray = (1 - SMOOTHING) * values / values.sum() + SMOOTHING / choices
    return smoothed


def status_of(text: str, stop_reason: str) -> str:
    """Why an answer gives no distribution: `refusal`, `empty`, `truncated` or `unreadable`.

    >>> status_of("I'm sorry, I can't say.", "stop")
    'refusal'
    """
    if stop_reason == "content_filter" or declines(text):
        return "refusal"
    if not text.strip():
        return "empty"
    return "truncated" if stop_reason == "max_tokens" else "unreadable"


def prediction_numbers(
    told: Sequence[FloatArray | None], none: Sequence[FloatArray | None], ratings: Sequence[int]
) -> dict[str, list[float | None]]:
    """How good N predictions are, number by number; None where an answer is missing.

    `right` (1 where the most probable choice was chosen, 1 / T where T share the first place),
    `confidence` (probability of the most probable), `brier` (0 to 2), `loss` (nats), `loss_none`
    (of the answer without what is told) and `information`, `loss_none` less `loss`.

    Args:
        told: N distributions, each over the instance's own choices.
        none: likewise, when nothing is told.
        ratings: N chosen labels, from 1.
    """
    rows = [_numbers(row, rating) for row, rating in zip(told, ratings, strict=True)]
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


def _percentage(value: Any) -> float:  # noqa: ANN401
    """A number, also as text with a per cent sign; NaN for anything else."""
    if isinstance(value, str):
        value = value.strip().removesuffix("%").strip()
        try:
            return float(value)
        except ValueError:
            return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    return float(value)
