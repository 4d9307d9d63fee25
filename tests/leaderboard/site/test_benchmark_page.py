from pathlib import Path
from typing import Any

import pytest

from leaderboard.site.build import build_site
from leaderboard.site.responses_pages import responses_paths
from leaderboard.site.text import clean, number
from tests.leaderboard.board_rows import no_estimate
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Page, text_of

TABLE = "value_portrait-3f9a1c20"


def test_a_benchmark_page_begins_with_what_was_found(board: dict[str, Any], pages):
    page, table = pages[f"benchmarks/{TABLE}.html"], board["tables"][0]
    main = page.one("main")
    assert text_of(page.one("p", class_="finding")) == " ".join(table["finding"])
    tags = [one for one in main.all("*") if one.tag in ("p", "h1", "section", "figure")]
    assert [one.tag for one in tags[:2]] == ["h1", "p"]
    assert tags[1].get("class") == "finding"
    assert [text_of(one) for one in page.all("h2")] == [
        "People and models",
        "The responses behind the scores",
        "Paired differences",
        "Schwartz's circle",
        "Models that answer alike",
        "Reliability",
        "Convergence with other benchmarks",
        "What is measured",
        "Data card",
        "Known limits",
        "Runs kept apart",
    ]
    shown = text_of(main)
    for part in (table["about"], *table["limits"], table["card"]["licence"], table["paper"]):
        assert part in shown
    reading = pages["benchmarks/indie_value-77aa01bc.html"]
    assert "Nobody may pass the answers on." in reading.shown


@pytest.mark.parametrize(("prefix", "key"), [("s-i-", "separating"), ("u-i-", "gap")])
def test_items_are_listed_with_their_texts_the_largest_first(board, pages, prefix: str, key: str):
    page, table = pages[f"benchmarks/{TABLE}.html"], board["tables"][0]
    listed = [one for one in page.all("article") if (one.get("id") or "").startswith(prefix)]
    known = [item for item in table["items"] if item[key] is not None]
    known.sort(key=lambda item: -abs(item[key]))
    assert len(listed) == 10
    for item, article in zip(known, listed, strict=False):
        shown = text_of(article)
        assert item["instance"] in shown
        assert f"{item[key]:.2f}".replace("-", "−") in shown
        if item["text"] is None:
            assert "may not be passed on" in shown
        else:
            for text in item["text"].values():
                assert " ".join(str(clean(text)).split()) in shown


def test_every_score_with_items_has_a_link_to_its_responses(board, pages):
    page = pages[f"benchmarks/{TABLE}.html"]
    links = {one.get("href") for one in page.all("a")}
    paths = responses_paths(board["tables"][0])
    assert list(paths) == [one["name"] for one in board["tables"][0]["scores"] if one["headline"]]
    assert {f"../{path}" for path in paths.values()} <= links


def test_items_that_count_for_no_score_are_listed_without_a_link(tmp_path: Path):
    board = made_board(2)
    for item in board["tables"][0]["items"]:
        item["scores"] = []
    build_site(board, tmp_path / "site")
    page = Page(tmp_path / "site" / "benchmarks" / f"{TABLE}.html")
    assert len(page.all("article")) == 20
    assert not [one for article in page.all("article") for one in article.all("a")]


def test_a_long_list_of_scores_is_folded(tmp_path: Path):
    board = made_board(2)
    table = board["tables"][0]
    table["scores"] += [table["scores"][-1] | {"name": f"group_{k}"} for k in range(10)]
    build_site(board, tmp_path / "site")
    for one, folded in ((table, True), (board["tables"][1], False)):
        page = Page(tmp_path / "site" / "benchmarks" / f"{one['id']}.html")
        (caption,) = [c for c in page.all("caption") if c.get("id") == "c-scores"]
        inside = caption
        while inside.tag not in ("details", "section"):
            inside = inside.parent
        assert (inside.tag == "details") == folded
        assert len(inside.all("details")) == 0 or not folded
        assert str(len(one["scores"])) in text_of(inside)[:20] or not folded


def test_the_members_of_a_cluster_are_named_and_their_means_are_numbers(board, pages):
    table = board["tables"][0]
    section = next(
        one
        for one in pages[f"benchmarks/{table['id']}.html"].all("section")
        if one.get("aria-labelledby") == "h-clusters"
    )
    rows = {row["id"]: row for row in table["rows"]}
    numbers, members = section.all("table")
    for line, score in zip(numbers.all("tr")[1:], table["scores"][:10], strict=True):
        for cell, ids in zip(line.all("td"), table["clusters"]["members"].values(), strict=True):
            values = [rows[one]["scores"].get(score["name"], {}).get("value") for one in ids]
            known = [value for value in values if value is not None]
            assert text_of(cell) == number(sum(known) / len(known))
    assert [int(text_of(line.all("td")[0])) for line in members.all("tr")[1:]] == [
        len(ids) for ids in table["clusters"]["members"].values()
    ]


def test_convergence_of_nothing_is_a_sentence(tmp_path: Path):
    board = made_board(2)
    for one in board["convergence"]:
        for part in ("correlation", "corrected"):
            one[part] = no_estimate("fewer than four models have both")
        one["models"] = 1
    build_site(board, tmp_path / "site")
    page = Page(tmp_path / "site" / "benchmarks" / f"{TABLE}.html")
    section = next(
        one for one in page.all("section") if one.get("aria-labelledby") == "h-convergence"
    )
    assert "no correlation over the 1 model in both tables: " in text_of(section)
    assert "fewer than four models have both" in text_of(section)
    assert not section.all("svg")
    assert not section.all("table")


def test_what_other_ones_would_change_is_named_in_the_plural(pages: dict[str, Page]):
    assert "by more than other items would change" in pages[f"benchmarks/{TABLE}.html"].shown
    people = pages["benchmarks/indie_value-77aa01bc.html"].shown
    assert "by more than other people would change" in people


def test_pairs_are_counted(board: dict[str, Any], pages):
    table = board["tables"][0]
    of_power = [pair for pair in table["pairs"] if pair["score"] == "Power"]
    differ = sum(pair["corrected"] < 0.05 for pair in of_power)
    page = pages[f"benchmarks/{TABLE}.html"]
    shown = next(t for t in page.all("table") if "Holm" in text_of(t.all("caption")[0]))
    line = next(row for row in shown.all("tr") if text_of(row.children[0]) == "Power")
    assert text_of(line.children[2]) == f"{differ} of {len(of_power)}"
    on_items = sum(pair["on_items"]["corrected"] < 0.05 for pair in of_power)
    assert text_of(line.children[1]) == f"{on_items} of {len(of_power)}"
