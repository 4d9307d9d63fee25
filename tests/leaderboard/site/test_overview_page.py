"""Which tables the front page shows, in which order, and what of them is in the page."""

from pathlib import Path
from typing import Any

import pytest

from leaderboard.site.overview_page import FrontTable, front_page
from leaderboard.site.pages import model_pages, table_views
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Page, data_of, text_of

TABLE = "value_portrait-3f9a1c20"


def front(board: dict[str, Any]) -> tuple[list[FrontTable], list[FrontTable]]:
    return front_page(board, table_views(board, model_pages(board)))


def test_tables_with_most_real_models_are_first_and_samples_apart():
    board = made_board(9)
    board["tables"] = [board["tables"][k] for k in (2, 1, 0)]
    real, samples = front(board)
    assert [one.table["id"] for one in real] == [TABLE, "indie_value-77aa01bc"]
    assert [one.table["id"] for one in samples] == ["value_portrait-5a3d9e11"]
    for row in board["tables"][2]["rows"]:
        if row["kind"] in ("model", "recording"):
            row["kind"] = "baseline"
    assert [one.table["id"] for one in front(board)[0]] == ["indie_value-77aa01bc", TABLE]


def test_rows_shown_first_are_those_of_the_board_in_the_order_of_the_first_score():
    table = front(made_board(9))[0][0]
    values = [row["scores"]["Universalism"]["value"] for row in table.rows]
    assert values == sorted(values, reverse=True)
    assert {row["id"] for row in table.rows} == set(table.table["shown"])
    kinds = {kind: on for kind, _, on in table.kinds}
    assert kinds == {
        "model": True, "recording": True, "human": True, "published": False, "simulated": False,
    }  # fmt: skip


def test_the_finding_comes_first(board: dict[str, Any], pages: dict[str, Page]):
    for table in board["tables"]:
        section = pages["index.html"].one("section", id=table["id"])
        first = section.one("p", class_="finding")
        assert text_of(first) == " ".join(table["finding"][:2])
        parts = [section.children.index(first)]
        for supporting in section.all("ul", class_="further"):
            assert [text_of(one) for one in supporting.all("li")] == table["finding"][2:]
            parts.append(section.children.index(supporting))
        assert len(parts) == 1 + (len(table["finding"]) > 2)
        assert section.children.index(section.one("figure", class_="strips")) > max(parts)


@pytest.mark.parametrize("position", [0, 1])
def test_the_scripts_have_the_numbers_of_every_row(board, built: Path, position: int):
    table = board["tables"][position]
    rows = data_of(built, f"{table['id']}/rows")
    assert [row["id"] for row in rows["rows"]] == [row["id"] for row in table["rows"]]
    assert [rows["rows"][k]["id"] for k in rows["shown"]] == table["shown"]
    for group in rows["groups"]:
        numbers = data_of(built, f"{table['id']}/{group['key']}")
        for row, of_row in zip(table["rows"], numbers, strict=True):
            for name, found in zip(group["scores"], of_row, strict=True):
                score = row["scores"].get(name)
                if score is None:
                    assert found is None
                    continue
                wanted = [score["value"], score["low"], score["high"]]
                wanted += [score["on_items"][end] for end in ("low", "high")]
                assert found[:5] == [None if one is None else round(one, 6) for one in wanted]
                assert found[5:8] == [score[key] for key in ("rank", "rank_low", "rank_high")]
                assert len(found[9]) == len(table["variants"])
                beyond = score["differs"]["beyond"]
                assert found[11][1] == (beyond and [beyond["number"], beyond["of"]])
