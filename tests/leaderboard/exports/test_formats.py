import copy
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.exports import FORMATS, export, notes, one_table
from leaderboard.exports.every_eval_ever import SCHEMA_VERSION
from leaderboard.exports.formats import FILES, FOLDERS
from leaderboard.exports.tables_csv import RUN_COLUMNS, SCORE_COLUMNS
from ratings.errors import DataError, UnknownNameError
from ratings.output.kept_folder import LIST
from ratings.output.slugs import file_slug
from ratings.output.text import one_line
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board

MANUAL = Path(__file__).parents[3] / "docs" / "exports.md"
BOARD = made_board(10)  # the tenth plays a persona


@pytest.mark.parametrize("format", FILES)
def test_one_file_is_written_and_replaced(format: str, tmp_path: Path):
    out = tmp_path / "board.out"
    out.write_text("before")
    board = one_table(BOARD, BOARD["tables"][0]["id"]) if format.startswith("svg") else BOARD
    assert export(board, format, out) == [out]
    assert out.read_bytes().decode() == FILES[format](board)
    assert list(tmp_path.iterdir()) == [out]
    assert notes(board, format) == []


@pytest.mark.parametrize("format", FOLDERS)
@pytest.mark.parametrize("there", [True, False])
def test_a_folder_is_written_where_none_or_an_empty_one_is(
    format: str, there: bool, tmp_path: Path
):
    out = tmp_path / "results"
    if there:
        out.mkdir()
    written = export(BOARD, format, out)
    assert {*written, out / LIST} == {path for path in out.rglob("*") if path.is_file()}
    assert len(written) == len(FOLDERS[format](BOARD))
    assert list(tmp_path.iterdir()) == [out]
    assert any("synthetic sample" in note for note in notes(BOARD, format))
    assert export(BOARD, format, out) == written


@pytest.mark.parametrize("format", FOLDERS)
def test_a_file_of_the_users_in_the_folder_stays(format: str, tmp_path: Path):
    out = tmp_path / "results"
    written = export(BOARD, format, out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    written[0].write_text("changed by hand", encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(written[0].relative_to(out).as_posix())):
        export(BOARD, format, out)
    assert written[0].read_text(encoding="utf-8") == "changed by hand"
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_the_hugging_face_export_names_personas():
    assert "runs under a persona are left out: 1" in notes(BOARD, "hugging-face")
    assert "runs under a persona are left out: 1" not in notes(BOARD, "every-eval-ever")


@pytest.mark.parametrize("format", FOLDERS)
def test_nothing_to_export_is_an_error_that_says_why(format: str, tmp_path: Path):
    sample = one_table(BOARD, "value_portrait-5a3d9e11")
    with pytest.raises(DataError, match=r"no run of a model; .* synthetic sample"):
        export(sample, format, tmp_path / "out")
    with pytest.raises(DataError, match="no run of a model$"):
        export({**BOARD, "tables": []}, format, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", FILES)
def test_every_file_marks_a_sample(format: str):
    sample = one_table(BOARD, "value_portrait-5a3d9e11")
    assert re.search("synthetic", FILES[format](sample), re.IGNORECASE)


def test_where_it_cannot_be_written_is_said(tmp_path: Path):
    with pytest.raises(DataError, match="there is no folder"):
        export(BOARD, "json", tmp_path / "none" / "board.json")
    with pytest.raises(DataError, match="is a folder; name a file"):
        export(BOARD, "json", tmp_path)
    file = tmp_path / "file"
    file.write_text("kept")
    with pytest.raises(DataError, match="is not a folder"):
        export(BOARD, "hugging-face", file)
    assert file.read_text() == "kept"


def test_a_failure_leaves_nothing_behind(tmp_path: Path):
    board = copy.deepcopy(BOARD)
    board["tables"][0]["rows"][0]["valid"] = float("nan")
    with pytest.raises(ValueError, match="JSON compliant"):
        export(board, "json", tmp_path / "board.json")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_or_table_lists_the_known(tmp_path: Path):
    with pytest.raises(UnknownNameError) as format:
        export(BOARD, "jason", tmp_path / "out")
    assert (format.value.name, format.value.allowed[0]) == ("jason", "json")
    with pytest.raises(UnknownNameError) as table:
        one_table(BOARD, "value_portrait")
    assert table.value.name == "value_portrait"
    assert "value_portrait-3f9a1c20" in table.value.allowed
    assert set(FORMATS) == {*FILES, *FOLDERS}


def test_one_table_keeps_what_belongs_to_it():
    found = one_table(BOARD, "indie_value-77aa01bc")
    assert [table["id"] for table in found["tables"]] == ["indie_value-77aa01bc"]
    assert found["apart"] == []
    assert found["convergence"] == BOARD["convergence"]
    assert one_table(BOARD, "value_portrait-3f9a1c20")["apart"] == BOARD["apart"]
    assert one_table(BOARD, "value_portrait-5a3d9e11")["convergence"] == []


@given(st.text())
def test_a_slug_is_safe_everywhere(text: str):
    assert re.fullmatch(r"[A-Za-z0-9_-]{10,71}", file_slug(text))
    assert not file_slug(text).startswith("-")


@given(st.sets(st.text(max_size=5), min_size=2, max_size=20))
def test_other_text_has_another_slug_even_where_case_is_lost(texts: set[str]):
    assert len({file_slug(text).lower() for text in texts}) == len(texts)


def test_plain_text_is_one_line_without_controls():
    for name in HOSTILE:
        assert one_line(name).isprintable()
    assert one_line("a\x00b\u202ec\u2066d\te\u2028f") == "a\ufffdb\ufffdc\ufffdd e f"


def test_the_manual_names_every_format_column_and_version():
    manual = MANUAL.read_text(encoding="utf-8")
    for name in FORMATS:
        assert f"\n## `{name}`\n" in manual
        assert f"| `{name}` |" in manual
    for column in (*SCORE_COLUMNS, *RUN_COLUMNS):
        assert f"`{column}`" in manual, column
    assert f"the version of the layout, `{BOARD['schema']}`" in manual
    assert f"version {SCHEMA_VERSION} of the schema" in manual
