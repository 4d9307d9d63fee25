"""What is to be said of the calls behind a sample's answers, from the log into its score.

Tasks keep these with each answer, only where there is something to say: `asked`, how many calls
were made where it was more than one; `no_answer`, why the last of them was no answer, which is not
the same as an empty one; and `not_sent`, the settings that the provider left out of the request.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from inspect_ai._util.error import PrerequisiteError
from rich.markup import escape

from ratings.errors import DataError, DataMissingError

# In the metadata of a sample's output, for tasks that ask once; and, of others, their answers.
ABOUT, ANSWERS = "asking", "answers"
ASKED, NO_ANSWER, NOT_SENT = "asked", "no_answer", "not_sent"
# How the cause begins where a provider could not take apart what came.
NO_COMPLETION = "not a completion"


def asking(answers: Iterable[Mapping[str, Any] | None]) -> dict[str, Any]:
    """What the metadata of a score says of the calls behind it.

    Args:
        answers: of a sample, as the task kept them; None for one that was not asked for.

    Returns:
        `not_sent`, the names of the settings, sorted; `no_answer`, how many answers never came;
        `asked_again`, how many calls were repeats. Each only where there is something to say.

    >>> asking([{"text": "", "asked": 3, "no_answer": "no choices"}, {"text": "like me"}])
    {'no_answer': 1, 'asked_again': 2}
    """
    there = [answer for answer in answers if answer]
    found = {
        NOT_SENT: sorted({name for answer in there for name in answer.get(NOT_SENT, ())}),
        NO_ANSWER: sum(1 for answer in there if NO_ANSWER in answer),
        "asked_again": sum(answer.get(ASKED, 1) - 1 for answer in there),
    }
    return {name: value for name, value in found.items() if value}


@contextmanager
def user_errors(sample: str | None = None) -> Iterator[None]:
    """Turn what a user can mend into Inspect's error, which is shown in one line.

    Args:
        sample: the value of `data` that needs no download, for a user who lacks data.
    """
    try:
        yield
    except DataError as error:
        message = str(error)
        if sample and isinstance(error, DataMissingError):
            message += f"; or run the sample that ships with valuegauge: -T data={sample}"
        raise PrerequisiteError(escape(message)) from error
