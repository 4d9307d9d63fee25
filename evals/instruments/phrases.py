"""The six answer phrases of an instrument in another language, as its builder gives them."""

from pathlib import Path

from ratings.errors import DataError
from ratings.input.strict_files import Text, read_yaml
from ratings.instruments.value_portrait import CHOICES
from ratings.sources.locations import resolve_from_start
from scorers.answers.phrases.plain_text import plain_text

OwnPhrases = tuple[tuple[str, ...], ...]


def load_phrases(given: Path | None) -> OwnPhrases | None:
    """The phrases of a file, each with its variants, from 1 to 6; None where none is given.

    Args:
        given: YAML or JSON, a list of six: each a phrase, or a list of it and its variants.

    Raises:
        DataError: for another number of phrases, or two that are read alike.
    """
    if given is None:
        return None
    path = resolve_from_start(str(given))
    entries = read_yaml(path, list[Text | list[Text]])
    if len(entries) != len(CHOICES):
        raise DataError(
            f"{path}: {len(entries)} phrases; give six, from {CHOICES[0]!r} to {CHOICES[-1]!r}"
        )
    phrases = tuple((one,) if isinstance(one, str) else tuple(one) for one in entries)
    seen: dict[str, int] = {}
    for number, variants in enumerate(phrases, start=1):
        if not variants:
            raise DataError(f"{path}: phrase {number} is empty")
        for text in variants:
            read_as = plain_text(text)
            if not any(char.isalnum() for char in read_as) or "\n" in read_as:
                raise DataError(f"{path}: phrase {number}, {text!r}, is not one line of words")
            if read_as in seen:
                raise DataError(
                    f"{path}: phrases {seen[read_as]} and {number} are both {text!r}; answers "
                    f"could not be told apart"
                )
            seen[read_as] = number
    return phrases
