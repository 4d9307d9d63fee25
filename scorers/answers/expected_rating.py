"""The rating a model is expected to give, from the probabilities of the scale's phrases.

A provider that returns log-probabilities gives, at each generated token, the likeliest tokens
there. Along the answer the six phrases part ways: what leaves the path towards another phrase
carries that phrase's probability.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ratings.instruments.value_portrait import CHOICES
from scorers.answers.log_probabilities import answer_start, checked_logprobs

PHRASES = {phrase: rating for rating, phrase in enumerate(CHOICES, start=1)}
# Beginnings of a phrase's first word that are words of their own.
_OTHER_WORDS = ("no", "so")
# A phrase and what surrounds it are a dozen tokens; so many are no answer in one phrase.
_MOST_TOKENS = 64


@dataclass(frozen=True)
class PhraseProbabilities:
    """Probabilities of the six phrases as a model's first words.

    Attributes:
        probabilities: of the ratings 1 to 6, summing to one; empty when nothing was covered.
        covered: probability that fell on the six phrases at all, before normalising.
        shared: part of `covered` that could not be distinguished ("not like me" off the path may
            go on to "at all") and was divided equally.
    """

    probabilities: Mapping[int, float]
    covered: float
    shared: float

    @property
    def expected(self) -> float:
        """Expected rating, 1 to 6; NaN when no phrase was covered."""
        if not self.probabilities:
            return math.nan
        return sum(rating * p for rating, p in self.probabilities.items())


def phrase_probabilities(
    tokens: Sequence[tuple[str, Mapping[str, float]]],
) -> PhraseProbabilities:
    """Probabilities of the six phrases from the alternatives at each token of an answer.

    Args:
        tokens: for each generated token its text and the log-probabilities of the likeliest
            tokens at its position, itself included. Thoughts in front are passed over. Where one on
            the way to the end of a phrase is not a log-probability, the answer has none.

    >>> first = ("like", {"like": math.log(0.6), "somewhat": math.log(0.3), "I": math.log(0.1)})
    >>> found = phrase_probabilities([first, (" me", {" me": 0.0})])
    >>> round(found.expected, 3), round(found.covered, 3)
    (4.667, 0.9)
    """
    mass = dict.fromkeys(PHRASES.values(), 0.0)
    shared = 0.0
    path, reach = "", 1.0
    texts = [text for text, _ in tokens]
    start = answer_start(texts, "".join(texts))
    if start is None:
        return PhraseProbabilities({}, 0.0, 0.0)
    for text, listed in tokens[start : start + _MOST_TOKENS]:
        alternatives = checked_logprobs(listed)
        if alternatives is None:
            return PhraseProbabilities({}, 0.0, 0.0)
        for other, logprob in alternatives.items():
            if other == text:
                continue
            share = reach * math.exp(logprob)
            shared += _assign(mass, _matching(path, other), share)
        reach *= math.exp(alternatives.get(text, -math.inf))
        if _fold(path + text) and not _matching(
            path, text
        ):  # the answer left the phrases, perhaps after one of them
            shared += _assign(mass, _exactly(path), reach)
            break
        path += text
    else:
        shared += _assign(mass, _exactly(path) or _beginning_with(path), reach)
    covered = sum(mass.values())
    if covered <= 0:
        return PhraseProbabilities({}, 0.0, 0.0)
    return PhraseProbabilities({k: p / covered for k, p in mass.items()}, covered, shared)


def _fold(text: str) -> str:
    return " ".join(re.sub(r"[.\"*`]", " ", text.casefold()).split())


def _matching(path: str, token: str) -> list[int]:
    """Ratings of the phrases that an answer is or may still become after `path` and `token`."""
    if _fold(path + token) == _fold(path):  # nothing that can be read: the answer ends here
        return _exactly(path)
    return _beginning_with(path + token)


def _exactly(text: str) -> list[int]:
    """The rating of the phrase that a finished answer is."""
    return [rating for phrase, rating in PHRASES.items() if phrase == _fold(text)]


def _beginning_with(text: str) -> list[int]:
    """Ratings of the phrases that begin with a text, none for an empty one."""
    begun = _fold(text)
    if not begun or begun in _OTHER_WORDS:
        return []
    return [rating for phrase, rating in PHRASES.items() if phrase.startswith(begun)]


def _assign(mass: dict[int, float], ratings: Sequence[int], share: float) -> float:
    """Divide a share among ratings; returns what could not be distinguished."""
    for rating in ratings:
        mass[rating] += share / len(ratings)
    return share if len(ratings) > 1 else 0.0
