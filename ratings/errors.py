"""What can go wrong with data, in one line for the person who can mend it."""

from collections.abc import Iterable
from difflib import SequenceMatcher

from ratings.output.text import first_of

_MOST_NAMED = 20


class DataError(Exception):
    """Something a user can mend: the message says what, where and how."""


class UnknownNameError(DataError):
    """A name that is not among the allowed ones.

    Attributes:
        name: as it was given.
        allowed: the names to choose from, nearest first.
    """

    def __init__(self, message: str, name: str = "", allowed: Iterable[str] = ()) -> None:
        """What is wrong, in one line."""
        super().__init__(message)
        self.name, self.allowed = name, list(allowed)


class DataMissingError(DataError):
    """A file is neither in the mirror nor in the cache and could not be downloaded."""


class HashMismatchError(DataError):
    """A file is there but its content is not what the card says."""


class TermsError(DataError):
    """The source asks for terms to be accepted first."""


def nearest_first(name: str, allowed: Iterable[str]) -> list[str]:
    """Allowed names, the most similar to `name` first, ties in their given order.

    >>> nearest_first("v1-reversed", ["v1", "v2", "v1_reversed"])
    ['v1_reversed', 'v1', 'v2']
    """

    def similarity(candidate: str) -> float:
        return SequenceMatcher(None, name.casefold(), candidate.casefold()).ratio()

    return sorted(allowed, key=similarity, reverse=True)


def unknown_name(what: str, name: object, allowed: Iterable[str]) -> UnknownNameError:
    """The error for a name outside a list: the input and the nearest that are allowed."""
    names = nearest_first(str(name), allowed)
    message = (
        f"unknown {what} {str(name)!r}; allowed (nearest first): {first_of(names, _MOST_NAMED)}"
    )
    return UnknownNameError(message, str(name), names)


def with_extra(extra: str) -> str:
    """The command that installs an extra.

    >>> with_extra("decoders")
    "pip install '.[decoders]' in a clone of valuegauge"
    """
    return f"pip install '.[{extra}]' in a clone of valuegauge"
