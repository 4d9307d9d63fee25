"""The compare page: rows are chosen, drawn, and tested against each other."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlparse
from xml.etree import ElementTree

import numpy as np
import pytest

from leaderboard.site.build import build_site
from ratings.output.latex import escape_latex
from scorers.comparison.differences import holm
from tests.browser.waiting import until
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes

TABLE = "value_portrait-3f9a1c20"


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    """The first table of `site`."""
    return made_board(9, seed=3)["tables"][0]


def address(table: dict[str, Any], rows: list[str]) -> str:
    return "compare.html#" + urlencode({"table": table["id"], "rows": ",".join(rows)}, safe=",")


def compared(page: Any, rows: list[str]) -> None:
    until(page, f"document.getElementById('compared').dataset.of === '{','.join(rows)}'")


def ids(table: dict[str, Any], *positions: int) -> list[str]:
    return [table["rows"][k]["id"] for k in positions]


class Loading:
    """The files of a site that the pages of a context load, themselves among them."""

    def __init__(self, browser: Any) -> None:
        self.files: set[Path] = set()
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.on("request", self._add)

    @property
    def weight(self) -> int:
        return sum(path.stat().st_size for path in self.files)

    def _add(self, request: Any) -> None:
        path = Path(unquote(urlparse(request.url).path))
        if path.is_file():
            self.files.add(path)


@pytest.fixture
def loading(browser: Any) -> Iterator[Loading]:
    made = Loading(browser)
    yield made
    made.context.close()


def written(value: float) -> str:
    return f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00")


def test_two_to_five_are_compared_and_the_address_keeps_them(site: Path, opened: Callable, table):
    page = opened(site, f"compare.html#table={table['id']}")
    for count, row in enumerate(table["rows"][:5], start=1):
        page.locator(f"#choices input[value='{row['id']}']").check()
        if count >= 2:
            compared(page, ids(table, *range(count)))
        assert page.locator("#compared").is_visible() == (count >= 2)
        assert row["id"] in page.url
    assert page.locator("#choices input:not(:checked)").first.is_disabled()
    page.reload()
    compared(page, ids(table, *range(5)))
    assert page.locator("#choices input:checked").count() == 5
    assert page.locator("#compared .pair-details").count() == 10
    page.locator(f"#choices input[value='{table['rows'][0]['id']}']").uncheck()
    until(page, "document.querySelector('#chosen').textContent === '4 chosen'")
    compared(page, ids(table, 1, 2, 3, 4))


def test_every_row_is_drawn_once_a_score_with_people_behind(site: Path, opened: Callable, table):
    rows = ids(table, 0, 1)
    page = opened(site, address(table, rows))
    compared(page, rows)
    profile = page.locator("#profile-g0")
    for row in table["rows"][:2]:
        there = [one for one in table["scores"][:10] if row["scores"][one["name"]]["value"]]
        assert profile.locator(f"[data-row='{row['id']}']").count() == len(there)
    assert profile.locator("rect.people").count() == 10
    labels = profile.locator("text[text-anchor=middle]").all_text_contents()
    ticks = [float(one.replace("−", "-")) for one in labels]
    assert ticks == sorted(ticks)
    assert 0 in ticks
    # a dot is where its value is on the axis
    at = profile.locator("text[text-anchor=middle]").evaluate_all(
        "(all) => all.map((a) => Number(a.getAttribute('x')))"
    )
    slope, start = np.polyfit(ticks, at, 1)
    dot = profile.locator(f"[data-row='{rows[1]}'] circle, [data-row='{rows[1]}'] .mark").first
    middle = dot.evaluate("(a) => { const box = a.getBBox(); return box.x + box.width / 2; }")
    value = table["rows"][1]["scores"]["Universalism"]["value"]
    assert middle == pytest.approx(start + slope * value, abs=0.5)


def test_differences_are_the_boards_corrected_over_what_is_shown(
    site: Path, opened: Callable, table
):
    later, earlier = table["rows"][2], table["rows"][1]
    page = opened(site, address(table, [later["id"], earlier["id"]]))
    compared(page, [later["id"], earlier["id"]])
    shown = [p for p in table["pairs"] if (p["a"], p["b"]) == (earlier["id"], later["id"])]
    assert len(shown) > 15
    part = page.locator(".differences tbody tr")
    assert part.count() == len(shown)
    corrected = {
        "on": holm(np.array([one["on_items"]["p"] for one in shown])),
        "beyond": holm(np.array([one["p"] for one in shown])),
    }
    differ = {"on": [], "beyond": []}
    for k, pair in enumerate(shown):
        cells = part.nth(k).locator("td").all_inner_texts()
        # the row chosen first comes first, so the sign turns
        assert cells[0] == written(-pair["difference"]["value"])
        for at, scope, test in ((1, "on", pair["on_items"]), (5, "beyond", pair)):
            low, high = (written(-test["difference"][end]) for end in ("high", "low"))
            assert cells[at] == f"{low} to {high}"
            p = corrected[scope][k]
            assert cells[at + 1] == ("<0.001" if p < 0.001 else f"{p:.3f}")
            state = "differ" if p < 0.05 else "equivalent" if test["equivalent"] else "undecided"
            assert cells[at + 2] == state
            if state == "differ":
                differ[scope].append(pair["score"])
            assert cells[at + 3] == written(test["detectable"])
    finding = page.locator(".verdict-line").inner_text()
    for scope, words in (("on", "on these items"), ("beyond", "beyond these items")):
        assert f"{words} they differ on {len(differ[scope])} of {len(shown)} scores" in finding
        assert all(name in finding for name in differ[scope])
    assert f"over the {len(shown)} differences shown" in page.locator(".differences").inner_text()
    heads = page.locator(".differences thead th").all_inner_texts()
    assert heads.count("could detect (table’s correction)") == 2


def test_more_rows_are_corrected_together(site: Path, opened: Callable, table):
    rows = ids(table, 1, 2, 4)
    page = opened(site, address(table, rows))
    compared(page, rows)
    shown = [one for one in table["pairs"] if {one["a"], one["b"]} <= set(rows)]
    corrected = holm(np.array([one["p"] for one in shown]))
    differing = {(one["a"], one["b"]) for one, p in zip(shown, corrected, strict=True) if p < 0.05}
    finding = page.locator(".verdict-line").inner_text()
    assert finding.startswith("Of 3 pairs ")
    assert finding.endswith(f", {len(differing)} beyond them.")
    assert page.locator(".pair-details").count() == 3


def test_a_choice_of_more_than_five_says_so(site: Path, opened: Callable, table):
    page = opened(site, address(table, ids(table, *range(8))))
    compared(page, ids(table, *range(5)))
    assert page.locator("#chosen").inner_text() == "The first five of 8 rows"


def test_a_table_too_long_for_pairs_says_so(large_site: Path, opened: Callable):
    long = made_board(130, seed=4)["tables"][0]
    rows = [row["id"] for row in long["rows"][:3]]
    page = opened(large_site, address(long, rows))
    compared(page, rows)
    assert "60 rows or fewer; this one shows 132" in page.locator("#compared").inner_text()
    assert page.locator("#profile-g0").is_visible()


def test_the_chooser_finds_among_many(large_site: Path, opened: Callable):
    page = opened(large_site, f"compare.html#table={TABLE}")
    until(page, "document.querySelectorAll('#choices input').length === 60")
    assert "74 more" in page.locator("#choices").inner_text()
    page.locator("#chooser [name=find]").fill("MODEL-122-")
    until(page, "document.querySelectorAll('#choices input').length === 1")
    assert "model-122-" in page.locator("#choices").inner_text()


def test_an_address_that_names_nothing_is_no_error(site: Path, opened: Callable):
    page = opened(site, "compare.html#table=none&rows=a,b,<script>")
    until(page, "document.querySelector('#chosen').textContent.includes('0 chosen')")


def test_compared_sample_data_says_so(site: Path, opened: Callable):
    sample = made_board(9, seed=3)["tables"][2]
    rows = [row["id"] for row in sample["rows"][:2]]
    page = opened(site, address(sample, rows))
    compared(page, rows)
    assert "Sample data." in page.locator("#compared").inner_text()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_figures_fit_and_stay_legible(site: Path, opened: Callable, table, width: int):
    rows = ids(table, 0, 2, 4)
    page = opened(site, address(table, rows), width=width)
    compared(page, rows)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in page.locator("#chooser select, #chooser input[type=search]").all():
        assert box.bounding_box()["x"] + box.bounding_box()["width"] <= width
    for box in page.locator(".drawn:visible").all():
        assert box.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    texts = page.locator("#profile-g0 text").evaluate_all(
        "(all) => all.map((a) => [parseFloat(getComputedStyle(a).fontSize), a.getBBox().x, "
        "a.getBBox().x + a.getBBox().width])"
    )
    inside = page.locator("#profile-g0").bounding_box()["width"]
    assert min(size for size, _, _ in texts) >= 12
    assert max(right for _, _, right in texts) <= inside + 1
    assert min(left for _, left, _ in texts) >= -1


def test_figures_are_drawn_again_at_another_width(site: Path, opened: Callable, table):
    rows = ids(table, 0, 2)
    page = opened(site, address(table, rows))
    compared(page, rows)
    before = page.locator("#profile-g0").bounding_box()["width"]
    page.set_viewport_size({"width": 400, "height": 800})
    until(
        page, f"document.querySelector('#profile-g0').getBoundingClientRect().width < {before / 2}"
    )


def test_figures_and_numbers_are_saved(site: Path, opened: Callable, table, tmp_path: Path):
    rows = ids(table, 0, 1, 2)
    page = opened(site, address(table, rows))
    compared(page, rows)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save SVG").first.click()
    download.value.save_as(tmp_path / "profile.svg")
    root = ElementTree.parse(tmp_path / "profile.svg").getroot()
    text = "".join(root.itertext())
    assert HOSTILE[0] in text
    assert "Universalism" in text
    assert not [one for one in root.iter() if one.tag.endswith(("}script", "}image", "}a"))]
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "pairs.csv")
    raw = (tmp_path / "pairs.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(io.StringIO(raw, newline="")))
    assert {line["a"] for line in lines} == {HOSTILE[0], "'=cmd()"}
    assert {line["beyond these items: state"] for line in lines} <= {
        "differs",
        "equivalent",
        "undecided",
    }
    for line in lines:
        for cell in line.values():
            if cell.startswith(("=", "+", "-", "@", "\t")):
                float(cell)


def test_rows_for_latex_have_no_command_of_a_name(site: Path, opened: Callable, table):
    rows = [table["rows"][0]["id"], table["rows"][6]["id"]]
    page = opened(site, address(table, rows))
    compared(page, rows)
    latex = page.locator("#compared .paper[data-latex]").get_attribute("data-latex")
    lines = latex.splitlines()
    assert len(lines) == len([one for one in table["pairs"] if {one["a"], one["b"]} == set(rows)])
    for line in lines:
        assert line.startswith(r"\textless{}script\textgreater{}alert(1)")
        assert r"\{\{ 7 {*} 7 \}\} \$\{x\}" in line
        assert line.endswith(r" \\")
        assert line.replace(r"\&", "").count("&") == 8
    cite = page.locator("#compared .paper[data-cite]").get_attribute("data-cite")
    assert "@software{valuegauge," in cite


def test_text_for_latex_is_escaped_as_python_does(site: Path, opened: Callable):
    page = opened(site, "compare.html")
    letters = [chr(k) for k in range(0x20, 0x180)]
    texts = [
        *HOSTILE,
        *letters,
        "[x] *y* a--b---c ,, `q' ß Œ é",
        "  two\n lines ",
        "\u202e\U0001f600",
    ]
    found = page.evaluate("(all) => all.map(valuegauge.escapedLatex)", texts)
    assert found == [escape_latex(text) for text in texts]


def test_the_page_is_light(site: Path, opened: Callable, table, loading: Loading):
    rows = ids(table, 0, 1)
    page = opened(site, address(table, rows), context=loading.context)
    compared(page, rows)
    assert "compare.js" in {path.name for path in loading.files}
    assert loading.weight < 150_000


def test_five_rows_of_sixty_are_light(opened: Callable, loading: Loading, tmp_path: Path):
    board = made_board(58, seed=3)
    build_site(board, tmp_path / "site")
    table = board["tables"][0]
    assert len(table["shown"]) == table["pairs_limit"] == 60
    folder = tmp_path / "site" / "data" / table["id"]
    files = {row: folder / "compare" / f"{row}.js" for row in table["shown"]}
    largest = sorted(files, key=lambda row: -files[row].stat().st_size)[:5]
    page = opened(tmp_path / "site", address(table, largest), context=loading.context)
    compared(page, largest)
    assert {files[row] for row in largest} <= loading.files
    assert not [path for path in loading.files if path.name.startswith("pairs-")]
    assert loading.weight < 400_000
    # a site has one file of this kind a row
    assert len(list(folder.glob("compare/*"))) == len(table["rows"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_breaks_no_rule_of_accessibility(
    site: Path, opened: Callable, table, scheme: str
):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-core")
    rows = ids(table, 0, 1, 2)
    page = opened(site, address(table, rows), color_scheme=scheme)
    compared(page, rows)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = axe.Axe().run(page, options={"preload": False}).response["violations"]
    assert [one["id"] for one in found] == []
