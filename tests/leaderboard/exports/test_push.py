"""A board on the hub. No network: what would be uploaded is read with `datasets` as it lies."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import httpx
import huggingface_hub
import pytest
from click.testing import CliRunner, Result
from datasets import load_dataset
from huggingface_hub import errors

from evals.cli.export import export
from leaderboard.exports.push import board_tables, push, write_tables
from leaderboard.exports.tables_csv import runs_csv, scores_csv
from ratings.errors import DataError, DataMissingError
from tests.leaderboard.boards import made_board

BOARD = made_board(3)
REAL = {**BOARD, "tables": [table for table in BOARD["tables"] if not table["synthetic"]]}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the hub was asked to do, each with the files that it got."""
    asked: list[dict[str, Any]] = []

    class Done:
        commit_url = "https://huggingface.co/datasets/ann/board/commit/1"

    def upload(self: object, **given: Any) -> Done:
        files = {path.name: path.read_bytes() for path in Path(given["folder_path"]).iterdir()}
        asked.append({**given, "files": files})
        return Done()

    monkeypatch.setenv("HF_TOKEN", "hf_test")
    monkeypatch.setattr(huggingface_hub, "get_token", lambda: "hf_test")
    monkeypatch.setattr(
        huggingface_hub.HfApi, "create_repo", lambda self, name, **given: asked.append(given)
    )
    monkeypatch.setattr(huggingface_hub.HfApi, "upload_folder", upload)
    return asked


def test_the_hub_reads_what_the_csv_files_say(tmp_path: Path):
    (tmp_path / "hub").mkdir()
    write_tables(BOARD, tmp_path / "hub")
    for name, text in (("scores", scores_csv(REAL)), ("runs", runs_csv(REAL))):
        found = load_dataset(str(tmp_path / "hub"), name, cache_dir=str(tmp_path / "cache"))
        assert list(found) == ["train"]
        table = found["train"]
        rows = list(csv.DictReader(io.StringIO(text)))
        kept = [row for row in rows if row["synthetic"] == "false"]
        assert len(kept) > 5
        assert [row["table"] for row in table] == [row["table"] for row in kept]
        for row, written in zip(table, kept, strict=True):
            assert list(row) == list(written)
            for column, cell in row.items():
                text = written[column].removeprefix("'")
                if isinstance(cell, bool):
                    assert text == str(cell).lower()
                elif isinstance(cell, int | float):
                    assert float(text) == cell
                elif cell is None:
                    assert text == ""
                else:
                    assert text == cell.removeprefix("'")


def test_columns_have_types_and_nothing_synthetic_is_there():
    scores = board_tables(BOARD)["scores"]
    types = {name: feature.dtype for name, feature in scores.features.items()}
    assert (types["value"], types["rank"], types["synthetic"]) == ("float64", "float64", "bool")
    assert (types["rater"], types["reason"]) == ("string", "string")
    runs = board_tables(BOARD)["runs"]
    assert runs.features["answers"].dtype == "int64"
    assert isinstance(json.loads(next(row["settings"] for row in runs if row["settings"])), dict)
    synthetic = {table["id"] for table in BOARD["tables"] if table["synthetic"]}
    assert synthetic
    for table in (scores, runs):
        assert not synthetic & set(table["table"])


def test_it_is_one_commit_and_private_unless_asked(hub: list[dict[str, Any]]):
    assert push(BOARD, "ann/board").endswith("/commit/1")
    made, uploaded = hub
    assert made == {"repo_type": "dataset", "private": True, "exist_ok": True}
    assert (uploaded["repo_id"], uploaded["repo_type"]) == ("ann/board", "dataset")
    assert sorted(uploaded["files"]) == ["README.md", "runs.parquet", "scores.parquet"]
    push(BOARD, "ann/board", public=True)
    assert hub[2]["private"] is False


@pytest.mark.parametrize("name", ["board", "ann/", "ann/a/b", "ann/a b", "https://hf.co/ann/b"])
def test_an_invalid_name_is_refused(hub: list[dict[str, Any]], name: str):
    with pytest.raises(DataError, match="is not a data set of the hub; name its owner"):
        push(BOARD, name)
    assert hub == []


def test_nothing_real_is_nothing_to_push(hub: list[dict[str, Any]]):
    made = [table for table in BOARD["tables"] if table["synthetic"]]
    with pytest.raises(DataError, match="nothing to push"):
        push({**BOARD, "tables": made, "apart": []}, "ann/board")
    assert hub == []


def test_who_is_not_logged_in_is_shown_how(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(huggingface_hub, "get_token", lambda: None)
    with pytest.raises(DataMissingError, match="run `hf auth login`, or set HF_TOKEN$"):
        push(BOARD, "ann/board")


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (403, "ann/board was not written: the account or token that is logged in may not write"),
        (500, "ann/board was not written: the hub answered 500"),
        (None, "ann/board was not written: the hub cannot be reached"),
    ],
)
def test_what_the_hub_refuses_is_one_line(
    hub: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, status: int | None, line: str
):
    request = httpx.Request("POST", "https://huggingface.co")
    error: Exception = httpx.ConnectError("no route")
    if status:
        error = errors.HfHubHTTPError("no", response=httpx.Response(status, request=request))

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(huggingface_hub.HfApi, "create_repo", refuse)
    with pytest.raises(DataMissingError) as caught:
        push(BOARD, "ann/board")
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """Types `valuegauge export` on a store with the made board."""
    monkeypatch.setattr("leaderboard.board.kept_board.kept_board", lambda store: BOARD)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(
            export, ["--store", "board.duckdb", *arguments], standalone_mode=False
        )

    return run


def test_the_command_prints_the_commit_and_what_was_left_out(
    typed: Any, hub: list[dict[str, Any]], tmp_path: Path
):
    done = typed("--format", "hugging-face", "--push", "ann/board")
    assert done.exception is None
    assert done.stdout == "https://huggingface.co/datasets/ann/board/commit/1\n"
    assert "synthetic sample" in done.stderr
    both = typed(
        "--format", "hugging-face", "--push", "ann/board", "--public", "--out", str(tmp_path / "o")
    )
    assert both.exception is None
    assert len(both.stdout.splitlines()) > 1
    assert [one["private"] for one in hub if "private" in one] == [True, False]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--format", "csv", "--push", "ann/board"), "--push goes with --format hugging-face"),
        (("--format", "csv", "--public"), "--public goes with --push"),
        (("--format", "hugging-face"), "writes a folder; name it with --out"),
    ],
)
def test_options_that_do_not_go_together(typed: Any, arguments: tuple[str, ...], line: str):
    assert line in str(typed(*arguments).exception.format_message())
