"""Log-probabilities as providers send them, checked before anything is computed from them."""

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate

from scorers.answers.spoken import spoken

# Providers round, so a sure token may have slightly more than 0, and all that are listed slightly
# more than 1 together.
MOST_LOGPROB = 0.001
MOST_TOGETHER = 1.01


def checked_logprobs(tokens: object) -> dict[str, float] | None:
    """The log-probabilities of the likeliest tokens at one position of an answer, if they are such.

    Minus infinity is one, of a token that is impossible.

    Args:
        tokens: log-probability by token.

    Returns:
        None when there is none, when one is not a number, is NaN or above 0, or when the
        probabilities sum to more than 1; both by more than rounding.

    >>> checked_logprobs({"A": -0.1, "B": -2.5})
    {'A': -0.1, 'B': -2.5}
    >>> checked_logprobs({"A": 710, "B": -2.5}) is None
    True
    """
    if not isinstance(tokens, Mapping) or not tokens:
        return None
    found = {str(token): _checked(logprob) for token, logprob in tokens.items()}
    # NaN is not at most anything
    return found if sum(map(math.exp, found.values())) <= MOST_TOGETHER else None


def answer_start(tokens: Sequence[str], text: str, reasoned: bool = False) -> int | None:
    r"""The index of the first token of an answer behind the model's thoughts.

    Args:
        tokens: that were generated.
        text: the answer.
        reasoned: whether the provider says that the model thought, and left the thoughts out of
            the text.

    Returns:
        None when that is unknown.

    >>> answer_start(["<think>", "B?", "</think>", "\n", "A"], "<think>B?</think>\nA")
    4
    """
    found = spoken(text)
    said = found.text.strip()
    start = "".join(tokens).rfind(said) if said else -1
    if start < 0:
        return None if reasoned or found.text != text else 0
    ends = accumulate(len(token) for token in tokens)
    return next(number for number, end in enumerate(ends) if end > start)


def _checked(logprob: object) -> float:
    """A log-probability of at most 0, or NaN."""
    if isinstance(logprob, bool) or not isinstance(logprob, int | float):
        return math.nan
    if not logprob <= MOST_LOGPROB:
        return math.nan
    # a whole number may be too large for a float
    return min(float(max(logprob, -1e300)), 0.0)
