"""What a model reads: known statements of a person, and groups of statements to choose from.

The paper prints its prompt in appendix B.1. The template here is worded anew, with the same parts
in the same order, asking for the same answer. What fills its places is laid out as in the authors'
release: known statements with their first letter raised, a line each, nothing where none is known;
groups as JSON with four spaces of indent, their statements as in the catalog.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

from ratings.errors import DataError
from ratings.instruments.indie_value import as_said
from ratings.sources.locations import resolve_from_start

PLACES = ("{known_statements}", "{new_statement_groups}")
_INDENT = 4

_PLACE = re.compile(r"\{(known_statements|new_statement_groups)\}")


@lru_cache
def load_template(path: str | None = None) -> str:
    """The template that ships with the task, or one of the user's.

    Raises:
        DataError: when there is no file at the path, it is not text, or it lacks one of the two
            places to fill.
    """
    if path is None:
        shipped = resources.files("benchmarks.indie_value") / "template.txt"
        return shipped.read_text(encoding="utf-8")
    file = resolve_from_start(path)
    if not file.is_file():
        raise DataError(f"there is no prompt template at {file}")
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"the prompt template {file} is not UTF-8 text") from error
    for place in PLACES:
        if text.count(place) != 1:
            raise DataError(
                f"the prompt template {file} must hold {place} once, it does {text.count(place)} "
                f"times"
            )
    return text


def template_hash(template: str) -> str:
    """SHA-256 of a template."""
    return hashlib.sha256(template.encode()).hexdigest()


def group_label(place: int) -> str:
    """The label of a group of statements by its place among those asked, from 0.

    >>> group_label(0)
    'NSG1'
    """
    return f"NSG{place + 1}"


def render_prompt(template: str, known: Sequence[str], groups: Mapping[str, Sequence[str]]) -> str:
    r"""Put what is known and what is asked into a template.

    Args:
        template: with the two places to fill.
        known: statements of the person.
        groups: the statements to choose from, by the group's label.

    >>> print(render_prompt("{known_statements}\n{new_statement_groups}",
    ...                     ["tea is hot"], {"NSG1": ["tea is good", "tea is bad"]}))
    # Tea is hot
    {
        "new statement group 1 (NSG1)": [
            {
                "NSG1_s1": "tea is good"
            },
            {
                "NSG1_s2": "tea is bad"
            }
        ]
    }
    """
    asked = {
        f"new statement group {label.removeprefix('NSG')} ({label})": [
            {f"{label}_s{number}": statement} for number, statement in enumerate(statements, 1)
        ]
        for label, statements in groups.items()
    }
    parts = {
        "known_statements": _listed(known),
        "new_statement_groups": json.dumps(asked, indent=_INDENT, ensure_ascii=False),
    }
    return _PLACE.sub(lambda mark: parts[mark.group(1)], template)


def known_place(template: str, known: Sequence[str], text: str) -> list[int]:
    r"""Where what is known stands in a prompt: where it starts and ends, or empty for nothing.

    Args:
        template: that the prompt was made from.
        known: statements of the person.
        text: the prompt.

    >>> known = ["I like tea", "I like it hot"]
    >>> text = render_prompt("{new_statement_groups}\n{known_statements} .", known, {})
    >>> start, end = known_place("{new_statement_groups}\n{known_statements} .", known, text)
    >>> text[start:end].splitlines()
    ['# I like tea', '# I like it hot']
    """
    if not known:
        return []
    before, _, behind = template.partition(PLACES[0])
    size = len(_listed(known))
    start = len(before) if PLACES[1] in behind else len(text) - len(behind) - size
    return [start, start + size]


def _listed(known: Sequence[str]) -> str:
    return "\n".join(f"# {as_said(statement)}" for statement in known)
