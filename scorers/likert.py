"""Reading an answer on the six-point scale of Value Portrait: exact first, then tolerant.

An answer is read only when it says one thing. Whatever is left is missing, with the status
that says why: nothing here guesses.
"""

import re
import unicodedata
from dataclasses import dataclass

from ratings.value_portrait import CHOICES
from scorers.refusal import declines

STATUSES = ("valid", "refusal", "empty", "ambiguous", "unparseable")

_RATINGS = {phrase: rating for rating, phrase in enumerate(CHOICES, start=1)}
_RATINGS["some like me"] = _RATINGS["somewhat like me"]
_PUBLISHED_ORDER = {
    "very much like me": 6,
    "somewhat like me": 4,
    "little like me": 3,
    "not like me at all": 1,
    "not like me": 2,
    "like me": 5,
}
_PHRASE = re.compile(
    r"\b(very much like me|somewhat like me|some like me|a little like me"
    r"|not like me at all|not like me|like me)\b(?!-)"
)
# A clause that denies what follows: "this is not very much like me".
_NEGATION = re.compile(r"\b(?:not|never|no|hardly|cannot|neither|nor)\b|n't\b")
_CLAUSE_END = re.compile(r"[.!?;:,()\n]|\s-\s")
# A sentence that holds what follows open, or turns it round: "far from very much like me".
_HELD_OPEN = re.compile(
    r"\b(?:if|whether|opposite|far from|wrong|doubt|unsure|not sure|more than|less than|without"
    r"|instead of|rather than)\b|(?:do not|don't|does not|doesn't|would not|wouldn't) "
    r"(?:think|believe|feel|say|consider|find)\b"
)
_SENTENCE_END = re.compile(r"[.!?\n]")
# A bare "like me" is an answer where it stands for itself, not in "people like me": after an
# opening such as a line's start, a number or "my answer is", and before an end or a reason.
_BARE_OPENING = re.compile(
    r"(?:^|[\n:]|\b\d\b\s*[.):=-]?|\b[a-f]\)"
    r"|\b(?:is|be|as|it's|that's|answer|say|choose|pick|select|rating)\b\s*:?)"
    r"[\s\"'\[(\u2022-]*$"
)
# ... and of "like me" offered beside another phrase: "either like me or somewhat like me".
_BARE_MENTION = re.compile(r"(?:^|[\n,/]|\b(?:or|and|either|between|to))[\s\"'(]*$")
_BARE_CLOSING = re.compile(
    r"^[\s\"'\])]*(?:$|[.!;:\n(-]|\d\b|,\s*(?:because|since|as|but|although|though|while)\b)"
)
# What may follow a phrase that leads an answer, as against "very much like me would be wrong".
_LEADING_CLOSING = re.compile(r"^[\s\"'\])]*(?:$|[.,!;:\n(-])")
_CUT_OFF = ("max_tokens", "model_length")


@dataclass(frozen=True)
class Reading:
    """How one answer was read.

    Attributes:
        rating: 1 (not like me at all) to 6 (very much like me), None unless `valid`.
        status: one of `STATUSES`.
        how: `exact`, `tolerant`, or why there is no rating.
    """

    rating: int | None
    status: str
    how: str


def read_answer(text: str, stop_reason: str = "stop") -> Reading:
    """Read an answer as one of the six phrases.

    Args:
        text: what the rater answered, as it came.
        stop_reason: why the model stopped; `content_filter` is a refusal by the provider.

    >>> read_answer("like me")
    Reading(rating=5, status='valid', how='exact')
    >>> read_answer("**Somewhat like me.** I would add more.")
    Reading(rating=4, status='valid', how='tolerant')
    >>> read_answer("Either like me or not like me").status
    'ambiguous'
    >>> read_answer("I'm sorry, but I can't assist with that.").status
    'refusal'
    """
    plain = _plain(text)
    if stop_reason in _CUT_OFF and plain.endswith("not like me"):
        return Reading(None, "ambiguous", "cut off where `at all` could follow")
    if text in CHOICES:
        return Reading(_RATINGS[text], "valid", "exact")
    if stop_reason == "content_filter":
        return Reading(None, "refusal", "blocked by the provider")
    if not plain:
        return Reading(None, "empty", "no text")
    leading = _leading(plain)
    if leading is not None:
        return leading
    return _embedded(plain)


def read_as_published(text: str, stop_reason: str = "stop") -> Reading:
    """Read an answer as the source's published numbers do: by the first phrase it contains.

    The rule was inferred from the source's recordings and agrees with all of their numbers and
    failures at hand. It reads "if you would like me to" as a rating of 5 and misses negations,
    so it is for reproducing the published tables only.
    """
    careful = read_answer(text, stop_reason)
    folded = text.casefold()
    phrase = next((phrase for phrase in _PUBLISHED_ORDER if phrase in folded), None)
    if phrase is not None:
        return Reading(_PUBLISHED_ORDER[phrase], "valid", "contained")
    status = "unparseable" if careful.status == "valid" else careful.status
    return Reading(None, status, careful.how)


READINGS = {"careful": read_answer, "published": read_as_published}


def _plain(text: str) -> str:
    """Lower case, straight quotes, no mark-up, single spaces, lines kept apart."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = folded.replace("\u2019", "'").replace("\u2018", "'").replace("`", "")
    folded = re.sub(r"[\u201c\u201d]", '"', folded)
    folded = re.sub(r"[\u2013\u2014]", "-", folded)
    folded = re.sub(r"<think>.*?</think>", "", folded, flags=re.DOTALL)
    folded = re.sub(r"<[^<>]*>|\\\\boxed|[{}|]", "\n", folded)
    folded = re.sub(r"[*_#>]+", " ", folded)
    folded = re.sub(r"[^\S\n]+", " ", folded)
    return re.sub(r" ?\n[\s]*", "\n", folded).strip(" \n\"'")


def _leading(plain: str) -> Reading | None:
    """The reading of an answer that starts with a phrase, None when it starts otherwise."""
    opening = re.match(r"[\s\"'\[(\-]*", plain)
    start = opening.end() if opening else 0
    match = _PHRASE.match(plain, start)
    if match is None or (match.group(1) == "like me" and not _stands_alone(plain, match)):
        return None
    rating = _RATINGS[match.group(1)]
    following = next(
        (
            other
            for other in _PHRASE.finditer(plain, match.end())
            if _RATINGS[other.group(1)] != rating
        ),
        None,
    )
    between = plain[match.end() : following.start()] if following else ""
    if following and not re.search(r"[a-z]{4}", between):
        return Reading(None, "ambiguous", "lists several phrases of the scale")
    if following and not _LEADING_CLOSING.match(between):
        return Reading(None, "ambiguous", "goes on after one phrase to another")
    return Reading(rating, "valid", "tolerant")


def _embedded(plain: str) -> Reading:
    """The reading of an answer with its phrase somewhere inside."""
    matches = list(_PHRASE.finditer(plain))
    affirmed = {_RATINGS[match.group(1)] for match in matches if _is_choice(plain, match)}
    mentioned = {_RATINGS["like me"]} if any(_is_mention(plain, m) for m in matches) else set()
    if len(affirmed) > 1 or (affirmed and mentioned - affirmed):
        return Reading(None, "ambiguous", "several phrases of the scale, none leading")
    if affirmed:
        return Reading(affirmed.pop(), "valid", "tolerant")
    if declines(plain):
        return Reading(None, "refusal", "declines to answer")
    return Reading(None, "unparseable", "no phrase of the scale chosen")


def _is_choice(plain: str, match: re.Match[str]) -> bool:
    before = plain[: match.start()]
    if _NEGATION.search(_CLAUSE_END.split(before)[-1]):
        return False
    if _HELD_OPEN.search(_SENTENCE_END.split(before)[-1]):
        return False
    if match.group(1) == "like me":
        return _stands_alone(plain, match)
    return True


def _is_mention(plain: str, match: re.Match[str]) -> bool:
    bare = match.group(1) == "like me"
    return bare and bool(_BARE_MENTION.search(plain[: match.start()]))


def _stands_alone(plain: str, match: re.Match[str]) -> bool:
    """Whether a bare "like me" is an answer and not the tail of "people like me"."""
    opening = _BARE_OPENING.search(plain[: match.start()])
    return bool(opening and _BARE_CLOSING.match(plain[match.end() :]))
