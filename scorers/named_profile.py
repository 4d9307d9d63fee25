r"""Which of two profiles an answer says belongs to X.

Only what is said in the words of an answer counts: "Profile 1", "X belongs to Profile 1", "I would
say it is Profile 1". A sentence in any other words ("Profile 1 cares for nature") describes, and
neither names nor denies. That keeps out what the words around a name may make of it, in whatever
language: denials, questions, quotes, and what is said of Y.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from scorers.spoken import CUT_OFF, spoken, status_without_answer

# Names in an answer with a page of reasons are a few dozen. What has more is a loop.
_MOST_NAMES = 200
# How many characters around a name are its sentence.
_REACH = 400

_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_STRUCK = re.compile(r"~~[^~\n]{0,200}~~|<(s|del|strike)>[^<\n]{0,200}</\1>", re.IGNORECASE)
_UNTICKED = re.compile("[\u274c\u2717\u2718\u2610\u2612\u00d7]|\\[ ?\\]")
_TICKED = re.compile("[\u2705\u2714\u2713\u2611]|\\[[xX]\\]")
_ANSWER_TAG = re.compile(r"<(/?)(?:final[_ ]?)?answer>|\\boxed\b", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<(?:br|/?p|/?div|/?li|/?h\d)\s?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,9}(?:\s[^<>\n]{0,99})?/?>", re.IGNORECASE)
_LATEX = re.compile(r"\\(?:text[a-z]{0,4}|math[a-z]{1,4}|mbox|displaystyle|left|right)\b")
_KEY = re.compile(r"[{,]\s{0,9}[\"']([a-z][a-z_ ]{0,30})[\"']\s{0,9}:", re.IGNORECASE)
_HARD = "\x1e"  # parts sentences that nothing joins
_SIGNS = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u3002": ".", "\u00a0": " "}
    | dict.fromkeys("*`#>|${}[]\\", None)
    | {"_": " "}
)

_BETWEEN = r"\W{0,3}(?:or|and|to|vs\.?)?\W{0,3}"
_BOTH = re.compile(
    rf"\bprofiles?\W{{0,4}}(?:1|one)\b{_BETWEEN}(?:2|two)\b(?![.,]\d)"
    rf"|\bprofiles?\W{{0,4}}(?:2|two)\b{_BETWEEN}(?:1|one)\b(?![.,]\d)"
)
_NAME = re.compile(
    r"\bprofile\W{0,4}(?:(?P<number>[12])(?![\w%/\u2044]|[.,]\d)|(?P<word>one|two)\b)"
    r"|\bthe (?P<ordinal>first|second) profile\b"
)
_NUMBERS = {"one": "1", "two": "2", "first": "1", "second": "2"}
# A number alone, behind "answer" or X, or on a line before its reasons.
_MARKED = re.compile(
    r"\b(?P<mark>answer|choice|(?P<of>x|y)(?= ?[:=]| is\b|'s\b| -))"
    r"(?P<is>(?:'s| is| was| would be|[\s:=\"'(-]){1,12}?)(?P<number>[12])"
    r"(?=[\s\"').!]{0,9}(?:$|[\n\x1e,;]|\bbecause\b|\bsince\b|\bas\b))(?!\W{0,3}[12]\b)"
)
_BARE = re.compile(r"[^\w-]{0,30}([12])[^\w%,/-]{0,30}(?:\n\s{0,9}\n|\Z)")

_ANSWER_WORDS = frozenset("""
    a the this that it its it's is are was be to of by for from in on with and but so i i'd i'm i'll
    i've me my we our us would will should must 'd say says think believe guess feel conclude choose
    chose chosen pick picked select selected go going prefer decide lean leaning towards toward had
    have yes yeah yep sure ok okay certainly definitely clearly obviously probably likely most more
    almost surely very quite much best better strongest closest close closely well good great fairly
    strongly confident confidently final answer answers conclusion choice prediction predicted
    distribution result response verdict belongs belong belonging belonged matches match matching
    matched corresponds correspond corresponding fits fit fitting goes comes came aligns align
    aligned associated consistent linked assigned attributed rater rater's person profile one here
    there overall ultimately finally thus therefore hence then x x's y y's s correct right option
    given course sounds seems appears
""".split())  # fmt: skip
_WORDS_BEHIND = frozenset("""
    is it my the a answer final choice best better match matches fit fits correct right one i i'd
    think believe guess would say definitely clearly likely more most probably to be for here
    seems closest of course with confidence
""".split())  # fmt: skip
_DENIALS = re.compile(
    r"\b(?:not?|never|nor|neither|none|cannot|hardly|barely|scarcely|less|least|unlikely|improbable"
    r"|worse|worst|poor(?:ly)?|incorrect|wrong|false|opposite|except|excluding|unlike|reject(?:ed)?"
    r"|eliminated?|ruled?|exclude[sd]?|against|doubt(?:ful)?|mismatch(?:es)?|anything|everything"
    r"|far)\b|n't\b"
)
_DOUBTS = re.compile(
    r"\b(?:or|either|maybe|perhaps|possibly|could|might|may|both|also|alternatively|if|whether"
    r"|unless|suppose|imagine|some|someone|people|others?|you|they|claims?|initially|first|at first"
    r"|example|instance|eg)\b"
)
_ASSURANCES = re.compile(
    r"\bno doubt\b|\bwithout (?:a |any )?doubt\b|\bi (?:do not|don't) doubt\b|\bno question\b"
    r"|\b(?:if|when) i (?:had|have|must|were|need(?:ed)?)(?: to)? ?(?:choose|guess|pick|say|decide"
    r"|answer|select|give an answer)?(?: one| between them| now)?\b"
    r"|\bi(?:'m| am) (?:not (?:entirely |completely |fully |quite |very |\d+% )?(?:sure|certain)"
    r"|unsure|uncertain)(?: of (?:this|that|it))?\b"
    r"|\bi (?:cannot|can't|can not) (?:be (?:sure|certain)|say for (?:sure|certain)|know)\b"
    r"|\bwithout (?:more|further|any|additional) \w+\b|\bhard to (?:say|tell)\b|\bnothing else\b"
)
# What turns an answer over; at the start of a clause only, as explanations use the words too.
_CORRECTION = re.compile(
    r"(?:^|[,;:.!?(\n\x1e\u2013\u2014]| -|\bbut\b|\boh\b)\s{0,9}(?:(?:no|nope)\b(?=\s{0,9}(?:[,.!;:-]|wait|$"
    r"|[\u2013\u2014]))|wait\b|actually\b|correct(?:ion|ed)\b|scratch (?:that|this)\b|hold on\b"
    r"|hmm+\b|on (?:second thoughts?|reflection|closer)\b|oops\b|sorry\b|my mistake\b|rather,"
    r"|i (?:was|am) (?:wrong|mistaken)\b|i take (?:it|that) back\b|let me (?:re|correct|change)\w*"
    r"|(?:that|this|it)(?:'s| is| was| would be) (?:wrong|incorrect|false|not (?:it|right|correct|true"
    r"|my|the))\b|the other(?: one| profile)?\b|(?:the )?opposite\b|vice versa\b|i think not\b"
    r"|(?:not|wrong|incorrect|false|never)\s{0,3}[.!)]{0,3}\s{0,3}$)"
)
_RANKS = (
    (3, re.compile(r"\bfinal\b")),
    (2, re.compile(r"\b(?:answer|conclusion|conclude|verdict|ultimately|finally)\b")),
    (1, re.compile(r"\b(?:so|thus|therefore|hence|overall)\b")),
)
_CORRECTED = 10
_TOKEN = re.compile(r"\bP[012]\b")
_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?|'[a-z]+")
# Where what is said of a name ends.
_CLAUSE_END = re.compile(
    r"[,;:(\u2013\u2014)]| - |[.!?\x1e\n]|\b(?:because|since|as|but|and|while|whereas|although"
    r"|though|which|who|given|due|based)\b"
)
_SEGMENT = re.compile(r"[,:;(\u2013\u2014]| - ")
_INSTEAD = re.compile(
    r"\W{0,3}(?:rather than|instead of|as opposed to|over|(?:and |but )?(?:certainly |definitely )?"
    r"not|,? not)\W{1,3}\Z"
)
_SENTENCE_END = re.compile(r"[.!?][\"')]{0,3}(?=\s)|[\n\x1e;]")


@dataclass(frozen=True)
class _Said:
    """What is said of a profile: `names`, `denies`, `of_y`, `open` or `corrects`."""

    kind: str
    number: int
    rank: int


def read_profile_number(text: str, stop_reason: str = "stop") -> tuple[int | None, str]:
    """Which profile an answer names as X's, 1 or 2, and how it was read.

    Args:
        text: what the model answered, as it came. Thoughts are passed over.
        stop_reason: why the model stopped; of an answer that was cut off, a last sentence that
            does not end is not read.

    >>> read_profile_number("**Profile 2**, because X is careful.", "stop")
    (2, 'valid')
    >>> read_profile_number("Profile 1, or perhaps profile 2", "stop")
    (None, 'unreadable')
    """
    cut_off = stop_reason in CUT_OFF
    heard = spoken(text)
    number = None
    if not (heard.thinking and cut_off):
        number = _concluded(list(_said(_with_names(_plain(heard.text)), cut_off)))
    if number is not None:
        return number, "valid"
    return None, status_without_answer(text, stop_reason, "unreadable")


def _concluded(said: list[_Said]) -> int | None:
    """The profile that was named last, unless something speaks against it.

    What stands before it and is marked less plainly as a conclusion does not; nor does a doubt
    before it.
    """
    place = next((p for p in reversed(range(len(said))) if said[p].kind == "names"), None)
    if place is None:
        return None
    last = said[place]
    for at, other in enumerate(said):
        against = (
            other.kind in ("open", "corrects")
            or (other.kind == "names") == (other.number != last.number)
        )
        overruled = at < place and (other.rank < last.rank or other.kind == "open")
        if at != place and against and not overruled:
            return None
    return last.number


def _plain(text: str) -> str:
    """Lower case, without mark-up; what a person would not read across is parted."""
    text = _UNSEEN.sub("", text).replace("\\n", "\n").replace('\\"', '"')
    for entity, sign in (("&quot;", '"'), ("&#39;", "'"), ("&nbsp;", " "), ("&lt;", "<"),
                         ("&gt;", ">"), ("&amp;", "&")):  # fmt: skip
        text = text.replace(entity, sign)
    text = _STRUCK.sub(" ", text)
    text = _ANSWER_TAG.sub(lambda tag: f"{_HARD}{'' if tag[1] else 'answer: '}", text)
    text = _TAG.sub("", _BREAK_TAG.sub("\n", text))
    text = _KEY.sub(rf"{_HARD}\1: ", _LATEX.sub("", text))
    text = _TICKED.sub(" ", _UNTICKED.sub(" not ", text))
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    # a line that goes on in lower case is the same sentence
    text = re.sub(r"[^\S\n\x1e]*\n\s*(?=[a-z])", " ", text).casefold()
    text = re.sub(r"[^\S\n\x1e]+", " ", text)
    return re.sub(r" ?\n\s*", "\n", text).strip()


def _with_names(text: str) -> str:
    """A plain text with P1 and P2 for the profiles, and P0 for both of them at once."""
    bare = _BARE.match(text)
    if bare:
        text = f"P{bare[1]}{_HARD}{text[bare.end() :]}"
    text = _BOTH.sub(" P0 ", text)
    text = _NAME.sub(
        lambda name: f" P{name['number'] or _NUMBERS[name['word'] or name['ordinal']]}", text
    )
    return _MARKED.sub(lambda mark: f"{mark['mark']}{mark['is']}P{mark['number']}", text)


def _said(text: str, cut_off: bool) -> Iterator[_Said]:
    """What is said of the profiles, in order."""
    base = since = 0
    names = list(_TOKEN.finditer(text))
    if len(names) > _MOST_NAMES:
        return
    for place, name in enumerate(names):
        until = names[place + 1].start() if place + 1 < len(names) else len(text)
        before, start = _before(text, since, name.start())
        skipped = _CORRECTION.search(text[since:start]) if place else None
        corrected = _CORRECTION.search(before)
        if (skipped or corrected) and place:
            yield _Said("corrects", 0, base)
        if skipped or corrected:
            base += _CORRECTED
        if corrected:
            before = before[: corrected.start()] + " " + before[corrected.end() :]
        behind, end, closing = _behind(text, name.end(), until)
        since = end
        if cut_off and not closing:
            return
        kind = _kind(before, behind, closing, number := int(name.group()[1]))
        if _INSTEAD.search(before) and place:
            kind = "denies"
        rank = base + next((rank for rank, marks in _RANKS if marks.search(before)), 0)
        if kind:
            yield _Said(kind, number, rank)
    if names and _CORRECTION.search(text[since : since + 2 * _REACH]):
        yield _Said("corrects", 0, base)


def _before(text: str, since: int, start: int) -> tuple[str, int]:
    """The words of a sentence in front of a name, and where they start.

    A line or sentence before, in the words of an answer and with no end, belongs to it: "Not",
    "Final answer:".
    """
    part = text[max(since, start - _REACH) : start]
    ends = list(_SENTENCE_END.finditer(part))
    while ends:
        end = ends.pop()
        line = part[ends[-1].end() if ends else 0 : end.start()]
        words = _WORD.findall(line)
        joined = end.group() == "\n" and line.strip()[-1:] not in (".", "!", "?", "")
        if not (joined and all(_is_answer_word(word) for word in words)):
            return part[end.end() :], start - len(part) + end.end()
    return part, start - len(part)


def _behind(text: str, end: int, until: int) -> tuple[str, int, str]:
    """The words of a clause behind a name, where they end, and the sign or word that ends them."""
    part = text[end : min(until, end + _REACH)]
    close = _CLAUSE_END.search(part)
    if close is None:
        return part, end + len(part), "" if end + len(part) == len(text) else " "
    return part[: close.start()], end + close.start(), close.group()


def _kind(before: str, behind: str, closing: str, number: int) -> str:
    """What the words around a name say of it; empty when they only mention it."""
    before = _ASSURANCES.sub(" ", before)
    words = _WORD.findall(f"{before} {behind}")
    plainly = all(_is_answer_word(word) for word in words)
    if closing == "?":
        return "open"
    if closing == ":" or (number == 0 and not plainly):
        return ""
    if number == 0:
        return "open"
    segment = _SEGMENT.split(before)[-1]
    if not plainly and not _is_strong(before, segment, behind):
        return ""
    if _DENIALS.search(before) or _DENIALS.search(behind):
        return "denies"
    if _DOUBTS.search(segment if not plainly else before) or _DOUBTS.search(behind):
        return "open"
    of_x = "x" in words or "x's" in words
    of_y = "y" in words or "y's" in words
    if of_x and of_y:
        return ""
    if of_y:
        return "of_y"
    follows = _WORD.findall(behind)
    return "names" if of_x or all(word in _WORDS_BEHIND for word in follows) else ""


def _is_strong(before: str, segment: str, behind: str) -> bool:
    """Whether the last part of a sentence is an answer in full, after other words that deny nothing.

    "After reading both, I would say Profile 1": "I would say Profile 1" is one.
    """
    other = before[: len(before) - len(segment)]
    if _DENIALS.search(other) or _DOUBTS.search(other):
        return False
    words = _WORD.findall(f"{segment} {behind}")
    marked = re.search(r"\b(?:x|answer|i(?:'d| would| choose| pick| think| believe| say))\b", segment)
    return bool(marked or "x" in _WORD.findall(behind)) and all(map(_is_answer_word, words))


def _is_answer_word(word: str) -> bool:
    return word in _ANSWER_WORDS or bool(_DENIALS.fullmatch(word) or _DOUBTS.fullmatch(word))
