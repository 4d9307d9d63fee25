"""The JSON objects of an answer, and which of them concludes it.

Models draft, give examples, correct themselves and decline behind an example. An object is taken
for the answer when it is the only one, when all say the same, or when it is marked as the
conclusion: by its key (`final`, `answer`) or by the words right in front of it ("Final answer:").
Neither the first nor the last is taken because of its position.
"""

import json
import math
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T", bound=Hashable)

# An answer is one object, or a few dozen. What has more than this is a loop, and is not read.
MOST_OBJECTS = 250
# How far before an object is looked for what it is called, and behind the last for second thoughts.
_LEAD, _TAIL = 200, 1000
# Objects in objects: more than a wrapper or two is not an answer.
_DEEPEST = 4

_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_LATEX = re.compile(r"\\(?:boxed|text[a-z]{0,4}|mathrm|mbox|displaystyle)\s{0,9}\{")
_OPENINGS = re.compile(r"\{(?:\s*\{)*")
_FLAT = re.compile(r"\{([^{}]{0,2000})\}")
# Braces of prose hold no key and no quotation mark; a form to be filled in holds dots or <number>.
_PROSE = re.compile(r"[^\"':]*|.*?(?:\.\.\.|…|<).*", re.DOTALL)

_MARKUP = re.compile(r"```\w{0,10}|[*_#>`~]")
_EXAMPLE = re.compile(
    r"\b(?:for instance|examples?|sample (?:answer|output|response)|such as|eg|illustrat\w*"
    r"|template|placeholders?|dummy|hypothetical\w*|made[- ]up|draft|at first|initial(?:ly)?"
    r"|earlier|previous(?:ly)?"
    r"|first (?:thoughts?|guess|impression|attempt|try|pass|idea|instinct))\b"
    r"|\b(?:the|expected|required|requested) (?:\w{1,20} )?(?:format|form|structure|schema)"
    r" (?:is|was|would|should|looks?|will|that)\b"
    r"|\b(?:an?|one|such an?|possible) (?:\w{1,20} )?(?:answer|response|object|prediction|output)"
    r" (?:would|could|might|may)\b"
)
_DENIED = re.compile(
    r"(?:\b(?:not|never|cannot|neither|nor|instead of|rather than|opposed to|anything but|wrong"
    r"|incorrect|unlike)|n't)\b(?:[^\w,;.!?]{1,5}\w{1,20}){0,4}[^\w,;.!?]{0,9}\Z"
)
_RANKS = (
    (3, re.compile(r"\b(?:correct(?:ed|ion)|revised|updated|amended|actually|wait|instead|sorry"
                   r"|scratch that|i mean|on (?:second thoughts?|reflection))\b")),
    (2, re.compile(r"\b(?:final(?:ly)?|conclusion|conclude|ultimately|in the end|decision"
                   r"|decided?)\b")),
    (1, re.compile(r"\b(?:answers?|response|result|prediction|choices?|so|therefore|thus"
                   r"|hence)\b")),
)  # fmt: skip
_KEY_RANKS = (
    (2, re.compile(r"(?:my |the )?(?:final|corrected|revised|updated|conclusion|decision)\b.*")),
    (1, re.compile(r"(?:my |the )?answers?")),
)
_NO_ANSWER_KEY = re.compile(
    r"\b(?:drafts?|examples?|samples?|template|placeholder|format|schema|initial|rationales?"
    r"|reasons?|reasoning|explanations?|thoughts?|thinking|analysis)\b"
)
_DECLINES = re.compile(
    r"\bi(?: can(?:not| not|'t)| will not| won't|(?: am|'m) (?:unable|not able) to| must decline"
    r"| decline| refuse| do(?: not|n't) (?:want|wish) to)\b[^.!?\n]{0,80}"
    r"|\b(?:this|that|it|these|those|the above) (?:is|are|was|were) (?:(?:just|only|merely) "
    r"|not )(?:an? |my |the |real |actual )?(?:\w{1,20} )?(?:examples?|illustrations?|placeholders?"
    r"|answers?|predictions?|estimates?|format|template)\b"
    r"|\b(?:placeholder|made[- ]up|arbitrary|hypothetical|dummy|illustrative) "
    r"(?:numbers?|values?|percentages?|choices?|only)\b"
)
_WHAT_IS_DECLINED = re.compile(
    r"\b(?:answer|say|tell|predict|choose|pick|give|provide|state|estimate|help|assist|comply"
    r"|offer|complete|determine|respond|make|do (?:this|that|so)|guess|judge|select|fulfil+)\b"
)
_HEDGED = re.compile(
    r"\b(?:certain\w*|sure\w*|confiden\w*|exact\w*|precise\w*|accura\w*|guarante\w*)"
)
_CORRECTS = re.compile(
    r"(?:\A|[.!?\n(,;–—-]|\bbut)\s{0,9}(?:no,? )?(?:wait|actually|hold on|scratch that|correction"
    r"|on second thoughts?|on reflection|oops|sorry|ignore (?:that|this|the above)"
    r"|that(?:'s| is| was) (?:wrong|incorrect|not (?:right|correct|my))\b"
    r"|i (?:take (?:it|that) back|made an? \w+|meant?)\b"
    r"|let me (?:re|correct|change)\w*|it should be|the other way)"
)


class Pairs(list[tuple[str, Any]]):
    """A JSON object as its pairs, so that a key that is listed twice is seen twice."""


@dataclass(frozen=True)
class AnswerObject:
    """An outermost object of an answer.

    Attributes:
        value: what it holds.
        rank: how plainly it is marked as the conclusion, from 0, see `concluded`; None for an
            example, a draft, a question and what is denied.
        end: where it ends in the text.
    """

    value: Pairs
    rank: int | None
    end: int


def plain_json(text: str) -> str:
    r"""A text without what is between JSON and its reader: LaTeX, entities, unseen signs.

    >>> plain_json('\\boxed{\\{"A": 1\\}}')
    '{"A": 1}}'
    """
    text = _UNSEEN.sub("", text).replace("\u00a0", " ")
    text = text.replace("&quot;", '"').replace("&#39;", "'").replace("&amp;", "&")
    return _LATEX.sub("", text).replace("\\{", "{").replace("\\}", "}")


def answer_objects(text: str) -> tuple[list[AnswerObject], int | None]:
    """The outermost objects of a text.

    Returns:
        The objects, and where an object opens that is not whole: nothing behind it is read.
        No objects where there are more than 250.

    >>> [(one.value, one.rank) for one in answer_objects('{"A": 1}. Final: {"A": 2}')[0]]
    [([('A', 1)], 0), ([('A', 2)], 2)]
    """
    decoder = json.JSONDecoder(object_pairs_hook=Pairs, parse_int=_whole)
    found: list[AnswerObject] = []
    tried, since = 0, 0
    opening = _OPENINGS.search(text)
    while opening:
        tried += 1
        if tried > MOST_OBJECTS:
            return [], opening.start()
        start = opening.end() - 1
        try:
            value, end = decoder.raw_decode(text, start)
            rank = lead_rank(text, start, since)
            asked = text[end : end + 9].lstrip("`\"' )").startswith("?")
            found.append(AnswerObject(value, None if asked else rank, end))
        except (ValueError, RecursionError):  # nested a thousand deep is not an answer
            flat = _FLAT.match(text, start)
            if flat is None or not _PROSE.fullmatch(flat[1]):
                return found, start
            end = flat.end()
        since = end
        opening = _OPENINGS.search(text, end)
    return found, None


def lead_rank(text: str, start: int, since: int = 0) -> int | None:
    """How plainly the words in front of an object say that it is the conclusion.

    Args:
        text: the answer.
        start: where the object starts.
        since: where what comes before it ends.

    Returns:
        3 for a correction, 2 for a final answer, 1 for an answer, 0 for anything else; None for an
        example or a draft, and for what is denied.

    >>> [lead_rank(lead, len(lead)) for lead in ("**Final answer:** ", "e.g. ", "It is not ")]
    [2, None, None]
    """
    lead = _MARKUP.sub(" ", text[max(since, start - _LEAD) : start].casefold())
    lead = lead.replace("\u2019", "'").replace("e.g.", "eg").replace("i.e.", "ie")
    sentence = re.split(r"[.!?\n]", lead.rstrip(" \t\r\n.!?:;,([{\"'"))[-1]
    ended = lead.rstrip()[-1:] in (".", "!", "?")
    if _EXAMPLE.search(sentence) or (not ended and _DENIED.search(sentence)):
        return None
    return next((rank for rank, marks in _RANKS if marks.search(sentence)), 0)


def inner_objects(value: object, depth: int = 0) -> list[tuple[str, Pairs]]:
    """The objects that an object wraps, by key, without drafts, examples and reasons.

    Where keys mark some as the conclusion, only the most plainly marked.
    """
    if depth > _DEEPEST or not isinstance(value, Pairs):
        return []
    wrapped = [
        (str(key), inner)
        for key, held in value
        for inner in (held if type(held) is list else [held])
        if isinstance(inner, Pairs) and not _NO_ANSWER_KEY.search(_words(key))
    ]
    most = max((key_rank(key) for key, _ in wrapped), default=0)
    return [(key, inner) for key, inner in wrapped if key_rank(key) == most]


def key_rank(key: str) -> int:
    """How plainly a key marks what it holds as the conclusion: 2, 1 or 0.

    >>> key_rank("final_answer"), key_rank("Answer"), key_rank("mine")
    (2, 1, 0)
    """
    words = _words(key)
    return next((rank for rank, marks in _KEY_RANKS if marks.fullmatch(words)), 0)


def concluded(said: Sequence[tuple[T, int]]) -> T | None:
    """What several statements come to, in the order they were made, each with its rank.

    Returns:
        What all of them say, or what the last says when it is marked more plainly than all that
        differ from it. None when there is no such thing.

    >>> concluded([("A", 0), ("B", 2)]), concluded([("A", 1), ("B", 1)])
    ('B', None)
    """
    if not said:
        return None
    last, rank = said[-1]
    return last if all(one == last or other < rank for one, other in said) else None


def taken_back(text: str) -> str | None:
    """Whether the words behind an answer take it back: `declines`, `corrects`, or None.

    A hedge ("I cannot be certain") takes nothing back.

    Args:
        text: what follows the last object.

    >>> taken_back(" but I cannot answer that."), taken_back(" I cannot say for certain.")
    ('declines', None)
    """
    tail = _MARKUP.sub(" ", text[:_TAIL].casefold().replace("\u2019", "'"))
    for match in _DECLINES.finditer(tail):
        clause = match.group()
        if clause.startswith(("i ", "i'm")) and (
            _HEDGED.search(clause) or not _WHAT_IS_DECLINED.search(clause)
        ):
            continue
        return "declines"
    return "corrects" if _CORRECTS.search(tail) else None


def _whole(digits: str) -> int | float:
    """A whole number; infinity instead of one that no answer means."""
    return int(digits) if len(digits) < 10 else math.copysign(math.inf, float(digits))


def _words(key: str) -> str:
    return re.sub(r"[\s_-]+", " ", key.strip().casefold())
