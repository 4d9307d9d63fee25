"""A figure of chosen scores for a paper: numbers at their positions, nothing hostile."""

from typing import Any
from xml.etree import ElementTree

import pytest

from leaderboard.exports.figure_svg import WIDTHS, Width, figure_svg
from leaderboard.exports.formats import one_table
from leaderboard.exports.selection import selected
from ratings.errors import DataError
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board

BOARD = one_table(made_board(12), made_board(12)["tables"][0]["id"])
SVG = "{http://www.w3.org/2000/svg}"


def drawn(board: dict[str, Any], width: Width = "column") -> ElementTree.Element:
    return ElementTree.fromstring(figure_svg(board, width))


@pytest.mark.parametrize(("width", "inches"), [("column", 3.3), ("page", 7.0)])
def test_a_figure_is_as_wide_as_a_column_or_a_page(width: Width, inches: float):
    root = drawn(selected(BOARD, scores=["Power"], headline=True), width)
    assert WIDTHS[width] == inches
    assert float(root.get("width", "")) == pytest.approx(inches * 96, abs=0.06)
    size = float(root.get("viewBox", "").split()[2])
    for mark in root.iter(f"{SVG}line"):
        assert 0 <= float(mark.get("x1", "")) <= float(mark.get("x2", "")) <= size


def test_dots_are_in_the_order_of_the_values_on_one_axis():
    root = drawn(selected(BOARD, scores=["Power", "Security"], headline=True))
    values = {
        row["id"]: [row["scores"][name]["value"] for name in ("Security", "Power")]
        for row in BOARD["tables"][0]["rows"]
        if row["kind"] in ("model", "recording")
    }
    found: dict[str, list[float | None]] = {}
    for mark in root.iter(f"{SVG}g"):
        dot = mark.find(f"{SVG}circle")
        found.setdefault(mark.get("data-row", ""), []).append(
            None if dot is None else float(dot.get("cx", ""))
        )
    assert set(found) == set(values)
    both = [
        (value, at)
        for row in values
        for value, at in zip(values[row], found[row], strict=True)
        if value is not None
    ]
    assert [None for row in values for value in values[row] if value is None] == [
        None for row in found for at in found[row] if at is None
    ]
    (v1, x1), (v2, x2) = min(both), max(both)
    for value, at in both:
        assert at == pytest.approx(x1 + (value - v1) / (v2 - v1) * (x2 - x1), abs=0.11)


def test_people_are_a_tick_and_published_figures_without_a_run_no_row():
    text = figure_svg(selected(BOARD, scores=["Power"], headline=True))
    assert 'class="people-mean"' in text
    assert "o1-mini (paper)" not in text


def test_simulated_raters_are_drawn_where_they_are_asked_for():
    assert "respondent/power" not in figure_svg(selected(BOARD, scores=["Power"], headline=True))
    asked = selected(BOARD, ["respondent/power"], ["Power"], headline=True)
    assert "respondent/power" in figure_svg(asked, "page")


def test_hostile_names_are_text():
    board = selected(BOARD, scores=["Power"], headline=True)
    board["tables"][0]["rows"][8]["name"] = "nul \0 and \ud800"
    text = figure_svg(board, "page")
    root = ElementTree.fromstring(text)
    assert not {one.tag for one in root.iter()} & {f"{SVG}script", f"{SVG}img", f"{SVG}b"}
    assert "\0" not in text
    assert "\u202e" not in text
    shown = "".join(root.itertext())
    assert HOSTILE[0] in shown
    assert "n" * 60 not in "".join(one.text or "" for one in root.iter(f"{SVG}text"))


def test_a_figure_is_of_one_table():
    with pytest.raises(DataError, match="a figure is of one table; choose it with --table"):
        figure_svg(made_board(3))
