import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.site.build import build_site
from leaderboard.site.pair_files import (
    DIFFERS,
    EQUIVALENT,
    UNDECIDED,
    UNTESTED,
    compared_rows,
    packed_pairs,
    pair_table,
    people_row_of,
)
from scorers.comparison.differences import SIGNIFICANCE
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import data_of

TABLE = "value_portrait-3f9a1c20"
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def pair(a: str, b: str, score: str, **test: Any) -> dict[str, Any]:
    """A pair that says the same in both scopes."""
    scope = {
        "difference": {"value": 0.4, "low": 0.1, "high": 0.7, "reason": None},
        "p": 0.5,
        "corrected": 1.0,
        "detectable": 0.3,
        "equivalent": False,
    } | test
    return {"a": a, "b": b, "score": score, **scope, "on_items": scope}


def table_of(pairs: list[dict[str, Any]], scores: tuple[str, ...] = ("x", "y")) -> dict[str, Any]:
    score = {"on_items": {"low": None, "high": None}, "low": None, "high": None} | dict.fromkeys(
        ("rank", "rank_low", "rank_high")
    )
    found = {one: score | {"value": 1.0} for one in scores}
    rows = [{"id": row, "kind": "model", "log": "l", "scores": found} for row in "abc"]
    return {
        "rows": rows,
        "scores": [{"name": one, "apart": False, "headline": True} for one in scores],
        "pairs": pairs,
    }


def states(*pairs: dict[str, Any], scores: tuple[int, ...] = (0, 1)) -> int:
    made = pair_table(table_of(list(pairs)))
    assert made is not None
    return int(made.states("beyond", scores, ["a", "b"])[0, 1])


def test_a_pair_differs_when_it_does_on_any_score_and_is_equivalent_on_all():
    differ = pair("a", "b", "x", p=0.001, corrected=0.01)
    same_x, same_y = (pair("a", "b", name, equivalent=True) for name in "xy")
    assert states(differ, same_y) == DIFFERS
    assert states(same_x, same_y) == EQUIVALENT
    assert states(same_x, pair("a", "b", "y")) == UNDECIDED
    assert states(same_x, pair("a", "b", "y"), scores=(0,)) == EQUIVALENT
    assert states(pair("a", "b", "x"), pair("a", "b", "y")) == UNDECIDED


def test_equivalence_asks_for_a_test_of_every_score():
    assert states(pair("a", "b", "x", equivalent=True)) == UNDECIDED
    untested = pair("a", "b", "y", p=None, corrected=None, equivalent=None)
    assert states(pair("a", "b", "x", equivalent=True), untested) == UNDECIDED
    assert states(untested, scores=(1,)) == UNTESTED


def test_a_significant_difference_within_the_margin_is_a_difference():
    assert states(pair("a", "b", "x", p=1e-6, corrected=1e-4, equivalent=True)) == DIFFERS


def test_a_table_without_pairs_has_none():
    assert pair_table(table_of([])) is None


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.just(0.0),
            st.floats(1e-12, 1.0),
            st.integers(1, 4000).map(lambda n: SIGNIFICANCE / n),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_with_how_many_tests_a_p_value_is_significant_is_packed_exactly(values: list[float | None]):
    scores = tuple(f"s{k}" for k in range(len(values)))
    pairs = [pair("a", "b", name, p=p, corrected=p) for name, p in zip(scores, values, strict=True)]
    made = pair_table(table_of(pairs, scores))
    assert made is not None
    packed = packed_pairs(made, apart=False)
    width, tests = packed["width"], packed["on"]["tests"]
    assert len(tests) == len(values) * width
    for k, p in enumerate(values):
        digits = tests[k * width : (k + 1) * width]
        number = sum(DIGITS.index(one) * 64**n for n, one in enumerate(reversed(digits)))
        if p is None:
            assert number == 64**width - 1
            continue
        most = 64**width - 2
        assert number == most or not p * (number + 1) < SIGNIFICANCE
        assert number == 0 or p * number < SIGNIFICANCE


def test_sixty_rows_with_nineteen_scores_stay_light(tmp_path: Path):
    board = made_board(58, seed=5)
    table = board["tables"][0]
    assert len(table["shown"]) == 60
    made = pair_table(table)
    assert made is not None
    assert len(json.dumps(packed_pairs(made, apart=False))) < 310_000
    compact = {row: json.dumps(of, separators=(",", ":")) for row, of in compared_rows(table)}
    people = len(compact.pop(people_row_of(table) or ""))
    assert people + sum(sorted(map(len, compact.values()))[-5:]) < 280_000


def test_every_pair_is_in_one_of_its_rows_files(board: dict[str, Any], built: Path):
    table = board["tables"][0]
    files = {row["id"]: data_of(built, f"{TABLE}/compare/{row['id']}") for row in table["rows"]}
    names = [score["name"] for score in table["scores"]]
    held = {
        (row, other, names[int(score)]): numbers
        for row, of in files.items()
        for other, scores in of["pairs"].items()
        for score, numbers in scores.items()
    }
    assert len(held) == len(table["pairs"])
    turned = 0
    for one in table["pairs"]:
        numbers = held.get((one["a"], one["b"], one["score"]))
        sign = 1
        if numbers is None:
            numbers, sign = held[one["b"], one["a"], one["score"]], -1
            turned += 1
        close = pytest.approx
        expected = [close(sign * one["difference"]["value"], rel=1e-5)]
        for test in (one["on_items"], one):
            half = test["difference"]["high"] - one["difference"]["value"]
            expected.append(close(half, rel=1e-5))
            expected += [close(test["p"], rel=1e-5), test["detectable"], int(test["equivalent"])]
        assert numbers == expected
    assert 0 < turned < len(table["pairs"])
    most = max(len(of["pairs"]) for of in files.values())
    assert most <= len(table["rows"]) // 2 + 1


def test_the_scores_of_a_row_are_those_of_the_board(board: dict[str, Any], built: Path):
    table = board["tables"][0]
    for row in table["rows"]:
        scores = data_of(built, f"{TABLE}/compare/{row['id']}")["scores"]
        for score, found in zip(table["scores"], scores, strict=True):
            expected = row["scores"].get(score["name"])
            if expected is None or expected["value"] is None:
                assert found is None
            else:
                assert found[0] == pytest.approx(expected["value"], rel=1e-5)
                high = expected["on_items"]["high"]
                assert found[4] == (high and pytest.approx(high, rel=1e-5))
                assert found[5] == expected["rank"]


def test_people_without_a_log_stand_for_people():
    rows = [{"id": "x", "kind": "human", "log": "l"}, {"id": "y", "kind": "human", "log": None}]
    assert people_row_of({"rows": rows}) == "y"
    assert people_row_of({"rows": rows[:1]}) == "x"
    assert people_row_of({"rows": []}) is None


def test_pairs_as_csv_say_what_is_equivalent_and_hold_no_formula(board, built: Path):
    table = board["tables"][0]
    text = (built / "data" / f"{TABLE}-pairs.csv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(lines) == len(table["pairs"])
    assert {line["a"] for line in lines} >= {"'=cmd()"}
    for line, one in zip(lines, table["pairs"], strict=True):
        assert line["beyond these items: equivalent"] == str(one["equivalent"])
        assert float(line["on these items: p (Holm)"]) == one["on_items"]["corrected"]


def test_a_table_above_the_limit_has_no_files_of_pairs(tmp_path: Path):
    build_site(made_board(130, seed=2), tmp_path / "site")
    data = tmp_path / "site" / "data"
    assert not list(data.glob(f"{TABLE}/pairs-*.js"))
    assert not (data / f"{TABLE}-pairs.csv").exists()
    assert data_of(tmp_path / "site", f"{TABLE}/rows")["pairsLimit"] == 60


def test_states_of_some_rows_are_in_their_order(board: dict[str, Any]):
    table = board["tables"][0]
    made = pair_table(table)
    assert made is not None
    rows = [made.rows[k] for k in (5, 2, 7)]
    found = made.states("on", [0], rows)
    whole = made.states("on", [0], made.rows)
    assert found[0, 1] == whole[5, 2]
    assert (found == found.T).all()
    assert (np.diag(found) == UNTESTED).all()
