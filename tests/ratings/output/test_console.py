"""Every command prints, whatever size the terminal claims to have."""

import ast
import io
from pathlib import Path

import pytest
from rich.progress import Progress
from rich.table import Table

from evals.cli.main import main
from ratings.output.console import make_console

ROOT = Path(__file__).parents[3]
ROOMS = ("ratings", "scorers", "providers", "decoders", "benchmarks", "evals", "leaderboard")
SIZES = ("0", "1", "2", "-5", "abc", "", "1e9x", "٣")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("variable", ["COLUMNS", "LINES"])
def test_a_table_and_a_bar_are_printed_whole(variable: str, size: str, monkeypatch):
    monkeypatch.setenv(variable, size)
    found = make_console()
    found.file = io.StringIO()
    table = Table("who", "what")
    table.add_row("Ann", "likes tea")
    found.print(table)
    assert "likes tea" in found.file.getvalue()
    with Progress(console=found) as progress:
        progress.add_task("reading", total=2, completed=2)
    assert "reading" in found.file.getvalue()
    assert found.width >= 20


def test_a_width_that_is_one_is_kept(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert make_console().width == 40


@pytest.mark.parametrize("size", SIZES[:4])
def test_a_command_prints_its_table(size: str, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", size)
    with pytest.raises(SystemExit) as caught:
        main(["data", "list"])
    printed = capsys.readouterr()
    assert not caught.value.code
    assert "planted" in printed.out


def test_one_module_alone_makes_consoles():
    made = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
                of_rich = isinstance(node, ast.ImportFrom) and node.module == "rich"
                if called.endswith(("Console", "get_console")) or of_rich:
                    made.add(path.relative_to(ROOT).as_posix())
    assert made == {"ratings/output/console.py"}
