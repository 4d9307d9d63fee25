"""What a model reads: known statements of a person, and groups of statements to choose from.

The paper prints its prompt in appendix B.1. The template here is of our own wording, with the same
parts in the same order, asking for the same answer. What fills its fields is laid out as in the
authors' release: known statements with their first letter raised, a line each, nothing where none
is known; groups as JSON with four spaces of indent, their statements as in the catalog.
"""

import json
from collections.abc import Mapping, Sequence
from importlib import resources

from ratings.input.prompt_template import fill, load_template
from ratings.instruments.indie_value import as_said

FIELDS = ("known_statements", "new_statement_groups")
_INDENT = 4


def prompt_template(path: str | None = None) -> str:
    """The template that ships with the task, or one of the user's.

    Raises:
        DataError: when there is no file at the path, it is not text, or it lacks a field.
    """
    shipped = resources.files("benchmarks.indie_value") / "template.txt"
    return load_template(shipped.read_text(encoding="utf-8"), FIELDS, path)


def group_label(number: int) -> str:
    """The label of a group of statements by its number among those asked, from 0.

    >>> group_label(0)
    'NSG1'
    """
    return f"NSG{number + 1}"


def render_prompt(template: str, known: Sequence[str], groups: Mapping[str, Sequence[str]]) -> str:
    r"""Put what is known and what is asked into a template.

    Args:
        template: with both fields.
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
        "known_statements": "\n".join(f"# {as_said(statement)}" for statement in known),
        "new_statement_groups": json.dumps(asked, indent=_INDENT, ensure_ascii=False),
    }
    return fill(template, parts)
