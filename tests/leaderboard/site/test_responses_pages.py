import csv
import io
import math
from pathlib import Path
from typing import Any

import pytest

from leaderboard.site.responses_pages import (
    ITEMS_A_PAGE,
    by_size,
    drawn_items,
    ratings_apart,
    responses_pages,
    responses_path,
    responses_paths,
)
from leaderboard.site.text import clean
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Page, text_of

TABLE = "value_portrait-3f9a1c20"


def items_of(board: dict[str, Any], score: str) -> list[dict[str, Any]]:
    return [item for item in board["tables"][0]["items"] if score in item["scores"]]


def page_of(pages: dict[str, Page], score: str, order: str = "models") -> Page:
    return pages[responses_path(TABLE, score, order)]


@pytest.mark.parametrize(("order", "key"), [("models", "separating"), ("people", "gap")])
def test_items_are_in_the_order_that_the_page_names(board, pages, order: str, key: str):
    page = page_of(pages, "Power", order)
    items = {item["instance"]: item for item in items_of(board, "Power")}
    heads = [text_of(one.one("h2")).split()[0] for one in page.all("article")]
    assert set(heads) == set(items)
    sizes = [items[head][key] for head in heads]
    known = [abs(one) for one in sizes if one is not None]
    assert known == sorted(known, reverse=True)
    assert None not in sizes[: len(known)], "items without the number come last"
    current = [text_of(a) for a in page.all("a") if a.get("aria-current") == "true"]
    assert current == [{"models": "Models differ most", "people": "Least like people"}[order]]


def test_an_item_has_its_text_or_the_reason_and_its_answers(board, pages):
    page, table = page_of(pages, "Universalism"), board["tables"][0]
    names = {row["id"]: row["name"] for row in table["rows"] if row["id"] in table["shown"]}
    names = {key: name for key, name in names.items() if name != "people of the survey"}
    articles = {text_of(one.one("h2")).split()[0]: one for one in page.all("article")}
    for item in items_of(board, "Universalism"):
        article = articles[item["instance"]]
        if item["text"]:
            assert " ".join(str(clean(item["text"]["response"])).split()) in text_of(article)
        else:
            assert "may not be passed on" in text_of(article)
        bars = article.all("rect", class_="people")
        counts = [count for count in (item["people"] or {"histogram": []})["histogram"] if count]
        assert len(bars) == len(counts)
        if item["people"] is None:
            assert "No people were asked" in text_of(article)
        dots = {one.get("data-row"): text_of(one) for one in article.all("circle")}
        rated = {key: value for key, value in item["ratings"].items() if value is not None}
        assert set(dots) == set(rated) & set(names)


def test_the_sentence_counts_the_items(board, pages):
    items = items_of(board, "Power")
    gaps = [item["gap"] for item in items if item["gap"] is not None]
    found = text_of(page_of(pages, "Power").one("p", class_="finding"))
    assert found.startswith(f"{len(items)} items count for Power.")
    assert f"On {sum(gap > 0 for gap in gaps)} of them" in found
    assert found.endswith(f"on {sum(gap < 0 for gap in gaps)} lower.")


def test_more_items_than_a_page_holds_are_on_further_pages():
    table = made_board(3)["tables"][0]
    for item in table["items"]:
        item["scores"] = ["Power"]
    pages = [one for one in responses_pages(table) if one.order == "models"]
    assert len(pages) == math.ceil(len(table["items"]) / ITEMS_A_PAGE) == 3
    assert [len(one.items) for one in pages] == [40, 40, 40]
    shown = [one.item["instance"] for page in pages for one in page.items]
    assert shown == [one.item["instance"] for one in by_size(drawn_items(table), "separating")]
    assert pages[1].path == responses_path(TABLE, "Power", "models", 2)
    assert pages[1].other("models", 3) == pages[2].path.rpartition("/")[2]


def test_without_people_there_is_one_order():
    table = made_board(3)["tables"][0]
    for item in table["items"]:
        item |= {"people": None, "gap": None}
    assert {one.order for one in responses_pages(table)} == {"models"}


def test_more_models_than_have_dots_are_bars_and_their_ratings_are_apart():
    table = made_board(130)["tables"][0]
    page = next(iter(responses_pages(table)))
    assert not page.dots
    apart = dict(ratings_apart(table))
    assert [row for row, _ in page.models] == list(apart)
    for row, ratings in apart.items():
        expected = [item["ratings"][row] for item in table["items"]]
        assert ratings == pytest.approx(expected, abs=1e-4)
    assert list(ratings_apart(made_board(9)["tables"][0])) == []
    assert 'class="model-bars"' in page.items[0].figure
    assert "data-row" not in page.items[0].figure


def test_a_table_without_items_has_no_pages():
    table = made_board(3)["tables"][1]
    assert list(responses_pages(table)) == []
    assert responses_paths(table) == {}


@pytest.mark.parametrize("name", [*HOSTILE, "../../etc/passwd", "a b/c?d#e"])
def test_any_score_has_an_address_within_its_folder(name: str):
    folder, _, file = responses_path("table-1", name).rpartition("/")
    assert folder == "items/table-1"
    assert set(file) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert not file.startswith(".")
    assert responses_path("table-1", name + "!") != responses_path("table-1", name)


def test_the_csv_has_every_item_and_no_formula(board: dict[str, Any], built: Path):
    table = board["tables"][0]
    text = (built / "data" / f"{TABLE}-items.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [line["item"] for line in lines] == [item["instance"] for item in table["items"]]
    row = table["rows"][1]
    for item, line in zip(table["items"], lines, strict=True):
        for cell in line.values():
            if cell.startswith(("=", "+", "-", "@", "\t")):
                float(cell)
        rating = item["ratings"][row["id"]]
        assert line["'=cmd()"] == ("" if rating is None else str(rating))
        if item["people"]:
            counts = [int(line[f"people: {k}"]) for k in range(1, 7)]
            assert counts == item["people"]["histogram"]
