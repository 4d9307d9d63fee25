"""The compare page: rows are chosen, drawn, and tested against each other."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from leaderboard.site.build import build_site
from ratings.output.latex import escape_latex
from scorers.comparison.differences import holm
from tests.browser.axe import violations
from tests.browser.compare_page import address, compared, ids, with_predicted
from tests.browser.waiting import until
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import data_of

pytestmark = pytest.mark.processes

TABLE = "value_portrait-3f9a1c20"


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
        assert (
            f"{words} they differ on {len(differ[scope]) or 'none'} of {len(shown)} scores"
            in finding
        )
        assert all(name in finding for name in differ[scope])
    assert f"over the {len(shown)} differences shown" in page.locator(".differences").inner_text()


def test_more_rows_are_corrected_together(site: Path, opened: Callable, table):
    rows = ids(table, 1, 2, 4)
    page = opened(site, address(table, rows))
    compared(page, rows)
    shown = [one for one in table["pairs"] if {one["a"], one["b"]} <= set(rows)]
    corrected = holm(np.array([one["p"] for one in shown]))
    differing = {(one["a"], one["b"]) for one, p in zip(shown, corrected, strict=True) if p < 0.05}
    finding = page.locator(".verdict-line").inner_text()
    assert finding.startswith("Of 3 pairs ")
    assert finding.endswith(f", {len(differing) or 'none'} beyond them.")
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
    assert "The table in the address is not here, or has only one row" in chosen(page)


def chosen(page: Any) -> str:
    return page.locator("#chosen").inner_text()


def test_rows_of_the_address_that_are_not_there_are_counted(site: Path, opened: Callable, table):
    rows = ids(table, 0, 1)
    page = opened(site, address(table, [*rows, "gone", "<b>gone</b>"]))
    compared(page, rows)
    assert chosen(page) == "2 chosen. 2 rows in the address are not in this table"
    page.locator(f"#choices input[value='{ids(table, 2)[0]}']").check()
    compared(page, ids(table, 0, 1, 2))
    assert chosen(page) == "3 chosen"
    page = opened(site, address(table, [*ids(table, *range(6)), "gone"]))
    compared(page, ids(table, *range(5)))
    expected = "The first five of 6 rows. One row in the address is not in this table"
    assert chosen(page) == expected


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a board with sample data first, a table of one row, and one of a long title."""
    board = with_predicted(made_board(9, seed=3))
    real, reading, sample = board["tables"]
    reading["rows"], reading["shown"], reading["pairs"] = reading["rows"][:1], [], []
    board["tables"] = [sample, reading, real]
    real["title"] = "How much of what people of many countries say a model says too, by value"
    folder = tmp_path_factory.mktemp("mixed") / "site"
    build_site(board, folder)
    return folder


def test_the_page_opens_on_real_data_and_leaves_out_what_cannot_be_compared(
    mixed: Path, opened: Callable, table
):
    page = opened(mixed, "compare.html")
    until(page, "document.querySelector('#chosen').textContent === '0 chosen; choose 2 more'")
    options = page.locator("[name=table] option")
    assert options.evaluate_all("(all) => all.map((a) => a.value)") == [
        TABLE,
        "value_portrait-5a3d9e11",
    ]
    assert options.nth(1).inner_text().endswith("rows, sample data)")


def test_no_page_offers_to_compare_the_only_row_of_a_table(mixed: Path, opened: Callable):
    one_row = "indie_value-77aa01bc"
    link = f"a[href*='compare.html#table={one_row}']"
    page = opened(mixed, "index.html")
    assert page.locator(link).evaluate_all("(all) => all.map((one) => one.hidden)") == [True]
    others = page.locator(".button.compare:not([hidden])")
    assert others.count() == 2
    page = opened(mixed, f"benchmarks/{one_row}.html")
    assert page.locator(link).count() == 0
    page = opened(mixed, data_of(mixed, f"{one_row}/rows")["rows"][0]["page"])
    assert page.locator(f"#{one_row}, [href*='{one_row}']").count() > 0
    assert page.locator(link).count() == 0


def test_a_table_with_a_long_title_fits_a_telephone(mixed: Path, opened: Callable, table):
    rows = ids(table, 0, 1)
    page = opened(mixed, address(table, rows), width=360)
    compared(page, rows)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box = page.locator("[name=table]").bounding_box()
    assert box["x"] + box["width"] <= 360


def test_scores_that_are_tested_separately_are_named(mixed: Path, opened: Callable, table):
    rows = ids(table, 1, 2)
    page = opened(mixed, address(table, rows))
    compared(page, rows)
    lines = page.locator(".differences tbody tr")
    counts = [0, 0]
    for line in lines.filter(has=page.locator("th", has_text="predicted")).all():
        states = line.locator("[class^=state]").all_inner_texts()
        counts = [n + (one == "differ") for n, one in zip(counts, states, strict=True)]
    on, beyond = (f"{n or 'none'} differ{'s' if n < 2 else ''}" for n in counts)
    assert counts[0] > 0
    assert (
        page.locator(".verdict-line")
        .inner_text()
        .endswith(
            ". Of the 10 scores of “Values predicted from all ratings”, tested separately, "
            f"{on} on these items, {beyond} beyond these items."
        )
    )


def test_what_could_be_detected_is_said_to_be_of_the_whole_table(
    site: Path, opened: Callable, table
):
    rows = ids(table, 0, 1)
    page = opened(site, address(table, rows))
    compared(page, rows)
    heads = page.locator(".differences thead th").all_inner_texts()
    assert heads.count("could detect (whole table)") == 2


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_breaks_no_rule_of_accessibility(
    site: Path, opened: Callable, table, scheme: str
):
    rows = ids(table, 0, 1, 2)
    page = opened(site, address(table, rows), color_scheme=scheme)
    compared(page, rows)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert violations(page) == []
