"""Waiting, without the evaluation of strings that the pages' policy forbids."""

from typing import Any


def until(page: Any, expression: str, seconds: float = 20.0) -> None:
    """Wait until an expression holds in a page."""
    for _ in range(int(seconds * 20)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"did not come true: {expression}")
