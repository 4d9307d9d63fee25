"""The choice that an answer names by its letter."""

import re
from dataclasses import dataclass

from ratings.input.prompt_template import LETTERS
from scorers.answers.choice_distribution import begins_sentence
from scorers.answers.spoken import CUT_OFF, spoken, status_without_answer

# Signs that may surround a letter.
_SIGNS = r"[\s*_`\"'()\[\].:]*"
_ALONE = re.compile(rf"{_SIGNS}([A-Z]){_SIGNS}")
# "Reply B", "the answer is (B)", "I choose B": a noun or verb of choosing right before the letter.
_NAMED = re.compile(
    r"\b(?i:reply|response|answer|option|choice|letter|prefers?|preferred|chooses?|chose|picks?"
    r"|selects?)(?:\s+(?i:is|was|would\s+be|reply|response|option))*\s*:?\s*[*_`\"'(\[]*"
    r"([A-Z])\b(?!['\u2019])",
)


@dataclass(frozen=True)
class LetterReading:
    """An answer as it was read.

    Attributes:
        choice: number of the choice, from 1; None where none could be read.
        status: `valid`, or why there is no choice.
    """

    choice: int | None
    status: str


def read_letter(text: str, choices: int, stop_reason: str) -> LetterReading:
    """The one choice that an answer names by its letter.

    The letter alone, on the first or the last line, with signs around it; or else the only letter
    that the answer names as a reply or an answer. An answer that names several is not read.

    Args:
        text: the answer as it came.
        choices: K, lettered from A.
        stop_reason: why the model stopped.

    >>> read_letter("**B.**", 3, "stop").choice, read_letter("I think reply C.", 3, "stop").choice
    (2, 3)
    >>> read_letter("Reply A or reply B", 2, "stop").status
    'unreadable'
    """
    said = spoken(text)
    lines = [line for line in said.text.splitlines() if line.strip()]
    cut_off = stop_reason in CUT_OFF
    if lines and not (said.thinking and cut_off):
        alone = [m[1] for line in (lines[0], lines[-1]) if (m := _ALONE.fullmatch(line))]
        named = alone or _NAMED.findall(said.text)
        if not named and (start := re.match(rf"{_SIGNS}([A-Z])\b", said.text)):
            named = [] if begins_sentence(text) else [start[1]]
        letters = set(named)
        if len(letters) == 1 and (letter := letters.pop()) in LETTERS[:choices]:
            return LetterReading(LETTERS.index(letter) + 1, "valid")
    return LetterReading(None, status_without_answer(text, stop_reason, "unreadable"))
