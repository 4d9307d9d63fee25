"""What the page writes of names, for LaTeX and for spreadsheets, is what the exports write."""

from collections.abc import Callable
from pathlib import Path

import pytest

from leaderboard.site.paper import latex_row
from ratings.output.csv_text import csv_text
from tests.leaderboard.board_rows import HOSTILE

pytestmark = pytest.mark.processes

NAMES = [
    *HOSTILE,
    "–",
    "−0.13",
    "-1--2,,3",
    "-0.35",
    "+1e5",
    "-1+cmd",
    "[a]*'`\"|^~\\{}$&#%_",
    "Łódź ĳ ŉ ſ ÿ é 中 \ufeff\x85\u2028 x",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "a\tb",
    "\tx",
    " x",
]


def test_names_are_escaped_for_latex_as_the_exports_do(site: Path, opened: Callable):
    page = opened(site, "index.html")
    rows = page.evaluate("(all) => all.map((one) => valuegauge.latexRow([one, '1']))", NAMES)
    assert rows == [latex_row([name, "1"]) for name in NAMES]


def test_cells_that_a_spreadsheet_would_run_are_guarded_as_in_the_exports(
    site: Path, opened: Callable
):
    page = opened(site, "index.html")
    rows = page.evaluate("(all) => all.map((one) => valuegauge.csv([[one, -0.5]]))", NAMES)
    assert rows == [csv_text([[name, -0.5]]) for name in NAMES]
