"""What a reader does: sort, filter, compare, draw, save, with a mouse and with the keyboard."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.browser.waiting import until
from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes

TABLE = "value_portrait-3f9a1c20"


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    """The first table of `site`."""
    return made_board(9, seed=3)["tables"][0]


def rows_shown(page: Any) -> list[str]:
    return page.locator(f"#t-{TABLE} tbody.rows .pick").evaluate_all(
        "(all) => all.map((a) => a.value)"
    )


def order_of(table: dict[str, Any], score: str, descending: bool = True) -> list[str]:
    there = [row for row in table["rows"] if row["scores"].get(score, {}).get("value") is not None]
    there.sort(key=lambda row: row["scores"][score]["value"], reverse=descending)
    return [row["id"] for row in there]


def controls(page: Any) -> Any:
    return page.locator(f"form[data-table='{TABLE}']")


def compare_address(table: dict[str, Any], rows: list[str]) -> str:
    return "compare.html#" + urlencode({"table": table["id"], "rows": ",".join(rows)}, safe=",")


def test_a_column_sorts_both_ways_and_ranks_by_it(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    head = page.locator(f"#t-{TABLE} thead th.s", has_text="Power")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    expected = order_of(table, "Power")
    assert rows_shown(page)[: len(expected)] == expected
    first = next(row for row in table["rows"] if row["id"] == expected[0])["scores"]["Power"]
    cells = page.locator(f"#t-{TABLE} tbody.rows tr").first.locator("td")
    assert cells.nth(0).inner_text() == f"1 ({first['rank_low']}–{first['rank_high']})"
    assert cells.nth(1).inner_text() == str(first["tie"])
    assert "by Power" in page.locator(f"#t-{TABLE} th.rank").inner_text().replace("\n", " ")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert rows_shown(page)[: len(expected)] == expected[::-1]
    assert page.locator(f"#t-{TABLE} [aria-sort]").count() == 1


def test_missing_values_are_last_in_either_order(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    missing = [row["id"] for row in table["rows"] if row["scores"]["Benevolence"]["value"] is None]
    assert missing
    button = page.locator(f"#t-{TABLE} thead").get_by_role("button", name="Benevolence")
    for _ in range(2):
        button.click()
        assert rows_shown(page)[-len(missing) :] == missing


def test_names_and_costs_sort_too(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    page.locator(f"#t-{TABLE} thead").get_by_role("button", name="Cost").click()
    costs = {row["id"]: row["cost"] for row in table["rows"]}
    known = [costs[row] for row in rows_shown(page) if costs[row] is not None]
    assert known == sorted(known)
    page.locator(f"#t-{TABLE} thead").get_by_role("button", name="Model").click()
    upward = rows_shown(page)
    names = {row["id"]: row["rater"] for row in table["rows"]}
    order = [names[row] for row in upward]
    assert order.index("o1-mini (paper)") < order.index("people of the survey")
    assert order.index("people of the survey") < order.index("provider-0/model-0-2024-01")
    page.locator(f"#t-{TABLE} thead").get_by_role("button", name="Model").click()
    assert rows_shown(page) == upward[::-1]


def test_the_keyboard_alone_will_do(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.sort") == "5":
            break
    ring = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(ring) == "solid"
    page.keyboard.press("Enter")
    head = page.locator(f"#t-{TABLE} thead th.s", has_text="Power")
    assert head.get_attribute("aria-sort") == "descending"
    assert page.evaluate("document.activeElement.dataset.sort") == "5"
    assert rows_shown(page)[0] == order_of(table, "Power")[0]


def test_filters_count_what_they_leave(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    form, count = controls(page), len(table["rows"])
    output = form.locator("output")
    assert output.inner_text() == f"{count} of {count} rows"
    assert output.get_attribute("aria-live") == "polite"
    form.get_by_label("Find a model").fill("ALERT(1)")
    assert output.inner_text() == f"1 of {count} rows"
    assert rows_shown(page) == [table["rows"][0]["id"]]
    form.get_by_label("Find a model").fill("")
    form.get_by_label("model", exact=True).uncheck()
    others = [row["id"] for row in table["rows"] if row["kind"] != "model"]
    assert sorted(rows_shown(page)) == sorted(others)
    form.get_by_label("as published").uncheck()
    assert output.inner_text() == f"{len(others) - 1} of {count} rows"
    form.get_by_label("Find a model").fill("nobody is called that")
    assert rows_shown(page) == []


def test_families_of_scores_are_chosen(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    shown = f"#t-{TABLE} thead th.s:visible"
    headings = lambda: [one.inner_text() for one in page.locator(shown).all()]  # noqa: E731
    of = lambda family: [s["name"] for s in table["scores"] if s["family"] == family]  # noqa: E731
    assert [name.removesuffix("\n↓") for name in headings()] == of("schwartz")
    controls(page).get_by_label("Scores").select_option("Big Five")
    assert headings() == of("big_five")
    controls(page).get_by_label("Scores").select_option("headline")
    assert len(headings()) == 10


def test_a_long_table_sorts_and_finds_among_all_rows(large_site: Path, opened: Callable):
    long = made_board(130, seed=4)["tables"][0]
    page = opened(large_site, "index.html")
    assert len(rows_shown(page)) == 50
    page.locator(f"#t-{TABLE} thead").get_by_role("button", name="Power").click()
    expected = order_of(long, "Power")
    assert rows_shown(page)[:50] == expected[:50]
    far = next(row for row in long["rows"] if row["id"] == expected[-1])
    controls(page).get_by_label("Find a model").fill(far["rater"])
    assert far["id"] in rows_shown(page)
    controls(page).get_by_label("Find a model").fill("")
    assert len(rows_shown(page)) == 50
    page.locator(".scroller").first.evaluate("(one) => one.scrollTo(0, one.scrollHeight)")
    until(page, f"document.querySelectorAll('#t-{TABLE} tbody.rows tr').length === 100")
    # not by a pointer: that scrolls to the button, which brings more rows and may take it away
    page.evaluate(
        "for (const one of document.querySelectorAll('button[name=all]'))"
        " if (one.textContent === 'Show all 134 rows') one.click()"
    )
    until(page, f"document.querySelectorAll('#t-{TABLE} tbody.rows tr').length >= 134")
    assert rows_shown(page)[: len(expected)] == expected


def test_rows_are_chosen_in_the_overview_and_compared(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    boxes = page.locator(f"#t-{TABLE} .pick")
    for position in range(5):
        boxes.nth(position).check()
    assert boxes.nth(5).is_disabled()
    chosen = rows_shown(page)[:5]
    controls(page).get_by_role("link", name="Compare 5").click()
    page.wait_for_selector("#compared figure[data-drawn]")
    assert page.url.endswith(compare_address(table, chosen).partition("#")[2])
    assert page.locator("#chosen").inner_text() == "5 chosen; no more than five"


def test_scores_as_csv_from_the_overview(site: Path, opened: Callable, tmp_path: Path, table):
    page = opened(site, "index.html")
    with page.expect_download() as download:
        controls(page).get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "scores.csv")
    assert download.value.suggested_filename == f"{TABLE}.csv"
    text = (tmp_path / "scores.csv").read_text(encoding="utf-8")
    assert len(list(csv.reader(io.StringIO(text, newline="")))) > len(table["rows"])
