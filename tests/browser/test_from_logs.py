"""From logs to pages, by the commands that a user types."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.leaderboard.made_logs import choice_log, portrait_log, portrait_ratings

pytestmark = pytest.mark.processes

SCRIPT = "<script>alert(1)</script>"


def valuegauge(*arguments: object) -> str:
    command = [sys.executable, "-m", "evals.cli.main", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    for seed, name in enumerate((SCRIPT, "=cmd()", "openai/" + "n" * 293, "replay/recorded")):
        portrait_log(folder / f"p{seed}.eval", name, seed)
        choice_log(folder / f"c{seed}.eval", name, seed, accuracy=0.5 + seed / 10)
    ratings = portrait_ratings(9, 120)
    ratings[3, :2] = np.nan
    portrait_log(folder / "missing.eval", "openai/missing", ratings=ratings)
    portrait_log(folder / "failed.eval", "openai/failed", 14, items=30, status="error")
    store, site = folder / "board.duckdb", folder / "site"
    assert "10 logs went in" in valuegauge("leaderboard", "collect", folder, "--store", store)
    assert "index.html" in valuegauge("leaderboard", "build", "--store", store, "--out", site)
    return site


def test_pages_of_real_logs_open_quietly(built: Path, opened: Callable):
    page = opened(built, "index.html")
    assert page.locator("text=Sample data").count() > 0
    # pages of items differ by score only, and `test_pages` opens all of another board
    items = sorted((built / "items").rglob("*.html"))
    assert len(items) > 3
    for path in sorted({*built.rglob("*.html")} - {*items[3:]}):
        page.goto(path.as_uri())
        assert page.locator("h1").count() == 1, path.name


def test_a_model_is_found_from_the_overview(built: Path, opened: Callable):
    page = opened(built, "index.html")
    page.get_by_role("link", name="openai/missing").first.click()
    page.wait_for_load_state()
    assert "openai/missing" in page.locator("h1").inner_text()
    assert "718" in page.inner_text("main")


def test_a_hostile_name_is_text_on_its_page(built: Path, opened: Callable):
    page = opened(built, "index.html")
    page.get_by_role("link", name=SCRIPT).first.click()
    page.wait_for_load_state()
    assert SCRIPT in page.locator("h1").inner_text()


def test_no_path_of_this_machine_is_in_the_site(built: Path):
    here = str(built.parent)
    for path in built.rglob("*"):
        if path.suffix in (".html", ".js", ".css", ".csv", ".json"):
            assert here not in path.read_text(encoding="utf-8"), path.name
