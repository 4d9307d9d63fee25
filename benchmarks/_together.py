"""Several calls at once within one sample, on whichever event loop Inspect runs."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import anyio

T = TypeVar("T")


async def together(calls: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """Results of all calls, in their order; the first error as it came, the rest cancelled.

    Inspect's own `collect` also writes two events a call into the log, a third of what a call
    costs when the model answers at once.
    """
    results: dict[int, T] = {}

    async def run(number: int, call: Callable[[], Awaitable[T]]) -> None:
        results[number] = await call()

    try:
        async with anyio.create_task_group() as group:
            for number, call in enumerate(calls):
                group.start_soon(run, number, call)
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [results[number] for number in range(len(calls))]
