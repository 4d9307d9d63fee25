from pathlib import Path

import pytest

from ratings.sources import locations


def test_a_relative_mirror_is_taken_from_where_the_process_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "here" / "mirrors").mkdir(parents=True)
    monkeypatch.setattr(locations, "_STARTED_IN", tmp_path / "here")
    monkeypatch.setenv("VALUEGAUGE_DATA", "mirrors")
    monkeypatch.chdir(tmp_path)
    assert locations.mirror_root() == tmp_path / "here" / "mirrors"


def test_when_imported_after_a_change_of_folder_the_shell_knows_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "mirrors").mkdir()
    monkeypatch.setattr(locations, "_STARTED_IN", tmp_path / "elsewhere")
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.setenv("VALUEGAUGE_DATA", "mirrors")
    assert locations.mirror_root() == tmp_path / "mirrors"


def test_no_variable_or_an_empty_one_is_no_mirror(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", " ")
    assert locations.mirror_root() is None
