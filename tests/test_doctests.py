"""Every example in the manual prints what the page says that it prints."""

import doctest
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import EvalLog

from tests.evaluate import evaluate

ROOT = Path(__file__).parents[1]
WRITTEN = [
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "benchmarks").glob("*/README.md")),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
]
WITH_EXAMPLES = [path for path in WRITTEN if "\n>>> " in path.read_text(encoding="utf-8")]


def quick_eval(tasks: Any, display: str, **options: Any) -> list[EvalLog]:
    """What a page calls Inspect's `eval` with, run as the other tests do, in half the time."""
    assert display == "none"
    return evaluate(tasks, **options)


def test_there_are_examples():
    assert "library.md" in {path.name for path in WITH_EXAMPLES}


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: path.stem)
def test_examples_print_what_the_page_says(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("inspect_ai.eval", quick_eval)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert found.attempted
    assert not found.failed, capsys.readouterr().out
