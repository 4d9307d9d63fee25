"""What a model reads: templates of our own wording, and how their places are filled.

The paper prints its prompts in appendix E. The templates here are worded anew, with the same
parts; what is told of a rater comes before the instance, so that calls about one rater begin alike.
"""

import hashlib
import re
import string
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

from ratings.errors import DataError
from ratings.sources.locations import resolve_from_start

DECODE, ENCODE, APART = "decode.txt", "encode.txt", "apart.txt"
LETTER, STATED = "answer_letter.txt", "answer_stated.txt"
PLACES: Mapping[str, tuple[str, ...]] = {
    DECODE: ("task", "told", "instance", "choices", "answer"),
    ENCODE: ("task", "ratings"),
    APART: ("task", "instance", "profile_1", "profile_2", "x", "y"),
    LETTER: (),
    STATED: ("form",),
}
NOTHING_TOLD = "(nothing)"
LETTERS = string.ascii_uppercase


@lru_cache
def load_template(name: str, path: str | None = None) -> str:
    """A template that ships with the tasks, or one of the user's in its place.

    Args:
        name: of the template.
        path: of the user's file, None for none.

    Raises:
        DataError: when there is no file at the path, it is not text, or it lacks one of the places
            to fill.
    """
    if path is None:
        shipped = resources.files("benchmarks.value_profiles") / name
        return shipped.read_text(encoding="utf-8").strip()
    file = resolve_from_start(path)
    if not file.is_file():
        raise DataError(f"there is no prompt template at {file}")
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"the prompt template {file} is not UTF-8 text") from error
    for place in PLACES[name]:
        if text.count(f"{{{place}}}") != 1:
            raise DataError(
                f"the prompt template {file} must hold {{{place}}} once, it does "
                f"{text.count(f'{{{place}}}')} times"
            )
    return text


def template_hash(*templates: str) -> str:
    """SHA-256 of all wording that a model reads beside the data."""
    return hashlib.sha256("\0".join(templates).encode()).hexdigest()


def fill(template: str, parts: Mapping[str, str]) -> str:
    """Put parts into the places of a template; what a part says is never taken for a place.

    >>> fill("{x} and {y}", {"x": "{y}", "y": "2"})
    '{y} and 2'
    """
    places = re.compile("|".join(rf"\{{{re.escape(name)}\}}" for name in parts))
    return places.sub(lambda mark: parts[mark.group()[1:-1]], template)


def lettered(choices: Sequence[str]) -> str:
    r"""Choices, a line each.

    >>> print(lettered(["no", "yes"]))
    A. no
    B. yes
    """
    return "\n".join(
        f"{letter}. {choice}" for letter, choice in zip(LETTERS, choices, strict=False)
    )


def stated_form(choices: int) -> str:
    """The JSON object that a stated distribution is asked for in."""
    inside = ", ".join(f'"{letter}": ...' for letter in LETTERS[:choices])
    return f"{{{inside}}}"


def check_letters(choices: int) -> None:
    """Refuse more choices than there are letters.

    Raises:
        DataError: says how many there are.
    """
    if choices > len(LETTERS):
        raise DataError(
            f"an instance has {choices} choices; a model is asked about {len(LETTERS)} at most, "
            f"a letter each"
        )
