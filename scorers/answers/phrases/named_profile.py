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

from scorers.answers.json_answer import taken_back
from scorers.answers.spoken import CUT_OFF, spoken, status_without_answer

# Names in an answer with a page of reasons are a few dozen. What has more is a loop.
_MOST_NAMES = 200
# How many characters around a name are its sentence.
_REACH = 400

_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_STRUCK = re.compile(r"~~[^~\n]{0,200}~~|<(s|del|strike)>[^<\n]{0,200}</\1>", re.IGNORECASE)
_UNTICKED = re.compile("[\u274c\u2717\u2718\u2610\u2612\u00d7\u00ac\u2260]|!=|=/=|<>|\\[ ?\\]")
_TICKED = re.compile("[\u2705\u2714\u2713\u2611]|\\[[xX]\\]")
_ANSWER_TAG = re.compile(r"<(/?)(?:final[_ ]?)?answer>|\\boxed\b", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<(?:br|/?p|/?div|/?li|/?h\d)\s?/?>", re.IGNORECASE)
# A name over a list, or as a heading over a text, is what the list or the text is about.
_HEADING = re.compile(
    r"^([^\w\n]{0,9}#[^\w\n]{0,9}profile\W{0,4}[12])[^\w\n]{0,5}\n(?=\s{0,9}\S)"
    r"|^([^\w\n+\u2022-]{0,9}profile\W{0,4}[12])[^\w\n]{0,5}\n(?=\s{0,9}[-*+\u2022] )",
    re.IGNORECASE | re.MULTILINE,
)
_ARROW = re.compile("[-=]{1,3}>|[\u2192\u21d2\u27a1]")
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,9}(?:\s[^<>\n]{0,99})?/?>", re.IGNORECASE)
_LATEX = re.compile(r"\\(?:text[a-z]{0,4}|math[a-z]{1,4}|mbox|displaystyle|left|right)\b")
_FENCE = re.compile(r"```\w{0,10}")
_KEY = re.compile(r"[{,]\s{0,9}[\"']([a-z][a-z_ ]{0,30})[\"']\s{0,9}:", re.IGNORECASE)
_HARD = "\x1e"  # parts sentences that nothing joins
_SIGNS = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u3002": ".", "\u00a0": " "}
    | dict.fromkeys("*`#>|${}[]\\", None)
)

_ALL_BUT = re.compile(r"\b(?:anything|everything|all|anyone|everyone) but\b")
_NONE_BUT = re.compile(r"\b(?:nothing|none|no one) but\b")
_BETWEEN = r"[^\w\n]{0,3}(?:or|and|to|vs\.?)?[^\w\n]{0,3}"
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
_BARE = re.compile(r"[^\w-]{0,30}([12])[^\w\n%,/?-]{0,30}(?:\Z|\n(?!.*\n[12][.):]))")

_ANSWER_WORDS = """
    a the this that it its it's is are was be to of by for from in on with and but so i i'd
    i'm i'll i've me my we our us would will should must 'd say says think believe guess feel
    conclude choose chose chosen pick picked select selected go going prefer decide lean
    leaning towards toward had have yes yeah yep sure ok okay certainly definitely clearly
    obviously probably likely most more almost surely very quite much best better strongest
    closest closer close closely well good great fairly strongly confident confidently am made
    final answer answers conclusion choice prediction predicted distribution result response
    verdict belongs belong belonging belonged matches match matching matched corresponds
    correspond corresponding fits fit fitting goes comes came aligns align aligned associated
    consistent linked assigned attributed rater rater's profile one here there overall
    ultimately finally thus therefore hence then x x's y y's s correct right option given
    course sounds seems appears
"""
# Words that may follow a name where X is not named.
_WORDS_BEHIND = """
    is it my the a answer final choice best better match matches fit fits correct right one i
    i'd think believe guess would say definitely clearly likely more most probably to be for
    here seems closest of course with confidence
"""
_ANSWER, _BEHIND = frozenset(_ANSWER_WORDS.split()), frozenset(_WORDS_BEHIND.split())
_DENIALS = re.compile(
    r"\b(?:not?|nope|nah|never|nor|neither|none|cannot|hardly|barely|scarcely|less|least|unlikely|improbable"
    r"|worse|worst|poor(?:ly)?|incorrect|wrong|false|opposite|except|excluding|unlike|reject(?:ed)?"
    r"|eliminated?|ruled?|exclude[sd]?|against|doubt(?:ful)?|mismatch(?:es)?|anything|everything"
    r"|far)\b|n't\b"
)
_HYPOTHETICAL = (
    r"could|might|may|if|whether|unless|suppose|imagine|some|someone|people|others?|you|they|claims?"
    r"|few|many|nobody|everybody|everyone|anyone|anybody"
    r"|example|instance|eg"
)
_SUPPOSED = re.compile(rf"\b(?:{_HYPOTHETICAL})\b")
_DOUBTS = re.compile(
    rf"\b(?:or|either|maybe|perhaps|possibly|both|also|alternatively|initially|first|at first"
    rf"|{_HYPOTHETICAL})\b"
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
    r"(?:^|[,;:.!?(\n\x1e\u2013\u2014]| -)\s{0,9}(?:(?:but|oh|no|nope|or|so|and)\b\W{1,4}){0,3}"
    r"(?:wait|actually|correct(?:ion|ed)|scratch (?:that|this)|hold on|hmm+|oops|sorry|my mistake"
    r"|on (?:second thoughts?|reflection|closer)|i (?:was|am) (?:wrong|mistaken)|just kidding"
    r"|never ?mind|i take (?:it|that) back|let me (?:re|correct|change)\w*|vice versa"
    r"|the other(?: one| profile)?"
    r"|(?:that|this|it)(?:'s| is| was| would be) (?:wrong|incorrect|false)"
    r"(?=\s{0,3}(?:[,.;:!\n\x1e]|$))|no(?:pe)?(?=\s{0,9}[,.;:!\n\u2013\u2014-]))\b"
)
# The same where nothing is named any more.
_TURNED = re.compile(
    r"(?:^|[,;:.!(\n\x1e\u2013\u2014]| -)\s{0,9}(?:(?:i think|or|and|but|though|although"
    r"|that is|that's|it is|it's|maybe|perhaps|probably|certainly) )?"
    r"(?:not?|nope|nah|wrong|incorrect|false|never|the opposite)\b"
    r"(?: (?:it|right|correct|true|really|my answer|the answer))?\s{0,3}(?:[.!)\n\x1e]|$)"
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
    r"|though|which|who|given|due|based|rather than|instead of|as opposed to|over|or|than)\b"
    r"|\b(?:not|nor)(?= ?P[012])"
)
_SEGMENT = re.compile(r"[,:;(\u2013\u2014]| - ")
_INSTEAD = re.compile(r"\b(?:rather than|instead of|as opposed to|over)\W{1,3}\Z")
_Y_BEHIND = re.compile(r"(?: -|[,(\u2013\u2014])\s{0,3}(?:for )?y\s{0,3}(?:[),.;\n\x1e]|\Z)")
# What is between two names that the same is said of.
_LISTED = re.compile(r"[\"' ,/&-]{0,5}(?:and|or|nor|to)?[\"' ,/&-]{0,5}")
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

    What comes before it and is marked less plainly as a conclusion does not; nor does a doubt
    before it.
    """
    index = next((p for p in reversed(range(len(said))) if said[p].kind == "names"), None)
    if index is None:
        return None
    last = said[index]
    for at, other in enumerate(said):
        against = other.kind in ("open", "corrects") or (other.kind == "names") == (
            other.number != last.number
        )
        overruled = at < index and (other.rank < last.rank or other.kind == "open")
        if at != index and against and not overruled:
            return None
    return last.number


def _plain(text: str) -> str:
    """Lower case, without mark-up; what a person would not read across is parted."""
    text = _UNSEEN.sub("", text).replace("_", " ").replace("\\n", "\n").replace('\\"', '"')
    for entity, sign in (("&quot;", '"'), ("&#39;", "'"), ("&nbsp;", " "), ("&lt;", "<"),
                         ("&gt;", ">"), ("&amp;", "&")):  # fmt: skip
        text = text.replace(entity, sign)
    text = _FENCE.sub(_HARD, _STRUCK.sub(" ", text))
    text = _ARROW.sub(" is ", text)
    text = _ANSWER_TAG.sub(lambda tag: f"{_HARD}{'' if tag[1] else 'answer: '}", text)
    text = _HEADING.sub(r"\1\2:\n", _TAG.sub("", _BREAK_TAG.sub("\n", text)))
    text = _KEY.sub(rf"{_HARD}\1: ", _LATEX.sub("", text))
    text = _TICKED.sub(
        " ", re.sub(r"(?: not ){2,}", " not ", _UNTICKED.sub(" not ", text))
    ).replace("~", " maybe ")
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    text = re.sub(r"[^\S\n\x1e]+", " ", text)
    text = re.sub(r" ?\n\s*+", "\n", text)
    # a line that goes on in lower case is the same sentence
    return re.sub(r"\n(?=[a-z])", " ", text).casefold().strip()


def _with_names(text: str) -> str:
    """A plain text with P1 and P2 for the profiles, and P0 for both of them at once."""
    bare = _BARE.match(text)
    if bare:
        text = f"P{bare[1]}{_HARD}{text[bare.end() :]}"
    text = _ALL_BUT.sub(" not ", _NONE_BUT.sub(" ", text))
    text = _BOTH.sub(" P0 ", text)
    text = _NAME.sub(
        lambda name: f" P{name['number'] or _NUMBERS[name['word'] or name['ordinal']]}", text
    )
    return _MARKED.sub(lambda mark: f"{mark['mark']}{mark['is']}P{mark['number']}", text)


def _said(text: str, cut_off: bool) -> Iterator[_Said]:
    """What is said of the profiles, in order."""
    base = since = 0
    kind = ""
    names = list(_TOKEN.finditer(text))
    if len(names) > _MOST_NAMES:
        return
    for index, name in enumerate(names):
        until = names[index + 1].start() if index + 1 < len(names) else len(text)
        before, start = _before(text, since, name.start())
        if _CORRECTION.search(text[since:start]) or _CORRECTION.search(before):
            if index:
                yield _Said("corrects", 0, base)
            base += _CORRECTED
            before = _CORRECTION.sub(" ", before)
        behind, since, closing = _behind(text, name.end(), until)
        if cut_off and not closing:
            return
        number = int(name.group()[1])
        gap = text[names[index - 1].end() : name.start()] if index else "."
        listed = kind != "names" and _LISTED.fullmatch(gap)
        kind = kind if listed else _kind(before, behind, closing, number)
        if kind == "names" and _Y_BEHIND.match(text, since):
            kind = "of_y"
        rank = base + next((rank for rank, marks in _RANKS if marks.search(before)), 0)
        if kind:
            yield _Said(kind, number, rank)
        else:
            since = name.end()  # what follows a mere mention is read with the next name
    rest = text[since : since + 2 * _REACH]
    if names and (_CORRECTION.search(rest) or _TURNED.search(rest) or taken_back(rest)):
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
    """The words of a clause behind a name, from where they are the next's, and what ends them."""
    part = text[end : min(until + 3, end + _REACH)]
    close = _CLAUSE_END.search(part, 0)
    if close is None or end + close.start() >= until:
        last = until == len(text)
        return text[end:until][:_REACH], until if last else end, "" if last else " "
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
    if number == 0 or (closing == "or" and plainly):
        return "open"
    segment = _SEGMENT.split(before)[-1]
    if not plainly and not _is_strong(before, segment, behind):
        return ""
    if _INSTEAD.search(before) or _DENIALS.search(before) or _DENIALS.search(behind):
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
    return "names" if of_x or all(word in _BEHIND for word in follows) else ""


def _is_strong(before: str, segment: str, behind: str) -> bool:
    """Whether the last part of a sentence is a whole answer, after words that deny nothing.

    "After reading both, I would say Profile 1": "I would say Profile 1" is one.
    """
    other = before[: len(before) - len(segment)]
    if _DENIALS.search(other) or _SUPPOSED.search(other):
        return False
    words = _WORD.findall(f"{segment} {behind}")
    marked = re.search(
        r"\b(?:x|answer|i(?:'d| would| choose| pick| think| believe| say))\b", segment
    )
    return bool(marked or "x" in _WORD.findall(behind)) and all(map(_is_answer_word, words))


def _is_answer_word(word: str) -> bool:
    return word in _ANSWER or bool(_DENIALS.fullmatch(word) or _DOUBTS.fullmatch(word))
