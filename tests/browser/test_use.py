"""What a reader does: sort, filter, compare, draw, save, with a mouse and with the keyboard."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes

TABLE = "value_portrait-3f9a1c20"


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    """The first table of `site`."""
    return made_board(9, seed=3)["tables"][0]


def model_page(site: Path) -> str:
    (path,) = (site / "models").glob("cmd-*.html")
    return path.relative_to(site).as_posix()


def test_a_profile_is_dots_first_and_a_radar_by_choice(site: Path, opened: Callable):
    page = opened(site, model_page(site))
    figure = page.locator("figure").first
    page.wait_for_selector("figure[data-drawn=dots]")
    assert figure.locator(".errorbar").count() > 10
    names = figure.locator(".legendtext").all_text_contents()
    assert names == ["all other rows", "=cmd()", "560 people"]
    choice = figure.get_by_role("group", name="Kind of figure")
    choice.get_by_role("button", name="Radar").click()
    page.wait_for_selector("figure[data-drawn=radar]")
    assert figure.locator(".polar").count() >= 1
    assert choice.get_by_role("button", name="Radar").get_attribute("aria-pressed") == "true"
    choice.get_by_role("button", name="Dots").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("figure[data-drawn=dots]")


def saved(page: Any, figure: Any, kind: str, folder: Path) -> Path:
    with page.expect_download() as download:
        figure.get_by_role("button", name=f"Save {kind}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == f".{kind.lower()}"
    return path


def test_a_figure_is_saved_as_svg_and_png(site: Path, opened: Callable, tmp_path: Path):
    page = opened(site, model_page(site), color_scheme="dark")
    page.wait_for_selector("figure[data-drawn]")
    figure = page.locator("figure").first
    svg = ElementTree.fromstring(saved(page, figure, "SVG", tmp_path).read_bytes())
    text = "".join(svg.itertext())
    assert "Schwartz values of =cmd()" in text
    assert "Universalism" in text
    assert svg.get("width") == "900"
    png = saved(page, figure, "PNG", tmp_path).read_bytes()
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    assert width == 1800
    assert height == 2 * float(svg.get("height"))


def test_a_figure_of_sample_data_says_so_in_its_files(site: Path, opened: Callable, tmp_path: Path):
    page = opened(site, "benchmarks/value_portrait-5a3d9e11.html")
    page.wait_for_selector("figure")
    figure = page.locator("figure").first
    figure.scroll_into_view_if_needed()
    page.wait_for_selector("figure[data-drawn]")
    assert "SAMPLE DATA" in saved(page, figure, "SVG", tmp_path).read_text(encoding="utf-8")
    assert "synthetic sample" in saved(page, figure, "CSV", tmp_path).read_text(encoding="utf-8")
