"""Texts that a user gives in a file, so that they arrive as they were written.

A command line that reads its arguments as YAML cuts a text at ` #` and loses line breaks. An
argument that takes a text therefore also takes the name of a file: `@FILE` or `file:FILE`.

What is kept of such an argument, in logs and in what identifies runs, is the text and never the
path. A text that itself begins like the name of a file is kept with a backslash in front, so that
it can be given again as it is kept.
"""

import re

from ratings.errors import DataError
from ratings.sources.locations import resolve_from_start

_FILE = re.compile(r"@|file:")
_KEPT = re.compile(r"\\*(?:@|file:)")


def read_text_argument(argument: str, given: str) -> str:
    r"""An argument's text as it is kept, out of the file that is named or as it is given.

    Args:
        argument: its name, for messages.
        given: `@FILE`, `file:FILE`, or the text itself.

    Raises:
        DataError: when the file is not there, cannot be read, is empty or is not UTF-8.

    >>> read_text_argument("persona", "You are Ann.")
    'You are Ann.'
    """
    mark = _FILE.match(given)
    if mark is None:
        return given
    return as_kept(_read(argument, given[mark.end() :]))


def as_kept(text: str) -> str:
    r"""A text as it is kept, which `as_written` takes back.

    >>> as_kept("You are Ann."), as_kept("@ann speaks.")
    ('You are Ann.', '\\@ann speaks.')
    """
    return "\\" + text if _KEPT.match(text) else text


def as_written(kept: str) -> str:
    r"""The text itself, of one that is kept.

    >>> as_written("You are Ann."), as_written("\\@ann speaks.")
    ('You are Ann.', '@ann speaks.')
    """
    return kept[1:] if kept.startswith("\\") and _KEPT.match(kept) else kept


def _read(argument: str, name: str) -> str:
    """The text of a file, to the byte."""
    if not name:
        raise DataError(f"{argument} names no file: write {argument}=file:FILE")
    file = resolve_from_start(name)
    if not file.exists():
        raise DataError(
            f"{argument}: there is no file at {file}; a text that itself begins with @ or file: "
            f"is given with a backslash in front"
        )
    if file.is_dir():
        raise DataError(f"{argument}: {file} is a folder; name a file")
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{argument}: the file {file} is not UTF-8 text") from error
    except OSError as error:
        raise DataError(f"{argument}: the file {file} cannot be read: {error.strerror}") from error
    if not text.strip():
        raise DataError(f"{argument}: the file {file} is empty")
    return text
