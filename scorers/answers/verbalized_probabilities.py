"""Percentages that a model states for lettered choices, read as a distribution over them."""

import math
import re

import numpy as np

from ratings.arrays import FloatArray
from ratings.input.prompt_template import LETTERS
from scorers.answers.json_answer import (
    Pairs,
    answer_objects,
    concluded,
    inner_objects,
    plain_json,
    taken_back,
)
from scorers.answers.spoken import CUT_OFF, spoken

Shares = tuple[float, ...]

# What stated percentages are mixed with, in equal parts of the choices.
SMOOTHING = 0.02
# How far from 100 percentages may sum, and from 1 shares, as a part of that sum: people and models
# round, and slip by a few points.
SLACK = 0.05

_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"'})
_NUMBER = re.compile(r"\+?(\d{1,9}(?:\.\d{0,20})?|\.\d{1,20})\s{0,9}(%|per ?cent)?", re.ASCII)


def stated_distribution(text: str, choices: int, stop_reason: str = "stop") -> FloatArray | None:
    """K probabilities of the choices from a JSON object of percentages, or of shares.

    Percentages sum to 100, shares to 1, by 5% of that more or less. They are scaled to sum to one,
    then p' = (1 - e) p + e / K with e = 0.02, because people and models round what is unlikely
    to 0.

    Args:
        text: with one JSON object, whatever surrounds it. Thoughts are passed over; so are
            examples and drafts. Several objects must say the same, or one must be marked as the
            conclusion (`scorers.answers.json_answer`).
        choices: K; the object must have just their letters, with numbers of 0 or more in one
            scale.
        stop_reason: why the model stopped; a thought that was cut off leaves no answer.

    Returns:
        None when there is no such object, or when what follows it takes it back.

    >>> stated_distribution('{"A": 100, "B": 0}', 2)
    array([0.99, 0.01])
    >>> stated_distribution('{"A": 0.6, "B": "40%"}', 2) is None
    True
    """
    said = spoken(text)
    if said.thinking and stop_reason in CUT_OFF:
        return None
    plain = plain_json(said.text).translate(_QUOTES)
    found, broken = answer_objects(plain)
    stated = [
        (shares, one.rank)
        for one in found
        if one.rank is not None
        for shares in _stated(one.value, LETTERS[:choices])
    ]
    shares = concluded(stated)
    if not shares or broken is not None or taken_back(plain[plain.rfind("}") + 1 :]):
        return None
    smoothed: FloatArray = (1 - SMOOTHING) * np.array(shares) / sum(shares) + SMOOTHING / choices
    return smoothed


def _stated(value: Pairs, letters: str, depth: int = 0) -> list[Shares]:
    """What an object, or what it wraps, states; empty shares for anything else."""
    named = [(key.strip().upper(), share) for key, share in value]
    if any(len(key) == 1 and key in LETTERS for key, _ in named):
        return [_shares(named, letters)]
    return [
        shares
        for _, inner in inner_objects(value, depth)
        for shares in _stated(inner, letters, depth + 1)
    ]


def _shares(named: list[tuple[str, object]], letters: str) -> Shares:
    """Shares in the order of the letters, summing to one; none where anything is wrong."""
    read = {(key, _number(value)) for key, value in named}
    if len(read) != len(letters) or {key for key, _ in read} != set(letters):
        return ()
    numbers = [number for _, number in sorted(read)]
    if any(number is None for number in numbers):
        return ()
    values = [number[0] for number in numbers if number]
    signs = [number[1] for number in numbers if number]
    total = sum(values)
    percentages = abs(total - 100) <= 100 * SLACK
    shares = abs(total - 1) <= SLACK and not any(signs)
    if not (percentages or shares):
        return ()
    # 0.05 with 95 is a share with a percentage, if both make 100 only so
    mixed = [
        100 * value if value < 1 and not sign else value
        for value, sign in zip(values, signs, strict=True)
    ]
    if percentages and mixed != values and abs(sum(mixed) - 100) <= 100 * SLACK:
        return ()
    return tuple(round(value / total, 12) for value in values)


def _number(value: object) -> tuple[float, bool] | None:
    """A number of 0 or more, and whether it has a per cent sign; None for anything else."""
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip())
        return (float(match[1]), bool(match[2])) if match else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = float(value)
    return (number, False) if math.isfinite(number) and number >= 0 else None
