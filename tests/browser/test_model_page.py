"""A model's page: the finding and the profile at first sight, at any width, in both themes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from leaderboard.site.pages import model_pages
from tests.browser.waiting import until
from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes

TABLE = "value_portrait-3f9a1c20"


@pytest.fixture(scope="module")
def board() -> dict[str, Any]:
    """The board of `site`."""
    return made_board(9, seed=3)


def path_of(board: dict[str, Any], position: int) -> str:
    """The page of a row of the first table."""
    row = board["tables"][0]["rows"][position]
    return next(one.path for one in model_pages(board) if any(r is row for _, r in one.entries))


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (768, 1024), (360, 740)])
def test_finding_and_profile_are_seen_without_scrolling(
    site: Path, opened: Callable, board, width: int, height: int
):
    page = opened(site, path_of(board, 7), width=width)
    page.set_viewport_size({"width": width, "height": height})
    section = page.locator(f"#{TABLE}")
    finding = section.locator(".finding")
    assert finding.inner_text() == board["tables"][0]["rows"][7]["finding"]
    assert finding.bounding_box()["y"] < height / 2
    drawing = section.locator("figure svg.drawing").locator("visible=true").first
    box = drawing.bounding_box()
    seen = min(height, box["y"] + box["height"]) - box["y"]
    assert seen >= min(box["height"], 200), "the whole figure, or five values of it on a phone"
    if width == 1280:
        assert box["y"] + box["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_text_of_figures_can_be_read_at_any_width(site: Path, opened: Callable, board, width: int):
    page = opened(site, path_of(board, 7), width=width)
    drawings = page.locator(f"#{TABLE} svg.drawing").locator("visible=true").all()
    assert len(drawings) >= 5
    for drawing in drawings:
        scale = drawing.evaluate(
            "(one) => one.getBoundingClientRect().width / one.viewBox.baseVal.width"
        )
        assert 12 * scale >= 10.9, drawing.get_attribute("aria-label")
        assert drawing.bounding_box()["width"] <= width


def test_one_of_two_drawings_is_shown(site: Path, opened: Callable, board):
    for width, shown, hidden in ((1280, "wide", "narrow"), (360, "narrow", "wide")):
        page = opened(site, path_of(board, 7), width=width)
        figure = page.locator(f"#{TABLE} figure").first
        assert figure.locator(f"svg.{shown}").is_visible()
        assert not figure.locator(f"svg.{hidden}").is_visible()


def test_a_mark_says_its_numbers_and_where_it_is(site: Path, opened: Callable, board):
    row = board["tables"][0]["rows"][7]
    page = opened(site, path_of(board, 7))
    marks = page.locator(f"#figure-1-0 [data-row='{row['id']}']")
    assert marks.count() == 10
    values = [found["value"] for found in list(row["scores"].values())[:10]]
    tips = marks.locator("title").all_text_contents()
    at = marks.evaluate_all(
        "(all) => all.map((one) => one.querySelector('circle').getBoundingClientRect())"
        ".map((box) => box.left + box.width / 2)"
    )
    for value, tip in zip(values, tips, strict=True):
        assert tip.startswith(f"{value:.2f}".replace("-", "−"))
        assert "beyond these items" in tip
    order = sorted(range(10), key=lambda k: values[k])
    assert [at[k] for k in order] == sorted(at), "a higher value is farther to the right"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dots_full_and_hollow_differ_by_more_than_colour(
    site: Path, opened: Callable, board, scheme: str
):
    page = opened(site, path_of(board, 7), color_scheme=scheme)
    fill = "(one) => getComputedStyle(one).fill"
    full = page.locator("#figure-1-0 circle.dot").first.evaluate(fill)
    hollow = page.locator("#figure-1-0 circle.hollow").first.evaluate(fill)
    assert full != hollow
    assert hollow == page.evaluate("getComputedStyle(document.body).backgroundColor")


def saved(page: Any, folder: Path) -> ElementTree.Element:
    with page.expect_download() as download:
        page.locator(f"#{TABLE} .paper").get_by_role("button", name="Save SVG").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return ElementTree.fromstring(path.read_bytes())


@pytest.mark.parametrize("width", [1280, 360])
def test_the_profile_is_saved_whole_on_white_at_any_width(
    site: Path, opened: Callable, board, tmp_path: Path, width: int
):
    page = opened(site, path_of(board, 0), width=width, color_scheme="dark")
    root = saved(page, tmp_path)
    text = "".join(root.itertext())
    for name in ("Universalism", "Self-Direction", "points of the scale"):
        assert name in text
    assert "<script>alert(1)</script>" in (root.get("aria-label") or "")
    assert float(root.get("width")) > 700
    style = root.get("style") or ""
    assert "display: block" in style
    assert "background: rgb(255, 255, 255)" in style or "background: #fff" in style
    labels = [one for one in root.iter() if (one.get("class") or "") == "label"]
    assert "fill:rgb(28, 33, 38)" in labels[0].get("style"), "the light theme's ink"
    assert not [one for one in root.iter() if one.tag.rpartition("}")[2] in ("script", "image")]


def test_the_sentence_and_the_row_are_copied(site: Path, opened: Callable, board):
    row = board["tables"][0]["rows"][7]
    page = opened(site, path_of(board, 7))
    paper = page.locator(f"#{TABLE} .paper")
    assert paper.get_attribute("data-sentence") == row["finding"]
    paper.get_by_role("button", name="Copy sentence").click()
    until(page, "document.querySelector('.paper output').textContent === 'sentence copied'")


def test_a_model_page_is_light_and_drawn_at_once(site: Path, opened: Callable, board):
    page = opened(site, path_of(board, 1))
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    names = [one.rpartition("/site/")[2] for one in loaded]
    weight = sum((site / name).stat().st_size for name in names if (site / name).is_file())
    assert 0 < weight + (site / path_of(board, 1)).stat().st_size < 400_000
    paint = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime)"
    )
    assert page.locator("figure svg.drawing").count() > 5
    assert all(one < 5_000 for one in paint)


def test_without_scripts_everything_is_there(site: Path, opened: Callable, board):
    page = opened(site, path_of(board, 7), java_script_enabled=False)
    assert page.locator("#figure-1-0").is_visible()
    assert page.locator(f"#{TABLE} table").first.is_visible()
    assert page.locator(".paper button").count() == 0


def test_print_has_the_profile_and_no_buttons(site: Path, opened: Callable, board):
    page = opened(site, path_of(board, 7), width=700)
    page.emulate_media(media="print")
    assert page.locator("#figure-1-0").is_visible()
    assert not page.locator(".paper").first.is_visible()
