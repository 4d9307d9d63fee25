"""The front page: the finding, one scale, one row that stands out, what is taken for a paper."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from leaderboard.board.findings.table_finding import add_findings
from leaderboard.site.build import build_site
from leaderboard.site.overview_page import FIRST
from tests.browser.front_page import (
    DOTS,
    SAMPLE,
    STRIPS,
    TABLE,
    order_of,
    rows_shown,
    section,
    settled,
    strip,
    view,
)
from tests.browser.waiting import until
from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes

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


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with as many sentences of a finding as a table of models and people has."""
    board = made_board(33)
    table = board["tables"][0]
    add_findings(table)
    assert len(table["finding"]) >= 6
    folder = tmp_path_factory.mktemp("front") / "site"
    build_site(board, folder)
    return folder


def bottom(one: Any) -> float:
    box = one.bounding_box()
    return float(box["y"] + box["height"])


def test_at_1280_by_900_the_axis_is_seen_with_its_numbers(full: Path, opened: Callable):
    page = opened(full, "index.html")
    assert section(page).locator(".further li").count() >= 4
    block = section(page).locator("[data-headline]")
    assert bottom(block.locator(".ticks")) <= 900
    assert bottom(block.locator(".unit")) <= 900
    # the sentences that support the finding are above, side by side
    sentences = section(page).locator(".further li").all()
    assert all(bottom(one) < strip(page, "Universalism").bounding_box()["y"] for one in sentences)
    assert len({one.bounding_box()["x"] for one in sentences}) == 2


def test_strips_end_where_the_page_does(full: Path, opened: Callable):
    for width in (1280, 768, 360):
        page = opened(full, "index.html", width=width)
        right = "(one) => one.getBoundingClientRect().right"
        edge = view(page).evaluate(right)
        assert strip(page, "Power").evaluate(right) == pytest.approx(edge, abs=1)
        # and do not change when a row is emphasised
        before = strip(page, "Power").bounding_box()
        line = page.locator(f"#t-{TABLE} tbody tr").nth(1)
        line.locator("td:visible").last.click()
        until(page, f"document.querySelectorAll('{STRIPS} .lit').length > 0")
        settled(page)
        after = strip(page, "Power").bounding_box()
        assert (after["x"], after["width"], after["height"]) == (
            before["x"], before["width"], before["height"],
        )  # fmt: skip


def test_on_a_phone_strips_are_on_the_first_screen_and_controls_folded(
    full: Path, opened: Callable
):
    page = opened(full, "index.html", width=360)
    page.set_viewport_size({"width": 360, "height": 800})
    tops = {name: strip(page, name).bounding_box()["y"] for name in ("Universalism", "Conformity")}
    assert bottom(section(page).locator(".finding")) < tops["Universalism"] < 640
    assert tops["Conformity"] < 800
    # sentences that support the finding come after the strips
    last = strip(page, "Self-Direction")
    assert bottom(last) < section(page).locator(".further").bounding_box()["y"]
    # one line says what is chosen, and opens the controls
    line = view(page).locator("summary").first
    assert line.inner_text() == "View: headline scores, beyond these items, all wordings"
    assert not view(page).get_by_label("Scores").is_visible()
    line.click()
    view(page).get_by_label("on these items").check()
    view(page).get_by_label("2 reversed", exact=True).check()
    view(page).get_by_label("Scores").select_option("Power")
    until(page, "location.hash.includes('scores=Power')")
    settled(page)
    assert line.inner_text() == "View: Power, on these items, wording 2 reversed"
    line.click()
    assert not view(page).get_by_label("Scores").is_visible()
    page.set_viewport_size({"width": 1280, "height": 900})
    assert view(page).get_by_label("Scores").is_visible()
    assert not line.is_visible()


def test_on_a_phone_the_emphasised_row_is_described_where_the_strips_are(
    full: Path, opened: Callable
):
    page = opened(full, "index.html", width=360)
    page.set_viewport_size({"width": 360, "height": 800})
    before = strip(page, "Power").bounding_box()["y"] + page.evaluate("scrollY")
    page.locator(f"#t-{TABLE} tbody tr td:visible").first.click()
    until(page, f"document.querySelectorAll('{STRIPS} .lit').length > 0")
    assert strip(page, "Power").bounding_box()["y"] + page.evaluate("scrollY") == before
    strip(page, "Power").scroll_into_view_if_needed()
    settled(page)
    said = section(page).locator(".lit-said")
    assert bottom(said) <= 800
    inside = said.bounding_box()
    at = [inside["x"] + inside["width"] / 2, inside["y"] + inside["height"] / 2]
    on_top = "([x, y]) => document.elementFromPoint(x, y).closest('.lit-said') !== null"
    assert page.evaluate(on_top, at)


@pytest.mark.parametrize("width", [1280, 360])
def test_controls_have_their_room_before_the_script_that_shows_them(
    full: Path, opened: Callable, width: int
):
    held: list[Any] = []
    page = opened(full, "methods.html", width=width)
    page.route("**/overview.js", lambda route: held.append(route))
    page.goto((full / "index.html").as_uri(), wait_until="commit")
    until(page, "document.readyState !== 'loading' && document.querySelector('.unit') !== null")
    assert not view(page).is_visible()

    def below() -> float:
        """How far the first strip is below the finding."""
        return float(strip(page, "Universalism").bounding_box()["y"]) - bottom(
            section(page).locator(".finding")
        )

    before = below()
    held[0].continue_()
    view(page).wait_for(state="visible")
    assert below() == before


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
