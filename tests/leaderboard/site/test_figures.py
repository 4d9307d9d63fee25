from typing import Any

from tests.leaderboard.html_pages import Page


def test_every_figure_has_its_numbers_near_it(pages: dict[str, Page]):
    """In a table of its section, or in the CSV of all items."""
    seen = 0
    for name, page in pages.items():
        for figure in page.all("figure", class_="figure"):
            near = figure
            while near.tag != "section":
                near = near.parent
            written = " ".join(one.text for table in near.all("table") for one in table.all("th"))
            for label in figure.all("text", class_="label"):
                tips = [one.text for one in label.all("title")]
                full = tips[0] if tips else label.text
                heat = label.parent.get("class") == "drawing heat"
                assert full in written or heat or "circle" in label.parent.get("class"), (
                    name,
                    full,
                )
                seen += 1
    assert seen > 500


def test_drawings_have_a_name_and_no_page_loads_a_library(pages: dict[str, Page]):
    for name, page in pages.items():
        for drawing in page.all("svg"):
            hidden = drawing.get("aria-hidden") == "true"
            assert hidden or drawing.get("aria-label"), name
        for script in page.all("script"):
            assert "plotly" not in (script.get("src") or ""), name


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
