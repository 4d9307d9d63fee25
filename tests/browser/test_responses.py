"""The responses behind a value: their texts, people's ratings and the models', one model lit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leaderboard.site.pages import model_pages
from leaderboard.site.responses_pages import responses_path
from tests.browser.waiting import until
from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes

TABLE = "value_portrait-3f9a1c20"
PAGE = responses_path(TABLE, "Power")
LIT = "document.querySelectorAll('.item .dot.lit').length"


@pytest.fixture(scope="module")
def board() -> dict[str, Any]:
    """The board of `site`."""
    return made_board(9, seed=3)


def answered(board: dict[str, Any], row: str) -> int:
    items = [one for one in board["tables"][0]["items"] if "Power" in one["scores"]]
    return sum(one["ratings"].get(row) is not None for one in items)


@pytest.mark.parametrize("width", [1280, 768, 360])
@pytest.mark.parametrize("score", ["Universalism", "Power"])
def test_texts_and_figures_fit_any_width(site: Path, opened: Callable, width: int, score: str):
    page = opened(site, responses_path(TABLE, score), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for item in page.locator("article").all():
        drawing = item.locator("svg").bounding_box()
        text = item.locator("h2").bounding_box()
        assert drawing["x"] >= 0
        assert drawing["x"] + drawing["width"] <= width
        side_by_side = drawing["x"] > text["x"] + 50
        assert side_by_side == (width >= 768)


def test_one_model_is_lit_on_every_item_and_the_address_keeps_it(
    site: Path, opened: Callable, board
):
    row = board["tables"][0]["rows"][7]
    page = opened(site, PAGE)
    assert page.evaluate(LIT) == 0
    page.get_by_label("Show one model").select_option(row["id"])
    assert page.evaluate(LIT) == answered(board, row["id"])
    assert page.url.endswith(f"#lit={row['id']}")
    assert row["name"] in page.locator("article .its").first.inner_text()
    page.reload()
    assert page.evaluate(LIT) == answered(board, row["id"])
    assert page.get_by_label("Show one model").input_value() == row["id"]
    page.get_by_role("link", name="Least like people").click()
    page.wait_for_load_state()
    until(page, f"{LIT} === {answered(board, row['id'])}")
    page.get_by_label("Show one model").select_option("")
    assert page.evaluate(LIT) == 0
    assert "#" not in page.url


def test_a_lit_dot_is_larger_and_not_only_of_another_colour(site: Path, opened: Callable, board):
    row = board["tables"][0]["rows"][7]
    page = opened(site, f"{PAGE}#lit={row['id']}")
    width = "(one) => one.getBoundingClientRect().width"
    lit = page.locator(".dot.lit").first.evaluate(width)
    assert lit > 1.3 * page.locator(".dot:not(.lit)").first.evaluate(width)


def test_one_of_many_models_is_drawn_on_choice(large_site: Path, opened: Callable):
    board = made_board(130, seed=4)
    first, other = board["tables"][0]["rows"][:2]
    items = {
        one["instance"]: one for one in board["tables"][0]["items"] if "Power" in one["scores"]
    }
    page = opened(large_site, PAGE)
    assert page.locator(".item .dot").count() == 0
    for row in (first, other):
        page.get_by_label("Show one model").select_option(row["id"])
        rated = {name: one["ratings"][row["id"]] for name, one in items.items()}
        known = sum(value is not None for value in rated.values())
        until(page, f"{LIT} === {known} && !!document.querySelector('[data-row=\"{row['id']}\"]')")
        assert page.locator(".item .dot").count() == known
        for item in page.locator("article").all():
            value = rated[item.locator("h2").inner_text().split()[0]]
            if value is None:
                assert "no answer of this model" in item.locator(".its").inner_text()
                continue
            ticks = item.locator("svg text").evaluate_all(
                "(all) => all.slice(-6).map((a) => Number(a.getAttribute('x')))"
            )
            x = float(item.locator(".dot").get_attribute("cx"))
            assert x == pytest.approx(np.interp(value, range(1, 7), ticks), abs=0.2)
    page.reload()
    until(page, f"{LIT} === {known}")
    page.get_by_label("Show one model").select_option("")
    until(page, f"{LIT} === 0")
    assert sum(path.stat().st_size for path in (large_site / PAGE,)) < 300_000


@pytest.mark.parametrize("lit", ["none", "<script>alert(1)</script>", "%22%5D", ""])
def test_an_address_that_names_no_model_is_no_error(site: Path, opened: Callable, lit: str):
    page = opened(site, f"{PAGE}#lit={lit}")
    assert page.evaluate(LIT) == 0
    assert page.get_by_label("Show one model").input_value() == ""


def test_a_value_leads_from_the_model_to_its_responses(site: Path, opened: Callable, board):
    row = board["tables"][0]["rows"][7]
    path = next(one.path for one in model_pages(board) if any(r is row for _, r in one.entries))
    page = opened(site, path)
    page.locator(f"#{TABLE} tbody").first.get_by_role("link", name="Power").click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "Power: the responses behind it"
    until(page, f"{LIT} === {answered(board, row['id'])}")


def test_a_value_leads_from_the_front_page_to_its_responses(site: Path, opened: Callable):
    page = opened(site, "index.html")
    page.wait_for_load_state("networkidle")
    page.locator(f"#{TABLE} .strip-name").get_by_role("link", name="Power").click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "Power: the responses behind it"


def test_hostile_texts_are_text(site: Path, opened: Callable, board):
    """`opened` fails at an alert; what is written is seen as it is."""
    page = opened(site, responses_path(TABLE, "Universalism"))
    texts = page.locator("blockquote").all_inner_texts()
    assert "<script>alert(1)</script>" in texts
    assert '"><img src=x onerror=alert(2)>' in texts
    assert page.locator("article img, article script").count() == 0


def test_without_scripts_the_items_are_there_and_no_choice(site: Path, opened: Callable):
    page = opened(site, PAGE, java_script_enabled=False)
    assert page.locator("article svg").count() == 12
    assert not page.locator("form.light").is_visible()


def test_the_benchmark_page_has_items_with_texts_at_a_phones_width(site: Path, opened: Callable):
    page = opened(site, f"benchmarks/{TABLE}.html", width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("article").count() == 20
    assert page.locator("article blockquote").count() > 10
