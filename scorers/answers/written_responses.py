"""Responses that a model wrote to a query: as many as asked for, none too long, all different.

Source: Value Portrait, Appendix D: five of 25 to 50 words each, or one of 10 to 30 for a value.
"""

import json
import re
from dataclasses import dataclass

from scorers.answers.json_answer import answer_objects, plain_json
from scorers.answers.spoken import spoken, status_without_answer

STATUSES = (
    "valid", "too_short", "too_long", "duplicate", "names_value", "wrong_number", "refusal",
    "empty", "truncated", "unreadable",
)  # fmt: skip
FIVE = 5
WORDS, WORDS_TARGETED = (25, 50), (10, 30)
ALIKE = 0.8  # of the words of two responses, shared over all
_WORD = re.compile(r"\w[\w'’-]*")
_NUMBER = re.compile(
    r"^\W{0,4}(?:(?:response|reply|answer|option|perspective)\s*)?(\d{1,2})\W{0,2}[.):]\W{0,3}\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Written:
    """One response.

    Attributes:
        text: empty where there is none.
        status: one of `STATUSES`.
        words: how many it has; None where there is none.
    """

    text: str
    status: str
    words: int | None


def read_responses(text: str, stop_reason: str, value: str | None = None) -> list[Written]:
    r"""The responses in an answer, each with what is wrong with it.

    Five are read from a JSON object, a JSON list, or lines that are numbered. Where there are more
    or fewer, none is usable.

    Args:
        text: the answer.
        stop_reason: why the model stopped.
        value: that one response was to be written for; None for five that differ.

    >>> [one.status for one in read_responses('["a", "b"]', "stop")]
    ['wrong_number', 'wrong_number', 'wrong_number', 'wrong_number', 'wrong_number']
    >>> read_responses("Keep what you have, and ask nobody whether you may.", "stop", "Power")[0]
    Written(text='Keep what you have, and ask nobody whether you may.', status='valid', words=10)
    """
    said = spoken(text).text.strip()
    asked = FIVE if value is None else 1
    status = status_without_answer(said, stop_reason, "valid")
    if status != "valid":
        return [Written("", status, None)] * asked
    found = _listed(said) if value is None else [_unquoted(said)]
    if not found:
        return [Written("", "unreadable", None)] * asked
    if len(found) != asked:
        return [Written(one, "wrong_number", _words(one)) for one in found[:asked]] + [
            Written("", "wrong_number", None)
        ] * (asked - len(found))
    return [_checked(found, position, value) for position in range(asked)]


def _checked(found: list[str], position: int, value: str | None) -> Written:
    text = found[position]
    words = _words(text)
    least, most = WORDS if value is None else WORDS_TARGETED
    if words < least:
        status = "too_short"
    elif words > most:
        status = "too_long"
    elif any(_alike(text, other) for other in found[:position]):
        status = "duplicate"
    elif value is not None and value.casefold() in text.casefold():
        status = "names_value"
    else:
        status = "valid"
    return Written(text, status, words)


def _listed(said: str) -> list[str]:
    """Responses in an answer, from JSON or from lines that are numbered."""
    plain = plain_json(said)
    objects, _ = answer_objects(plain)
    for one in reversed(objects):
        listed = dict(one.value).get("responses")
        if one.rank is not None and isinstance(listed, list):
            return [_unquoted(str(text)) for text in listed]
    opening, closing = plain.find("["), plain.rfind("]")
    if 0 <= opening < closing:
        try:
            listed = json.loads(plain[opening : closing + 1])
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list) and all(isinstance(text, str) for text in listed):
            return [_unquoted(text) for text in listed]
    return _numbered(said)


def _numbered(said: str) -> list[str]:
    """Texts behind the numbers 1, 2, 3 and so on, each on a line of its own and what follows it."""
    out: list[list[str]] = []
    for line in said.splitlines():
        match = _NUMBER.match(line)
        if match and int(match[1]) == len(out) + 1:
            out.append([line[match.end() :]])
        elif out:
            out[-1].append(line)
    return [_unquoted(" ".join(" ".join(lines).split())) for lines in out]


def _unquoted(text: str) -> str:
    """A text without blanks, quotation marks and emphasis around it."""
    return text.strip().strip("*").strip().strip('"“”').strip()


def _words(text: str) -> int:
    return len(_WORD.findall(text))


def _alike(one: str, other: str) -> bool:
    first, second = (set(map(str.casefold, _WORD.findall(text))) for text in (one, other))
    return len(first & second) >= ALIKE * len(first | second)
