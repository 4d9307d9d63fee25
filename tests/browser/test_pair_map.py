"""The pair map: its states are Python's, it follows the view, and a cell leads to the two rows."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse
from xml.etree import ElementTree

import numpy as np
import pytest

from leaderboard.site.build import build_site
from leaderboard.site.figures.pair_map import map_sentence
from leaderboard.site.pair_files import SCOPES, pair_table
from tests.browser.front_page import settled
from tests.browser.waiting import until
from tests.leaderboard.board_rows import HOSTILE, correct
from tests.leaderboard.boards import TRAITS, made_board

pytestmark = pytest.mark.processes

TABLE = "value_portrait-3f9a1c20"
PART = f"#pairs-{TABLE}"
STATES = ("untested", "undecided", "equivalent", "differs")
# All states of some rows on some scores, R x R a score and scope.
FOUND = """async ([table, rows, scores]) => {
    const among = (await valuegauge.verdicts(table, scores)).among(rows);
    const of = (scope) => scores.map((one) => rows.map((a) => rows.map((b) => among.state(scope, one, a, b))));
    const any = (scope) => rows.map((a) => rows.map((b) => among.any(scope, scores, a, b)));
    const counts = (scope) => [...among.counts(scope, scores).values()].map((one) => [one.number, one.of]);
    return Object.fromEntries(["on", "beyond"].map((s) => [s, [of(s), any(s), counts(s)]]));
}"""  # noqa: E501
PATHS = f"""Object.fromEntries([...document.querySelectorAll('{PART} .map path')].map((one) => [
    (one.parentElement.dataset.scope || '') + one.className.baseVal, one.getAttribute('d')
]))"""


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    return made_board(9, seed=3)["tables"][0]


@pytest.fixture(scope="module")
def odd() -> dict[str, Any]:
    """A board with scores that are corrected apart, pairs that were not tested, and p-values that
    are exactly at a threshold of Holm's method."""
    board = made_board(8, seed=11)
    table = board["tables"][0]
    rng = np.random.default_rng(12)
    for score in table["scores"]:
        score["apart"] = score["name"] in TRAITS
    for pair in table["pairs"]:
        for test in (pair, pair["on_items"]):
            if rng.uniform() < 0.1:
                test |= {"p": None, "corrected": None, "equivalent": None}
            elif rng.uniform() < 0.3:
                test["p"] = 0.05 / float(rng.integers(1, 700))
    return board


def states_of(table: dict[str, Any], rows: list[str], scores: list[int]) -> dict[str, Any]:
    """What Python finds, with Holm's correction over those rows alone."""
    shown = set(rows)
    some = copy.deepcopy(table)
    some["pairs"] = [one for one in some["pairs"] if {one["a"], one["b"]} <= shown]
    apart = frozenset(one["name"] for one in table["scores"] if one["apart"])
    correct(some["pairs"], shown, apart)
    pairs = pair_table(some)
    assert pairs is not None
    found = {}
    for scope in SCOPES:
        each = [pairs.states(scope, [one], rows) for one in scores]
        together = pairs.states(scope, scores, rows)
        counts = np.stack([(together == 3).sum(axis=1), (together > 0).sum(axis=1)], axis=1)
        words = [[[STATES[code] for code in line] for line in of] for of in (*each, together)]
        found[scope] = [words[:-1], words[-1], counts.tolist()]
    return found


def kinds(table: dict[str, Any], rows: list[str]) -> list[str]:
    by_row = {row["id"]: row["kind"] for row in table["rows"]}
    return [by_row[row] for row in rows]


def test_states_in_the_page_are_pythons_for_all_rows_and_for_some(
    odd: dict[str, Any], tmp_path: Path, opened: Callable
):
    build_site(odd, tmp_path / "site")
    table = odd["tables"][0]
    paired = {end for one in table["pairs"] for end in (one["a"], one["b"])}
    everyone = [row["id"] for row in table["rows"] if row["id"] in paired]
    rng = np.random.default_rng(13)
    subsets = [rng.permutation(everyone)[:size].tolist() for size in (2, 3, 5, 7, 9)]
    page = opened(tmp_path / "site", "index.html")
    scores = list(range(len(table["scores"])))
    seen = set()
    for rows in (everyone, *subsets):
        found = page.evaluate(FOUND, [TABLE, rows, scores])
        assert found == states_of(table, rows, scores)
        seen |= {state for line in found["beyond"][0] for row in line for state in row}
    assert seen == set(STATES)


def test_large_boards_agree_too(tmp_path: Path, opened: Callable):
    board = made_board(40, seed=6)
    build_site(board, tmp_path / "site")
    table = board["tables"][0]
    page = opened(tmp_path / "site", "index.html")
    rows = table["shown"]
    for some in (rows, rows[::3]):
        found = page.evaluate(FOUND, [TABLE, some, [0, 5, 18]])
        assert found == states_of(table, some, [0, 5, 18])


def view(page: Any, rows: list[str], lit: str | None = None) -> None:
    """What the overview says when other rows are shown."""
    page.evaluate(
        """([id, rows, lit]) => document.getElementById(id).dispatchEvent(
            new CustomEvent("valuegauge:view", {detail: {rows, lit}}))""",
        [TABLE, rows, lit],
    )


def drawn(page: Any) -> list[str]:
    return page.locator(f"{PART} .map li").evaluate_all("(all) => all.map((a) => a.dataset.row)")


def sentence(page: Any) -> str:
    return page.locator(f"{PART} .map-sentence:visible").inner_text()


def scope_switch(page: Any, name: str) -> None:
    page.locator(PART).get_by_role("radio", name=name).check()


def test_the_script_draws_what_the_page_had(site: Path, opened: Callable):
    page = opened(site, "index.html")
    rows, before = drawn(page), page.evaluate(PATHS)
    view(page, rows[::-1])
    until(page, f"document.querySelector('{PART} .map li').dataset.row === '{rows[-1]}'")
    assert page.evaluate(PATHS) != before
    view(page, rows)
    until(page, f"document.querySelector('{PART} .map li').dataset.row === '{rows[0]}'")
    assert page.evaluate(PATHS) == before


def test_fewer_rows_are_corrected_among_themselves(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    some = drawn(page)[1:5]
    view(page, some)
    until(page, f"document.querySelectorAll('{PART} .map li').length === 4")
    headline = [k for k, score in enumerate(table["scores"]) if score["headline"]]
    codes = np.array(
        [[STATES.index(s) for s in line] for line in states_of(table, some, headline)["beyond"][1]],
        dtype=np.int8,
    )
    assert sentence(page) == map_sentence("beyond", codes, kinds(table, some), len(headline))
    view(page, some[:1])
    until(page, f"document.querySelectorAll('{PART} .map li').length === 1")
    assert "Two rows or more" in sentence(page)


def test_rows_without_tests_are_counted_and_left_out(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    published = [row["id"] for row in table["rows"] if row["kind"] == "published"]
    rows = drawn(page)
    view(page, [*rows[:3], *published])
    until(page, f"document.querySelectorAll('{PART} .map li').length === 3")
    assert sentence(page).endswith(" One row has no tests.")


def test_scope_and_score_are_switched_and_the_address_keeps_them(
    site: Path, opened: Callable, table
):
    page = opened(site, "index.html")
    assert sentence(page).startswith("Beyond these items ")
    scope_switch(page, "on these items")
    assert sentence(page).startswith("On these items ")
    page.locator(f"{PART} select").select_option(label="Power")
    until(page, f"document.querySelector('{PART} .map-sentence').textContent.includes('on Power')")
    rows = drawn(page)
    power = [score["name"] for score in table["scores"]].index("Power")
    codes = np.array(
        [[STATES.index(s) for s in line] for line in states_of(table, rows, [power])["on"][1]],
        dtype=np.int8,
    )
    expected = map_sentence("on", codes, kinds(table, rows), 1, "Power")
    assert expected.endswith(" models differ from people.") or " differs from people" in expected
    assert sentence(page) == expected
    assert page.locator(f"{PART} .paper").get_attribute("data-sentence") == expected
    page.reload()
    until(page, f"document.querySelector('{PART} .map-sentence').textContent.includes('on Power')")
    assert sentence(page) == expected
    assert page.locator(PART).get_by_role("radio", name="on these items").is_checked()


def test_the_switch_above_the_strips_and_the_one_above_the_map_are_one_control(
    site: Path, opened: Callable
):
    page = opened(site, "index.html")
    switches = page.locator(f"#{TABLE} fieldset.choice", has_text="Intervals and tests")
    assert switches.count() == 2
    words = "Intervals and tests|on these items|beyond these items"
    sizes = set()
    for one in switches.all():
        assert "|".join(one.inner_text().split("\n")) == words
        sizes.add(
            tuple(round(one.locator("span").first.bounding_box()[k]) for k in ("width", "height"))
        )
    assert len(sizes) == 1
    for one, other in ((0, 1), (1, 0)):
        for name in ("on these items", "beyond these items"):
            switches.nth(one).get_by_label(name).check()
            page.wait_for_timeout(300)
            assert switches.nth(other).get_by_label(name).is_checked()


def point_at(page: Any, row: int, column: int) -> None:
    box = page.locator(f"{PART} .map > svg").bounding_box()
    rows = len(drawn(page))
    x = box["x"] + (column + 0.5) * box["width"] / rows
    y = box["y"] + (row + 0.5) * box["height"] / rows
    page.mouse.move(x, y)


def test_a_cell_says_what_differs_and_leads_to_the_two(site: Path, opened: Callable, table):
    page = opened(site, "index.html")
    rows = drawn(page)
    names = {row["id"]: row["name"] for row in table["rows"]}
    page.locator(f"{PART} .map").scroll_into_view_if_needed()
    point_at(page, 4, 1)
    until(page, f"document.querySelector('{PART} .map-said a') !== null")
    said = page.locator(f"{PART} .map-said").inner_text()
    for row in (rows[4], rows[1]):
        assert " ".join(names[row].split()) in " ".join(said.split())
    headline = [k for k, score in enumerate(table["scores"]) if score["headline"]]
    states = states_of(table, rows, headline)["beyond"][0]
    number = sum(of[4][1] == "differs" for of in states)
    assert f"on {number} of 10 scores" in said or (number == 0 and "on no score" in said)
    assert page.locator(f"{PART} .map li.paired").count() == 2
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**/compare.html**")
    asked = parse_qs(urlparse(page.url).fragment)
    assert asked == {"table": [TABLE], "rows": [f"{rows[4]},{rows[1]}"]}


def test_the_keyboard_goes_from_pair_to_pair(site: Path, opened: Callable):
    page = opened(site, "index.html")
    rows = drawn(page)
    page.locator(f"{PART} .map").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    until(page, f"document.querySelector('{PART} .map-said a') !== null")
    assert page.locator(f"{PART} .map-mark").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/compare.html**")
    asked = parse_qs(urlparse(page.url).fragment)
    assert asked["rows"] == [f"{rows[2]},{rows[0]}"]


def test_one_row_is_lit_in_the_map_and_by_it(site: Path, opened: Callable):
    page = opened(site, "index.html")
    rows = drawn(page)
    page.evaluate(
        f"document.getElementById('{TABLE}').addEventListener('valuegauge:light', "
        "(event) => { window.lit = event.detail.row; })"
    )
    page.locator(f"{PART} .map li").nth(3).click()
    assert page.evaluate("window.lit") == rows[3]
    assert page.locator(f"{PART} .map li.lit").get_attribute("data-row") == rows[3]
    settled(page)  # the table follows the click, and tells the map when it is drawn
    view(page, rows, lit=rows[1])
    assert page.locator(f"{PART} .map li.lit").get_attribute("data-row") == rows[1]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Sites whose first table has 7, 33 and 60 rows in the map."""
    folder = tmp_path_factory.mktemp("maps")
    for count in (7, 33, 60):
        build_site(made_board(count - 2, seed=count), folder / str(count))
    return {count: folder / str(count) for count in (7, 33, 60)}


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("count", [7, 33, 60])
def test_names_are_whole_and_the_page_keeps_its_width(
    sites: dict[int, Path], opened: Callable, width: int, count: int
):
    page = opened(sites[count], "index.html", width=width)
    assert page.locator(f"{PART} .map li").count() == count
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.locator(f"{PART} .map bdi").evaluate_all(
        "(all) => all.filter((a) => a.scrollWidth > a.clientWidth + 1).map((a) => a.textContent)"
    )
    # only names longer than any model has are cut, and shown in full when pointed at
    assert [name for name in cut if len(name) <= 40] == []
    size = page.locator(f"{PART} .map bdi").first.evaluate(
        "(one) => parseFloat(getComputedStyle(one).fontSize)"
    )
    assert size >= 12
    cells = page.locator(f"{PART} .map > svg").bounding_box()
    assert cells["width"] / count >= 4
    assert cells["height"] / count >= 12
    tops = page.locator(f"{PART} .map li").evaluate_all("(all) => all.map((a) => a.offsetTop)")
    assert min(np.diff(tops)) >= 14


def test_names_are_text_in_the_saved_file(site: Path, opened: Callable, tmp_path: Path):
    page = opened(site, "index.html")
    with page.expect_download() as download:
        page.locator(PART).get_by_role("button", name="Save SVG").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    root = ElementTree.fromstring(path.read_bytes())
    texts = ["".join(one.itertext()) for one in root.iter() if one.tag.endswith("text")]
    assert HOSTILE[0] in texts
    assert sentence(page) in texts
    (long,) = [one for one in root.iter() if (one.text or "").startswith("long-n") and len(one)]
    assert long.text.endswith("…")
    assert long[0].text in HOSTILE, "the whole name is in the tip"
    assert not [one for one in root.iter() if one.tag.endswith(("}script", "}image", "}a"))]


def test_without_scripts_the_map_is_there_and_its_controls_are_not(site: Path, opened: Callable):
    page = opened(site, "index.html", java_script_enabled=False)
    assert page.locator(f"{PART} .map li").count() == 11
    assert not page.locator(f"{PART} form").is_visible()
    assert page.locator(f"{PART} .map-sentence:visible").count() == 1


def test_nothing_of_the_tests_is_loaded_before_it_is_asked_for(site: Path, opened: Callable):
    page = opened(site, "index.html")
    assert page.locator("script[src*='pairs-']").count() == 0
    page.locator(f"{PART} .map").scroll_into_view_if_needed()
    point_at(page, 2, 0)
    until(page, "document.querySelectorAll(\"script[src*='pairs-main']\").length === 1")
