import copy
import csv
import io
import json
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.exports.tables_csv import RUN_COLUMNS, SCORE_COLUMNS, runs_csv, scores_csv
from ratings.output.csv_text import harmless
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board

BOARD = made_board(9)
SMALL = made_board(1)
SMALL["tables"][0]["rows"] = SMALL["tables"][0]["rows"][:2]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_every_score_of_every_row_is_there_with_its_numbers():
    rows = {(row["table"], row["row"], row["score"]): row for row in read(scores_csv(BOARD))}
    expected = 0
    for table in BOARD["tables"]:
        ranges = {score["name"]: score["range"] for score in table["scores"]}
        for one in table["rows"]:
            for name, found in one["scores"].items():
                expected += 1
                row = rows[table["id"], one["id"], name]
                for field in ("value", "low", "high", "lowest", "highest", "rank"):
                    assert row[field] == ("" if found[field] is None else str(found[field]))
                for scope, prefix in (("beyond", ""), ("on_items", "on_")):
                    counted = found["differs"][scope]
                    shown = (row[f"{prefix}differs"], row[f"{prefix}differs_of"])
                    if counted is None:
                        assert shown == ("", "")
                    else:
                        assert shown == (str(counted["number"]), str(counted["of"]))
                    unlike = found["unlike_people"][scope]
                    expected_text = "" if unlike is None else str(unlike).lower()
                    assert row[f"{prefix}unlike_people"] == expected_text
                assert row["reason"] == (found["reason"] or "")
                assert [float(row["range_low"]), float(row["range_high"])] == ranges[name]
                assert row["synthetic"] == str(table["synthetic"]).lower()
                assert row["kind"] == one["kind"]
    assert len(rows) == expected


def test_a_score_without_a_value_is_an_empty_cell_with_its_reason():
    empty = [row for row in read(scores_csv(BOARD)) if row["value"] == ""]
    assert empty
    for row in empty:
        assert row["low"] == row["high"] == row["rank"] == ""
        assert row["reason"] == "no valid answer to any of its items"


def test_nan_is_an_empty_cell_too():
    board = copy.deepcopy(SMALL)
    board["tables"][0]["rows"][0]["scores"]["Power"]["value"] = math.nan
    (row,) = [r for r in read(scores_csv(board)) if r["score"] == "Power" and r["run"] == "run0"][
        :1
    ]
    assert row["value"] == ""


def test_a_negative_number_stays_a_number():
    values = [row["value"] for row in read(scores_csv(BOARD)) if row["value"].startswith("-")]
    assert values
    assert all(float(value) < 0 for value in values)


def test_hostile_names_are_cells_and_no_formulas():
    raters = {row["rater"].removesuffix(" as Ann") for row in read(runs_csv(BOARD))}
    for name in HOSTILE:
        assert ("'" + name if name.startswith(FORMULA) else name) in raters


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_any_name_comes_back_and_none_is_a_formula(name: str):
    board = {**SMALL, "tables": [copy.deepcopy(SMALL["tables"][0])]}
    board["tables"][0]["rows"][0]["rater"] = name
    for make, columns in ((scores_csv, SCORE_COLUMNS), (runs_csv, RUN_COLUMNS)):
        text = make(board)
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            assert len(row) == len(columns)
        found = read(text)[0]["rater"]
        assert found.removeprefix("'") == name.removeprefix("'")
        if found.startswith(FORMULA):
            float(found.replace(",", "."))  # a number as text stays one
        assert found == harmless(name)


def test_runs_are_listed_once_those_kept_apart_with_the_reason():
    rows = read(runs_csv(BOARD))
    apart = [row for row in rows if row["status"] != "in the table"]
    assert len(rows) - len(apart) == sum(len(table["rows"]) for table in BOARD["tables"])
    assert [row["status"] for row in apart] == [run["status"] for run in BOARD["apart"]]
    assert [row["why"] for row in apart] == [run["why"] for run in BOARD["apart"]]
    assert {row["synthetic"] for row in apart} == {"false"}
    first, described = BOARD["tables"][0]["rows"][0], rows[0]
    assert json.loads(described["statuses"]) == first["statuses"]
    assert json.loads(described["settings"]) == BOARD["tables"][0]["settings"]
    assert described["verdict"] == first["verdict"]["verdict"]


def test_a_board_without_tables_has_headings_alone():
    empty = {**BOARD, "tables": [], "apart": []}
    assert scores_csv(empty).split("\r\n")[1:] == [""]
    assert read(runs_csv(empty)) == []
