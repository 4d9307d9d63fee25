"""The store holds each run once, whatever the order, the company or the end of who fills it."""

import json
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from evals.cli.main import main
from leaderboard.board.board import read_board
from leaderboard.exports.formats import FORMATS, export
from leaderboard.site.build import build_site
from leaderboard.store.collect import collect, find_logs
from leaderboard.store.merge import merge
from leaderboard.store.schema import MIGRATIONS, OF_A_RUN, VERSION
from leaderboard.store.store import open_store
from ratings.errors import DataError, DataMissingError
from tests.leaderboard.exports.test_board_json import validate
from tests.leaderboard.made_logs import choice_log, portrait_log


def dump(store: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table, rows in a fixed order."""
    with open_store(store, write=False) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
            for table in ("runs", "logs", *OF_A_RUN)
        }


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight runs: complete ones, one with refusals, one failed, one of another benchmark."""
    folder = tmp_path_factory.mktemp("logs")
    for seed in range(5):
        portrait_log(folder / f"run{seed}.eval", f"openai/model-{seed}", seed)
    portrait_log(folder / "failed.eval", "openai/failed", 7, status="error", items=40)
    portrait_log(folder / "part.json", "openai/part", 8, items=30)
    choice_log(folder / "choices.eval")
    return folder


@pytest.fixture(scope="module")
def clean(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("clean") / "board.duckdb"
    collect([logs], store)
    return store


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "evals.cli.main", "leaderboard", *map(str, arguments)]


def test_a_log_read_again_changes_nothing(logs: Path, clean: Path):
    before = dump(clean)
    found = collect([logs, logs / "run0.eval"], clean)
    assert (len(found.added), len(found.known)) == (0, 8)
    assert dump(clean) == before


def test_every_answer_is_kept_with_its_cost(clean: Path):
    with open_store(clean, write=False) as connection:
        rows = connection.execute(
            "SELECT count(*), avg(rating), sum(input_tokens), sum(seconds) FROM ratings "
            "WHERE rater = 'openai/model-0'"
        ).fetchone()
        assert rows is not None
        assert rows[0] == 720
        assert 1 < rows[1] < 6
        assert rows[2:] == (720 * 200, 720 * 0.5)
        right = connection.execute("SELECT count(correct), sum(correct) FROM answers").fetchone()
        assert right is not None
        assert right[0] == 720
        assert 0.5 < right[1] / 720 < 0.7


def test_status_and_share_of_runs(clean: Path):
    with open_store(clean, write=False) as connection:
        rows = connection.execute("SELECT rater, status, share, why FROM runs").fetchall()
    found = {rater: (status, share, why) for rater, status, share, why in rows}
    assert found["openai/model-1"][:2] == ("complete", 1.0)
    assert found["openai/part"][:2] == ("partial", 0.25)
    assert found["openai/failed"][0] == "failed"
    assert "40 samples have scores" in found["openai/failed"][2]


def test_the_order_of_reading_is_nothing(logs: Path, clean: Path, tmp_path: Path):
    store = tmp_path / "other.duckdb"
    for path in reversed(find_logs([logs])):
        collect([path], store)
    assert dump(store) == dump(clean)


@pytest.mark.processes
def test_two_processes_at_once(logs: Path, tmp_path: Path):
    """As many logs as a command reads without workers of its own, which take seconds to start."""
    some, store, alone = find_logs([logs])[:4], tmp_path / "both.duckdb", tmp_path / "one.duckdb"
    started = [
        subprocess.Popen(command("collect", *some, "--store", store), stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [process.wait(300) for process in started] == [0, 0]
    collect(some, alone)
    assert dump(store) == dump(alone)


@pytest.mark.processes
def test_killed_in_the_middle(logs: Path, clean: Path, tmp_path: Path):
    store = tmp_path / "killed.duckdb"
    process = subprocess.Popen(command("collect", logs, "--store", store), start_new_session=True)
    deadline = time.monotonic() + 120
    while not store.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.02)
    time.sleep(0.5)
    import os

    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if store.exists():
        for table, rows in dump(store).items():  # nothing half in
            assert set(rows) <= set(dump(clean)[table])
    collect([logs], store)
    assert dump(store) == dump(clean)


def test_a_retried_run_replaces_its_first_try(tmp_path: Path):
    first = portrait_log(tmp_path / "a.eval", task_id="one", status="cancelled", items=50)
    second = portrait_log(tmp_path / "b.eval", task_id="one", day=1)
    for order in ((first, second), (second, first)):
        store = tmp_path / f"{order[0].stem}.duckdb"
        for path in order:
            collect([path], store)
        with open_store(store, write=False) as connection:
            runs = connection.execute("SELECT log, status FROM runs").fetchall()
            answers = connection.execute("SELECT count(*) FROM answers").fetchone()
        assert runs == [("b.eval", "complete")]
        assert answers == (720,)


def test_a_rescored_run_replaces_its_original(tmp_path: Path):
    """Inspect keeps the eval id and every time in the log: the later written file is the later."""
    original = portrait_log(tmp_path / "original.eval", task_id="one")
    time.sleep(2.1)  # times in the file are kept to two seconds
    rescored = portrait_log(tmp_path / "rescored.eval", task_id="one", seed=3)
    for order in ((original, rescored), (rescored, original)):
        store = tmp_path / f"{order[0].stem}.duckdb"
        collected = [collect([path], store) for path in order]
        with open_store(store, write=False) as connection:
            assert connection.execute("SELECT log FROM runs").fetchall() == [("rescored.eval",)]
        assert bool(collected[1].superseded) == (order[0] is rescored)


def test_the_same_eval_id_does_not_make_two_models_one(tmp_path: Path):
    for name in ("one", "other"):
        portrait_log(tmp_path / f"{name}.eval", f"openai/{name}", task_id="given by hand")
    store = tmp_path / "board.duckdb"
    collect([tmp_path], store)
    with open_store(store, write=False) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (2,)


def test_what_cannot_be_read_is_left_out_with_a_reason(logs: Path, tmp_path: Path):
    whole = (logs / "run0.eval").read_bytes()
    (tmp_path / "cut.eval").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.eval").write_bytes(b"")
    (tmp_path / "text.json").write_text('{"not": "a log"}', encoding="utf-8")
    newer = json.loads((logs / "part.json").read_text(encoding="utf-8"))
    newer["version"] = 99
    (tmp_path / "newer.json").write_text(json.dumps(newer), encoding="utf-8")
    other = json.loads((logs / "part.json").read_text(encoding="utf-8"))
    other["eval"]["task"] = "inspect_evals/gsm8k"
    (tmp_path / "other.json").write_text(json.dumps(other), encoding="utf-8")
    (tmp_path / "good.eval").write_bytes(whole)
    found = collect([tmp_path], tmp_path / "board.duckdb")
    reasons = {path.name: reason for path, reason in found.left_out}
    assert [path.name for path in found.added] == ["good.eval"]
    assert set(reasons) == {"cut.eval", "empty.eval", "text.json", "newer.json", "other.json"}
    assert reasons["empty.eval"] == "it is empty"
    assert "99" in reasons["newer.json"]
    assert "inspect_evals/gsm8k" in reasons["other.json"]
    for reason in reasons.values():
        assert "\n" not in reason
        assert "Traceback" not in reason


@pytest.mark.processes
def test_the_command_reports_each_log_left_out(tmp_path: Path):
    (tmp_path / "empty.eval").write_bytes(b"")
    portrait_log(tmp_path / "good.eval")
    done = subprocess.run(
        command("collect", tmp_path, "--store", tmp_path / "board.duckdb"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "1 log went in" in done.stdout
    assert "left out empty.eval: it is empty" in done.stderr


def test_stores_of_two_groups_join_without_their_logs(logs: Path, clean: Path, tmp_path: Path):
    paths = find_logs([logs])
    parts = [tmp_path / "one.duckdb", tmp_path / "other.duckdb"]
    collect(paths[:5], parts[0])
    collect(paths[3:], parts[1])
    for order in (parts, parts[::-1]):
        store = tmp_path / f"joined-{order[0].stem}.duckdb"
        assert merge(order, store)[0] == 8
        assert dump(store) == dump(clean)
    before = dump(store)
    assert merge([clean], store) == (0, 8)
    assert dump(store) == before
    with pytest.raises(DataError, match="into itself"):
        merge([store], store)


def test_paths_that_are_not_there(tmp_path: Path):
    with pytest.raises(DataMissingError, match="no log or folder at"):
        collect([tmp_path / "nowhere"], tmp_path / "board.duckdb")
    with (
        pytest.raises(DataMissingError, match="leaderboard collect"),
        open_store(tmp_path / "no.duckdb", write=False),
    ):
        pass


def test_files_that_are_no_store(tmp_path: Path):
    text = tmp_path / "text.duckdb"
    text.write_text("hello " * 1000, encoding="utf-8")
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE cats (name VARCHAR)")
    newer = tmp_path / "newer.duckdb"
    with open_store(newer, write=True) as connection:
        connection.execute("UPDATE store_version SET version = ?", [VERSION + 1])
    for path, message in ((text, "not a store"), (other, "something else"), (newer, "upgrade")):
        with pytest.raises(DataError, match=message), open_store(path, write=True):
            pass


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE store_version SET version = 0",
        "UPDATE store_version SET version = -1",
        "DELETE FROM store_version",
        "INSERT INTO store_version VALUES (2)",
        "ALTER TABLE store_version ALTER version TYPE VARCHAR",
        "ALTER TABLE store_version RENAME version TO number",
        "ALTER TABLE store_version ALTER version TYPE DOUBLE",
        "DROP TABLE runs",
        "DROP TABLE answers CASCADE",
    ],
)
def test_a_store_that_is_not_as_it_was_made_is_one_line(statement: str, tmp_path: Path, capsys):
    store, log = tmp_path / "board.duckdb", portrait_log(tmp_path / "run.eval", items=4)
    collect([log], store)
    with duckdb.connect(str(store)) as connection:
        connection.execute("DROP VIEW IF EXISTS ratings")
        connection.execute(statement)
    for arguments in (
        ["leaderboard", "collect", str(portrait_log(tmp_path / "new.eval", seed=1, items=4))],
        ["leaderboard", "build", "--out", str(tmp_path / "site")],
        ["export", "--format", "json"],
        ["leaderboard", "remove", "abc"],
    ):
        with pytest.raises(SystemExit) as caught:
            main([*arguments, "--store", str(store)])
        printed = capsys.readouterr()
        assert caught.value.code in (2, 3), (arguments, printed.err)
        assert printed.err.count("\n") == 1, printed.err


def test_a_removed_run_stays_out_until_it_is_asked_for(
    logs: Path, clean: Path, tmp_path: Path, capsys
):
    store = tmp_path / "board.duckdb"
    merge([clean], store)
    whole = dump(store)
    runs = sorted(str(row[0]) for row in whole["runs"])
    with pytest.raises(SystemExit) as caught:
        main(["leaderboard", "remove", runs[0][:12], runs[1], "--store", str(store), "--json"])
    assert caught.value.code == 0
    removed = json.loads(capsys.readouterr().out)["removed"]
    assert [run["run"] for run in removed] == runs[:2]
    assert set(removed[0]) == {"run", "benchmark", "rater", "status", "log"}
    left = dump(store)
    for table in ("runs", *OF_A_RUN):
        assert left[table] == [row for row in whole[table] if row[0] not in runs[:2]]
    assert left["logs"] == whole["logs"]
    assert len(collect([logs], store).known) == 8
    assert merge([clean], store)[0] == 0
    assert dump(store) == left
    assert len(collect([logs], store, again=True).added) == 2
    assert dump(store) == whole


@pytest.mark.parametrize(
    ("names", "code", "message"),
    [(["zzz"], 2, "unknown run 'zzz'"), ([""], 2, "unknown run ''"), (["?"], 3, "runs begin with")],
)
def test_a_run_to_remove_must_be_one(
    names: list[str], code: int, message: str, clean: Path, tmp_path: Path, capsys
):
    store = tmp_path / "board.duckdb"
    merge([clean], store)
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE runs SET run = '?' || run")
    before = dump(store)
    with pytest.raises(SystemExit) as caught:
        main(["leaderboard", "remove", *names, "--store", str(store)])
    assert caught.value.code == code
    assert message in capsys.readouterr().err
    assert dump(store) == before


@pytest.fixture(scope="module")
def one_and_another(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store of one run, and another's log."""
    folder = tmp_path_factory.mktemp("one-and-another")
    store = folder / "board.duckdb"
    collect([portrait_log(folder / "faulty.eval", "openai/faulty", 1)], store)
    return store, portrait_log(folder / "another.eval", "openai/another", 2)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE samples SET sample = 'foreign-1' WHERE sample = '9001-1'", "does not know"),
        ("UPDATE samples SET cluster = 'other' WHERE sample = '9001-1'", "with 'other'"),
        ("UPDATE answers SET rating = 99 WHERE place = 0", "has the rating 99"),
        ("UPDATE answers SET status = 'fine' WHERE place = 0", "read as 'fine'"),
        ("DELETE FROM answers WHERE place = 0", "is not whole in the store"),
        ("UPDATE runs SET columns = '[\"v1\"]'", "is not whole in the store"),
        ("UPDATE runs SET synthetic = false", "its data card says True"),
    ],
)
def test_a_faulty_run_in_a_store_is_listed_apart(
    statement: str, message: str, one_and_another: tuple[Path, Path], tmp_path: Path
):
    """A run that an earlier version let in takes no other down with it."""
    store = tmp_path / "board.duckdb"
    shutil.copyfile(one_and_another[0], store)
    with duckdb.connect(str(store)) as connection:
        connection.execute(statement)
    collect([one_and_another[1]], store)
    board = read_board(store)
    (apart,) = board["apart"]
    assert (apart["rater"], apart["status"]) == ("openai/faulty", "refused")
    assert message in apart["why"]
    rows = [row["rater"] for row in board["tables"][0]["rows"] if row["kind"] == "model"]
    assert rows == ["openai/another"]
    validate(board)
    build_site(board, tmp_path / "site")
    assert message in (tmp_path / "site" / "index.html").read_text(encoding="utf-8").replace(
        "&#39;", "'"
    )
    for format in FORMATS:
        with suppress(DataError):  # a folder has nothing of a sample
            export(board, format, tmp_path / format)


def test_an_older_store_is_brought_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store = tmp_path / "board.duckdb"
    collect([portrait_log(tmp_path / "run.eval")], store)
    added = (*MIGRATIONS, "ALTER TABLE runs ADD COLUMN note VARCHAR")
    monkeypatch.setattr("leaderboard.store.store.MIGRATIONS", added)
    monkeypatch.setattr("leaderboard.store.store.VERSION", len(added))
    with pytest.raises(DataError, match="older version"), open_store(store, write=False):
        pass
    with open_store(store, write=True) as connection:
        assert connection.execute("SELECT note FROM runs").fetchall() == [(None,)]


@pytest.mark.processes
def test_a_store_held_by_another_process_is_waited_for(tmp_path: Path, capsys):
    store = tmp_path / "board.duckdb"
    code = (
        "import sys, time, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); "
        "time.sleep(float(sys.argv[2]))"
    )
    with open_store(store, write=True):
        pass
    for seconds, patience, waits in ((0.5, 20.0, True), (3.0, 0.2, False)):
        arguments = [sys.executable, "-c", code, str(store), str(seconds)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            if waits:
                with open_store(store, write=True, patience=patience) as connection:
                    assert connection.execute("SELECT 1").fetchone() == (1,)
            else:
                with (
                    pytest.raises(DataError, match=r"held by another process .*for 0\.2 s"),
                    open_store(store, write=True, patience=patience),
                ):
                    pass
                holder.kill()
            printed = capsys.readouterr().err
            assert printed.startswith(f"waiting at most {patience:g} s for {store}, which another")
            assert f"(PID {holder.pid}) holds open" in printed
            assert printed.count("\n") == 1
