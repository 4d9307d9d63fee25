"""A folder that is written again keeps what others put there, and is old or new, never half."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratings.errors import DataError
from ratings.output import kept_folder
from ratings.output.kept_folder import LIST, write_folder

PATHS = ("index.html", "data/a.js", "data/b.js", "models/x.html", "deep/er/y.html")
Files = dict[str, str]
some_files = st.dictionaries(st.sampled_from(PATHS), st.text(max_size=3), max_size=len(PATHS))
of_others = st.dictionaries(
    st.sampled_from((".git/HEAD", "CNAME", "data/mine.csv", "models/notes.txt", *PATHS)),
    st.text(max_size=3),
    max_size=4,
)


def writer(files: Mapping[str, str]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(text.encode())

    return write


def content(folder: Path) -> Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file() and path.name != LIST
    }


@settings(max_examples=40)
@given(first=some_files, second=some_files, others=of_others, swap=st.booleans())
def test_what_others_wrote_stays_and_what_was_written_last_is_replaced(
    tmp_path_factory: pytest.TempPathFactory,
    first: Files,
    second: Files,
    others: Files,
    swap: bool,
):
    """As a whole where nothing else is there, and file by file, both on every system."""
    out = tmp_path_factory.mktemp("kept") / "site"
    write_folder(out, writer(first))
    assert content(out) == first
    writer(others)(out)
    before = content(out)
    overwritten = {
        path
        for path in second.keys() & others.keys()
        if others[path] not in (first.get(path), second[path])
    }
    with pytest.MonkeyPatch.context() as patch:
        if not swap:
            patch.setattr(kept_folder, "_exchange", lambda one, other: False)
        if overwritten:
            with pytest.raises(DataError, match=sorted(overwritten)[0].replace(".", r"\.")):
                write_folder(out, writer(second))
            assert content(out) == before
            return
        write_folder(out, writer(second))
    stay = {path: text for path, text in others.items() if first.get(path) != text}
    assert content(out) == {**stay, **second}
    assert [path.name for path in out.parent.iterdir()] == ["site"]


@pytest.mark.parametrize("name", ["data", "index.html"])
def test_links_and_files_in_the_way_are_named(name: str, tmp_path: Path):
    out, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / name).symlink_to(elsewhere)
    with pytest.raises(DataError, match=f"where it would write: {name}"):
        write_folder(out, writer(dict.fromkeys(PATHS, "new")))
    assert not list(elsewhere.iterdir())


def test_a_folder_with_an_invalid_list_is_left_alone(tmp_path: Path):
    out = tmp_path / "site"
    write_folder(out, writer({"index.html": "old"}))
    for broken in ("", "[]", '{"files": 3}', "[" * 100_000):
        (out / LIST).write_text(broken, encoding="utf-8")
        with pytest.raises(DataError, match=r"index\.html"):
            write_folder(out, writer({"index.html": "new"}))


CODE = """
import sys
from pathlib import Path
from ratings.output.kept_folder import write_folder
def write(folder):
    for k in range(150):
        (folder / f"{k}.txt").write_text(sys.argv[2] * 2000)
print("begun", flush=True)
for _ in range(int(sys.argv[3])):
    write_folder(Path(sys.argv[1]), write)
"""


@pytest.mark.processes
def test_a_killed_call_leaves_the_old_or_the_new(tmp_path: Path):
    """Killed at several moments; the next call resumes."""
    _kill(tmp_path / "site", kills=5)


def _kill(out: Path, kills: int) -> None:
    write_folder(out, writer({f"{k}.txt": "A" * 2000 for k in range(150)}))
    seen = set()
    for number in range(kills):
        new = "BA"[number % 2]
        arguments = [sys.executable, "-c", CODE, str(out), new, "1"]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(0.05 * number / kills)
            os.kill(process.pid, signal.SIGKILL)
        (one,) = {text[0] for text in content(out).values()}
        seen.add(one)
        assert len(content(out)) == 150
        write_folder(out, writer({f"{k}.txt": "AB"[number % 2] * 2000 for k in range(150)}))
    assert seen
