"""Does a model answer consistently enough for its profile to mean anything?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scorers.intervals.estimate import Estimate

RELIABLE = 0.70
VALID_ENOUGH = 0.90
VALID_LEAST = 0.50

_TITLES = {"alpha": "alpha", "g_coefficient": "the G coefficient"}


@dataclass(frozen=True)
class Verdict:
    """Whether a model's answers are consistent, and one sentence of why."""

    verdict: Literal["consistent", "doubtful", "inconsistent"]
    why: str


def reliability_verdict(consistency: Mapping[str, Estimate], valid: float) -> Verdict:
    """Judge a model's answers to an instrument by their agreement over the prompt variants.

    - `inconsistent`: alpha or the G coefficient is below .70 with its whole interval, or
      fewer than half of the answers are valid.
    - `consistent`: both are .70 or more with their whole intervals, and 90 per cent of the
      answers or more are valid.
    - `doubtful`: everything between, and whatever is not defined.

    Both coefficients describe the mean over the variants, which is what a profile is made of; the
    ICC in `consistency` describes a single prompt and decides nothing here. .70 is the least that
    Nunnally and Bernstein (1994, Psychometric theory, chapter 7) accept in early research; they
    ask for .80 in basic research and for .90 and more when decisions hang on single scores.
    Asking it of the interval's end and not of the value means that few items cannot pass by luck.
    The shares of valid answers are ours: with a tenth missing a profile hardly moves, with half of
    them missing it is the profile of another instrument.

    Consistent does not mean valid, nor that the profile is unlike another model's.

    Args:
        consistency: estimates under `alpha` and `g_coefficient`; others are passed over.
        valid: share of valid answers, 0 to 1; NaN when there were none.

    >>> sure = Estimate(0.9, 0.85, 0.94)
    >>> reliability_verdict({"alpha": sure, "g_coefficient": sure}, valid=0.75)
    Verdict(verdict='doubtful', why='Only 75% of the answers are valid (90% are needed).')
    """
    found = {name: consistency.get(name, Estimate(math.nan)) for name in _TITLES}
    if valid < VALID_LEAST:
        return Verdict(
            "inconsistent",
            f"Only {valid:.0%} of the answers are valid (less than {VALID_LEAST:.0%}).",
        )
    for name, estimate in found.items():
        if estimate.high < RELIABLE:
            why = f"{_told(name, estimate)} is below {RELIABLE:.2f} with its whole interval."
            return Verdict("inconsistent", _sentence(why))
    doubt = _doubt(found, valid)
    if doubt:
        return Verdict("doubtful", _sentence(doubt))
    shown = " and ".join(_told(name, estimate) for name, estimate in found.items())
    why = f"{shown} are at least {RELIABLE:.2f}, and {valid:.0%} of the answers are valid."
    return Verdict("consistent", _sentence(why))


def _doubt(found: Mapping[str, Estimate], valid: float) -> str | None:
    for name, estimate in found.items():
        if math.isnan(estimate.value):
            return f"{_TITLES[name]} is not defined ({estimate.reason or 'it was not measured'})."
    for name, estimate in found.items():
        if not estimate.low >= RELIABLE:
            if math.isnan(estimate.low):
                return f"{_told(name, estimate)} has no interval."
            return f"{_told(name, estimate)} may be below {RELIABLE:.2f}."
    if not valid >= VALID_ENOUGH:
        if math.isnan(valid):
            return "the share of valid answers is not known."
        return f"only {valid:.0%} of the answers are valid ({VALID_ENOUGH:.0%} are needed)."
    return None


def _told(name: str, estimate: Estimate) -> str:
    shown = f"{_TITLES[name]} {estimate.value:.2f}"
    return (
        shown
        if math.isnan(estimate.low)
        else f"{shown} ({estimate.low:.2f} to {estimate.high:.2f})"
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
