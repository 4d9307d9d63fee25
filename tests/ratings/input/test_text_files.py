from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ratings.errors import DataError
from ratings.input.text_files import as_written, read_text_argument


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts") / "persona, #1.txt"


@pytest.mark.parametrize("mark", ["@", "file:"])
@given(text=st.text().filter(str.strip))
@example(text="**Ann** # 61\r\nlikes: tea,\tcake\n\n")
@example(text="@ann")
@example(text="\\\\@ann")
@example(text="file:/etc/hostname")
@example(text="\ufeffA nurse.\x00")
def test_any_text_in_a_file_is_read_as_it_was_written(mark: str, file: Path, text: str):
    file.write_bytes(text.encode())
    kept = read_text_argument("persona", f"{mark}{file}")
    assert as_written(kept) == text
    # Given again as it was kept, as a run that is retried gives it, it is the same text.
    assert read_text_argument("persona", kept) == kept


@given(st.text().filter(lambda text: not text.startswith(("@", "file:", "\\"))))
def test_a_text_that_names_no_file_is_itself(text: str):
    assert as_written(read_text_argument("persona", text)) == text


def test_a_path_is_taken_from_where_the_user_started(tmp_path, monkeypatch):
    (tmp_path / "nurse.txt").write_text("A nurse.")
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.chdir("/")
    assert read_text_argument("persona", "@nurse.txt") == "A nurse."


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "there is no file at"), (b"", "is empty"), (b" \n", "is empty"),
     (b"caf\xe9", "is not UTF-8 text")],
)  # fmt: skip
def test_a_file_without_a_text_is_reported_in_one_line(content, message: str, tmp_path: Path):
    path = tmp_path / "persona.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_text_argument("persona", f"@{path}")
    assert str(path) in str(caught.value)
    assert str(caught.value).startswith("persona: ")
    assert "\n" not in str(caught.value)


def test_a_folder_and_an_empty_name_are_refused_too(tmp_path: Path):
    with pytest.raises(DataError, match="is a folder; name a file"):
        read_text_argument("persona", f"@{tmp_path}")
    with pytest.raises(DataError, match="persona names no file"):
        read_text_argument("persona", "@")
