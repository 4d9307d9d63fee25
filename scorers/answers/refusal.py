"""Telling an answer that declines from one that cannot be read."""

import re

_REFUSAL = re.compile(
    r"\bi(?:'m| am) (?:really |truly |very )?sorry|\bi apologi[sz]e|\bi can(?:'t|not| not)\b"
    r"|\bi(?:'m| am) (?:not able|unable)\b|\bi won't\b"
    r"|\bi (?:do not|don't|did not) (?:actually |really |personally )*"
    r"(?:have|possess|hold|feel comfortable|experience)\b"
    r"|\bdo(?:es)? not possess\b|\bas an ai\b|\bi(?:'m| am) (?:just )?an ai\b"
)


def declines(text: str) -> bool:
    """Whether a text declines to answer, in a phrase that models use for it.

    >>> declines("I'm sorry, but I can't predict what a person would say.")
    True
    """
    return bool(_REFUSAL.search(text.casefold().replace("\u2019", "'")))
