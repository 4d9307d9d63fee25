"""What of an answer was said, as against thought: one rule for every benchmark.

Reasoning models write their thoughts in front of the answer, between tags. Providers cut the
thoughts off when the tags come in pairs; what arrives here has lost one of the two, or has tags
that the provider does not know.
"""

import re
from dataclasses import dataclass

from scorers.answers.refusal import declines

# Why a model stopped: at its limit of tokens, or at the end of its context.
CUT_OFF = ("max_tokens", "model_length")

_NAMES = (
    r"(?:(?:ant|antml:)?think(?:ing)?(?:_\w+)?|thoughts?|reason(?:ing)?(?:_\w+)?|reflection"
    r"|analysis|scratchpad"
    r"|cot(?:_\w+)?"
    r"|(?:inner[_ -]?)?monologue|chain[_ -]of[_ -]thought)"
)
# Angle brackets also as typographic look-alikes and as HTML writes them; a namespace as in
# <seed:think>. Of square brackets only [THINK]: "[Analysis]" is a heading.
_TAG = re.compile(
    r"[<\[]\|?(?:(?:begin|start)(?:[ _-]of)?[ _-](?:thoughts?|thinking|reasoning|think)"
    r"|(?:thought|thinking|reasoning|think|inner|cot)\w{0,9}_(?:start|begin|prefix)"
    r"|(?P<end>(?:end|stop)(?:[ _-]of)?[ _-](?:thoughts?|thinking|reasoning|think)"
    r"|(?:thought|thinking|reasoning|think|inner|cot)\w{0,9}_(?:end|stop|suffix)))\|?[>\]]"
    r"|(?:<|&lt;|◁|＜|⟨|〈)\s{0,9}+\|?\s{0,9}+(?P<slash>/?)\s{0,9}+(?:[a-z]{1,12}:)?"
    rf"{_NAMES}\b[^<>◁▷\n]{{0,80}}?(?P<empty>/?)\s{{0,9}}+\|?\s{{0,9}}+(?:>|&gt;|▷|＞|⟩|〉)"
    r"|\[\s{0,9}+(?P<square>/?)\s{0,9}+(?:think(?:ing)?|thoughts?)\s{0,9}+\]"
    r"|<details\b[^<>]{0,80}>\s{0,9}+<summary>\W{0,9}(?:think|thought|reason"
    r"|analysis)[^<>]{0,40}</summary>"
    r"|(?P<details></details>)|<unused94>|(?P<unused><unused95>)"
    r"|^\s{0,9}+Thinking\.{3}|(?P<done>\.{3}\s?done thinking\.)",
    re.IGNORECASE,
)
_ANY_MARK = re.compile(rf"{_NAMES}|channel|inner|unused9", re.IGNORECASE)
# Thoughts in a fence of Markdown, and as stage directions.
_FENCED = re.compile(
    r"```\s?(?:think(?:ing)?|thoughts?|reasoning)\b[^`]*(?:```|$)|(?:^|\n)\*(?:thinks"
    r"|thinking)\b[^*\n]*\*",
    re.IGNORECASE,
)
_CLOSING = ("slash", "square", "end", "details", "unused", "done")
# The channels of OpenAI's harmony format: whatever is not on the final one is thought.
_CHANNEL = re.compile(
    r"<\s{0,9}+\|\s{0,9}+channel\s{0,9}+\|\s{0,9}+>\s{0,9}+(?P<name>\w{1,20})"
    r"(?:(?!<\s{0,9}+\|\s{0,9}+(?:message|channel))[\s\S]){0,80}"
    r"<\s{0,9}+\|\s{0,9}+message\s{0,9}+\|\s{0,9}+>",
    re.IGNORECASE,
)
_CHANNEL_END = re.compile(
    r"<\s{0,9}+\|\s{0,9}+(?:end|return|call|start)\s{0,9}+\|\s{0,9}+>", re.IGNORECASE
)
# The same format where its special tokens were dropped in decoding.
_BARE_ANALYSIS = re.compile(r"\s{0,9}+analysis")
_BARE_FINAL = "assistantfinal"


@dataclass(frozen=True)
class Spoken:
    """The part of an answer that was said.

    Attributes:
        text: without thoughts.
        thinking: whether the answer ends within a thought.
    """

    text: str
    thinking: bool


def spoken(text: str) -> Spoken:
    r"""An answer without its thoughts.

    Thought is what is between an opening and a closing tag, everything before a closing tag
    that nothing opened, and everything after an opening tag that nothing closes. Tags are `think`,
    `thinking`, `thought`, `reasoning` and their like, in angle brackets, square brackets or `◁▷`,
    in any case and with any spaces. Of harmony's channels only the final one is said.

    >>> spoken("Not like me. Hmm… </think> like me").text.strip()
    'like me'
    >>> spoken("<think> Not like me? The person")
    Spoken(text='', thinking=True)
    >>> spoken("<think>Hm.</think>\nlike me").text.strip()
    'like me'
    """
    if not _ANY_MARK.search(text):
        return Spoken(text, False)
    text, in_channel = _final_channel(_FENCED.sub("\n", text))
    said: list[str] = []
    since = 0
    thinking = False
    for tag in _TAG.finditer(text):
        if tag["empty"] and not tag["slash"]:
            continue  # <think/> holds no thought
        if tag["details"] and not thinking:
            continue  # it closed something else
        if any(tag[name] for name in _CLOSING):
            if not thinking:
                said.clear()
            since, thinking = tag.end(), False
        elif not thinking:
            said.append(text[since : tag.start()])
            thinking = True
    if not thinking:
        said.append(text[since:])
    return Spoken("\n".join(said), thinking or in_channel)


def status_without_answer(text: str, stop_reason: str, otherwise: str) -> str:
    """Why an answer in which nothing could be read is missing.

    Args:
        text: the answer as it came.
        stop_reason: why the model stopped.
        otherwise: the status of an answer that is whole, not empty, and does not decline.

    Returns:
        `refusal` where the provider's filter stopped it, `truncated` where a limit on tokens did,
        `empty` where nothing was said, `refusal` where it declines, and `otherwise`.

    >>> status_without_answer("<think>The person", "max_tokens", "unreadable")
    'truncated'
    """
    if stop_reason == "content_filter":
        return "refusal"
    if stop_reason in CUT_OFF:
        return "truncated"
    said = spoken(text).text
    if not said.strip():
        return "empty"
    return "refusal" if declines(said) else otherwise


def _final_channel(text: str) -> tuple[str, bool]:
    """What was said on the final channel, and whether an answer with channels never reached it."""
    channels = list(_CHANNEL.finditer(text))
    if channels:
        final = [channel for channel in channels if channel["name"].lower() == "final"]
        if not final:
            return "", True
        said = text[final[-1].end() :]
        end = _CHANNEL_END.search(said)
        return (said[: end.start()] if end else said), False
    if _BARE_ANALYSIS.match(text):
        _, mark, said = text.rpartition(_BARE_FINAL)
        if mark:
            return said, False
    return text, False
