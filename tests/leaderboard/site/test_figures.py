import json
from typing import Any

from leaderboard.site import figures as site_figures
from tests.leaderboard.html_pages import Page, text_of


def test_every_figure_has_a_table_with_it(pages: dict[str, Page]):
    for name, page in pages.items():
        for figure in page.all("figure"):
            data = json.loads(figure.one_script())
            near = figure.parent
            while near is not None and near.tag not in ("div", "section"):
                near = near.parent
            text = " ".join(text_of(table) for table in near.all("table"))
            for label in data.get("categories", []) or data.get("y", []):
                assert label in text, (name, label)


def test_figures_load_plotly_only_where_they_are(pages: dict[str, Page]):
    for name, page in pages.items():
        loads = any("plotly.min.js" in (one.get("src") or "") for one in page.all("script"))
        assert loads == (bool(page.all("figure")) or name == "compare.html"), name


def test_intervals_are_drawn_in_place(board: dict[str, Any], pages: dict[str, Page]):
    table = board["tables"][0]
    shown = pages["index.html"].one("table", id=f"t-{table['id']}")
    drawn: dict[float, float] = {}
    for cell in shown.all("td", class_="g0"):
        if cell.get("style"):
            style = dict(part.split(":") for part in cell.get("style").split(";"))
            positions = [float(style[f"--{end}"]) for end in "lvh"]
            assert positions == sorted(positions)
            assert positions[0] >= 0
            assert positions[2] <= 100
            drawn[float(cell.get("data-v"))] = positions[1]
    values = sorted(drawn)
    assert [drawn[value] for value in values] == sorted(drawn.values())


def test_an_axis_of_coefficients_holds_those_below_zero(board: dict[str, Any]):
    table = board["tables"][0]
    found = {
        name: {"value": value, "low": -9.0, "high": 1.0}
        for name, value in (("a", -0.3), ("b", 0.8), ("c", None))
    }
    figure = site_figures.estimates_figure(table, "t", "u", {"alpha": found})
    assert figure["range"] == [-0.35, 1]
    assert figure["series"][0]["values"] == [-0.3, 0.8, None]
