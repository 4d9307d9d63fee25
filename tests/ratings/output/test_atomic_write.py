import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ratings.output.atomic_write import remove_left_behind, write_whole, written_aside

ROOT = Path(__file__).parents[3]
# Writes half a file, says so, and waits to be killed.
WRITER = """
import sys, time
from pathlib import Path
from ratings.output.atomic_write import written_aside
with written_aside(Path(sys.argv[1])) as aside:
    aside.write_text("half")
    print("half", flush=True)
    time.sleep(60)
"""


def writer(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    return process


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole(tmp_path: Path):
    path = tmp_path / "out.txt"
    write_whole(path, "one")
    write_whole(path, "two é")
    assert path.read_text(encoding="utf-8") == "two é"
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_when_writing_fails(tmp_path: Path):
    path = tmp_path / "out.txt"
    write_whole(path, "one")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("there", "kept"), [(None, "mine"), ("", "mine"), ("theirs", "theirs")])
def test_what_another_process_has_put_there_meanwhile_can_be_kept(
    there: str | None, kept: str, tmp_path: Path
):
    path = tmp_path / "out.txt"
    with written_aside(path, keep=True) as aside:
        aside.write_text("mine")
        if there is not None:
            path.write_text(there)
    assert path.read_text() == kept
    assert names(tmp_path) == ["out.txt"]


@pytest.mark.processes
def test_what_a_killed_process_left_goes_with_the_next_write_and_nothing_else(tmp_path: Path):
    others = [".hidden", ".out.txt.aside-notes", ".a.aside-00000000-1-1-x", "own.txt"]
    for name in others:
        (tmp_path / name).write_text("mine")
    running, killed = (writer(tmp_path / name) for name in ("running.npz", "killed.npz"))
    with running, killed:
        assert len(names(tmp_path)) == 6
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert len(names(tmp_path)) == 6
        write_whole(tmp_path / "out.txt", "one")
        left = names(tmp_path)
        assert {*others, "out.txt"} <= set(left)
        (half,) = set(left) - {*others, "out.txt"}
        assert half.startswith(".running.npz.aside-")
        running.kill()
        running.wait()
    remove_left_behind(tmp_path)
    assert names(tmp_path) == sorted([*others, "out.txt"])


def test_a_file_written_by_another_library_keeps_its_ending(tmp_path: Path):
    with written_aside(tmp_path / "table.csv") as aside:
        assert (aside.suffix, aside.parent) == (".csv", tmp_path)
        aside.write_text("a,b")
    assert names(tmp_path) == ["table.csv"]


@pytest.mark.processes
def test_the_next_start_of_fits_removes_what_was_left(tmp_path: Path):
    from evals.vinfo.fits import run_jobs

    with writer(tmp_path / "fit.npz") as process:
        process.kill()
        process.wait()
    assert len(names(tmp_path)) == 1
    run_jobs([], tmp_path, 1, lambda key: None)
    assert names(tmp_path) == []
