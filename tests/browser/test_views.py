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
