"""Errors that a user can mend, as Inspect shows them: one line, no traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from inspect_ai._util.error import PrerequisiteError
from rich.markup import escape

from ratings.errors import DataError


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn what a user can mend into Inspect's error without a traceback."""
    try:
        yield
    except DataError as error:
        raise PrerequisiteError(escape(str(error))) from error
