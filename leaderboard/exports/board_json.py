"""The board itself as JSON, and the schema that it keeps to."""

import json
from importlib import resources
from typing import Any

from leaderboard.exports.table_parts import Board


def board_json(board: Board) -> str:
    """The whole board: sorted keys, ASCII, undefined numbers as null.

    Raises:
        ValueError: for a NaN or an infinity, which the board never holds.
    """
    return json.dumps(board, allow_nan=False, indent=2, sort_keys=True) + "\n"


def board_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the board, as published with this file."""
    text = (resources.files("leaderboard.exports") / "board.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
