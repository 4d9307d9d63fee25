"""Every example in the manual prints what the page says that it prints."""

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WRITTEN = [
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "benchmarks").glob("*/README.md")),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
]
WITH_EXAMPLES = [path for path in WRITTEN if "\n>>> " in path.read_text(encoding="utf-8")]


def test_there_are_examples():
    assert "library.md" in {path.name for path in WITH_EXAMPLES}


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: path.stem)
def test_examples_print_what_the_page_says(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert found.attempted
    assert not found.failed, capsys.readouterr().out
