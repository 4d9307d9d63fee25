from pathlib import Path

import pytest

from ratings.whole_file import write_whole


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
