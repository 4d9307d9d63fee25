"""What a page weighs with the scripts and styles that it loads: 400 kB at most."""

from pathlib import Path

import pytest

from leaderboard.site.build import build_site
from leaderboard.site.overview_page import FIRST
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Page


@pytest.fixture(scope="module", params=[57, 500])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of so many models; sixty rows in the table of the first."""
    folder = tmp_path_factory.mktemp("site") / "site"
    build_site(made_board(request.param), folder)
    return folder


def weight(path: Path) -> int:
    """Bytes of a page with the scripts and styles that it names."""
    page = Page(path)
    named = [one.get("src") for one in page.all("script")]
    named += [one.get("href") for one in page.all("link") if one.get("rel") == "stylesheet"]
    assert len(set(named)) > 3
    return sum((path.parent / (one or "")).stat().st_size for one in [path.name, *named])


def test_the_front_page_is_light_and_has_its_first_rows(site: Path):
    assert weight(site / "index.html") < 400_000
    page = Page(site / "index.html")
    for table, most in zip(page.all("table", class_="ranking"), FIRST, strict=True):
        assert len(table.all("tbody")[0].all("tr")) <= most


@pytest.mark.parametrize("folder", ["models", "benchmarks", "items"])
def test_the_largest_page_is_light(site: Path, folder: str):
    largest = max((site / folder).rglob("*.html"), key=lambda path: path.stat().st_size)
    assert weight(largest) < 400_000, largest
