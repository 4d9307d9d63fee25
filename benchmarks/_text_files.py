"""Task arguments whose text is in a file: read before Inspect notes what a task was given."""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

from inspect_ai._util.registry import registry_add
from inspect_ai.util import registry_info

from benchmarks._arguments import check_text
from ratings.input.text_files import read_text_argument
from scorers.inspect_adapter.asking import user_errors
from scorers.scores.manifests import manifest_of

P = ParamSpec("P")
T = TypeVar("T")


def texts_from_files(task: Callable[P, T]) -> Callable[P, T]:
    """A task whose arguments that are texts, by its manifest, may also be `@FILE`.

    It stands outside `@task`, so that logs and retries have the text and not the path: what
    Inspect notes is what its own decorator is called with.
    """

    @wraps(task)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        given = signature(task).bind_partial(*args, **kwargs)
        arguments = manifest_of(task.__name__).arguments
        for name, value in given.arguments.items():
            if name in arguments and arguments[name].text and value is not None:
                with user_errors(sample="sample"):
                    given.arguments[name] = read_text_argument(name, check_text(name, value) or "")
        return task(*given.args, **given.kwargs)

    registry_add(reading, registry_info(task))
    return reading
