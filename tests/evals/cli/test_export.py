import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from evals.cli.export import export
from leaderboard.exports import FORMATS
from leaderboard.exports.formats import FILES, FOLDERS
from ratings.errors import DataError, UnknownNameError, unknown_name
from tests.leaderboard.boards import made_board

BOARD = made_board(3)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store whose board is the made one; any other path has none."""
    path = tmp_path / "board.duckdb"

    def kept_board(asked: Path) -> dict[str, Any]:
        if asked != path:
            raise DataError(f"there is no store {asked}")
        return BOARD

    fake = ModuleType("leaderboard.board.kept_board")
    fake.kept_board = kept_board  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "leaderboard.board.kept_board", fake)
    return path


def typed(*arguments: str) -> Result:
    return CliRunner().invoke(export, arguments, standalone_mode=False)


# a figure is of one table
WHOLE = [name for name in FORMATS if not name.startswith("svg")]
FIGURES = [name for name in FORMATS if name.startswith("svg")]


@pytest.mark.parametrize("name", [name for name in FILES if name in WHOLE])
def test_one_file_goes_to_standard_output_byte_by_byte(name: str, store: Path):
    for out in ((), ("--out", "-")):
        done = typed("--store", str(store), "--format", name, *out)
        assert done.exception is None
        assert done.stdout_bytes == FILES[name](BOARD).encode()
        assert (done.return_value, done.stderr) == (0, "")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_of_one_table(name: str, store: Path):
    refused = typed("--store", str(store), "--format", name)
    assert isinstance(refused.exception, DataError)
    assert "choose it with --table" in str(refused.exception)
    table = BOARD["tables"][0]["id"]
    done = typed("--store", str(store), "--format", name, "--table", table)
    assert done.exception is None
    assert done.stdout.startswith("<svg")


@pytest.mark.parametrize("name", WHOLE)
def test_written_paths_are_printed(name: str, store: Path, tmp_path: Path):
    done = typed("--store", str(store), "--format", name, "--out", str(tmp_path / "out"))
    assert done.exception is None
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert paths
    assert all(path.is_file() for path in paths)
    assert ("synthetic sample" in done.stderr) == (name in FOLDERS)


def test_one_table(store: Path):
    name = BOARD["tables"][1]["id"]
    done = typed("--store", str(store), "--format", "json", "--table", name)
    assert [table["id"] for table in json.loads(done.stdout)["tables"]] == [name]


@pytest.mark.parametrize("option", ["--rows", "--scores"])
def test_an_option_that_names_nothing_is_refused(option: str, store: Path):
    refused = typed("--store", str(store), "--format", "csv", option, ",").exception
    assert isinstance(refused, click.UsageError)  # exit code 2
    assert str(refused) == f"{option} names nothing: ','"


def test_an_unknown_name_is_answered_with_the_nearest_twenty():
    error = unknown_name("row", "model 7", [f"model {n}" for n in range(46)])
    assert str(error).startswith("unknown row 'model 7'; allowed (nearest first): model 7, ")
    assert str(error).endswith(" and 26 more")
    assert len(error.allowed) == 46


def test_what_a_user_can_get_wrong(store: Path):
    unknown = typed("--store", str(store), "--format", "yaml").exception
    assert isinstance(unknown, UnknownNameError)
    assert "every-eval-ever" in str(unknown)
    table = typed("--store", str(store), "--format", "csv", "--table", "x").exception
    assert isinstance(table, UnknownNameError)
    folder = typed("--store", str(store), "--format", "hugging-face").exception
    assert "name it with --out" in str(folder)
    missing = typed("--store", "nowhere.duckdb", "--format", "csv").exception
    assert isinstance(missing, DataError)
