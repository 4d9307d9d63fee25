import copy
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from leaderboard.exports.board_json import board_json, board_schema
from tests.leaderboard.boards import made_board

# Only of rows that were compared with people item by item.
OPTIONAL = {"items"}


def validate(board: Any) -> None:
    Draft202012Validator(board_schema()).validate(board)


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every part of the schema that describes an object with fields of its own."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


@pytest.mark.parametrize("models", [0, 9, 20])
def test_a_board_keeps_to_the_schema_and_comes_back_unchanged(models: int):
    board = made_board(models, seed=models)
    text = board_json(board)
    validate(json.loads(text))
    assert json.loads(text) == board


def test_the_text_is_the_same_whatever_the_order_of_the_keys():
    board = made_board(2)
    turned = {key: board[key] for key in reversed(board)}
    assert board_json(turned) == board_json(board)
    assert board_json(board).isascii()


def test_the_schema_is_sound_closed_and_of_the_boards_version():
    schema = board_schema()
    Draft202012Validator.check_schema(schema)
    version = made_board(0)["schema"]
    assert schema["properties"]["schema"]["const"] == version
    assert schema["$id"].endswith(f":{version}")
    found = list(objects(schema))
    assert len(found) > 15
    for part in found:
        assert part["additionalProperties"] is False
        assert set(part["properties"]) - set(part["required"]) <= OPTIONAL
        assert set(part["required"]) <= set(part["properties"])


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    board = copy.deepcopy(made_board(2))
    holder: Any = board
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return board


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("schema",), "2.0"),
        (("extra",), 1),
        (("tables", 0, "extra"), 1),
        (("tables", 0, "id"), "a/b"),
        (("tables", 0, "synthetic"), "no"),
        (("tables", 0, "scores", 0, "direction"), "up"),
        (("tables", 0, "scores", 0, "range"), [0]),
        (("tables", 0, "rows", 0, "kind"), "person"),
        (("tables", 0, "rows", 0, "valid"), 1.5),
        (("tables", 0, "rows", 0, "scores", "Power", "value"), "0.5"),
        (("tables", 0, "rows", 0, "scores", "Power", "rank"), 0),
        (("tables", 0, "rows", 0, "missing"), [{"instance": "1"}]),
        (("apart", 0, "status"), "done"),
        (("convergence", 0, "models"), 1.5),
    ],
)
def test_another_layout_is_refused(path: tuple[str | int, ...], value: object):
    with pytest.raises(ValidationError):
        validate(changed(path, value))


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_what_is_no_number_is_never_written(number: float):
    with pytest.raises(ValueError, match="JSON compliant"):
        board_json(changed(("tables", 0, "rows", 0, "valid"), number))
