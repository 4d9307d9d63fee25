"""A board is computed once for a build and its exports, and again when anything changed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evals.cli.main import main
from leaderboard.board import kept_board as kept
from leaderboard.board.board import read_board
from leaderboard.board.kept_board import kept_board
from leaderboard.store.collect import collect
from ratings.sources.locations import cache_root
from tests.leaderboard.made_logs import choice_log


@pytest.fixture
def store(tmp_path: Path) -> Path:
    logs = tmp_path / "logs"
    logs.mkdir()
    choice_log(logs / "one.eval", "openai/one", 1, people=3)
    collect([logs], tmp_path / "board.duckdb")
    return tmp_path / "board.duckdb"


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """The stores whose boards were computed, one entry a time; the cache is the test's own."""
    times: list[Path] = []

    def counted(path: Path) -> dict[str, Any]:
        times.append(path)
        return read_board(path)

    monkeypatch.setattr(kept, "read_board", counted)
    monkeypatch.setattr(kept, "cache_root", lambda: tmp_path / "cache")
    return times


def typed(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 0


def boards(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "cache" / "boards").iterdir())


def test_a_build_and_its_exports_compute_one_board(
    store: Path, computed: list[Path], tmp_path: Path
):
    typed(["leaderboard", "build", "--store", str(store), "--out", str(tmp_path / "s")])
    for name in ("json", "csv", "csv-runs", "markdown", "latex"):
        out = str(tmp_path / name)
        typed(["export", "--store", str(store), "--format", name, "--out", out])
    assert len(computed) == 1
    assert json.loads((tmp_path / "json").read_text(encoding="utf-8")) == read_board(store)


def test_a_changed_store_is_computed_again(store: Path, computed: list[Path], tmp_path: Path):
    first = kept_board(store)
    choice_log(tmp_path / "logs" / "two.eval", "openai/two", 2, people=3)
    collect([tmp_path / "logs"], store)
    second = kept_board(store)
    assert len(computed) == 2
    assert len(second["tables"][0]["rows"]) == len(first["tables"][0]["rows"]) + 1
    assert kept_board(store) == second
    assert len(computed) == 2


def test_the_same_store_elsewhere_has_the_same_board(
    store: Path, computed: list[Path], tmp_path: Path
):
    copy = shutil.copy(store, tmp_path / "copy.duckdb")
    assert kept_board(store) == kept_board(Path(copy))
    assert len(computed) == 1


def replaced_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = tmp_path / "changed.py"
    changed.write_text("CHANGED = True\n")
    sources = list(kept._sources())
    monkeypatch.setattr(kept, "_sources", lambda: iter([*sources, changed]))


def other_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed = kept._installed()
    monkeypatch.setattr(kept, "_installed", lambda: [*installed, "numpy 99"])


def other_schema(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kept, "SCHEMA", "0.0")


def other_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror" / "value_portrait"
    mirror.mkdir(parents=True)
    monkeypatch.setenv("VALUEGAUGE_DATA", str(mirror.parent))


@pytest.mark.parametrize("change", [replaced_source, other_version, other_schema, other_data])
def test_what_a_board_is_made_from_is_part_of_its_name(
    change: Callable[[pytest.MonkeyPatch, Path], None],
    store: Path,
    computed: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    kept_board(store)
    change(monkeypatch, tmp_path)
    kept_board(store)
    assert len(computed) == 2


def test_a_data_file_that_is_replaced_is_noticed(
    store: Path, computed: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    ratings = tmp_path / "ratings.csv"
    ratings.write_text("a")
    monkeypatch.setattr(kept, "candidate_paths", lambda card: [ratings])
    kept_board(store)
    ratings.write_text("b")
    kept_board(store)
    ratings.unlink()
    kept_board(store)
    assert len(computed) == 3


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xfe", None])
def test_a_damaged_board_is_computed_again(
    damage: bytes | None, store: Path, computed: list[Path], tmp_path: Path
):
    board = kept_board(store)
    (path,) = boards(tmp_path)
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    assert kept_board(store) == board
    assert len(computed) == 2
    assert kept_board(store) == board
    assert len(computed) == 2


def test_a_cache_that_cannot_be_written_keeps_nothing(
    store: Path, computed: list[Path], tmp_path: Path
):
    (tmp_path / "cache").write_text("not a folder")
    assert kept_board(store) == kept_board(store)
    assert len(computed) == 2


def test_a_store_that_changes_while_it_is_read_is_not_kept(
    store: Path, computed: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    keys = iter(["a" * 64, "b" * 64])
    monkeypatch.setattr(kept, "_key", lambda path: next(keys))
    kept_board(store)
    assert not (tmp_path / "cache" / "boards").exists()


def test_the_cache_is_the_users():
    assert "valuegauge" in str(cache_root())
