"""What a model reads: templates of our own wording, and what fills their fields.

The paper prints its prompts in appendix E. The templates here have the same parts in other words;
what is given of a rater comes before the instance, so that calls about one rater begin alike.
"""

from collections.abc import Mapping, Sequence
from importlib import resources

from ratings.errors import DataError
from ratings.input.prompt_template import LETTERS, load_template

DECODE, ENCODE, APART = "decode.txt", "encode.txt", "apart.txt"
LETTER, STATED = "answer_letter.txt", "answer_stated.txt"
FIELDS: Mapping[str, tuple[str, ...]] = {
    DECODE: ("task", "told", "instance", "choices", "answer"),
    ENCODE: ("task", "ratings"),
    APART: ("task", "instance", "profile_1", "profile_2", "x", "y"),
    LETTER: (),
    STATED: ("form",),
}
NOTHING_GIVEN = "(nothing)"


def prompt_template(name: str, path: str | None = None) -> str:
    """A template that ships with the tasks, or one of the user's in its place.

    Args:
        name: of the template.
        path: of the user's file, None for none.

    Raises:
        DataError: when there is no file at the path, it is not text, or it lacks a field.
    """
    shipped = (resources.files("benchmarks.value_profiles") / name).read_text(encoding="utf-8")
    return load_template(shipped.strip(), FIELDS[name], path)


def lettered(choices: Sequence[str]) -> str:
    r"""Choices, a line each.

    >>> print(lettered(["no", "yes"]))
    A. no
    B. yes
    """
    return "\n".join(
        f"{letter}. {choice}" for letter, choice in zip(LETTERS, choices, strict=False)
    )


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
