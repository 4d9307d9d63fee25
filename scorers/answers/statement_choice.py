"""Reading which statement was chosen of each group, from the JSON object that was asked for.

Whole JSON first; then what models make of it: fences, text around it, single quotes, no quotes, a
wrapper, a cut. A choice counts only when it names one of the statements of its own group, and only
when the answer says one thing of the group: see `json_answer` for drafts, examples and
conclusions. Nothing guesses.

The published evaluation (Jiang et al., 2025) takes the number after `_s` in `choice`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scorers.answers.choice_pieces import choices_in_pieces
from scorers.answers.json_answer import (
    Pairs,
    answer_objects,
    concluded,
    inner_objects,
    key_rank,
    plain_json,
    taken_back,
)
from scorers.answers.spoken import CUT_OFF, spoken, status_without_answer

STATUSES = (
    "valid",
    "absent",
    "impossible",
    "ambiguous",
    "truncated",
    "refusal",
    "empty",
    "unreadable",
    "unasked",
)

# By group, what an answer says of it, one after the other, each with its rank as a conclusion.
Said = dict[str, list[tuple[int | str, int]]]

_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"})
_LABEL = re.compile(r"(?<![A-Za-z0-9])NSG\d{1,3}(?![\d_])", re.IGNORECASE)
_AROUND = " \t\r\n*`\"'[]()<>"
_NUMBER = re.compile(r"0{0,3}(\d{1,3})")
_CHOICE = re.compile(
    r"(?:(?P<label>NSG\d{1,3})_)?s(?P<number>\d{1,2})(?!\d)\s{0,9}(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
# What may be between a choice and the statement that it names, and how a statement begins.
_STATEMENT = re.compile(
    r"[:.,;(\u2013\u2014-]{1,2}\s{0,9}[\"'\u2018\u201c(]{0,2}(?P<text>[^\W\d_].*)", re.DOTALL
)
_LONGEST_STATEMENT = 1_000
# What no statement says and a model does that thinks again. Each of the catalog's statements is
# read behind its label (`tests/scorers/answers/test_statement_conclusions.py`).
_SECOND_THOUGHTS = re.compile(
    r"\d|\b(?:actually|wait|hmm+|hold on|scratch|correct(?:ed|ion)?|mistake|oops|however"
    r"|statements?|options?|answers?|reconsider\w*|re-?think\w*|reflection|second thoughts?"
    r"|chang(?:ed?|ing) (?:my|to)|switch\w*|swap\w*|alternative(?:ly)?|disregard|cancel\w*"
    r"|revise\w*|unless|unsure|never ?mind|nope|nsg|maybe|perhaps|possibly"
    r"|(?:could|might|would) (?:also|rather|equally|just as well) be"
    r"|but (?:the|not?|it|its|it's|i'd|i would|i think|also|then|that|this|rather|another|both))\b"
    r"|\b(?:first|second|third|fourth|fifth|last|other|former|latter|next|previous|another|opposite"
    r"|wrong) (?:one|is|was|fits|seems|sounds|looks|would|choice)\b"
    r"|\b(?:the|its?) (?:second|third|fourth|other|former|latter|last|next|previous|opposite)\W*\Z"
    r"|\A(?:sorry|(?:not|un) ?sure)\b"
    r"|\A(?:no|not|isn't|is|was|or|nor|and|rather|instead|none|neither|another|both|either"
    r"|the (?:first|second|third|fourth|fifth|other|last|former|latter|next))"
    r"\s{0,9}(?:[^\w\s]|it\b|this\b|that\b|the\b|likely\b|quite\b|really\b|my\b|their\b|her\b"
    r"|his\b|\Z)",
    re.IGNORECASE,
)
_CHOICE_KEY = re.compile(r"(?:(?:my|the|final|corrected|revised)[ _-])?choice", re.IGNORECASE)


@dataclass(frozen=True)
class ChoiceReading:
    """How the choice of one group was read.

    Attributes:
        choice: the statement, counted from 1; None unless `valid`.
        status: one of `STATUSES`.
    """

    choice: int | None
    status: str


def read_choices(
    text: str, groups: Mapping[str, int], stop_reason: str = "stop"
) -> dict[str, ChoiceReading]:
    """Read the chosen statement of each group.

    Args:
        text: what the model answered, as it came. Thoughts are passed over.
        groups: number of statements of each group that was asked, by label (`NSG1`, ...).
        stop_reason: why the model stopped; a group without a choice is `truncated` when a limit
            on tokens ended the answer.

    >>> read_choices('{"NSG1": {"rationale": "-", "choice": "NSG1_s2"}}', {"NSG1": 2})
    {'NSG1': ChoiceReading(choice=2, status='valid')}
    >>> read_choices('{"NSG1": {"choice": "NSG1_s3"}}', {"NSG1": 2})
    {'NSG1': ChoiceReading(choice=None, status='impossible')}
    >>> read_choices('{"NSG1": 1} or {"NSG1": 2}', {"NSG1": 2})
    {'NSG1': ChoiceReading(choice=None, status='ambiguous')}
    """
    cut_off = stop_reason in CUT_OFF
    heard = spoken(text)
    answer = "" if heard.thinking and cut_off else plain_json(heard.text)
    said = _said(answer, groups, cut_off)
    if not said and (straight := answer.translate(_QUOTES)) != answer:
        said = _said(straight, groups, cut_off)
    tail = answer[answer.rfind("}") + 1 :] if said else ""
    back = taken_back(tail)
    if back == "declines":
        said = {}
    doubtful = _named(tail) or set(groups) if back == "corrects" else set()
    missing = status_without_answer(text, stop_reason, "unreadable")
    if said and not cut_off:
        missing = "absent"
    return {
        label: _reading(said.get(label, []), label in doubtful, missing, cut_off)
        for label in groups
    }


def _reading(
    said: list[tuple[int | str, int]], doubtful: bool, missing: str, cut_off: bool
) -> ChoiceReading:
    if not said:
        return ChoiceReading(None, missing)
    found = concluded(said)
    if found is None or doubtful:
        found = "ambiguous"
    if isinstance(found, int):
        return ChoiceReading(found, "valid")
    # what an answer comes to that goes on, nobody knows
    return ChoiceReading(None, "truncated" if cut_off and found == "ambiguous" else found)


def _said(text: str, groups: Mapping[str, int], cut_off: bool) -> Said:
    """What a text says of each group: in whole objects, then in what looks like one.

    When the last decision is not a whole object, as when it was cut off, what is before it counts
    for nothing of the groups that it does not reach, as soon as it takes up a group again.
    """
    objects, _ = answer_objects(text)
    said: Said = {}
    rest = 0
    for one in objects:
        held = _groups_of(one.value)
        # A draft has groups too, and what looks like JSON is not looked for in it.
        if held or any(isinstance(inner, Pairs) and _groups_of(inner) for _, inner in one.value):
            rest = one.end
        for label, value, rank in held if one.rank is not None else ():
            most = max(rank, one.rank or 0)
            choices = _choices(value, label, groups.get(label, 0))
            said.setdefault(label, []).extend((choice, most) for choice in choices)
    said = {label: values for label, values in said.items() if values}
    pieces = {
        label: [(_choice(value, label, groups.get(label, 0)), rank) for value, rank in values]
        for label, values in choices_in_pieces(text[rest:], cut_off).items()
    }
    if pieces.keys() & said.keys():
        return {label: said.get(label, []) + more for label, more in pieces.items() if more}
    return said | {label: more for label, more in pieces.items() if more}


def _groups_of(value: Pairs, depth: int = 0) -> list[tuple[str, object, int]]:
    """The groups in an object, or in what it wraps: label, what is said, and the key's rank."""
    held = [(_label(key), said, 0) for key, said in value]
    return [one for one in held if one[0]] or [
        (label, said, max(rank, key_rank(key)))
        for key, inner in inner_objects(value, depth)
        for label, said, rank in _groups_of(inner, depth + 1)
    ]


def _choices(value: object, label: str, count: int, depth: int = 0) -> list[int | str]:
    """What is said of a group: one choice, or what it is instead of one; nothing of no choice."""
    if value is None:
        return []
    if not isinstance(value, Pairs):
        return [_choice(value, label, count)]
    chosen = [(held, key_rank(key)) for key, held in value if _CHOICE_KEY.fullmatch(key.strip())]
    said = [(_choice(held, label, count), rank) for held, rank in chosen if held is not None]
    if not said:
        said = [
            (choice, key_rank(key))
            for key, inner in inner_objects(value, depth)
            for choice in _choices(inner, label, count, depth + 1)
        ]
    if not said:
        return []
    most = max(rank for _, rank in said)
    plainest = {choice for choice, rank in said if rank == most}
    return [plainest.pop() if len(plainest) == 1 else "ambiguous"]


def _choice(value: object, label: str, count: int) -> int | str:
    """A statement's number from 1 to `count`, or `impossible` or `ambiguous`."""
    number, rest = 0, ""
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str):
        value = value.strip(_AROUND)
        bare = _NUMBER.fullmatch(value)
        match = _CHOICE.match(value)
        if bare:
            number = int(bare[1])
        elif match and (match["label"] or label).upper() == label:
            number, rest = int(match["number"]), match["rest"].rstrip(_AROUND)
    if not 1 <= number <= count:
        return "impossible"
    return number if not rest.strip(".:,;") or _is_statement(rest) else "ambiguous"


def _is_statement(rest: str) -> bool:
    """Whether what follows a choice may be the statement that it names, and no second thought."""
    statement = _STATEMENT.fullmatch(rest) if len(rest) <= _LONGEST_STATEMENT else None
    return bool(statement and not _SECOND_THOUGHTS.search(statement["text"]))


def _label(key: str) -> str:
    """The label of a group in a key, in capitals; empty where it holds none, or several."""
    names = _named(key[:99])
    return names.pop() if len(names) == 1 else ""


def _named(text: str) -> set[str]:
    return {name.upper() for name in _LABEL.findall(text)}
