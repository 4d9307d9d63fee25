"""Choices from text that only looks like JSON: wrong or no quotes, wrong commas, cut off."""

import re

from scorers.answers.json_answer import lead_rank

# 39 groups in some fifty drafts. What has more is a loop, and is not read.
MOST_OPENINGS, MOST_DRAFTS = 2_000, 50

# What opens a group: its label in quotes with a colon behind, or without quotes at the start of a
# line or behind a bracket or comma.
_OPENING = re.compile(
    r"""["'](?P<quoted>[^"'\n]{0,50}?(?<![A-Za-z0-9])NSG\d{1,3}(?![\d_])[^"'\n]{0,20})["']\s{0,9}:"""
    r"""|(?:^|(?<=[{,]))[ \t]{0,9}[-+>]?[ \t]{0,9}[*`_]{0,3}(?P<bare>NSG\d{1,3})(?![\d_])"""
    r"""[*`_]{0,3}[ \t]{0,9}:[*`_]{0,3}""",
    re.IGNORECASE | re.MULTILINE,
)
_LABEL = re.compile(r"(?<![A-Za-z0-9])NSG\d{1,3}(?![\d_])", re.IGNORECASE)
# A choice is closed by a quote, a comma, a bracket or the end of a line, so that a cut never makes
# one statement of another.
_VALUE = (
    r"""\s{0,9}[*`_]{0,3}(?P<quote>["']?)(?P<value>(?:NSG\d{1,3}_)?s\d{1,2}|\d{1,2})"""
    r"""(?:(?P=quote)[*`_]{0,3}[^\S\n]{0,99}(?=[,}\]\n]|\s{0,99}[,}\]])|(?<=\d)["']\s{0,99}\Z)"""
)
_DIRECT = re.compile(_VALUE, re.IGNORECASE)
_CHOSEN = re.compile(r"""(?<![^\W_])["']?choice["']?[*`_]{0,3}\s{0,9}:""" + _VALUE, re.IGNORECASE)


def choices_in_pieces(text: str, cut_off: bool) -> dict[str, list[tuple[str, int]]]:
    """The choices of a text: by group, what is chosen, one after the other, each with its rank.

    Each group reaches from its key to the next group's. Where several choices are there, all
    are given.

    Args:
        text: the answer, or what is left of it behind its whole objects.
        cut_off: whether a limit on tokens ended it; then its end closes no choice, and a group
            that was begun again last has none: an empty list.

    >>> choices_in_pieces("{NSG1: {choice: NSG1_s2}, NSG2: 1", cut_off=False)
    {'NSG1': [('NSG1_s2', 0)], 'NSG2': [('1', 0)]}
    """
    if not cut_off:
        text += "\n"
    openings = []
    for match in _OPENING.finditer(text):
        names = {name.upper() for name in _LABEL.findall(match["quoted"] or match["bare"])}
        if len(names) == 1:
            openings.append((match.start(), match.end(), names.pop()))
        if len(openings) > MOST_OPENINGS:
            return {}
    ranks = _ranks(text, openings)
    ends = [start for start, _, _ in openings[1:]] + [len(text)]
    found: dict[str, list[tuple[str, int]]] = {}
    for (_, after, label), end, rank in zip(openings, ends, ranks, strict=False):
        if rank is None:
            continue
        direct = _DIRECT.match(text, after, end)
        values = [direct["value"]] if direct else []
        values += [match["value"] for match in _CHOSEN.finditer(text, after, end)]
        # Where the next group's key is broken, its choice is here too, under its own label.
        own = [value for value in values if value.upper().startswith(f"{label}_")] or values
        found.setdefault(label, []).extend((value, rank) for value in own)
        if cut_off and end == len(text) and not own:
            found[label] = []
    return {label: chosen for label, chosen in found.items() if chosen or cut_off}


def _ranks(text: str, openings: list[tuple[int, int, str]]) -> list[int | None]:
    """How plainly each group is marked as concluded, by the words in front of its draft.

    A draft goes as far as no label comes again. Empty where there are too many.
    """
    ranks: list[int | None] = []
    seen: set[str] = set()
    drafts, before = 0, 0
    for start, after, label in openings:
        # A label that comes again in the same object or line is not a new draft.
        apart = not ranks or "}" in text[before:start] or "\n" in text[before:start]
        if apart and (label in seen or not ranks):
            drafts += 1
            if drafts > MOST_DRAFTS:
                return []
            seen.clear()
            closed = 1 + max(text.rfind(sign, before, start) for sign in "}\"'")
            rank = lead_rank(text, start, max(before, closed))
        seen.add(label)
        ranks.append(rank)
        before = after
    return ranks
