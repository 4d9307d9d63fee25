"""Work that NumPy does, on all cores."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

One = TypeVar("One")
Found = TypeVar("Found")


def in_threads(function: Callable[[One], Found], each: Iterable[One]) -> list[Found]:
    """What a function makes of each, in their order, with a thread a core.

    NumPy lets other threads run while it computes; Python itself does not.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, each))
