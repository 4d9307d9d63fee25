"""A view of the front page: what keeps it, what follows it, and what it says where it is empty."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.front_page import (
    SAMPLE,
    STRIPS,
    TABLE,
    order_of,
    rows_shown,
    section,
    settled,
    state,
    strip,
    view,
)
from tests.browser.waiting import until

pytestmark = pytest.mark.processes


def found(page: Any, text: str) -> None:
    """Find rows of the first table by name."""
    view(page).get_by_label("Find").fill(text)
    until(page, f"location.hash.includes('find={text}')")
    settled(page)


# ---- what keeps a view


@pytest.mark.parametrize("link", ["skip", "contents"])
def test_a_link_within_the_page_keeps_the_view(site: Path, opened: Callable, link: str):
    page = opened(site, f"index.html#table={TABLE}&scores=Power&map=Power&scope=on")
    settled(page)
    before, address = state(page), page.url
    said = section(page).locator(".map-sentence:visible").inner_text()
    if link == "skip":
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        until(page, "document.activeElement.id === 'main'")
    else:
        page.get_by_role("link", name="Sample data", exact=True).click()
        until(page, "Math.abs(document.getElementById('samples').getBoundingClientRect().y) < 900")
    settled(page)
    assert page.url == address
    assert state(page) == before
    assert section(page).locator(".map-sentence:visible").inner_text() == said


def test_the_view_of_one_table_ends_where_that_of_another_begins(site: Path, opened: Callable):
    page = opened(site, f"index.html#table={TABLE}&scores=Power&map=Power")
    settled(page)
    page.locator("#samples summary").first.click()
    sample = page.locator(f"#{SAMPLE} form.view")
    sample.get_by_label("on these items").check()
    until(page, f"location.hash === '#table={SAMPLE}&scope=on'")
    settled(page)
    now = state(page)
    score = section(page).locator(".map-controls select")
    assert score.input_value() == score.locator("option").first.get_attribute("value")
    page.reload()
    settled(page)
    assert state(page).split("\n")[1:] == now.split("\n")[1:]
    assert section(page).locator(".strip:visible").count() == 10


# ---- people, whom the rows of a view are compared with


def test_a_filter_of_models_leaves_people(site: Path, opened: Callable, table: dict[str, Any]):
    people = {row["id"] for row in table["rows"] if row["kind"] == "human"}
    page = opened(site, f"index.html#table={TABLE}&maker=Meta")
    until(page, f"location.hash && document.querySelector('#t-{TABLE}').rows.length < 8")
    settled(page)
    assert people < set(rows_shown(page))
    assert strip(page, "Power").locator(".human .people-mean").count() == 1
    said = section(page).locator(".map-sentence:visible").inner_text()
    assert said.endswith(" from people.")


def test_the_mean_of_people_is_drawn_without_their_row(
    site: Path, opened: Callable, table: dict[str, Any]
):
    people = {row["id"] for row in table["rows"] if row["kind"] == "human"}
    page = opened(site, "index.html")
    mean = strip(page, "Power").locator(".people-mean")
    before = mean.get_attribute("d")
    view(page).get_by_text("Filters and columns").click()
    view(page).get_by_label("people", exact=True).uncheck()
    until(page, "location.hash.includes('kinds=')")
    settled(page)
    assert not people & set(rows_shown(page))
    assert mean.count() == 1
    assert mean.get_attribute("d") == before
    models = order_of(table, "Power")[:2]
    page = opened(site, f"index.html#table={TABLE}&rows={','.join(models)}")
    until(page, f"document.querySelectorAll('#t-{TABLE} tbody tr').length === 2")
    settled(page)
    assert strip(page, "Power").locator(".people-mean").count() == 1


# ---- a view of few rows, or none


def test_an_empty_view_says_so_in_each_part_and_is_reset(site: Path, opened: Callable):
    page = opened(site, "index.html")
    found(page, "no-such-model")
    none = "No row passes these filters."
    assert section(page).locator("p.none:visible").count() == 2
    assert section(page).locator(".map-sentence:visible").inner_text() == none
    for part in (".strips", ".ranked", ".map-key", ".map-box", ".map-said"):
        assert not section(page).locator(part).is_visible(), part
    reset = section(page).get_by_role("button", name="Reset", exact=True)
    assert reset.count() == 1
    reset.click()
    until(page, "!location.hash")
    settled(page)
    assert section(page).locator("p.none:visible").count() == 0
    for part in (".strips", ".ranked", ".map-key", ".map-box", ".map-said"):
        assert section(page).locator(part).is_visible(), part


def test_a_view_of_one_row_has_no_cell_to_point_at(
    site: Path, opened: Callable, table: dict[str, Any]
):
    page = opened(site, f"index.html#table={TABLE}&rows={order_of(table, 'Power')[0]}")
    until(page, f"document.querySelectorAll('#t-{TABLE} tbody tr').length === 1")
    settled(page)
    assert "Two rows or more" in section(page).locator(".map-sentence:visible").inner_text()
    assert not section(page).locator(".map-said").is_visible()
    assert section(page).locator(".strips").is_visible()


# ---- one row, one choice of scores


def test_a_row_that_has_the_focus_stands_out(site: Path, opened: Callable):
    page = opened(site, "index.html")
    line = page.locator(f"#t-{TABLE} tbody tr").nth(1)
    row = line.get_attribute("data-row")
    line.locator("a.name").focus()
    until(page, f"document.querySelector('{STRIPS} .lit')?.dataset.row === '{row}'")
    assert page.locator("tr.lit").get_attribute("data-row") == row
    assert section(page).locator(f".map-names li.lit[data-row='{row}']").count() == 1
    assert section(page).locator(".lit-said").inner_text()
    assert "lit=" not in page.url
    line.locator("a.name").blur()
    until(page, f"document.querySelectorAll('{STRIPS} .lit').length === 0")


def test_the_map_is_of_the_scores_that_are_shown_unless_others_are_chosen(
    site: Path, opened: Callable, table: dict[str, Any]
):
    page = opened(site, f"index.html#table={TABLE}&scores=Power")
    chosen = section(page).locator(".map-controls select")
    said = section(page).locator(".map-sentence:visible")
    selected = "(one) => one.selectedOptions[0].textContent"
    until(page, f"document.querySelector('#{TABLE} .map-controls select').value.length < 3")
    settled(page)
    assert chosen.evaluate(selected) == "Power"
    assert " on Power," in said.inner_text()
    # a family that is no headline: any of its scores
    shown = view(page).get_by_label("Scores")
    families = shown.locator("optgroup").first.locator("option")
    family = families.last.get_attribute("value")
    count = sum(one["family"] == family for one in table["scores"])
    assert count > 1
    shown.select_option(family)
    settled(page)
    assert chosen.evaluate(selected) == f"any of the {count} scores shown"
    assert f" of {count} scores," in said.inner_text()
    # the map's own choice stays, and is in the address
    chosen.select_option(label="Hedonism")
    settled(page)
    assert "map=Hedonism" in page.url
    shown.select_option("Power")
    settled(page)
    assert chosen.evaluate(selected) == "Hedonism"
    page.reload()
    settled(page)
    assert chosen.evaluate(selected) == "Hedonism"
    assert " on Hedonism," in said.inner_text()
    chosen.select_option(label="Power")
    settled(page)
    assert "map=" not in page.url


def test_ranks_say_among_which_rows(site: Path, opened: Callable, table: dict[str, Any]):
    page = opened(site, "index.html")
    said = page.locator(f"#t-{TABLE} caption").inner_text()
    assert f"are among the {len(table['shown'])} models and people of this table" in said
    assert "shown first" not in said
    assert "corrected over the pairs in view" in section(page).locator(".pairs").inner_text()
