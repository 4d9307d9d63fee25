"""Whether a phrase of a scale, where it occurs in an answer, is the answer.

Decided by the words around the phrase alone, so that all phrases are treated alike. The
text is what `plain_text` makes of an answer. Only a window around the phrase is looked at,
so that reading takes time in proportion to the number of phrases.
"""

import re

from scorers.answers.phrases.phrase_words import (
    ADVERBS,
    ANSWER_NOUNS,
    CHOOSING,
    CHOOSING_LINKS,
    CORRECTIONS,
    FOREIGN_NEGATIONS,
    HEDGE,
    HELD_OPEN,
    HELD_SENTENCE,
    LABELS,
    MATCHED,
    MATCHED_LINKS,
    NEGATIONS,
    NOT_FINAL,
    OPENERS,
    OPENING_CLAUSES,
    OTHER_LABELS,
    PERSONS,
    PREDICATES,
    QUALIFIERS,
    REASONS,
    RETRACTIONS,
    THINGS,
)

_BEFORE, _AFTER = 240, 160
_ADVERB = rf"(?:{ADVERBS} )*"

_SENTENCE_END = re.compile(r"[.!?;\n](?!\d)|✓|✗")
_CLAUSE_END = re.compile(r"[,.;:!?()\n\[\]✓✗]|\s-+\s|\b(?:but|yet|however|still|though|then)\b")
_TURN = re.compile(r"\b(?:but|however|yet)\b")

# A label, then the phrase, with at most a few words of the same sentence between.
_MARKED = re.compile(
    rf"(?P<draft>\b(?:{NOT_FINAL}|your|his|her|their|expected|\w+'s|for an? \w+"
    rf"|would)[ :_-]{{1,3}})?"
    r"(?P<final>\b(?:final|ultimate|corrected|revised|definitive|overall)(?:ly)?\W{0,9})?"
    rf"(?:\b{LABELS}\b\s?(?:\n|\s?(?::|=|->|-|,)+)|\b{ANSWER_NOUNS} (?:is|would be|will be)\b"
    r"|\b(?P<alone>final|in conclusion|to conclude|finally)\s?(?:\n|(?::|=|->|-|,)+))"
    r"\s*(?P<filler>[^.!?\n:]{0,60})$"
)
_OTHER_LABEL = re.compile(rf"(?:^|[\n.,;:(]|\s-)\W{{0,3}}{OTHER_LABELS}\W{{0,2}}:[^\n,;]*$")

_NEGATION = re.compile(rf"\b{NEGATIONS}\b|n't\b|{FOREIGN_NEGATIONS}")
_FOREIGN = re.compile(FOREIGN_NEGATIONS)
_HELD_OPEN = re.compile(rf"\b{HELD_OPEN}\b")
_HELD_SENTENCE = re.compile(HELD_SENTENCE)
_HEDGE = re.compile(HEDGE)
# The negation that "not X but Y" opens and closes.
_NOT_BUT = re.compile(r"(?:\bnot\b|n't)[^.!?\n]{1,80}\bbut (?:rather )?$")

_PERSON = re.compile(
    rf"\b(?:{PERSONS}|(?!(?:things|thoughts|views|these)\b)\w+s(?= are ))(?: (?:who|that|which))?"
    rf"(?:'s|'re| is| are| was| were| be| being| seems?| sounds?| looks?| feels?)? {_ADVERB}$"
)
_COPULA = re.compile(
    rf"(?:\b(?:is|are|was|were|be|been|am|being)|'s|'re|'m|\bim|\bits|\bthats) {_ADVERB}$"
)
_SENSE = re.compile(
    rf"\b(?:this|that|it|which|everything|kinda|sorta|{THINGS})(?: \w+ly| really| also)?"
    r" (?:sounds?|seems?|feels?|looks?|appears?|reads?|remains?|falls?|fits?|ranks?|rates?)"
    rf"(?: to be| as| under| into| in)? {_ADVERB}$"
)
_FIRST_PERSON = re.compile(
    r"(?:\b(?:i|i'd|i'll|i've|i'm|id|ill|let me|let's|lets|we|we'd)\b[^.!?\n;]{0,60}?"
    rf"\b{CHOOSING}|^\W{{0,3}}(?!feeling|thinking)\w+ing\b)(?: {CHOOSING_LINKS})* {_ADVERB}$"
)
_PASSIVE = re.compile(
    rf"\b{MATCHED}(?: (?:best|most|closely|down|more))*(?: {MATCHED_LINKS})? {_ADVERB}$"
)
_NOUN = re.compile(rf"\b(?:this|the|my|your|that|its?|as|a|an)(?: \w+){{0,2}} {THINGS} {_ADVERB}$")
_OBJECT = re.compile(
    r"\b(?:find|rate|call|consider|judge|deem|mark|label|score|put|rank|describe)"
    rf" (?:this|that|it)(?: one| all| whole)? {_ADVERB}$"
)
_CONNECTED = (
    _COPULA, _SENSE, _FIRST_PERSON, _PASSIVE, _NOUN, _OBJECT,
    re.compile(r"(?:^|[.!?\n,;] ?)i can $"),
)  # fmt: skip

# Where a phrase stands for itself: at a start, or behind words that open an answer.
_STARTS = (
    re.compile(
        rf"(?:^|[\n.!?:;=+→✓]|\s-|(?:^|[\n.!?:;,])\W{{0,2}}{OPENERS}(?: {OPENERS})*,?)[\s(\[.✓→-]*$"
    ),
    re.compile(
        rf"(?:^|[\n.!?:;])\W*(?:sure|yes|well|ok(?:ay)?|hmm|so)?\W*{OPENING_CLAUSES}"
        r"[^.!?\n:;]{0,160},[\s(\[]*$"
    ),
    # a clause without a finite verb of its own: "not my business either, ..."
    re.compile(
        r"(?:^|[\n.!?:;])(?![^.!?\n:;]*\b(?:he|she|they|you|we|people|many|others?|is|are|was|were"
        r"|has|have|had|do|does|did|like|guys?|men|women|friends?|someone|everyone|anyone|folks)\b"
        r"|[^.!?\n:;]*')[^.!?\n:;,]{1,60},\s*$"
    ),
    re.compile(r"(?:^|[.!?\n] ?)i $"),
)
_CLOSED = re.compile(
    rf"[\s\])✓]*(?:$|[.!:;\n(\[✓]|-+ ?(?!\w+ me\b)|\.\.|,\s*{REASONS}|,\s*$|\s?{REASONS})"
)
# The phrase as the subject of its sentence: "very much like me is my answer".
_SUBJECT = re.compile(
    r" (?:is|would be|will be|was|'s|seems(?: to be)?|feels(?: like)?|'d be|sounds) (?:(?:probably"
    r"|likely|definitely|clearly|the|my|a|an|most|best|closest|final|honest|overall|right|correct"
    r"|appropriate|accurate|fitting|good|what i would|what i'd|how i would|how i'd)\s?)*"
    r"(?:\b(?:answer|choice|rating|response|pick|option|fit|match|description|phrase|the one|say"
    r"|choose|pick|select|rate it|describe it|go with|closest|best|nearest|accurate|apt|fitting"
    r"|right|correct|appropriate)\b)|,? it is\b"
    r"|(?: (?:best|most|probably|clearly|closely|accurately))* (?:fits|describes|matches|applies"
    r"|captures|reflects|suits|works)\b| comes closest| sums (?:it|this) up|'?s? how i'd"
    r"|is how i'd| = my"
)
_OTHER_SENSE = re.compile(
    rf" ?(?:'s\b|,? ?{PREDICATES}\b|[ ,(:-]*(?:but )?{QUALIFIERS}\b(?! me)"
    r"| ?to (?!some|a |an |be honest|be fair|me\b|the (?:extent|degree)|varying|different)"
    r"| ?(?:often|always|usually|never|tend|think|thinks|people|persons?|folks|who|whose|saying"
    r"|telling|asking|doing|having)\b| ?and (?:my|your|his|her|their|the|others?|people|you)\b"
    r"|[, -]*(?:not|no|nope|nah|never|nein|nicht|non|pas)\b\W*(?:$|[.!\n])"
    r"|\W*\b(?:not|no|nope|nah|false|wrong|incorrect)\W*$| if i (?:were|had) (?!to\b)"
    r"| ?(?:では|じゃ)|,? ?or (?:something|whatever|not\b)|, for example| time\b"
    r"|[:(] ?(?:n/?a\b|null\b|none\b|not \w+|rejected|excluded|0 ?%)|\W*if only\b|\.[a-z]"
    r"|, (?:or|perhaps|maybe|part|sometimes)\b[^.\n]{0,30}(?:\bnot|n't)\b"
    r"| (?:overstates?|understates?|goes too far)| against\b| over\b(?! it))"
)
_OFFER = re.compile(
    r"\b(?:would you|do you|if you(?:'d| would)?|you'd|you would) (?:\w+ )?like me$"
)
# A question, unless it is an offer behind the answer: "Like me - would you like me to go on?"
_QUESTION = re.compile(
    r"(?!\W*(?:would you|do you|shall|should i|can i|may i|is there|want me|how about|what about"
    r"|and you))[^.!?\n]{0,150}\?"
)

_LIST = re.compile(
    r"[\s,;/|:.()\[\]\d%✓✗-]*(?:[a-h][).:]\s*)?"
    r"(?:\b(?:or|and|to|vs|versus|through|than|nor|und|oder|ou|y|o)\b)?"
    r"[\s,;/|:.()\[\]\d%✓✗-]*(?:[a-h][).:]\s*)?"
)
_ALONE = re.compile(r" ?(?:$|[\n,;/|.)\]!:✓✗-]|(?:or|and)\b)")
_MENTION_BEFORE = re.compile(r"(?:\b(?:or|either|neither|nor|between)|\be\.g\.,?)[\s(]*$")

_NUMBER_BEFORE = re.compile(
    r"(?:(?:^"
    r"|[\n:=(\[✓]|\b(?:option|level|choice|answer|rating|number|no|score|select|choose|pick|is|say"
    r"|with|be|as))[\s(\[-]*(?:\d{1,2}|[a-h])\s?[.)\]:=/,-]+|(?:^"
    r"|[\s(\[:])(?:\d{1,2})(?:\s?/\s?\d{1,2})?"
    r"|(?:^|[\s(\[:])[a-h])[\s(\[-]*$"
)
_NUMBER_AFTER = re.compile(
    r"[ ,]{0,2}(?:[(\[=:-] ?)*\d{1,2}(?!\d|[.,]\d|\s?%| ?(?:percent|reasons?|years?))\b"
)

_CORRECTION = re.compile(
    r"(?:^|[\n.!?,;:(\[-]|\bbut|\band)\s*(?:oh,? |ah,? |hmm+\W{0,3}|ok(?:ay)?,? |well,? )?"
    rf"{CORRECTIONS}\b(?P<filler>[^\n?]{{0,60}})$"
)
_CANNOT = (
    r"(?:cannot|can't|can not|unable to|not able to|won't|will not|refuse to|decline|rather not)"
)
_ANSWERING = (
    r"(?:answer|respond|rate|choose|pick|comply|participate|assist|say|decide|tell|provide an?"
    r"|give an?|offer an?|make (?:this|that|such)|do (?:this|that))"
)
_TURNS = (
    r"(?:actually|no,? wait|wait|well|oops|sorry|hmm|on (?:second|further) thoughts?|no|but|or"
    r"|then)"
)
_TAKEN_BACK = re.compile(
    rf"[^\w?]*(?:{_TURNS},? )*(?:please )?(?:{RETRACTIONS}(?:[,;]? (?:though|i|please"
    rf"|sorry)\b[^.!?\n]{{0,60}})?"
    rf"|(?:i )?{_CANNOT} {_ANSWERING}\b(?! more)[^.!?\n]{{0,60}}|i (?:don't|do not) know"
    rf"|i have no \w+"
    r"|i'd rather not\b(?! say more)[^.!?\n]{0,40}|none(?: of (?:them|these|those|the above"
    r"|(?:the|these) (?:options|phrases)))?(?: fits?)?|no longer)\W*(?:$|[.!;,\n])"
    rf"|[^\w?]*{_TURNS},? (?:i (?:won't|can't|cannot|will not)|no|not|wrong|none)\W*$"
    rf"|[^\w?]*no,? wait\W*$"
    rf"|[^\w?]*(?:but|so),? (?:as an? \w+(?: \w+)?,? )?i {_CANNOT} {_ANSWERING}\b"
    rf"|,? but (?:i (?:won't|can't|withdraw)|none)\b"
)
# A conclusion that is marked and holds no phrase: "Final answer: none".
_CONCLUDES_OTHERWISE = re.compile(
    r"\bfinal(?: answer)?\s?:\s?(?:none|no answer|n/?a|null|nothing|i (?:can|won|don|am|do|have))"
)
_DECLINES = re.compile(
    r"(?:\bi(?:'m| am| do)? (?:\w+ )?|\b(?:but|however|sorry|unfortunately),? )"
    rf"(?:must decline|have to decline|{_CANNOT})\b[^.\n]{{0,40}}?\b{_ANSWERING}\b"
)


def is_answer(plain: str, start: int, end: int) -> bool:
    """Whether the phrase at a position is chosen, and not denied, doubted or mentioned.

    Args:
        plain: the answer, as `plain_text` gives it.
        start: where the phrase begins.
        end: where it ends.

    >>> is_answer("i'd go with like me.", 12, 19)
    True
    >>> is_answer("people like me often think so", 7, 14)
    False
    """
    before, after = plain[max(0, start - _BEFORE) : start], plain[end : end + _AFTER]
    if before[-1:] in ("(", "[") and after[:1] in (")", "]"):
        before, after = before[:-1], after[1:]
    if _QUESTION.match(after) or numbered(plain, start, end) or _MENTION_BEFORE.search(before):
        return False
    if _OTHER_LABEL.search(before) and not label_before(plain, start):
        return False
    not_but = bool(_NOT_BUT.search(before))
    if not not_but and _held(before):
        return False
    starts = not_but or any(pattern.search(before) for pattern in _STARTS)
    if starts and _SUBJECT.match(after):
        return True
    if _OTHER_SENSE.match(after):
        return False
    if starts and _CLOSED.match(after):
        return True
    return not _PERSON.search(before) and any(p.search(before) for p in _CONNECTED)


def _held(before: str) -> bool:
    """Whether what comes before a phrase denies it, doubts it or leaves it open."""
    hedged = _HEDGE.sub(lambda hedge: hedge[0] if "whether" in hedge[0] else " ", before)
    sentence = _SENTENCE_END.split(hedged)[-1]
    clause = _CLAUSE_END.split(hedged)[-1]
    return bool(
        _NEGATION.search(clause)
        or _HELD_OPEN.search(clause)
        or _HELD_SENTENCE.search(_TURN.split(sentence)[-1])
        or _FOREIGN.search(sentence)
    )


def label_before(plain: str, start: int) -> int:
    """How a conclusion is marked: 2 by `final answer:` and its like, 1 by `answer:`, 0 not at all.

    >>> label_before("final answer: like me", 14)
    2
    """
    found = _MARKED.search(plain[max(0, start - 110) : start])
    if found is None or found["draft"]:
        return 0
    return 2 if found["final"] or found["alone"] == "final" else 1


def numbered(plain: str, start: int, end: int) -> bool:
    """Whether the phrase goes with a number or letter, as if the options had been numbered.

    >>> numbered("b) like me", 3, 10)
    True
    """
    before, after = plain[max(0, start - 40) : start], plain[end : end + 20]
    return bool(_NUMBER_BEFORE.search(before) or _NUMBER_AFTER.match(after))


def replaces(plain: str, start: int, end: int) -> bool:
    """Whether the phrase corrects what comes before it: "no wait: like me"."""
    before = plain[max(0, start - 120) : start]
    found = _CORRECTION.search(before)
    if found is None:
        return False
    # Judged as if the answer began at the correction.
    from_here = plain[start - len(found["filler"]) :].lstrip(" ,.:;!-([")
    skipped = len(plain) - len(from_here)
    return skipped <= start and is_answer(from_here, start - skipped, end - skipped)


def withdrawn(plain: str, end: int) -> bool:
    """Whether the answer that ends here is taken back, and nothing put there instead."""
    return bool(_TAKEN_BACK.match(plain, end) or _CONCLUDES_OTHERWISE.search(plain, end))


def declined_after(plain: str, end: int) -> bool:
    """Whether the answer goes on to decline, as behind an example of the form asked for."""
    return bool(_DECLINES.search(plain, end, end + _AFTER))


def talked_about(plain: str, end: int) -> bool:
    """Whether a phrase is only the subject of what follows: "like me would be too strong"."""
    other = _OTHER_SENSE.match(plain, end) and not _SUBJECT.match(plain, end)
    return bool(other or _OFFER.search(plain[max(0, end - 60) : end]))


def is_list(plain: str, end: int, start: int, other_end: int) -> bool:
    """Whether two phrases are side by side as in a list of options.

    Args:
        plain: the answer.
        end: of the first phrase.
        start: of the second.
        other_end: of the second.

    >>> is_list("like me or not like me", 7, 11, 22)
    True
    >>> is_list("like me. not like me at all would be wrong", 7, 9, 27)
    False
    """
    between = plain[end:start]
    if len(between) > 40 or not _LIST.fullmatch(between):
        return False
    # A phrase that opens a sentence and goes on explains; in a list of lines it is alone.
    return not re.search(r"[.;\n(]", between) or bool(_ALONE.match(plain, other_end))


def is_rival(plain: str, end: int, start: int) -> bool:
    """Whether a sentence that chooses the phrase ending at one position goes on to another phrase.

    >>> is_rival("it is like me in part and not like me in others", 13, 26)
    True
    >>> is_rival("i'd say like me, not very much like me", 15, 21)
    False
    """
    between = plain[end:start] if 0 <= start - end <= _AFTER else ""
    return bool(between) and not re.search(
        r"[.!?;:\n]|\b(?:not|than|rather|never|over|instead)\b|n't", between
    )
