"""Data as JSON can hold it, so that every reader can parse it."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


def json_object(data: Mapping[Any, Any]) -> dict[str, Any]:
    """A mapping as `json_value` has it.

    >>> json_object({"value": float("nan"), 2: (1.5, np.int64(3))})
    {'value': None, '2': [1.5, 3]}
    """
    return {str(key): json_value(value) for key, value in data.items()}


def json_value(value: Any, text: Callable[[str], str] | None = None) -> Any:  # noqa: ANN401
    """Plain data for `json.dumps(..., allow_nan=False)`.

    Keys become text, tuples lists, numbers of NumPy those of Python, and a number that is not
    finite None.

    Args:
        value: mappings, lists and tuples of one another, of text and of numbers.
        text: what is done to each text, keys too; nothing by default.
    """
    if isinstance(value, str):
        return text(value) if text else value
    if isinstance(value, Mapping):
        return {json_value(str(key), text): json_value(one, text) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(one, text) for one in value]
    if isinstance(value, np.generic):
        return json_value(value.item(), text)
    return None if isinstance(value, float) and not math.isfinite(value) else value
