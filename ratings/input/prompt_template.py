"""Prompt templates: text with fields to fill, which ships with the package or is the user's."""

import hashlib
import re
import string
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ratings.errors import DataError
from ratings.sources.locations import resolve_from_start

LETTERS = string.ascii_uppercase  # of choices, in their order


def load_template(shipped: str, fields: Sequence[str], path: str | None) -> str:
    """A template of the user's, or the one that ships with the package.

    Args:
        shipped: text of the one that ships.
        fields: that a user's must hold, each once.
        path: of the user's file; None for none.

    Raises:
        DataError: when there is no file at the path, it is not text, or it lacks a field.
    """
    if path is None:
        return shipped
    file = resolve_from_start(path)
    if not file.is_file():
        raise DataError(f"there is no prompt template at {file}")
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"the prompt template {file} is not UTF-8 text") from error
    for field in fields:
        if (count := text.count(f"{{{field}}}")) != 1:
            raise DataError(
                f"the prompt template {file} must hold {{{field}}} once, it does {count} times"
            )
    return text


def fill(template: str, parts: Mapping[str, str]) -> str:
    """Put parts into the fields of a template; what a part says is never taken for a field.

    >>> fill("{x} and {y} and {z}", {"x": "{y}", "y": "2"})
    '{y} and 2 and {z}'
    """
    return _fields(tuple(parts)).sub(lambda field: parts[field.group()[1:-1]], template)


@lru_cache(maxsize=64)  # a run fills few templates thousands of times
def _fields(names: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\{{{re.escape(name)}\}}" for name in names))


def template_hash(*templates: str) -> str:
    """SHA-256 of all wording that a model reads apart from the data."""
    return hashlib.sha256("\0".join(templates).encode()).hexdigest()
