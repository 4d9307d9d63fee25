"""The front page: the finding, one scale, one row a model, and an address for every view."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from leaderboard.site.build import build_site
from leaderboard.site.overview_page import FIRST
from tests.browser.waiting import until
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes

TABLE = "value_portrait-3f9a1c20"
SAMPLE = "value_portrait-5a3d9e11"
STRIPS = f"#strips-{TABLE}"
DOTS = "(one) => [...one.querySelectorAll('.dot')].map((dot) => dot.getAttribute('d')).join('')"


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    """The first table of `site`."""
    return made_board(9, seed=3)["tables"][0]


def section(page: Any) -> Any:
    return page.locator(f"#{TABLE}")


def view(page: Any) -> Any:
    return section(page).locator("form.view")


def strip(page: Any, score: str) -> Any:
    return section(page).locator(f".strip[data-score='{score}'] .strip-plot")


def rows_shown(page: Any) -> list[str]:
    return page.locator(f"#t-{TABLE} tbody tr").evaluate_all(
        "(all) => all.map((one) => one.dataset.row)"
    )


def headings(page: Any) -> list[str]:
    return page.locator(f"#t-{TABLE} thead th.s:visible").all_inner_texts()


def sort(page: Any, name: str) -> None:
    page.locator(f"#t-{TABLE} thead").get_by_role("button", name=name, exact=True).click()


def order_of(table: dict[str, Any], score: str) -> list[str]:
    """Rows shown first that have a value, the highest first."""
    there = [
        row
        for row in table["rows"]
        if row["id"] in table["shown"] and row["scores"][score]["value"] is not None
    ]
    there.sort(key=lambda row: -row["scores"][score]["value"])
    return [row["id"] for row in there]


def state(page: Any) -> str:
    """All that a reader sees of the view: strips, names, numbers, what the controls say."""
    return section(page).evaluate(
        """(one) => [
            [...one.querySelectorAll('.strip')].filter((s) => s.checkVisibility())
                .map((s) => s.textContent + s.querySelector('.marks').innerHTML),
            one.querySelector('table.ranking').innerText,
            one.dataset.scope,
            one.querySelector('.lit-said').textContent,
            [...one.querySelectorAll('form.view :is(input, select)')]
                .map((c) => c.type === 'checkbox' || c.type === 'radio' ? c.checked : c.value),
        ].join('\\n')"""
    )


def settled(page: Any) -> None:
    """Wait until a change has been drawn."""
    page.wait_for_timeout(500)


# ---- the finding first, one scale


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 780)])
def test_the_finding_and_on_a_desk_all_strips_are_seen_without_scrolling(
    site: Path, opened: Callable, table, width: int, height: int
):
    page = opened(site, "index.html", width=width)
    finding = section(page).locator(".finding")
    assert finding.inner_text() == " ".join(table["finding"][:2])
    box = finding.bounding_box()
    assert box["y"] + box["height"] < height
    if width == 1280:
        last = strip(page, "Self-Direction").bounding_box()
        assert last["y"] + last["height"] < height


@pytest.mark.parametrize("width", [1280, 768, 360])
def test_strips_share_one_axis_of_one_width(site: Path, opened: Callable, table, width: int):
    page = opened(site, "index.html", width=width)
    plots = section(page).locator("[data-headline] .strip-plot")
    boxes = [one.bounding_box() for one in plots.all()]
    assert len(boxes) == 10
    assert len({(round(one["x"]), round(one["width"])) for one in boxes}) == 1
    names = section(page).locator("[data-headline] .strip-name").all_inner_texts()
    assert names == [score["name"] for score in table["scores"] if score["headline"]]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    zeros = plots.evaluate_all(
        "(all) => all.map((one) => one.querySelector('.zero').getAttribute('d'))"
    )
    assert len(set(zeros)) == 1


def test_a_dot_is_drawn_as_a_dot_at_any_width(site: Path, opened: Callable):
    """A stretched circle would be an ellipse."""
    for width in (1280, 360):
        page = opened(site, "index.html", width=width)
        dot = strip(page, "Power").locator(".dot").first
        assert dot.evaluate("(one) => getComputedStyle(one).vectorEffect") == "non-scaling-stroke"
        assert dot.evaluate("(one) => getComputedStyle(one).strokeLinecap") == "round"


def test_a_strip_leads_to_the_responses_behind_it(site: Path, opened: Callable):
    page = opened(site, "index.html")
    section(page).get_by_role("link", name="Power", exact=True).click()
    page.wait_for_url("**/items/**")
    assert "Power" in page.locator("h1").inner_text()


def test_simulated_rows_are_off_and_stretch_nothing(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    assert set(rows_shown(page)) == set(table["shown"])
    view(page).get_by_text("Filters and columns").click()
    simulated = view(page).get_by_label("simulated")
    assert not simulated.is_checked()
    ticks = f"{STRIPS} [data-headline] .ticks"
    before = page.locator(ticks).inner_text()
    simulated.check()
    settled(page)
    assert len(rows_shown(page)) == len(table["shown"]) + 1
    assert page.locator(ticks).inner_text() == before


def test_samples_are_folded_away_and_drawn_when_opened(site: Path, opened: Callable):
    page = opened(site, "index.html")
    assert not page.locator(f"#{SAMPLE}").is_visible()
    page.locator("#samples summary").first.click()
    until(page, f"document.querySelectorAll('#{SAMPLE} .strip .dot').length > 9")
    assert "Sample data." in page.locator(f"#{SAMPLE}").inner_text()


# ---- one row stands out


def test_pointing_at_a_dot_lights_its_row_everywhere(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    best = next(row for row in table["rows"] if row["id"] == order_of(table, "Power")[0])
    plot = strip(page, "Power")
    plot.hover()
    until(page, f"document.querySelector('{STRIPS} .strip-plot .marks')")
    settled(page)
    box = plot.bounding_box()
    at = plot.evaluate(
        """(one) => {
            const all = [...one.querySelectorAll('.dot')].flatMap((dot) =>
                [...dot.getAttribute('d').matchAll(/M([\\d.]+) ([\\d.]+)h0/g)]);
            return all.map((m) => [Number(m[1]), Number(m[2])]).sort((a, b) => b[0] - a[0])[0];
        }"""
    )
    page.mouse.move(box["x"] + box["width"] * at[0] / 1000, box["y"] + at[1])
    until(page, f"document.querySelectorAll('{STRIPS} .lit').length > 0")
    lit = page.locator(f"{STRIPS} [data-headline] .lit")
    known = [one for one in table["scores"] if one["headline"]
             and best["scores"][one["name"]]["value"] is not None]  # fmt: skip
    assert lit.count() == len(known)
    assert set(lit.evaluate_all("(all) => all.map((one) => one.dataset.row)")) == {best["id"]}
    assert page.locator("tr.lit").get_attribute("data-row") == best["id"]
    said = section(page).locator(".lit-said")
    assert said.get_attribute("aria-live") == "polite"
    number = f"{best['scores']['Power']['value']:.2f}".replace("-", "−")
    assert f"Power {number} (" in said.text_content()
    # nothing moves under the pointer
    assert plot.bounding_box() == box
    shown = section(page).locator(".strip[data-score='Power'] .strip-value").inner_text()
    assert shown.startswith(number)
    assert "lit=" not in page.url  # looked at, not chosen
    page.mouse.move(2, 2)
    until(page, f"document.querySelectorAll('{STRIPS} .lit').length === 0")


def test_the_keyboard_lights_rows_one_after_another_from_one_control(
    site: Path, opened: Callable, table
):
    page = opened(site, "index.html")
    chooser = view(page).get_by_label("Emphasise")
    chooser.focus()
    page.keyboard.press("ArrowDown")
    until(page, f"document.querySelectorAll('{STRIPS} .lit').length > 0")
    first = page.locator(f"{STRIPS} .lit").first.get_attribute("data-row")
    assert first == order_of(table, "Universalism")[0]
    page.keyboard.press("ArrowDown")
    until(page, f"document.querySelector('{STRIPS} .lit')?.dataset.row !== '{first}'")
    assert f"lit={order_of(table, 'Universalism')[1]}" in page.url
    # nothing within the strips is a stop of its own
    assert page.locator(f"{STRIPS} :is([tabindex], button, input)").count() == 0


def test_a_click_keeps_the_row_and_a_second_lets_it_go(site: Path, opened: Callable):
    page = opened(site, "index.html")
    line = page.locator(f"#t-{TABLE} tbody tr").nth(2)
    row = line.get_attribute("data-row")
    line.locator("td").nth(1).click()
    until(page, "location.hash.includes('lit=')")
    assert f"lit={row}" in page.url
    page.mouse.move(2, 2)
    settled(page)
    assert page.locator("tr.lit").get_attribute("data-row") == row
    page.locator(f"#t-{TABLE} tbody tr.lit td").nth(1).click()
    until(page, "!location.hash.includes('lit=')")


# ---- wording and scope


def test_a_wording_moves_every_dot(site: Path, opened: Callable, table):
    page = opened(site, "index.html", reduced_motion="reduce")
    before = strip(page, "Power").evaluate(DOTS)
    people = strip(page, "Power").locator(".human").inner_html()
    view(page).get_by_label("2 reversed", exact=True).check()
    until(page, "location.hash.includes('wording=v2_reversed')")
    settled(page)
    after = strip(page, "Power").evaluate(DOTS)
    assert sorted(before.split("h0")) != sorted(after.split("h0"))
    moved = set(before.split("h0")) - set(after.split("h0"))
    assert len(moved) >= len(table["shown"]) - 3
    # the intervals are those of all wordings together; people do not move
    assert strip(page, "Power").locator(".beyond").count() == 0
    assert strip(page, "Power").locator(".human").inner_html() == people
    view(page).get_by_label("all", exact=True).check()
    settled(page)
    assert strip(page, "Power").locator(".beyond").count() == 1


def test_the_scope_changes_intervals_counts_and_what_is_solid(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    shown = (
        strip(page, "Benevolence")
        .locator(".hollow")
        .evaluate_all("(all) => all.map((one) => getComputedStyle(one).display)")
    )
    row = next(one for one in table["rows"] if one["id"] == order_of(table, "Universalism")[0])
    cells = page.locator(f"#t-{TABLE} tbody tr").first.locator("td")
    beyond = row["scores"]["Universalism"]["differs"]["beyond"]
    assert cells.nth(1).inner_text() == f"{beyond['number']} of {beyond['of']}"
    view(page).get_by_label("on these items").check()
    until(page, f"document.getElementById('{TABLE}').dataset.scope === 'on'")
    settled(page)
    on = row["scores"]["Universalism"]["differs"]["on_items"]
    assert cells.nth(1).inner_text() == f"{on['number']} of {on['of']}"
    found = row["scores"]["Universalism"]["on_items"]
    low = f"{found['low']:.2f}".replace("-", "−")
    assert f"({low} to" in cells.nth(2).text_content()
    assert "scope=on" in page.url
    assert shown == ["inline"]  # nobody differs on Benevolence in either scope of this board


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
        return {row["id"] for row in shown if test(row)}

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


# ---- for a paper, on paper, without scripts


def test_what_is_copied_for_a_paper(site: Path, opened: Callable, table, tmp_path: Path):
    page = opened(site, "index.html")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tools = section(page).locator(".paper").first

    def copied(name: str) -> str:
        tools.get_by_role("button", name=name).click()
        until(page, "document.querySelector('.paper output').textContent.endsWith('copied')")
        page.evaluate("document.querySelector('.paper output').textContent = ''")
        return str(page.evaluate("navigator.clipboard.readText()"))

    assert copied("Copy sentence") == " ".join(table["finding"])
    rows = copied("Copy LaTeX rows").replace("\r\n", "\n").split("\n")
    assert len(rows) == len(table["shown"]) + 1
    assert all(row.endswith("\\\\") for row in rows)
    assert "<script>" not in "".join(rows)
    cited = copied("Cite")
    assert "@misc{value_portrait" in cited
    assert "@software{valuegauge" in cited
    for role, name, suffix in (("button", "Save SVG", "svg"), ("link", "CSV", "csv")):
        with page.expect_download() as download:
            tools.get_by_role(role, name=name).click()
        assert download.value.suggested_filename.endswith(f".{suffix}")
        download.value.save_as(tmp_path / f"saved.{suffix}")
    saved = ElementTree.parse(tmp_path / "saved.svg").getroot()
    assert "Universalism" in "".join(saved.itertext())
    text = (tmp_path / "saved.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(lines) == len(table["rows"]) * len(table["scores"])


@pytest.mark.parametrize("models", [33, 77])
def test_print_is_small(tmp_path: Path, opened: Callable, models: int):
    build_site(made_board(models), tmp_path / "site")
    page = opened(tmp_path / "site", "index.html")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(printed) < 1_000_000
    page.emulate_media(media="print")
    line = page.locator(f"#t-{TABLE} tbody tr").first
    # an interval is read, and not drawn a hundred times
    assert line.locator("td.d .vh").first.is_visible()


def test_without_scripts_the_picture_and_the_numbers_are_there(large_site: Path, opened: Callable):
    page = opened(large_site, "index.html", java_script_enabled=False)
    assert page.locator(f"#{TABLE} .strip-plot .dot").count() > 9
    assert page.locator(f"#{TABLE} table.ranking tbody tr").count() == FIRST[0]
    assert page.locator(f"#{TABLE} .rest a").get_attribute("href") == f"data/{TABLE}.csv"
    assert not page.locator("form.view").first.is_visible()
    assert not page.locator(".paper button").count()
