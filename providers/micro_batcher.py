"""Calls of many threads answered together, one batch at a time."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


@dataclass(eq=False)
class _Waiting(Generic[A, B]):
    asked: A
    found: B | None = None
    error: Exception | None = None
    done: bool = False


class MicroBatcher(Generic[A, B]):
    """The first caller processes every request queued so far as one batch."""

    def __init__(self, answer: Callable[[Sequence[A]], Sequence[B]]) -> None:
        """Nothing waits yet.

        Args:
            answer: answers several at once, in their order; never called by two threads at once.
        """
        self._answer = answer
        self._waiting: list[_Waiting[A, B]] = []
        self._queue, self._busy = threading.Lock(), threading.Lock()

    def ask(self, asked: A) -> B:
        """The answer to one, when its batch is done; an error is that of its own question."""
        mine: _Waiting[A, B] = _Waiting(asked)
        with self._queue:
            self._waiting.append(mine)
        with self._busy:
            if not mine.done:
                with self._queue:
                    batch, self._waiting = self._waiting, []
                self._settle(batch)
        if mine.error is not None:
            raise mine.error
        assert mine.found is not None
        return mine.found

    def _settle(self, batch: Sequence[_Waiting[A, B]]) -> None:
        try:
            for one, found in zip(batch, self._answer([one.asked for one in batch]), strict=True):
                one.found, one.done = found, True
        except Exception as error:
            if len(batch) == 1:
                batch[0].error, batch[0].done = error, True
                return
            for one in batch:  # one that cannot be answered must not take the others with it
                self._settle([one])
