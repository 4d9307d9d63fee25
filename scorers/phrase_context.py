"""Whether a phrase of a scale, at its place in an answer, is the answer.

Decided by the words around the phrase alone, so that every phrase of the scale fares alike. The
text is what `scorers.plain_text` makes of an answer. Only a window around the phrase is looked at,
so that reading takes time in proportion to the number of phrases.
"""

import re

_BEFORE, _AFTER = 240, 160

_SENTENCE_END = re.compile(r"[.!?;\n](?!\d)|✓|✗")
_CLAUSE_END = re.compile(
    r"[,.;:!?()\n\[\]✓✗]|\s-+\s|\b(?:but|yet|however|still|though|although|then)\b"
)

_LABEL = (
    r"(?:answer|rating|response|choice|verdict|conclusion|selection|result|decision|assessment"
    r"|judge?ment|evaluation|output|pick|reply|option|similarity|score|label|value)"
)
# A label, then the phrase, with at most a few words of the same sentence between.
_MARKED = re.compile(
    rf"(?P<draft>(?:draft|initial|first|tentative|preliminary|previous|example|sample|possible"
    rf"|wrong|old)[ :_-]{{1,3}})?"
    rf"(?:(?P<final>\b(?:final|ultimate|corrected|revised|definitive|overall)(?:ly)?\W{{0,9}})?"
    rf"\b{_LABEL}\b|\b(?P<alone>final|in conclusion|to conclude|conclusion|answer|finally|verdict))"
    rf"\s?(?:\n|\s?(?::|=|->|-|\bis\b|\bwould be\b|\bwill be\b|,)+)\s*(?P<filler>[^.!?\n]{{0,60}})$"
)
# Headings of what is thought, not answered.
_THOUGHT = re.compile(
    r"(?:^|\n)\W{0,3}(?:thinking|thoughts?|thought process|reasoning|analysis|brainstorm(?:ing)?"
    r"|scratchpad|draft|question|examples?|sample|e\.g\.?|for example|for instance)\W?:[^\n]*$"
)

_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nothing|nowhere|hardly|barely|scarcely|cannot|neither|nor|without"
    r"|nicht|kein\w*|nein|pas|jamais|non|nunca|jam[aá]s|nem|n[aã]o|ikke|inte|niet|geen|nie|nie ma"
    r"|не|нет)\b|n't\b|\bcant\b|\bdont\b|\bisnt\b"
)
# A clause that holds what follows open, or turns it round: "far from very much like me".
_HELD_OPEN = re.compile(
    r"\b(?:if|whether|unless|opposite|far from|wrong|doubt\w*|unsure|wonder\w*|than|instead of"
    r"|rather than|anything but|everything but|all but|nothing but|short of|other than|except"
    r"|excluding|exclude[ds]?|ruled? out|reject\w*|den(?:y|ies|ied)|avoid\w*|pretend\w*|example"
    r"|e\.g|such as|for instance|like this|scale|options|choices|between|from|either|versus|vs|what does|what would|meaning of|means?|define[ds]?"
    r"|called|asked|says that|could have|would have|might have|should have|used to|supposed to)\b"
)
# The same, where it governs the rest of the sentence beyond a comma.
_HELD_SENTENCE = re.compile(
    r"\b(?:do not|don't|does not|doesn't|did not|didn't|would not|wouldn't|can't|cannot|can not"
    r"|couldn't|could not|never|won't|will not|hardly)\s(?:\w+\s){0,2}"
    r"(?:think|believe|feel|say|consider|find|claim|call|describe|rate|agree|see|choose|pick|select"
    r"|answer|conclude)\b|\bdoubt\w*\b|\bfar from\b|\bif\b|\bwrong\b|\banything but\b"
    r"|(?:\bnot|n't), |\b(?:they|he|she|people|others|everyone|someone"
    r"|(?:my|his|her|your|the) \w+) (?:would |might |may |could |will )?(?:say|says|said|thinks?"
    r"|claims?|claimed|believes?|believed|argues?|argued)\b|\b(?:some|many|most) (?:would|might|may"
    r"|say|think|claim|believe|argue)\b"
)
_HEDGE = re.compile(
    r"\b(?:even )?if (?:i|we)(?:'m|'d|'ve)?\b[^,;:.\n]{0,80}?(?=[,;:]|\bi\b|\bi'd|\bmy\b|\bit\b|\bthis\b)"
    r"|\bif (?:pressed|forced|pushed|asked|required|compelled|needed|necessary|anything|so|possible"
    r"|you (?:insist|must|need|want|force|press|push|ask|require)\w*|it helps|pushed to)\b"
    r"[^,;:.\n]{0,60}?(?=[,;:]|\bi\b|\bi'd|\bmy\b|\bit\b|\bthis\b)"
    r"|\bnot (?:entirely |completely |fully |totally |quite |really |100% )?(?:sure|certain)\b(?=[^,;:.\n]{0,60}[,;:])"
    r"|\bwithout\b(?=[^,;:.\n]{0,80},)"
)

_ADVERB = (
    r"(?:(?:likely|probably|possibly|perhaps|maybe|definitely|certainly|clearly|honestly|actually"
    r"|really|indeed|simply|overall|generally|personally|mostly likely|most likely|best|closest"
    r"|arguably|fairly|surely|truly|still|also|only|kinda|thus|therefore|currently|roughly"
    r"|approximately|in my (?:view|opinion|case)|i think|i guess|i believe|i suppose|i feel) )*"
)
_THING = (
    r"(?:response|answer|reply|situation|statement|text|message|advice|approach|view|opinion"
    r"|attitude|sentiment|comment|post|suggestion|perspective|reaction|choice|rating|position"
    r"|option|pick|verdict|description|category|label|scenario|similarity|level)"
)
_PERSON = re.compile(
    r"\b(?:who|whom|people|persons?|someone|somebody|anyone|anybody|everyone|everybody|nobody|he"
    r"|she|they|we|others?|folks?|friends?|wife|husband|partner|mother|father|mom|mum|dad|brother"
    r"|sister|son|daughter|child|children|kids?|man|woman|men|women|guys?|girls?|boys?|users?"
    r"|students?|parents?|humans?|models?|machines?|ones|those|humans?|colleagues?|neighbou?rs?"
    r"|teachers?|many|some|most|few|all of (?:us|them)|none)"
    rf"(?:'s|'re| is| are| was| were| be| being| seems?| sounds?| looks?| feels?)? {_ADVERB}$"
)
_COPULA = re.compile(
    rf"(?:\b(?:is|are|was|were|be|been|am|being)|'s|'re|'m|\bim|\bits|\bthats) {_ADVERB}$"
)
_SENSE = re.compile(
    rf"\b(?:this|that|it|which|everything|kinda|sorta|{_THING})(?: \w+ly| really| also)?"
    rf" (?:sounds?|seems?|feels?|looks?|appears?|reads?|remains?|falls?|fits?|ranks?|rates?)"
    rf"(?: to be| as| under| into| in)? {_ADVERB}$"
)
_FIRST_PERSON = re.compile(
    r"(?:\b(?:i|i'd|i'll|i've|i'm|id|ill|let me|let's|lets|we|we'd|one could|one might|you could)\b"
    r"[^.!?\n;]{0,60}?|^\W{0,3})"
    r"\b(?:say|said|saying|choose|chose|chosen|choosing|pick|picked|picking|select|selected"
    r"|selecting|answer|answered|respond|reply|rate|rated|rating|go|went|going|opt|opted|lean"
    r"|leaning|settle|settled|call|describe|consider|label|mark|classify|rank|put|place|stick"
    r"|vote|guess|think|believe|feel|find|found|estimate|suppose|assume|conclude|judge|deem"
    r"|submit|offer|give|pronounce|assign|categorize|categorise|characterize|agree)"
    r"(?: (?:that|with|for|on|to|towards?|as|it|this|that|so|saying|in favou?r of|my|the|at|into"
    rf"|down|maybe|somewhere|around|{_THING}|mine|myself|option|being|be|more))* {_ADVERB}$"
)
_PASSIVE = re.compile(
    r"\b(?:described|rated|classified|characteri[sz]ed|labell?ed|summari[sz]ed|categori[sz]ed|closest"
    r"|close|nearest|corresponds?|equates?|amounts?|equivalent|maps?|falls?|translates?|points?|comes?"
    r"|similar|aligns?|aligned|matches|matched|captured|put|best|settled|landed?|lands|goes|leans?|counts)"
    rf"(?: (?:best|most|closely|down|more))*(?: (?:as|to|under|by|into|with|for|towards?|on|at))? {_ADVERB}$"
)
_NOUN = re.compile(rf"\b(?:this|the|my|your|that|its?|as|a|an)(?: \w+){{0,2}} {_THING} {_ADVERB}$")
_OBJECT = re.compile(
    r"\b(?:find|rate|call|consider|judge|deem|mark|label|score|put|rank|describe)"
    rf" (?:this|that|it)(?: one| all| whole)? {_ADVERB}$"
)
_CAN = re.compile(r"(?:^|[.!?\n,;] ?)i (?:can )?$")
_CONNECTED = (_COPULA, _SENSE, _FIRST_PERSON, _PASSIVE, _NOUN, _OBJECT, _CAN)

# Where a phrase stands for itself: at a start, or behind words that open an answer.
_OPENER = (
    r"(?:sure(?: thing)?|yes|yeah|yep|yup|ok(?:ay)?|right|well|hmm+|um+|uh|so|certainly|of course"
    r"|alright|absolutely|got it|understood|great|good question|thanks?(?: you)?(?: for \w+ing)?"
    r"|honestly|frankly|overall|generally|personally|truthfully|ultimately|finally|again|therefore"
    r"|thus|hence|then|accordingly|all things considered|all in all|on balance|in general|in short"
    r"|in brief|in sum|in summary|in conclusion|to conclude|to summari[sz]e|to sum up|to be honest"
    r"|to be fair|to be clear|to answer (?:your|the) question|to answer|for me|as for me"
    r"|in my (?:own )?(?:\w+ )?(?:opinion|view|case|judge?ment|assessment|estimation)"
    r"|from my (?:perspective|point of view)|my (?:answer|choice|pick|rating)"
    r"|i think|i guess|i suppose|i believe|i feel|i'd say|i would say|i say|let's say|probably"
    r"|perhaps|maybe|definitely|clearly|simply|mostly|likely|most likely|if anything|hard to say"
    r"|tough (?:one|call|question)|difficult to say|it depends|no hesitation|thinking about it|and"
    r"|but|really|here|here goes|here you go|here it is|here is my answer|as requested|as instructed"
    r"|as an ai|as a language model|as an ai language model|final|final answer|answer|ans"
    r"|after (?:some |careful |much )?(?:thought|consideration|reflection|reading|deliberation)"
    r"|no problem|in one phrase|in a phrase|in (?:\w+ )?words?|now|actually|please note|option)"
)
_START = re.compile(
    rf"(?:^|[\n.!?:;=✓]|\s-|(?:^|[\n.!?:;,])\W?{_OPENER}(?: {_OPENER})*,?)[\s(\[.✓-]*$"
)
_OPENING_CLAUSE = re.compile(
    r"(?:^|[\n.!?:;])\W*(?:sure|yes|well|ok(?:ay)?|hmm|so)?\W*(?:if|without|based on|given|considering"
    r"|having|after|not (?:\w+ )?(?:sure|certain)|i'm not (?:\w+ )?(?:sure|certain)|as an? |looking"
    r"|taking|with|despite|judging|comparing|reading|thinking|between|among|out of|forced|assuming"
    r"|speaking|weighing|all|on |in |from |for |to |when|while|since|because|although|though|at )"
    r"[^.!?\n:;]{0,160},[\s(\[]*$"
)
# A clause without a finite verb of its own, closed by a comma: "not my business either, ...".
_VERBLESS = re.compile(
    r"(?:^|[\n.!?:;])(?![^.!?\n:;]*\b(?:he|she|they|you|we|people|many|others?|is|are|was|were|has"
    r"|have|had|do|does|did|like|guys?|men|women|friends?|someone|everyone|anyone|folks)\b"
    r"|[^.!?\n:;]*')[^.!?\n:;,]{1,60},\s*$"
)
_STARTS = (_START, _OPENING_CLAUSE, _VERBLESS)

_REASON = (
    r"(?:because|since|as (?!much|many|well as|long|soon)|but|although|though|while|whereas|given"
    r"|due to|in that|in terms of|in many|in most|in some|in this|in general|in my|on the whole"
    r"|overall|i'd say|i think|i guess|i believe|i suppose|i'd|i would|i feel|for the|for these|for this"
    r"|for several|for me|however|yet|which|with|so|and i\b|and it\b|and this\b|to some|to a (?:large"
    r"|great|certain|small|fair|good|high|considerable)|to be honest|to be fair|honestly|personally"
    r"|probably|definitely|i must say|thanks?|thank you|please|when it|when i|here|it's|this is"
    r"|this response|the response|except|even though|despite|without|based on|considering|at least"
    r"|at (?:this|the) (?:moment|time)|for (?:now|sure|certain)|really|indeed|sort of|if i\b|if forced"
    r"|if pressed|if anything|if pushed|no doubt|hands down|all things considered|is my|would be my"
    r"|\d{1,3} ?%|confidence|reason|explanation|it is\b|[a-z_ ]{1,30}:)"
)
_CLOSED = re.compile(
    rf"[\s\])✓]*(?:$|[.!:;\n(\[✓]|-+ ?(?!\w+ me\b)|\.\.|,\s*{_REASON}|,\s*$|\s{_REASON})"
)
# The phrase as the subject of its sentence: "very much like me is my answer".
_SUBJECT = re.compile(
    r" (?:is|would be|will be|was|'s|seems(?: to be)?|feels(?: like)?|'d be|sounds) (?:(?:probably|likely"
    r"|definitely|clearly|the|my|a|an|most|best|closest|final|honest|overall|right|correct"
    r"|appropriate|accurate|fitting|good|what i would|what i'd|how i would|how i'd)\s?)*"
    r"(?:answer|choice|rating|response|pick|option|fit|match|description|phrase|one|say|choose|pick"
    r"|select|rate it|describe it|go with)\b|,? it is\b"
    r"|(?: (?:best|most|probably|clearly|closely|accurately))* (?:fits|describes|matches|applies"
    r"|captures|reflects|suits)\b"
)
# What follows a phrase that is only talked about, or that goes on into another sense.
_OTHER_SENSE = re.compile(
    r"\s?(?:'s\b|,?\s?(?:would|could|should|might|may|can|cannot|can't|must|does|do|did|means?|meant"
    r"|isn't|is|are|aren't|was|wasn't|were|has|have|had|implies|suggests|seems)\b"
    r"|to (?!some|a |an |be honest|be fair|me\b|the (?:extent|degree)|varying|different)"
    r"|(?:often|always|usually|never|tend|think|thinks|people|persons?|folks|who|whose)\b"
    r"|[,\s-]*(?:not|no|nope|nah|never|nein|nicht|non|pas)\b\W*(?:$|[.!\n])"
    r"|\W*\b(?:not|no|nope|nah)\W*$)"
)
_QUESTION = re.compile(r"[^.!?\n]{0,150}\?")
_LIST = re.compile(
    r"[\s,;/|:.()\[\]\d-]*(?:[a-h][).:]\s*)?(?:\b(?:or|and|to|vs|versus|through|than|nor|und|oder|ou|y|o)\b)?[\s,;/|:.()\[\]\d-]*(?:[a-h][).:]\s*)?"
)
_ALONE = re.compile(r"\s?(?:$|[\n,;/|.)\]!-]|(?:or|and)\b)")
_MENTION_BEFORE = re.compile(r"\b(?:or|either|neither|nor|between)[\s(]*$")

_NUMBER_BEFORE = re.compile(
    r"(?:(?:^|[\n:=(\[✓]|\b(?:option|choice|answer|rating|number|no|score|select|choose|pick|is|say"
    r"|with|be|as))[\s(\[-]*(?:\d{1,2}|[a-h])\s?[.)\]:=/-]+|(?:^|[\s(\[:])(?:\d{1,2})(?:\s?/\s?\d{1,2})?"
    r"|(?:^|[\s(\[:])[a-h])[\s(\[-]*$"
)
_NUMBER_AFTER = re.compile(
    r"[ ,]{0,2}(?:[(\[=:-] ?)*\d{1,2}(?!\d|[.,]\d|\s?%| ?(?:percent|reasons?|years?))\b"
)

_CORRECTION = re.compile(
    r"(?:^|[\n.!?,;:(\[-])\s*(?:oh,? |ah,? |hmm+\W{0,3}|ok(?:ay)?,? |well,? )?"
    r"(?:no,? wait|wait|no|nope|actually|correction|corrected|scratch that|strike that|sorry"
    r"|my mistake|my bad|i mean|or rather|rather|better|make that|change that to|changed my mind"
    r"|on (?:second|further|closer) (?:thoughts?|reflection|look|reading)|on reflection"
    r"|thinking again|reconsidering|upon reflection|i take that back|let me (?:correct|rephrase"
    r"|revise|reconsider|change|rethink|fix)[^.:,\n]{0,40}|i (?:meant|change my|revise my|correct)"
    r"[^.:,\n]{0,40}|edit|update|revised|instead)\b(?P<filler>[^\n?]{0,60})$"
)
_TAKEN_BACK = re.compile(
    r"[^?\n]{0,80}?\b(?:scratch that|strike that|no,? wait|i take (?:that|it) back|ignore that"
    r"|disregard (?:that|this)|never ?mind|just kidding|i'm joking|forget (?:that|it))\W*$"
)
_DECLINES = re.compile(
    r"(?:\bi(?:'m| am| do)? (?:\w+ )?|\b(?:but|however|sorry|unfortunately),? )(?:cannot|can't|can not"
    r"|unable to|not able to|won't|will not|refuse to|must decline|decline|have to decline)\b"
    r"[^.\n]{0,40}?\b(?:answer|respond|rate|choose|pick|comply|participate|assist|provide an?"
    r"|give an?|offer an?|make (?:this|that|such)|do (?:this|that))\b"
)


def is_answer(plain: str, start: int, end: int) -> bool:
    """Whether the phrase at a place of an answer is chosen, and not denied, doubted or mentioned.

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
    if (
        _QUESTION.match(after)
        or numbered(plain, start, end)
        or (_THOUGHT.search(before) and not label_before(plain, start))
    ):
        return False
    sentence = _HEDGE.sub(" ", _SENTENCE_END.split(before)[-1])
    sentence = re.split(r"\b(?:but|however|yet)\b", sentence)[-1]
    clause = _CLAUSE_END.split(before)[-1]
    clause = _CLAUSE_END.split(_HEDGE.sub(" ", before))[-1] if _HEDGE.search(before) else clause
    if _NEGATION.search(clause) or _HELD_OPEN.search(clause) or _HELD_SENTENCE.search(sentence):
        return False
    if _MENTION_BEFORE.search(before):
        return False
    if _SUBJECT.match(after):
        return any(pattern.search(before) for pattern in _STARTS)
    if any(pattern.search(before) for pattern in _STARTS) and _CLOSED.match(after):
        return not _OTHER_SENSE.match(after)
    if _PERSON.search(before):
        return False
    return any(p.search(before) for p in _CONNECTED) and not _OTHER_SENSE.match(after)


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
    """Whether the phrase corrects what stands before it: "no wait: like me"."""
    before = plain[max(0, start - 120) : start]
    found = _CORRECTION.search(before)
    if found is None:
        return False
    # Judged as if the answer began at the correction.
    from_here = plain[start - len(found["filler"]) :].lstrip(" ,.:;!-([")
    skipped = len(plain) - len(from_here)
    return skipped <= start and is_answer(from_here, start - skipped, end - skipped)


def withdrawn(plain: str, end: int) -> bool:
    """Whether the answer is taken back at its end, and nothing put in its place."""
    return bool(_TAKEN_BACK.match(plain, end) if len(plain) - end < 120 else None)


def declined_after(plain: str, end: int) -> bool:
    """Whether the answer goes on to decline, as behind an example of the form asked for."""
    return bool(_DECLINES.search(plain, end, end + _AFTER))


def is_list(plain: str, end: int, start: int, other_end: int) -> bool:
    """Whether two phrases stand side by side as in a list of options.

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
    # A phrase that opens a sentence and goes on explains; in a list of lines it stands alone.
    return not re.search(r"[.\n]", between) or bool(_ALONE.match(plain, other_end))


def is_rival(plain: str, end: int, start: int) -> bool:
    """Whether a sentence that chooses the phrase ending at one place goes on to another phrase.

    >>> is_rival("it is like me in part and not like me in others", 13, 26)
    True
    >>> is_rival("i'd say like me, not very much like me", 15, 21)
    False
    """
    between = plain[end:start] if 0 <= start - end <= _AFTER else ""
    return bool(between) and not re.search(r"[.!?;\n]|\b(?:not|than|rather|never)\b|n't", between)
