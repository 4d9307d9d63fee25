"""Some rows and scores of a board, with the numbers that they have in the whole."""

import csv
import io
import re
from pathlib import Path

import pytest

from evals.cli import export as command
from evals.cli.main import main
from leaderboard.exports.formats import FILES, notes, one_table
from leaderboard.exports.selection import names_in, selected, why_empty
from leaderboard.exports.tables_csv import scores_csv
from leaderboard.exports.tables_latex import tables_latex
from leaderboard.exports.tables_markdown import tables_markdown
from ratings.errors import DataError, UnknownNameError
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board
from tests.leaderboard.exports.test_board_json import validate

BOARD = made_board(12)
TABLE = BOARD["tables"][0]


def test_chosen_rows_and_scores_keep_their_numbers():
    names = [TABLE["rows"][9]["name"], TABLE["rows"][2]["id"]]
    found = selected(BOARD, names, ["Power", "Openness"])
    validate(found)
    table = found["tables"][0]
    assert [row["id"] for row in table["rows"]] == [TABLE["rows"][2]["id"], TABLE["rows"][9]["id"]]
    assert [score["name"] for score in table["scores"]] == ["Power", "Openness"]
    for row in table["rows"]:
        (whole,) = [one for one in TABLE["rows"] if one["id"] == row["id"]]
        assert row["scores"] == {
            name: of for name, of in whole["scores"].items() if name in ("Power", "Openness")
        }
    ids = {row["id"] for row in table["rows"]}
    assert table["pairs"]
    assert all({pair["a"], pair["b"]} <= ids for pair in table["pairs"])
    assert all(set(item["ratings"]) <= ids for item in table["items"])


def test_nothing_chosen_is_the_whole_board():
    assert selected(BOARD) == BOARD


def test_a_family_names_its_scores():
    (table,) = selected(one_table(BOARD, TABLE["id"]), scores=["big_five"])["tables"]
    assert [score["name"] for score in table["scores"]] == [
        score["name"] for score in TABLE["scores"] if score["family"] == "big_five"
    ]


@pytest.mark.parametrize(
    ("rows", "scores", "message"),
    [(["nobody"], [], "unknown row 'nobody'; allowed"), ([], ["Pwer"], "unknown score 'Pwer'")],
)
def test_an_unknown_name_lists_those_that_there_are(
    rows: list[str], scores: list[str], message: str
):
    with pytest.raises(UnknownNameError, match=message) as found:
        selected(BOARD, rows, scores)
    wanted = "Power" if scores else TABLE["rows"][8]["name"]
    assert wanted in str(found.value)


def test_a_row_of_one_table_and_a_score_of_another_are_no_table():
    only = next(s["name"] for s in BOARD["tables"][1]["scores"] if s["name"] == "accuracy")
    row = TABLE["rows"][-2]["id"]
    one, other = BOARD["tables"][0], BOARD["tables"][1]
    other = {**other, "rows": other["rows"][:2]}
    board = {**BOARD, "tables": [one, other]}
    assert row not in {one["id"] for one in other["rows"]}
    with pytest.raises(DataError, match="no table has both"):
        selected(board, [row], [only])


def test_names_may_have_commas():
    assert names_in(["a, b", "c, d"], ["c, d"]) == ["a", "b", "c, d"]


def test_chosen_scores_are_those_printed():
    found = selected(BOARD, scores=["Openness"], headline=True)
    text = tables_markdown(found)
    assert "Openness" in text
    assert "Universalism" not in text
    assert all(row["score"] == "Openness" for row in csv.DictReader(io.StringIO(scores_csv(found))))


def test_an_empty_board_says_why():
    empty = {**BOARD, "tables": []}
    assert why_empty(BOARD) is None
    assert why_empty({**empty, "apart": []}) == "No table: the store holds no run of a benchmark."
    reason = why_empty(empty)
    assert reason == (
        "No table: none of the 4 runs of the store is complete "
        "(1 cancelled, 1 failed, 1 partial, 1 unfinished)."
    )
    for name in ("markdown", "latex"):
        assert "none of the 4 runs" in FILES[name](empty)
    for name in FILES:
        assert notes(empty, name) == [reason]


def test_a_table_longer_than_a_page_is_longtables_of_few_scores_each():
    text = tables_latex(made_board(33))
    parts = re.findall(r"\\begin\{longtable\}.*?\\end\{longtable\}", text, flags=re.DOTALL)
    assert len(parts) == text.count(r"\begin{longtable}") == 2
    rows, labels = len(made_board(33)["tables"][0]["rows"]), set()
    for long in parts:
        order = [r"\caption", r"\endfirsthead", r"\endhead", r"\endfoot", "provider"]
        assert [long.index(part) for part in order] == sorted(long.index(part) for part in order)
        assert r"\resizebox" not in long
        assert long.count("{") == long.count("}")
        body = [line for line in long.splitlines() if line.endswith(r"\\ \addlinespace")]
        assert len(body) == rows
        assert {line.count(" & ") for line in body} == {5}
        labels |= set(re.findall(r"\\label\{(.*?)\}", long))
    assert len(labels) == 2


def test_figures_of_papers_without_a_run_are_last():
    for text in (tables_latex(BOARD).replace(r"\allowbreak{}", ""), tables_markdown(BOARD)):
        first = text.index("as published")
        assert text.index("people of the survey") < first
        assert text.index("gpt-4o-2024-05-13") < first


def test_the_command_takes_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("leaderboard.board.kept_board.kept_board", lambda store: BOARD)
    assert command.export.name == "export"
    row = TABLE["rows"][8]["name"]
    typed = [
        "export",
        "--store",
        "s",
        "--format",
        "csv",
        "--rows",
        row,
        "--scores",
        "Power, Security",
    ]
    with pytest.raises(SystemExit) as left:
        main(typed)
    assert left.value.code == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {one["score"] for one in rows if one["table"] == TABLE["id"]} == {"Power", "Security"}
    assert len({one["row"] for one in rows if one["table"] == TABLE["id"]}) == 1
    with pytest.raises(SystemExit) as left:
        main([*typed[:5], "--rows", "nobody"])
    assert left.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("valuegauge: unknown row 'nobody'")
    assert error.count("\n") == 1 + sum(name.count("\n") for name in HOSTILE)
