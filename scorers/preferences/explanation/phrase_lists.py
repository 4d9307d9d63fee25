"""Lists of phrases that a reply may hold: ours, or a user's from a file."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray
from ratings.errors import DataError
from ratings.input.strict_files import Flag, StrictFields, Text, read_yaml

_SHIPPED = Path(__file__).with_name("phrases.yaml")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'"})


@dataclass(frozen=True)
class PhraseList(StrictFields):
    """Phrases of one kind.

    Attributes:
        phrases: as a reply may hold them; straight and typographic apostrophes are the same.
        match_case: whether the case of letters counts.
        whole_words: whether a phrase may neither begin nor end within a word.
    """

    phrases: tuple[Text, ...]
    match_case: Flag = False
    whole_words: Flag = False

    def __post_init__(self) -> None:
        """Refuse a list without phrases."""
        if not self.phrases:
            raise DataError("a list needs a phrase")

    @cached_property
    def expression(self) -> "re.Pattern[str]":
        """All phrases as one expression, for texts as `plain` makes them."""
        every = sorted({self.plain(phrase) for phrase in self.phrases})
        either = "|".join(map(re.escape, every))
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if self.whole_words else either)

    def plain(self, text: str) -> str:
        """A text with straight apostrophes, and in small letters where case does not count."""
        straight = text.translate(_APOSTROPHES)
        return straight if self.match_case else straight.lower()

    def found_in(self, texts: "pd.Series[str]") -> BoolArray:
        """Whether each of N texts holds a phrase of the list.

        >>> names = PhraseList(("GPT-4", "OpenAI"), match_case=True, whole_words=True)
        >>> names.found_in(pd.Series(["Made by OpenAI.", "openai", "GPT-45", "I am GPT-4"]))
        array([ True, False, False,  True])
        """
        search = self.expression.search
        return np.array([search(self.plain(text)) is not None for text in texts], dtype=np.bool_)


@dataclass(frozen=True)
class PhraseLists(StrictFields):
    """The three lists of the paper.

    Attributes:
        deanthro: a reply denies that it is a person, or has what a person has.
        refusal: it declines.
        self_identification: it names a model or a provider.
    """

    deanthro: PhraseList
    refusal: PhraseList
    self_identification: PhraseList


@lru_cache
def load_phrases(path: str | None = None) -> PhraseLists:
    """The lists that ship, or those of a YAML file of the same form.

    A file has the keys `deanthro`, `refusal` and `self_identification`, each with `phrases` and, if
    wanted, `match_case` and `whole_words`, which are false where they are not given.

    Raises:
        DataError: when the file cannot be read or is malformed.
    """
    return read_yaml(_SHIPPED if path is None else Path(path), PhraseLists)
