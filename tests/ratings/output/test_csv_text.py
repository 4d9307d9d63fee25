"""CSV that every command writes: a spreadsheet takes no cell for a formula."""

import ast
import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratings.output.csv_text import csv_text, harmless, table_csv
from valuegauge.shadowing import PACKAGES

ROOT = Path(__file__).parents[3]
ROOMS = (*PACKAGES, "perf")
# Parts of a name that would write CSV without the one function; each with who may use it.
WRITERS = {
    "to_csv": {
        "ratings/data_sets/digest.py",  # hashed, never a file
        "perf/indie_value_cost.py",  # a simulated survey, for our own reader
        "ratings/prism/release.py",  # made data in the layout of the source, read again unchanged
        "ratings/data_sets/from_hub.py",  # the source's data in the cache, for our own reader
    },
    "csv.writer": {"ratings/output/csv_text.py"},
    "writer": set(),
    "DictWriter": set(),
    "csv.DictWriter": set(),
    "to_clipboard": set(),
    "to_excel": set(),
}


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "=1",
        "=",
        "+1+1",
        "-1+1|cmd",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "-",
        "+",
        "--1",
        "-1-1",
        "-e5",
        "+cmd",
        "-1e",
        "-.",
        "＝1",
        "＠x",
        "-1\n",
        "- 1",
        "+1;=cmd",
    ],
)
def test_a_formula_is_made_harmless(text: str):
    assert harmless(text) == f"'{text}"
    frame = pd.DataFrame({text: [text]}, index=pd.Index([text], name=text + "x"))
    for line in (csv_text([[text, text]]), table_csv(frame), table_csv(frame, index=True)):
        for row in csv.reader(io.StringIO(line, newline="")):
            assert all(cell.startswith("'") for cell in row)


@pytest.mark.parametrize("text", ["-0.35", "+5", "-1e-07", "-.5", "-0,35", "tea", "", "'=1", "1=2"])
def test_numbers_and_other_text_stay(text: str):
    assert harmless(text) == text


def test_numbers_of_every_kind_stay_numbers():
    frame = pd.DataFrame({"a": [-0.35, np.nan], "b": [-3, 4], "c": ["-0.5", None]})
    frame["d"] = pd.array([-1, None], dtype="Int64")
    assert table_csv(frame) == "a,b,c,d\n-0.35,-3,-0.5,-1\n,4,,\n"
    assert csv_text([[-0.35, np.float64(-1.5), np.int8(-2), None, float("nan")]], "\n") == (
        "-0.35,-1.5,-2,,\n"
    )


def test_a_table_is_written_as_pandas_writes_it():
    frame = pd.DataFrame({"x": [0.1, 1e-9, 12345678.9], "y": ['a, "b"', "two\nlines", "plain"]})
    frame.index = pd.Index(["i", "j", "k"], name="shown")
    assert table_csv(frame) == frame.to_csv(index=False)
    assert table_csv(frame, index=True) == frame.to_csv()
    assert table_csv(frame.rename_axis(None), index=True) == frame.rename_axis(None).to_csv()


@settings(deadline=None)
@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), min_size=1))
def test_text_comes_back_whole_and_no_cell_is_a_formula(rows: list[list[str]]):
    read = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    for back, row in zip(read, rows, strict=True):
        for cell, text in zip(back, row, strict=True):
            assert cell in (text, f"'{text}")
            assert not cell.startswith(("=", "@", "\t", "\r", "\n"))
            if cell.startswith(("+", "-")):
                float(cell.replace(",", "."))


def test_no_command_writes_csv_in_another_way():
    found: dict[str, set[str]] = {name: set() for name in WRITERS}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    called = ast.unparse(node.func)
                    name = called if called in WRITERS else called.rsplit(".", 1)[-1]
                    if name in WRITERS:
                        found[name].add(path.relative_to(ROOT).as_posix())
                if isinstance(node, ast.ImportFrom) and node.module == "csv":
                    assert {alias.name for alias in node.names}.isdisjoint({"writer", "DictWriter"})
    assert found == WRITERS
