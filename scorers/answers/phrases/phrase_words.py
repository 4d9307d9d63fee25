"""The words by which an answer is distinguished from a mention, as parts of regular expressions.

Each list is of one kind of word; a slash parts its entries. `phrase_context` says what each
kind does.
"""


def one_of(words: str) -> str:
    """A regular expression for any of some words, which slashes part.

    >>> one_of("yes / of course")
    '(?:yes|of course)'
    """
    return "(?:" + "|".join(part.strip() for part in words.split(" / ")) + ")"


# What an answer calls itself: "my answer is ...", "rating: ...".
ANSWER_NOUNS = one_of(
    "answer / rating / choice / verdict / conclusion / selection / decision / assessment"
    " / judge?ment / evaluation / pick / chosen / selected"
)
LABELS = one_of(
    "answer / rating / choice / verdict / conclusion / selection / decision / assessment"
    " / judge?ment / evaluation / pick / chosen / selected / response / result / output / reply"
    " / option / similarity / score / label / value"
)
# Before a label, these make it no conclusion; as a label of their own, no answer.
NOT_FINAL = one_of(
    "draft / initial / first / tentative / preliminary / previous / prior / earlier / example"
    " / sample / possible / wrong / old / second / alternative / next / other / rejected / worst"
)
OTHER_LABELS = one_of(
    r"thinking / thoughts? / thought process / reasoning / analysis / brainstorm(?:ing)?"
    r" / scratchpad"
    r" / draft / question / examples? / sample / e\.?g\.? / for example / for instance / options?"
    r" / choices / scale / format / alternatives? / second \w+ / runner.up / rejected / excluded"
    r" / others? / previous \w+ / discarded / not / example \w+ / template"
    r" / possible \w+ / prompt / error / users? / humans? / author / he / she / they / them"
    r" / people / other people / you / (?:your|their|his|her|expected) \w+ / for an? \w+"
    r" / an? \w+ would say / (?:from )?the \w+'s \w+ / phrase / avoid / not true"
    r" / not my answer / wrong"
    r" / false / incorrect / unlikely / never"
)

NEGATIONS = one_of(
    "not / never / no / none / nothing / nowhere / nobody / hardly / barely / scarcely / cannot"
    " / neither / nor / without / cant / dont / isnt / wont"
)
# Denials in other languages reach over a colon, since their word order is not looked at.
FOREIGN_NEGATIONS = (
    r"\b(?:nicht|kein\w*|nein|niemals|pas|jamais|non|nunca|jam[aá]s|nem|n[aã]o|ikke|inte|niet|geen"
    r"|nie|nigdy|не|нет|ни|no (?:dir[ií]a|digo|es|creo|elijo|escojo)|mai|değil|không|tidak|bukan)\b"
    r"|[不没沒非無]|ない|ません|않|아니|ليس|لا |नहीं"
)

# What holds a clause open, or turns it round: "far from very much like me".
HELD_OPEN = one_of(
    r"if / whether / unless / opposite / far from / wrong / doubt\w* / unsure / wonder\w* / than"
    r" / instead of / rather than / anything but / everything but / all but / nothing but"
    r" / short of"
    r" / other than / except / excluding / exclude[ds]? / ruled? out / reject\w* / den(?:y|ies|ied)"
    r" / avoid\w* / pretend\w* / example / such as / like this / scale / options / choices"
    r" / between"
    r" / from / either / versus / vs / what does / what would / meaning of / (?<!i )means?"
    r" / define[ds]?"
    r" / called / asked / says that / almost / nearly / originally / love to / close to / (?:your"
    r"|his|her|their|expected|(?!it|that|here|what|let|there)\w+'s) (?:answer|rating|choice"
    r"|response|view|opinion)"
    r" / (?:could|would|might|should) have(?! to) / used to"
    r" / supposed to / although / whereas / even though / some parts? / in parts? / was going to"
    r" / wanted to / was about to / tempted to / could (?:say|answer|choose|put|be said)"
    r" / there (?:is|are) / (?:a|an|one|another|first|second|third|last|next) option"
    r" / (?:previous|prior|earlier|initial|first|possible|wrong) (?:answer|choice|rating|response)"
)
# The same, beyond a comma, up to the end of the sentence.
_DOUBTED = one_of(
    "think / believe / feel / say / consider / find / claim / call / describe / rate / agree / see"
    " / choose / pick / select / answer / conclude"
)
HELD_SENTENCE = (
    r"\b(?:do not|don't|does not|doesn't|did not|didn't|would not|wouldn't|can't|cannot|can not"
    rf"|couldn't|could not|never|won't|will not|hardly)\s(?:\w+\s){{0,2}}{_DOUBTED}\b"
    r"|\b(?:doubt\w*|far from|if|wrong|anything but|refus\w+|unable|hesita\w+|reluctant|disagree\w*"
    r"|nobody|no one|declin\w+|false|incorrect|impossible|for example|for instance|e\.g|example"
    r"|you could|one could|one might|hypothetically|were i|had i|fail(?:ed|s)? to|struggle"
    r"|mistake|seldom|rarely|once was|possible that|in another|let us assume|let's assume)\b"
    r"|(?:\bnot|n't), |(?:^|[.!?\n] ?)(?:suppose|imagine|assume)\b|\baccording to (?!me\b|my\b)"
    rf"|\b(?:they|he|she|people|others|everyone|someone|(?:my|his|her|your|the|some) \w+)"
    rf" (?:would |might |may |could |will )?(?:says?|said|thinks?|claim(?:s|ed)?|believe[sd]?"
    rf"|argue[sd]?|finds?|describes?)\b"
    r"|\b(?:some|many|most) (?:would|might|may|say|think|claim|believe|argue)\b"
)
# Hedges that leave the answer standing: "if I had to choose, I'd say ...".
HEDGE = (
    r"\b(?:even )?if (?:i|we)(?:'m|'d|'ve)?\b[^,;:.\n]{0,80}?(?=[,;:]? (?:i\b|i'd|my\b)|:)"
    r"|\b(?:even )?if (?:i|we) (?:had|have|was|were|am|must|need) (?:to|forced|pressed|asked"
    r"|pushed)\b"
    r"[^,;:.\n]{0,60}?(?=[,;:]|\bi\b|\bmy\b|\bit\b|\bthis\b)"
    r"|\bif (?:i must|i'm (?:honest|forced|asked|being)|pressed|forced|pushed|asked|required"
    r"|compelled|needed|necessary|anything|so|possible"
    r"|you (?:insist|must|need|want|force|press|push|ask|require)\w*|it helps)\b"
    r"[^,;:.\n]{0,60}?(?=[,;:]|\bi\b|\bi'd|\bmy\b|\bit\b|\bthis\b)"
    r"|\bnot (?:\w+ )?(?:sure|certain)\b(?=[^,;:.\n]{0,60}[,;:])"
    r"|\b(?:no|not|can't|cannot|won't|don't|never) (?:\w+ )?(?:deny|denying|lie|hesitat\w+|mind"
    r"|trouble"
    r"|question|doubt)\b(?: (?:that|to|about|saying))*|\bwithout (?:a |any )?(?:doubt"
    r"|hesitation)\b|\bno doubt\b|\bdoubtless\b|\bundoubtedly\b"
    r"|\bwithout\b(?=[^,;:.\n]{0,80},)"
)

ADVERBS = one_of(
    "likely / probably / possibly / only / surely / obviously / arguably / apparently"
    " / presumably / dir[ií]a que / perhaps / maybe / definitely / certainly / clearly / honestly"
    " / actually / really / indeed / simply / overall / generally / personally / most likely / best"
    " / closest / arguably / fairly / surely / truly / still / also / only / kinda / thus"
    " / therefore"
    " / currently / roughly / approximately / in my (?:view|opinion|case) / i think / i guess"
    " / i believe / i suppose / i feel"
)
# What is rated: "this response very much like me".
THINGS = one_of(
    "response / answer / reply / situation / statement / text / message / advice / approach / view"
    " / opinion / attitude / sentiment / comment / post / suggestion / perspective / reaction"
    " / choice"
    " / rating / position / option / pick / verdict / description / category / label / scenario"
    " / similarity / level"
)
_OWN = one_of(
    "own / honest / final / best / gut / feeling / take / impression / thoughts? / thinking / sense"
    " / inclination / stance / guess / view / response / answer / reply / choice / rating / pick"
    " / verdict / conclusion / opinion / assessment / position / approach / reaction"
    f" / {LABELS}"
)
# Somebody who is like me is not an answer: "people like me".
PERSONS = one_of(
    "who / whom / people / persons? / someone / somebody / anyone / anybody / everyone / everybody"
    " / nobody / he / she / they / we / others? / folks? / friends? / wife / husband / partner"
    " / mother"
    " / father / mom / mum / dad / brother / sister / son / daughter / child / children / kids?"
    " / man"
    " / woman / men / women / guys? / girls? / boys? / users? / students? / parents? / humans?"
    " / models?"
    " / machines? / ones / those / colleagues? / neighbou?rs? / teachers? / many / some / most"
    " / few"
    rf" / all of (?:us|them) / none / (?:my|your|his|her|their|our) (?!{_OWN}\b|{THINGS}\b)\w+"
)
# What a rater does to name its answer, with what may be between it and the phrase.
CHOOSING = one_of(
    "say / said / saying / choose / chose / chosen / choosing / pick / picked / picking / select"
    " / selected / selecting / answer / answered / respond / reply / rate / rated / rating / go"
    " / went"
    " / going / opt / opted / lean / leaning / settle / settled / call / describe / consider"
    " / label"
    " / mark / classify / rank / put / place / stick / vote / guess / think / believe / feel / find"
    " / found / estimate / suppose / assume / conclude / judge / deem / submit / offer / give"
    " / see / assess / tick / land / end up / decide / decided"
    " / assign"
    " / categori[sz]e / characteri[sz]e / agree / mean / meant"
)
CHOOSING_LINKS = one_of(
    "that / with / for / on / to / towards? / as / it / this / that / so / saying"
    " / in favou?r of / my"
    f" / the / at / into / down / maybe / somewhere / around / {THINGS} / mine / myself"
    f" / option / being"
    " / be / more / me"
)
MATCHED = one_of(
    "described / rated / classified / characteri[sz]ed / labell?ed / summari[sz]ed / categori[sz]ed"
    " / closest / closer / close / nearest / corresponds? / equates? / amounts? / equivalent"
    " / maps? / falls?"
    " / translates? / points? / comes? / similar / aligns? / aligned / matches / matched / captured"
    " / put / best / settled / landed? / lands / goes / leans? / counts / down"
)
MATCHED_LINKS = one_of("as / to / under / by / into / with / for / towards? / on / at")

# What opens an answer and leaves the phrase to stand for itself: "Sure! Like me."
OPENERS = one_of(
    r"sure(?: thing)? / yes / yeah / yep / yup / ok(?:ay)? / right / well / hmm+ / um+ / uh / so"
    r" / certainly / of course / alright / absolutely / got it / understood / great / good question"
    r" / thanks?(?: you)?(?: for \w+ing)? / honestly / frankly / overall / generally / personally"
    r" / truthfully / ultimately / finally / again / therefore / thus / hence / then / accordingly"
    r" / all things considered / all in all / on balance / in general / in short / in brief"
    r" / in sum"
    r" / in summary / in conclusion / to conclude / to summari[sz]e / to sum up / to be honest"
    r" / to be fair / to be clear / to answer (?:your|the) question / to answer / for me"
    r" / as for me"
    r" / in my (?:own )?(?:\w+ )?(?:opinion|view|case|judge?ment|assessment|estimation)"
    r" / from my (?:perspective|point of view) / my (?:answer|choice|pick|rating) / i think"
    r" / i guess"
    r" / i suppose / i believe / i feel / i'd say / i would say / i say / let's say / probably"
    r" / possibly / only / surely / obviously / arguably / apparently / presumably"
    r" / dir[ií]a que / perhaps / maybe / definitely / clearly / simply / likely / most likely"
    r" / if anything / hard to say / tough (?:one|call|question) / difficult to say / it depends"
    r" / no hesitation / thinking about it / and / but / here / here goes / here you go"
    r" / here it is"
    r" / here is my answer / as requested / as instructed / as an ai / as a language model"
    r" / as an ai language model / final / final answer / answer / ans / option / now / actually"
    r" / after (?:some |careful |much )?(?:thought|consideration|reflection|reading|deliberation)"
    r" / no problem / in one phrase / in a phrase / in (?:\w+ )?words? / i mean / i meant"
    r" / please note"
    r" / (?:ma |la )?r[ée]ponse(?: est| serait)? / je (?:choisis|dirais|r[ée]ponds)"
    r" / (?:meine )?antwort(?: ist| lautet| w[äa]re)? / ich (?:w[äa]hle|w[üu]rde sagen|antworte)"
    r" / (?:mi )?respuesta(?: es| ser[ií]a)? / elijo / escojo / dir[ií]a"
    r" / (?:a )?(?:minha )?resposta(?: [ée])?"
    r" / escolho / (?:la mia )?risposta(?: [èe])? / scelgo / mijn antwoord(?: is)? / ik kies"
    r" / мой ответ / я выбираю / 我?(?:的)?(?:选择|選擇|答案是?|回答是?|会说|选)"
    r" / (?:私の)?答えは / 回答は? / (?:제 )?답은"
)
OPENING_CLAUSES = one_of(
    r"if / without / based on / give / see / assess / tick / land / end up / decide / decidedn"
    r" / considering / having / after / not (?:\w+ )?(?:sure"
    r"|certain)"
    r" / i'm not (?:\w+ )?(?:sure|certain) / as an?  / looking / taking / with / despite / judging"
    r" / comparing / reading / thinking / between / among / out of / forced / assuming / speaking"
    r" / weighing / all / on  / in  / from  / for  / to  / when / while / since / because"
    r" / although"
    r" / though / at "
)

# What may follow an answer in its own sentence: a reason, a hedge, a remark about it.
REASONS = one_of(
    r"because / since / as (?!much|many|well as|soon) / but / although / though / while"
    r" / whereas"
    r" / give / see / assess / tick / land / end up / decide / decidedn / due to / in that"
    r" / in terms of / in many / in most / in some / in this"
    r" / in general"
    r" / in my / in all honesty / on the whole / overall / i'd say / i think / i guess / i believe"
    r" / i suppose / i'd / i would / i feel / for the / for these / for this / for several / for me"
    r" / however / yet / which / with / so / and i\b / and it\b / and this\b / to some"
    r" / to a (?:large|great|certain|small|fair|good|high|considerable) / to be honest / to be fair"
    r" / honestly / personally / probably / definitely / certainly / undoubtedly / i must \w+"
    r" / i admit"
    r" / i'm (?:\w+ )?(?:sure|certain|confident|afraid) / thanks? / thank you / please / when it"
    r" / when i / here / it's / this is / this response / the response / except / even though"
    r" / despite"
    r" / without / based on / considering / according to my / at least / at (?:this"
    r"|the) (?:moment|time)"
    r" / for (?:now|sure|certain) / really / indeed / if i (?:had|have|must|were|was) to"
    r" / if i'm / if i am / if i may"
    r" / if forced / if pressed / if anything / if pushed / no doubt / hands down"
    r" / all things considered"
    r" / is my / would be my / \d{1,3} ?% / confidence / reason / explanation / it is\b"
    r" / that is my / that's my / these days / i (?:won't|can't|cannot) deny / no question"
    r" / without question / regarding / in spirit / unless / if not / even if / weil"
    r" / porque / parce que / perch[eé] / not\b"
    r" / rather than / instead of / as opposed to / and not\b / over / です / でした / 입니다"
    r" / [a-z_ ]{1,30}:"
)
# What follows a phrase that is only talked about, or that goes on into another sense.
PREDICATES = one_of(
    "would / could / should / might / may / can / cannot / can't / must / does / do / did / doesn't"
    " / didn't / don't / means? / meant / isn't / is / are / aren't / was / wasn't / were / has"
    " / have"
    " / had / implies / suggests / seems / sounds"
)
QUALIFIERS = one_of(
    "somewhat / a lot / a bit / mostly / partly / partially / more so / even more / less so"
    " / sometimes"
    " / rarely / occasionally / at times / a little / very much / not at all / to (?:some"
    "|an) extent"
)
# What takes back what was said. With a phrase behind it, that phrase replaces it.
RETRACTIONS = one_of(
    r"scratch that / strike that / (?:i )?take (?:that|it) back / i (?:withdraw|retract)(?: that"
    r"| it| this)?(?: answer| rating)? / i made a mistake"
    r" / (?:please )?(?:ignore|disregard|cancel|delete|undo|forget|retract) (?:that|it|this"
    r"|what i said"
    r"|my (?:answer|rating|last)) / never ?mind / just kidding / i'm joking"
    r" / (?:that|it|this)(?:(?:'s| is| was) not|(?: is| was)n't) (?:right|true|correct|it"
    r"|my answer|what i meant) / (?:that|it|this)(?:'s| is| was) (?:wrong|false"
    r"|incorrect"
    r"|a joke|a mistake|my mistake)"
)
CORRECTIONS = one_of(
    r"no,? wait / wait / no / nope / not quite / actually / correction / corrected / sorry"
    r" / apologies"
    r" / oops / whoops / hold on / hang on / my mistake / my bad / i mean / or rather / rather"
    r" / better"
    r" / make that / change that to / changed my mind"
    r" / on (?:second|further|closer) (?:thoughts?|reflection|look|reading|inspection)"
    r" / on reflection / thinking (?:again|about it (?:more|again)) / reconsidering"
    r" / upon reflection"
    r" / let me (?:correct|rephrase|revise|reconsider|change|rethink|fix)[^.:,\n]{0,40}"
    r" / i (?:meant|change my|revise my|correct)[^.:,\n]{0,40} / edit / update / revised / instead"
    f" / {RETRACTIONS}"
)
