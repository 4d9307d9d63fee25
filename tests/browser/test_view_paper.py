"""What a reader takes from a view of the front page: its own rows, scores, scope and wording."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from leaderboard.site.build import build_site
from tests.browser.front_page import STRIPS, TABLE, rows_shown, section, settled, strip
from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes


def shown(opened: Callable, site: Path, keys: str) -> Any:
    page = opened(site, f"index.html#table={TABLE}&{keys}")
    settled(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


def paper(page: Any) -> Any:
    return section(page).locator(".strips ~ .paper").first


def copied(page: Any, button: str) -> str:
    paper(page).get_by_role("button", name=button).click()
    paper(page).locator("output").get_by_text("copied").wait_for()
    return str(page.evaluate("navigator.clipboard.readText()"))


def saved(page: Any, role: str, name: str) -> str:
    with page.expect_download() as download:
        paper(page).get_by_role(role, name=name).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def words(root: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in root.iter() if one.tag.endswith("}text")]


def written(value: float) -> str:
    return f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00")


@pytest.mark.parametrize("scope", ["on", "beyond"])
def test_a_view_is_copied_as_it_is(site: Path, opened: Callable, table: dict[str, Any], scope: str):
    rows = [row for row in table["rows"] if row["kind"] == "model"][2:4]
    names = ",".join(row["id"] for row in rows)
    page = shown(opened, site, f"rows={names}&scores=Power&scope={scope}")
    in_order = [next(row for row in rows if row["id"] == one) for one in rows_shown(page)]
    assert len(in_order) == 2
    said = copied(page, "Copy sentence")
    lines = copied(page, "Copy LaTeX rows").splitlines()
    assert len(lines) == 3
    assert lines[0] == rf"{'on' if scope == 'on' else 'beyond'} these items & Power \\"
    lined = list(csv.DictReader(io.StringIO(saved(page, "link", "CSV"))))
    assert [one["name"].lstrip("'") for one in lined] == [row["name"] for row in in_order]
    for row, line, record in zip(in_order, lines[1:], lined, strict=True):
        found = row["scores"]["Power"]
        ends = found["on_items"] if scope == "on" else found
        text = f"{written(found['value'])} ({written(ends['low'])} to {written(ends['high'])})"
        assert f"Power {text}" in said
        assert text.replace("−", "$-$") in line
        assert float(record["value"]) == pytest.approx(found["value"], abs=1e-3)
        assert float(record["beyond these items: low"]) == pytest.approx(found["low"], abs=1e-3)


def test_the_figure_of_a_view_has_its_strips(site: Path, opened: Callable):
    page = shown(opened, site, "scores=Power")
    whole = shown(opened, site, "lit=")
    root = ElementTree.fromstring(saved(page, "button", "Save SVG"))
    drawn = words(root)
    assert "Power" in drawn
    assert "Security" not in drawn
    assert any("beyond these items" in text for text in drawn)
    plots = [one for one in root if one.tag.endswith("svg")]
    assert len(plots) == 1
    mark = f"{STRIPS} .strip[data-score=Power] .marks path.dot"
    (path,) = [one.get("d") for one in plots[0].iter() if one.get("class") == "dot"][:1]
    assert path == page.locator(mark).first.get_attribute("d")
    assert "stroke:" in next(one.get("style") for one in plots[0].iter() if one.get("d") == path)
    assert len(words(ElementTree.fromstring(saved(whole, "button", "Save SVG")))) > len(drawn)


def test_a_wording_claims_no_difference(site: Path, opened: Callable, table: dict[str, Any]):
    wording = table["variants"][1]
    page = shown(opened, site, f"scores=Power&wording={wording}")
    key = section(page).locator(".key")
    assert key.get_by_text("a model in this wording").is_visible()
    assert not key.get_by_text("cannot be told from people").is_visible()
    assert strip(page, "Power").locator("path.hollow").count() == 0
    assert "over all wordings" in section(page).locator(".table-tools output").inner_text()
    position = table["variants"].index(wording)
    lined = list(csv.DictReader(io.StringIO(saved(page, "link", "CSV"))))
    models = {row["name"]: row for row in table["rows"] if row["kind"] == "model"}
    checked = 0
    for one in lined:
        row = models.get(one["name"])
        if row is None:
            continue
        value = row["scores"]["Power"]["per_variant"][position]
        heading = next(name for name in one if name.startswith("value in wording"))
        assert float(one[heading]) == pytest.approx(value, abs=1e-3)
        checked += 1
    assert checked > 2


def test_what_is_spoken_of_a_row_follows_scope_and_wording(
    site: Path, opened: Callable, table: dict[str, Any]
):
    row = next(row for row in table["rows"] if row["kind"] == "model")
    found = row["scores"]["Power"]
    for keys, text in (
        ("scope=on", f"{written(found['on_items']['low'])} to "),
        ("scope=beyond", f"{written(found['low'])} to "),
        (f"wording={table['variants'][2]}", f"Power {written(found['per_variant'][2])}."),
    ):
        page = shown(opened, site, f"scores=Power&lit={row['id']}&{keys}")
        assert text in section(page).locator(".lit-said .vh").text_content()


def test_a_value_beyond_the_axis_is_an_arrow(tmp_path: Path, opened: Callable):
    board = made_board(9)
    (table,) = [one for one in board["tables"] if one["id"] == TABLE]
    row = next(row for row in table["rows"] if row["kind"] == "model")
    row["scores"]["Power"]["per_variant"][1] = 99.0
    build_site(board, tmp_path / "site")
    page = shown(opened, tmp_path / "site", f"wording={table['variants'][1]}&lit={row['id']}")
    power = strip(page, "Power")
    arrow = power.locator(".marks > path.off")
    assert arrow.count() == 1
    assert arrow.get_attribute("d").startswith("M988 ")
    assert power.locator(".lit path.off").count() == 1
    assert strip(page, "Security").locator("path.off").count() == 0


def test_another_order_keeps_the_finding_and_orders_the_rows(
    site: Path, opened: Callable, table: dict[str, Any]
):
    page = shown(opened, site, "sort=name")
    assert copied(page, "Copy sentence") == paper(page).get_attribute("data-sentence")
    lines = copied(page, "Copy LaTeX rows").splitlines()[1:]
    assert len(lines) == len(table["shown"])
    names = [line.partition(" & ")[0] for line in lines]
    written_first = paper(page).get_attribute("data-latex").splitlines()[1:]
    assert names != [line.partition(" & ")[0] for line in written_first]
    assert sorted(names) == sorted(line.partition(" & ")[0] for line in written_first)
