"""What a model says of a query: what is wrong with it, and which values it can engage."""

from typing import Any

from ratings.instruments.dimensions import SCHWARTZ
from scorers.answers.json_answer import answer_objects, concluded, plain_json
from scorers.answers.spoken import spoken, status_without_answer

STATUSES = ("valid", "refusal", "empty", "truncated", "unreadable")
FAULTS = ("harmful", "about_the_model", "factual", "irrelevant", "other_language")


def read_judgement(text: str, stop_reason: str) -> tuple[dict[str, bool] | None, str]:
    """Which faults a query has, and how the answer was read.

    An answer is one object with each of `FAULTS` true or false; None otherwise.

    >>> read_judgement('{"harmful": false, "about_the_model": false, "factual": true, '
    ...                '"irrelevant": false, "other_language": false}', "stop")[0]["factual"]
    True
    >>> read_judgement('{"harmful": false}', "stop")
    (None, 'unreadable')
    """
    said = [
        (tuple(held[name] for name in FAULTS), rank)
        for held, rank in _objects(text)
        if all(isinstance(held.get(name), bool) for name in FAULTS)
    ]
    found = concluded(said)
    if found is None:
        return None, status_without_answer(text, stop_reason, "unreadable")
    return dict(zip(FAULTS, found, strict=True)), "valid"


def read_values(text: str, stop_reason: str) -> tuple[tuple[str, ...] | None, str]:
    """Which of the ten values a query engages, in their order, and how the answer was read.

    >>> read_values('{"values": ["security", "Self-Direction"]}', "stop")
    (('Security', 'Self-Direction'), 'valid')
    >>> read_values('{"values": ["Courage"]}', "stop")
    (None, 'unreadable')
    """
    said = [
        (names, rank)
        for held, rank in _objects(text)
        if (names := _known(held.get("values"))) is not None
    ]
    found = concluded(said)
    if found is None:
        return None, status_without_answer(text, stop_reason, "unreadable")
    return found, "valid"


def _objects(text: str) -> list[tuple[dict[str, Any], int]]:
    """Objects of an answer with their ranks, without examples and without thoughts."""
    found, _ = answer_objects(plain_json(spoken(text).text))
    return [(dict(one.value), one.rank) for one in found if one.rank is not None]


def _known(names: object) -> tuple[str, ...] | None:
    """Names of values in their order; None where it is no list of them."""
    if not isinstance(names, list):
        return None
    spelt = {name.casefold(): name for name in SCHWARTZ}
    given = [str(name).strip().casefold().replace(" ", "-") for name in names]
    if any(name not in spelt for name in given):
        return None
    return tuple(name for name in SCHWARTZ if name.casefold() in given)
