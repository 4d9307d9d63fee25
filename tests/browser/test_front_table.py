"""The front page: one row a model, its filters and order, and an address for every view."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leaderboard.site.overview_page import FIRST
from tests.browser.front_page import (
    DOTS,
    SAMPLE,
    STRIPS,
    TABLE,
    headings,
    order_of,
    rows_shown,
    section,
    settled,
    sort,
    state,
    strip,
    view,
)
from tests.browser.waiting import until
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes

# ---- the table


def test_at_1280_every_column_is_in_view(site: Path, opened: Callable):
    page = opened(site, "index.html")
    for one in page.locator("section.board:visible table.ranking").all():
        wide = one.evaluate("(t) => [t.getBoundingClientRect().right, t.parentElement.scrollWidth]")
        assert wide[0] <= 1280
        assert wide[1] <= one.evaluate("(t) => t.parentElement.clientWidth")
    # with as many facts as fit next to ten scores
    view(page).get_by_text("Filters and columns").click()
    for name in ("maker", "released", "weights"):
        view(page).get_by_label(name, exact=True).and_(page.locator("[name=column]")).check()
    settled(page)
    right = page.locator(f"#t-{TABLE}").evaluate("(t) => t.getBoundingClientRect().right")
    assert right <= 1280
    assert page.locator(f"#t-{TABLE} th.f").all_inner_texts() == ["Maker", "Released", "Weights"]


def test_scores_of_one_unit_have_cells_of_one_width(site: Path, opened: Callable):
    page = opened(site, "index.html")
    widths = (
        page.locator(f"#t-{TABLE} tbody tr")
        .first.locator("td.s")
        .evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().width)")
    )
    assert len(widths) == 10
    assert max(widths) - min(widths) < 1


@pytest.mark.parametrize("width", [360, 320])
def test_on_a_phone_a_name_and_a_score_need_no_scrolling(
    site: Path, opened: Callable, table, width: int
):
    page = opened(site, "index.html", width=width)
    line = page.locator(f"#t-{TABLE} tbody tr").first
    for cell in (line.locator("th"), line.locator("td.by-this")):
        box = cell.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert headings(page)[0].startswith("Universalism")
    assert len(headings(page)) == 1
    view(page).locator(".fold > summary").click()
    view(page).get_by_label("Scores").select_option("Power")
    until(page, "location.hash.includes('scores=Power')")
    settled(page)
    assert headings(page)[0].startswith("Power")
    assert rows_shown(page)[: len(order_of(table, "Power"))] == order_of(table, "Power")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # a name of 300 characters is whole
    long = page.locator(f"#t-{TABLE} .name", has_text="long-nnn")
    assert long.inner_text() == HOSTILE[2]
    assert long.evaluate("(one) => one.getClientRects().length") > 5


def test_names_are_whole_and_without_replay(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    names = page.locator(f"#t-{TABLE} .name").all_text_contents()
    wanted = {row["name"] for row in table["rows"] if row["id"] in table["shown"]}
    assert set(names) == wanted
    assert not [one for one in names if "replay/" in one]
    tags = page.locator(f"#t-{TABLE} .tag").all_text_contents()
    assert sorted(tags) == ["people", "recording"]


def test_rows_that_a_script_makes_are_those_of_the_page(site: Path, opened: Callable):
    page = opened(site, "index.html")
    before = page.locator(f"#t-{TABLE}").evaluate("(t) => [t.innerText, t.textContent]")
    drawings = "(all) => all.map((one) => one.getAttribute('style'))"
    styles = page.locator(f"#t-{TABLE} td.d").evaluate_all(drawings)
    marks = page.locator(f"{STRIPS} [data-headline] .marks")
    dots = marks.evaluate_all("(all) => all.map((one) => one.querySelectorAll('path').length)")
    for name in ("on these items", "beyond these items"):
        view(page).get_by_label(name).check()
        settled(page)
    assert page.locator(f"#t-{TABLE} .pick").first.is_visible()
    after = page.locator(f"#t-{TABLE}").evaluate("(t) => [t.innerText, t.textContent]")
    squeezed = [["".join(text.split()) for text in one] for one in (before, after)]
    assert squeezed[0] == squeezed[1]
    for one, other in zip(styles, page.locator(f"#t-{TABLE} td.d").evaluate_all(drawings),
                          strict=True):  # fmt: skip
        numbers = [[float(part.split(":")[1]) for part in text.split(";")] for text in (one, other)]
        assert numbers[0] == pytest.approx(numbers[1], abs=0.11)
    again = marks.evaluate_all("(all) => all.map((one) => one.querySelectorAll('path').length)")
    assert dots == again


def test_filters_are_by_name_maker_weights_release_and_size(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    view(page).get_by_text("Filters and columns").click()
    shown = [row for row in table["rows"] if row["id"] in table["shown"]]

    def left(test: Callable[[dict[str, Any]], bool]) -> set[str]:
        """People stay: they are what the models that are left are compared with."""
        return {row["id"] for row in shown if test(row) or row["kind"] == "human"}

    view(page).get_by_label("Find").fill("ALERT(1)")
    until(page, "location.hash.includes('find=')")
    settled(page)
    assert set(rows_shown(page)) == left(lambda row: "alert(1)" in row["name"])
    view(page).get_by_label("Find").fill("")
    settled(page)
    assert "find=" not in page.url
    for name, choice, test in (
        ("maker", "Meta", lambda row: row["about"]["maker"] == "Meta"),
        ("weights", "open", lambda row: row["about"]["open_weights"] is True),
        ("weights", "unknown", lambda row: row["about"]["open_weights"] is None),
        ("released", "2024", lambda row: (row["about"]["released"] or "") >= "2024"),
        ("size", "9", lambda row: (row["about"]["size"] or 1e9) <= 9),
    ):
        chooser = view(page).locator(f"select[name={name}]")
        chooser.select_option(choice)
        settled(page)
        assert set(rows_shown(page)) == left(test), name
        # strips show the rows that are left, no others
        there = [row for row in shown if test(row) and row["kind"] != "human"]
        known = [row for row in there if row["scores"]["Power"]["value"] is not None]
        assert strip(page, "Power").evaluate(DOTS).count("M") == len(known), name
        chooser.select_option("")
    settled(page)
    assert "#" not in page.url


def test_a_column_sorts_both_ways_and_ranks_by_it(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    sort(page, "Power")
    head = page.locator(f"#t-{TABLE} thead th.s", has_text="Power")
    until(page, "location.hash.includes('sort=Power')")
    settled(page)
    assert head.get_attribute("aria-sort") == "descending"
    expected = order_of(table, "Power")
    assert rows_shown(page)[: len(expected)] == expected
    first = next(row for row in table["rows"] if row["id"] == expected[0])["scores"]["Power"]
    cells = page.locator(f"#t-{TABLE} tbody tr").first.locator("td")
    assert cells.nth(0).inner_text() == f"1 ({first['rank_low']}–{first['rank_high']})"
    assert page.evaluate("document.activeElement.dataset.sort") == "Power"
    sort(page, "Power")
    until(page, "location.hash.includes('dir=ascending')")
    settled(page)
    assert head.get_attribute("aria-sort") == "ascending"
    assert rows_shown(page)[: len(expected)] == expected[::-1]


def test_missing_values_are_last_in_either_order(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    missing = [
        row["id"]
        for row in table["rows"]
        if row["id"] in table["shown"] and row["scores"]["Benevolence"]["value"] is None
    ]
    assert missing
    for _ in range(2):
        sort(page, "Benevolence")
        settled(page)
        assert rows_shown(page)[-len(missing) :] == missing


def test_names_and_costs_sort_too(site: Path, opened: Callable, table):
    page = opened(site, f"index.html#table={TABLE}&columns=cost")
    settled(page)
    sort(page, "Cost")
    settled(page)
    costs = {row["id"]: row["cost"] for row in table["rows"]}
    known = [costs[row] for row in rows_shown(page) if costs[row] is not None]
    assert len(known) > 3
    assert known == sorted(known)
    sort(page, "Name")
    settled(page)
    upward = rows_shown(page)
    names = {row["id"]: row["name"] for row in table["rows"]}
    order = [names[row] for row in upward]
    assert order.index("gpt-4o-2024-05-13") < order.index("people of the survey")
    assert order.index("people of the survey") < order.index("provider-0/model-0-2024-01")
    sort(page, "Name")
    settled(page)
    assert rows_shown(page) == upward[::-1]


def test_the_keyboard_alone_will_do(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    stops = 0
    while page.evaluate("document.activeElement.dataset.sort") != "Power":
        page.keyboard.press("Tab")
        stops += 1
        assert stops < 45
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    until(page, "location.hash.includes('sort=Power')")
    settled(page)
    assert page.evaluate("document.activeElement.dataset.sort") == "Power"
    assert rows_shown(page)[0] == order_of(table, "Power")[0]


def test_a_printed_figure_is_a_mark_with_its_difference(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    ours = next(row for row in table["rows"] if row["published"])
    cells = page.locator(f"#t-{TABLE} tr[data-row='{ours['id']}'] td.p")
    assert cells.count() == len(ours["published"])
    assert "Table 5 prints 0.10, 0.02 less than here" in cells.first.get_attribute("title")
    drawing = cells.first.evaluate("(one) => getComputedStyle(one, '::after').backgroundImage")
    assert drawing.count("radial-gradient") == 2


def test_a_long_table_sorts_and_finds_among_all_rows(large_site: Path, opened: Callable):
    long = made_board(130, seed=4)["tables"][0]
    page = opened(large_site, "index.html")
    assert len(rows_shown(page)) == FIRST[0]
    sort(page, "Power")
    until(page, "location.hash.includes('sort=Power')")
    settled(page)
    expected = order_of(long, "Power")
    assert rows_shown(page)[:50] == expected[:50]
    far = next(row for row in long["rows"] if row["id"] == expected[-1])
    view(page).get_by_label("Find").fill(far["name"])
    settled(page)
    assert far["id"] in rows_shown(page)
    view(page).get_by_label("Find").fill("")
    settled(page)
    section(page).get_by_role("button", name="Show more rows").click()
    settled(page)
    assert len(rows_shown(page)) == 100


# ---- addresses


ADDRESSES = (
    "scope=on&lit={lit}&wording=v3",
    "scores=big_five&sort=Neuroticism&dir=ascending",
    "scores=Power&find=provider",
    "kinds=model%2Csimulated&columns=maker%2Ccost&sort=cost",
    "maker=Meta&weights=unknown",
    "rows={rows}",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_shows_the_same_view_again(site: Path, opened: Callable, table, address: str):
    rows = ",".join(table["shown"][1:4])
    address = address.format(lit=table["shown"][2], rows=rows)
    page = opened(site, f"index.html#table={TABLE}&{address}", reduced_motion="reduce")
    settled(page)
    first = state(page)
    page.reload()
    settled(page)
    assert state(page) == first
    plain = opened(site, "index.html", reduced_motion="reduce")
    settled(plain)
    assert state(plain) != first
    # a link that is followed on the open page does the same
    plain.evaluate("(hash) => { location.hash = hash; }", f"table={TABLE}&{address}")
    settled(plain)
    assert state(plain) == first


def test_what_is_chosen_is_in_the_address_and_resetting_empties_it(site: Path, opened: Callable):
    page = opened(site, "index.html")
    view(page).get_by_label("Scores").select_option("big_five")
    settled(page)
    sort(page, "Openness")
    settled(page)
    view(page).get_by_label("on these items").check()
    settled(page)
    first = state(page)
    page.reload()
    settled(page)
    assert state(page) == first
    view(page).get_by_text("Filters and columns").click()
    view(page).get_by_role("button", name="Reset the view").click()
    settled(page)
    assert "#" not in page.url


def test_an_address_of_a_second_table_scrolls_to_it(site: Path, opened: Callable):
    page = opened(site, "index.html#table=indie_value-77aa01bc&scope=on")
    settled(page)
    box = page.locator("#indie_value-77aa01bc").bounding_box()
    assert abs(box["y"]) < 40
    folded = opened(site, f"index.html#table={SAMPLE}&scope=on")
    settled(folded)
    assert folded.locator(f"#{SAMPLE}").is_visible()


@pytest.mark.parametrize(
    "address",
    ["table=nothing", f"table={TABLE}&lit=<script>&scores=none&sort=%00&wording=v9&size=x&dir=up",
     f"table={TABLE}&rows=none,=cmd()", f"table={TABLE}&columns=__proto__&kinds=toString"],
)  # fmt: skip
def test_an_address_that_names_nothing_is_no_error(site: Path, opened: Callable, address: str):
    page = opened(site, f"index.html#{address}")
    settled(page)
    assert page.locator(f"#t-{TABLE} thead th").count() >= 4


def test_rows_and_view_are_taken_to_the_compare_page(site: Path, opened: Callable):
    page = opened(site, "index.html")
    boxes = page.locator(f"#t-{TABLE} .pick")
    for position in range(5):
        boxes.nth(position).check()
    assert boxes.nth(5).is_disabled()
    chosen = ",".join(rows_shown(page)[:5])
    link = section(page).get_by_role("link", name="Compare 5")
    assert link.get_attribute("href") == f"compare.html#table={TABLE}&rows={chosen}"
