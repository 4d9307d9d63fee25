"""A store is made whole or not at all, whoever else makes it and however its making ends."""

import errno
import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from leaderboard.store import store as store_module
from leaderboard.store.collect import collect
from leaderboard.store.store import open_store
from ratings.errors import DataError, DataMissingError
from tests.leaderboard.made_logs import portrait_log
from tests.leaderboard.store.test_store import command, dump


@pytest.mark.parametrize("size", [0, None])
def test_a_file_without_tables_is_filled(size: int | None, tmp_path: Path):
    """What an earlier version left when it was killed as it made a store."""
    store = tmp_path / "board.duckdb"
    if size is None:
        duckdb.connect(str(store)).close()
    else:
        store.touch()
    with (
        pytest.raises(DataMissingError, match="leaderboard collect"),
        open_store(store, write=False),
    ):
        pass
    collect([portrait_log(tmp_path / "run.eval", items=4)], store)
    assert len(dump(store)["runs"]) == 1
    assert not list(tmp_path.glob(".board*"))


def test_a_store_that_another_process_made_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    store, bring_up = tmp_path / "board.duckdb", store_module._bring_up

    def slowly(connection: store_module.Connection, version: int) -> None:
        bring_up(connection, version)
        monkeypatch.undo()
        collect([portrait_log(tmp_path / "run.eval", items=4)], store)

    monkeypatch.setattr(store_module, "_bring_up", slowly)
    with open_store(store, write=True) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["board.duckdb", "run.eval"]


def test_a_store_that_cannot_be_made_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    for folder, said in ((tmp_path, "No space left"), (tmp_path / "nowhere", "cannot be written")):
        with (
            pytest.raises(DataError, match=said),
            open_store(folder / "board.duckdb", write=True),
        ):
            pass


@pytest.mark.processes
def test_a_store_is_whole_or_not_there_whenever_its_making_is_killed(tmp_path: Path):
    _kill_making(tmp_path, kills=6)


def _kill_making(folder: Path, kills: int) -> None:
    code = (
        "import sys; from pathlib import Path; from leaderboard.store.store import open_store\n"
        "print('begun', flush=True)\n"
        "with open_store(Path(sys.argv[1]), write=True): print('made', flush=True)"
    )
    there = 0
    for number in range(kills):
        store = folder / f"{number}.duckdb"
        arguments = [sys.executable, "-c", code, str(store)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(0.12 * number / kills)
            process.kill()
        if store.exists():
            there += 1
            assert dump(store)["runs"] == []
        with open_store(store, write=True):
            pass
        assert dump(store)["runs"] == []
    assert there < kills


@pytest.mark.processes
@pytest.mark.parametrize("size", [0, 50_000])
def test_a_full_disk_is_one_line_and_the_store_stays_as_it_was(size: int, tmp_path: Path):
    """No file may grow beyond a size, for a process that then meets what a full disk gives."""
    logs = [portrait_log(tmp_path / f"{k}.eval", f"openai/{k}", k) for k in range(3)]
    store = tmp_path / "board.duckdb"
    collect(logs[:1], store)
    before = dump(store)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    arguments = command("collect", *logs, "--store", store)
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, preexec_fn=limit)
    assert done.returncode == 3, done.stderr
    assert f"{store} cannot be written" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert dump(store) == before
    collect(logs, store)
    assert len(dump(store)["runs"]) == 3
