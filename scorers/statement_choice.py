"""Reading which statement was chosen of each group, from the JSON object that was asked for.

Strict JSON first; then what models make of it: fences, text around it, single quotes, a wrapper, a
cut. A choice counts only when it names one of the statements of its own group. Nothing guesses.

The published evaluation (Jiang et al., 2025) takes the number after `_s` in `choice`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scorers.refusal import declines

STATUSES = (
    "valid",
    "absent",
    "impossible",
    "truncated",
    "refusal",
    "empty",
    "unreadable",
    "unasked",
)
CUT_OFF = ("max_tokens", "model_length")

_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'"})
_LABEL = re.compile(r"(?<![A-Za-z0-9])NSG\d{1,3}(?![\d_])")
# A choice may go on with the statement it names, but not with another number or label.
_CHOICE = re.compile(r"\s*(?:(NSG\d{1,3})_)?s(\d{1,2})(?:\s*|\s*[:.(-]\s*[^\W\d_].*)", re.DOTALL)
_ANY_CHOICE = re.compile(r"(?<![A-Za-z0-9])(?:NSG\d{1,3}_)?s\d")
# What opens a group in text that is no JSON, and the choice within it, closed by what follows.
_OPENING = re.compile(r"""["']([^"'\n]{1,60})["']\s{0,9}:""")
_CHOSEN = re.compile(
    r"""["']?choice["']?\s{0,9}:\s{0,9}(["']?)((?:NSG\d{1,3}_)?s\d{1,2})"""
    r"""(?:\1\s{0,99}(?=[,}\]\n])|(?<=\d)["']\s{0,99}\Z)"""
)


@dataclass(frozen=True)
class ChoiceReading:
    """How the choice of one group was read.

    Attributes:
        choice: the statement, counted from 1; None unless `valid`.
        status: one of `STATUSES`.
    """

    choice: int | None
    status: str


class _Conflict:
    """Stands for a group that an object holds twice with different content."""


def read_choices(
    text: str, groups: Mapping[str, int], stop_reason: str = "stop"
) -> dict[str, ChoiceReading]:
    """Read the chosen statement of each group.

    Args:
        text: what the model answered, as it came.
        groups: number of statements of each group that was asked, by label (`NSG1`, ...).
        stop_reason: why the model stopped; a group without a choice is `truncated` when a limit
            on tokens ended the answer.

    >>> read_choices('{"NSG1": {"rationale": "-", "choice": "NSG1_s2"}}', {"NSG1": 2})
    {'NSG1': ChoiceReading(choice=2, status='valid')}
    >>> read_choices('{"NSG1": {"choice": "NSG1_s3"}}', {"NSG1": 2})
    {'NSG1': ChoiceReading(choice=None, status='impossible')}
    """
    answer = text.rpartition("</think>")[2].partition("<think>")[0]
    found = _found(answer, groups) or _found(answer.translate(_QUOTES), groups)
    missing = "absent" if found or _from_pieces(answer) else _why_nothing(answer, stop_reason)
    if stop_reason in CUT_OFF:
        missing = "truncated"
    return {
        label: _read(found.get(label), label, count, missing) for label, count in groups.items()
    }


def _read(value: object, label: str, count: int, missing: str) -> ChoiceReading:
    if value is None:
        return ChoiceReading(None, missing)
    if isinstance(value, Mapping):
        value = value.get("choice")
        if value is None:
            return ChoiceReading(None, missing)
    if not isinstance(value, str):
        return ChoiceReading(None, "impossible")
    match = _CHOICE.fullmatch(value)
    if match is None or match.group(1) not in (None, label) or len(_ANY_CHOICE.findall(value)) > 1:
        return ChoiceReading(None, "impossible")
    if not 1 <= int(match.group(2)) <= count:
        return ChoiceReading(None, "impossible")
    return ChoiceReading(int(match.group(2)), "valid")


def _found(text: str, groups: Mapping[str, int]) -> dict[str, Any]:
    """What a text says of each group: of whole objects, then of what looks like one.

    Where a group is named more than once the later counts: models draft and then decide. When the
    last decision is no whole object, as when it was cut off, what stands before it counts for
    nothing as soon as it takes up a group again.
    """
    found: dict[str, Any] = {}
    rest = 0
    for held, end in _objects(text, groups):
        found |= held
        rest = end
    pieces = {k: v for k, v in _from_pieces(text[rest:]).items() if k in groups}
    return pieces if pieces.keys() & found.keys() else found | pieces


def _objects(text: str, groups: Mapping[str, int]) -> Iterator[tuple[dict[str, Any], int]]:
    """The groups of each outermost object of a text that has any, and where the object ends.

    Stops at what opens an object and is none: objects inside a broken one are parts of it.
    """
    decoder = json.JSONDecoder(object_pairs_hook=_without_conflicts)
    start = text.find("{")
    while start >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
            held = _groups_of(value, groups)
        except (ValueError, RecursionError):  # nested a thousand deep is no answer
            return
        if held:
            yield held, end
        start = text.find("{", end)


def _without_conflicts(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        out[key] = _Conflict() if key in out and out[key] != value else value
    return out


def _groups_of(value: object, groups: Mapping[str, int]) -> dict[str, Any]:
    """The groups in an object, or in what an object wraps."""
    if not isinstance(value, Mapping):
        return {}
    named = [(_label(key), inner) for key, inner in value.items()]
    held = _without_conflicts([(label, inner) for label, inner in named if label in groups])
    if held:
        return held
    wrapped = [_groups_of(inner, groups) for inner in value.values()]
    return max(wrapped, key=len, default={})


def _label(key: str) -> str:
    names = set(_LABEL.findall(key))
    return names.pop() if len(names) == 1 else key


def _from_pieces(text: str) -> dict[str, Any]:
    """Choices from text that only looks like JSON: wrong quotes, wrong commas, cut off.

    Each group reaches from its key to the next group's. Its choice must be closed by a quote, a
    comma, a bracket or the end of a line, so that a cut never makes one statement of another.
    """
    openings = [(match, _label(match.group(1))) for match in _OPENING.finditer(text)]
    openings = [(match, label) for match, label in openings if _LABEL.fullmatch(label)]
    ends = [*(match.start() for match, _ in openings), len(text)][1:]
    pairs = []
    for (match, label), end in zip(openings, ends, strict=True):
        chosen = {piece.group(2) for piece in _CHOSEN.finditer(text, match.end(), end)}
        # Where the next group's key is broken, its choice stands here too, under its own label.
        own = {choice for choice in chosen if choice.startswith(f"{label}_")} or chosen
        if own:
            pairs.append((label, {"choice": own.pop() if len(own) == 1 else "several"}))
    return _without_conflicts(pairs)


def _why_nothing(plain: str, stop_reason: str) -> str:
    if stop_reason == "content_filter":
        return "refusal"
    if not plain.strip():
        return "empty"
    return "refusal" if declines(plain) else "unreadable"
