"""Of several processes that train together, one speaks."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from evals.exit_codes import MISSING, USAGE
from ratings.errors import DataError, UnknownNameError


@contextmanager
def told_by_one() -> Iterator[bool]:
    """Whether this process is the one that speaks.

    What is wrong is wrong in every process; the others end without a word. What libraries print
    meanwhile goes to standard error.
    """
    speaks = os.environ.get("RANK", "0") == "0"
    try:
        with redirect_stdout(sys.stderr):  # where DeepSpeed would say that it is there
            yield speaks
    except DataError as error:
        if speaks:
            raise
        raise SystemExit(USAGE if isinstance(error, UnknownNameError) else MISSING) from error
