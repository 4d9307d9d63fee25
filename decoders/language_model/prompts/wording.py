"""The wording around the data: templates of our own, with the parts of the paper's prompts.

Source: Value Profiles, figure 2 and appendix E, which print the parts and their order.
"""

import hashlib
from collections.abc import Sequence

from ratings.input.prompt_template import LETTERS

CHOICES_HEAD = "Choices:"
EXAMPLES_HEAD = "Other ratings by the same rater:"
CUE = "\nChoice:"
BETWEEN = "\n\n"
# Statements of a survey: IndieValueCatalog, appendix C.1, prints the parts.
PERSON = (
    "Here are statements of one person. From each new group of statements, choose the one that the "
    "person would most likely agree with."
)
KNOWN_HEAD = "Statements of the person:"
OPTIONS_HEAD = "New group:"
STATEMENT_CUE = "\nThe person chooses:"
# Not read by a model: says how known statements are written, so that a change of it is a change of
# the hash.
LAYOUT = "first letters raised"
_PARTS = {
    "ratings": (CHOICES_HEAD, EXAMPLES_HEAD, CUE, BETWEEN),
    "statements": (PERSON, KNOWN_HEAD, OPTIONS_HEAD, STATEMENT_CUE, BETWEEN, LAYOUT),
}


def template_sha256(answer: str, chat: bool, kind: str) -> str:
    """Hash of all wording that a model reads in addition to the data.

    Args:
        answer: `letter` or `text`.
        chat: whether it is in a chat template.
        kind: `ratings` or `statements`.
    """
    parts = [*_PARTS[kind], answer, str(chat), kind]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def listed(choices: Sequence[str], answer: str) -> str:
    r"""The choices as a model reads them, a line each.

    >>> print(listed(["no", "yes"], "letter"))
    Choices:
    A. no
    B. yes
    """
    marks = [f"{letter}. " for letter in LETTERS] if answer == "letter" else ["- "] * len(choices)
    lines = [f"{mark}{choice}" for mark, choice in zip(marks, choices, strict=False)]
    return "\n".join([CHOICES_HEAD, *lines])


def label_texts(choices: Sequence[str], answer: str) -> list[str]:
    r"""What the model is to answer for each choice.

    A text ends with a line break, so that none is the beginning of another.

    >>> label_texts(["no", "yes"], "letter"), label_texts(["no", "not now"], "text")
    ([' A', ' B'], [' no\n', ' not now\n'])
    """
    if answer == "letter":
        return [f" {letter}" for letter in LETTERS[: len(choices)]]
    return [f" {choice}\n" for choice in choices]
