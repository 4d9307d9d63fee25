import copy
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from leaderboard.exports.tables_markdown import tables_markdown
from ratings.output.markdown import escape_markdown
from ratings.output.text import one_line
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board

BOARD = made_board(9)
SMALL = made_board(1)["tables"][1]
SMALL["rows"] = SMALL["rows"][:3]
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
CELL = r"-?\d+\.\d\d(?: \[-?\d+\.\d\d, -?\d+\.\d\d\])?|-"


def in_print(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows with figures of papers last."""
    return sorted(table["rows"], key=lambda row: row["kind"] == "published")


def shown(token: Token) -> str:
    """What a reader sees of a piece of text that has no markup in it."""
    assert {child.type for child in token.children or ()} <= {"text"}, token.content
    return "".join(child.content for child in token.children or ())


def tables(text: str) -> list[list[list[str]]]:
    """Cells of each table of a page, as a Markdown reader finds them."""
    found: list[list[list[str]]] = []
    for token in READER.parse(text):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and token.level >= 4:
            found[-1][-1].append(shown(token))
    return found


def test_a_table_has_each_rater_and_each_headline_score():
    read = tables(tables_markdown(BOARD))
    assert len(read) == len(BOARD["tables"])
    for table, (head, *rows) in zip(BOARD["tables"], read, strict=True):
        names = [score["name"] for score in table["scores"] if score["headline"]]
        assert head == ["Rater", "Kind", "Valid", *names]
        assert [row[0] for row in rows] == [one_line(row["name"]) for row in in_print(table)]
        for row, cells in zip(in_print(table), rows, strict=True):
            for name, cell in zip(names, cells[3:], strict=True):
                assert re.fullmatch(CELL, cell), cell
                found = row["scores"][name]
                if found["low"] is not None:
                    value, low, high = (f"{found[key]:.2f}" for key in ("value", "low", "high"))
                    assert cell.replace("-0.00", "0.00") == f"{value} [{low}, {high}]".replace(
                        "-0.00", "0.00"
                    )
                else:
                    assert "[" not in cell
                assert (cell == "-") == (found["value"] is None)


def test_published_and_synthetic_rows_are_marked_in_every_row():
    text = tables_markdown(BOARD)
    for table, (_, *rows) in zip(BOARD["tables"], tables(text), strict=True):
        for row, cells in zip(in_print(table), rows, strict=True):
            assert ("as published" in cells[1]) == (row["kind"] == "published")
            assert ("synthetic" in cells[1]) == table["synthetic"]
    assert text.count("SYNTHETIC SAMPLE") == 1
    assert text.count("- Table 5 of the paper (1)") == 3


def test_why_a_value_is_missing_is_said_once_with_how_often():
    text = tables_markdown(BOARD)
    assert "- no valid answer to any of its items (2)" in text
    assert "prints no interval" not in text


def test_nothing_of_a_page_is_html_a_link_or_code():
    kinds = {token.type for token in READER.parse(tables_markdown(BOARD))}
    assert not {"html_block", "fence", "code_block"} & kinds
    for name in HOSTILE:
        assert one_line(name) in {
            row[0] for table in tables(tables_markdown(BOARD)) for row in table
        }


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
@example("a\\|b")
@example("[x](javascript:alert)")
@example("![x](y) `c` **d** ~~e~~ &amp; <http://a.b> $1$")
@example("https://example.org www.example.org a@b.org")
@example("line\r\nbreak\u2028and\x85more | end")
def test_any_name_is_one_cell_that_reads_as_it_is(name: str):
    board = {**BOARD, "tables": [copy.deepcopy(SMALL)]}
    board["tables"][0]["rows"][0]["name"] = name
    ((_, first, *rows),) = tables(tables_markdown(board))
    assert first[0] == one_line(name).strip()
    assert len(rows) == len(board["tables"][0]["rows"]) - 1


@pytest.mark.parametrize("address", ["https://example.org/a", "www.example.org", "a@example.org"])
def test_a_bare_address_is_broken_up(address: str):
    """Some readers make links of them; they find them by these signs."""
    assert not re.search(r"://|(?<!\\)@|www\.", escape_markdown(address))


def test_a_board_without_tables_says_so():
    text = tables_markdown({**BOARD, "tables": []})
    assert text.startswith("No table: none of the 4 runs of the store is complete (1 cancelled, ")
    assert len(text.splitlines()) == 1
