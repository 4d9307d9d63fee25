"""Reading an answer by the six phrases of an instrument in another language.

The careful reading of `likert` knows English. Here only the phrases themselves are known: an
answer is one of them, or contains one and no other.
"""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from scorers.answers.phrases.likert import Reading
from scorers.answers.phrases.plain_text import plain_text
from scorers.answers.spoken import CUT_OFF, spoken, status_without_answer

Phrases = Sequence[Sequence[str]]

# Blocks of scripts that put no space between words: Thai to Tibetan, Burmese, Khmer, Chinese and
# Japanese.
_UNSPACED = (
    (0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF),
    (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip


class Mention(NamedTuple):
    """A phrase in a text: its rating, which of its variants (from 0), and where it is."""

    rating: int
    variant: int
    start: int
    end: int


def mentions(plain: str, phrases: Phrases) -> list[Mention]:
    """The phrases in a text, in its order; none that overlaps a longer one.

    Args:
        plain: the text, as `plain_text` gives it.
        phrases: the variants of each of the ratings from 1.

    >>> [found.rating for found in mentions("not me, or me", [["not me"], ["me"]])]
    [1, 2]
    """
    found = [
        Mention(rating, number, start, start + len(text))
        for rating, variants in enumerate(phrases, start=1)
        for number, text in enumerate(map(plain_text, variants))
        for start in _starts(plain, text)
    ]
    kept = [
        one
        for one in found
        if not any(
            other.end - other.start > one.end - one.start
            and other.start < one.end
            and one.start < other.end
            for other in found
        )
    ]
    return sorted(kept, key=lambda one: one.start)


def read_by_phrases(text: str, stop_reason: str, phrases: Phrases) -> Reading:
    """Read an answer by an instrument's own phrases.

    Thoughts, mark-up, case and outer white space are taken off. An answer that is a phrase is read
    so; otherwise one that contains a phrase, in words of its own, and none of another rating. Of
    phrases that overlap, the longest counts. An answer that was cut off is read only where it
    begins with the phrase and the phrase could not become another.

    Args:
        text: what the rater answered, as it came.
        stop_reason: why the model stopped.
        phrases: the variants of each of the ratings from 1.

    >>> german = [["gar nicht wie ich"], ["nicht wie ich"], ["wie ich", "so wie ich"]]
    >>> read_by_phrases("Das ist GAR NICHT wie ich.", "stop", german).rating
    1
    >>> read_by_phrases("Wie ich oder nicht wie ich", "stop", german).status
    'ambiguous'
    """
    cut, said = stop_reason in CUT_OFF, spoken(text)
    plain = plain_text(said.text)
    found = mentions(plain, phrases)
    blocked = stop_reason == "content_filter" or (cut and said.thinking)
    if blocked or not found or (cut and (found[0].start > 0 or _grows(plain, phrases))):
        status = status_without_answer(text if plain else "", stop_reason, "unparseable")
        return Reading(None, status, "no phrase can be read")
    if len({one.rating for one in found}) > 1:
        return Reading(None, "ambiguous", "phrases of several ratings")
    exact = found[0].start == 0 and found[0].end == len(plain)
    return Reading(found[0].rating, "valid", "exact" if exact else "tolerant")


def _grows(plain: str, phrases: Phrases) -> bool:
    """Whether a text is the beginning of a longer phrase."""
    return any(
        len(text) > len(plain) and text.startswith(plain)
        for variants in phrases
        for text in map(plain_text, variants)
    )


def _starts(plain: str, text: str) -> list[int]:
    """Where a phrase is in a text as words of its own."""
    out, start = [], plain.find(text)
    while start >= 0:
        end = start + len(text)
        if not (_joined(plain, start) or _joined(plain, end)):
            out.append(start)
        start = plain.find(text, start + 1)
    return out


def _joined(text: str, index: int) -> bool:
    """Whether the characters before and at an index are of one word."""
    if not 0 < index < len(text):
        return False
    before, after = text[index - 1], text[index]
    if unicodedata.category(after)[0] == "M":  # a mark belongs to the letter before it
        return True
    return all(
        unicodedata.category(char)[0] in "LMN"
        and not any(first <= ord(char) <= last for first, last in _UNSPACED)
        for char in (before, after)
    )
