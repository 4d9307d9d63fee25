from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from leaderboard.site.build import build_site
from leaderboard.site.figures.pair_map import map_sentence, pair_map
from leaderboard.site.pair_files import DIFFERS, EQUIVALENT, UNDECIDED, pair_table
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Page, text_of

TABLE = "value_portrait-3f9a1c20"


def square(*upper: int) -> np.ndarray:
    """Three rows: states of the pairs first-second, first-third, second-third."""
    found = np.zeros((3, 3), dtype=np.int8)
    found[np.triu_indices(3, 1)] = upper
    return found + found.T


MODELS = ["model", "recording", "model"]


def test_the_sentence_counts_the_three_states():
    found = square(DIFFERS, EQUIVALENT, UNDECIDED)
    assert map_sentence("on", found, MODELS, 10) == (
        "On these items 1 of 3 pairs of models differs on some of 10 scores, "
        "1 is equivalent on all 10, 1 is undecided."
    )
    assert map_sentence("beyond", square(DIFFERS, DIFFERS, 0), MODELS, 1, "Power") == (
        "Beyond these items 2 of 2 pairs of models differ on Power, none is equivalent, "
        "none is undecided."
    )
    same = square(EQUIVALENT, EQUIVALENT, UNDECIDED)
    assert map_sentence("on", same, MODELS, 10) == (
        "On these items none of 3 pairs of models differs on any of 10 scores, "
        "2 are equivalent on all 10, 1 is undecided."
    )
    assert map_sentence("on", square(0, 0, 0), MODELS, 2) == (
        "On these items no pair could be tested."
    )
    assert "pairs of rows" in map_sentence("on", found, ["model", "simulated", "model"], 2)


def test_who_differs_from_people_is_said_apart():
    found = square(EQUIVALENT, DIFFERS, UNDECIDED)
    assert map_sentence("on", found, ["model", "human", "model"], 1, "Power") == (
        "On these items the only pair of models differs on Power; "
        "none of 2 models differs from people."
    )
    same = square(UNDECIDED, EQUIVALENT, DIFFERS)
    assert map_sentence("on", same, ["model", "human", "model"], 2) == (
        "On these items the only pair of models is equivalent on all 2; "
        "1 of 2 models differs from people."
    )
    assert "the only pair of models is equivalent on Power;" in map_sentence(
        "on", same, ["model", "human", "model"], 1, "Power"
    )
    two = square(DIFFERS, DIFFERS, DIFFERS)
    assert "3 of 3 pairs of rows" in map_sentence("on", two, ["model", "human", "human"], 2)


def test_the_map_draws_every_tested_pair_of_the_rows_shown(board: dict[str, Any]):
    table = board["tables"][0]
    pairs = pair_table(table)
    rows = sorted(table["rows"], key=lambda row: row["id"])
    made = pair_map(table, pairs, rows)
    assert made is not None
    assert [row["id"] for row in made.rows] == sorted(table["shown"])
    root = ElementTree.fromstring(str(made.drawing))
    groups = {group.get("data-scope"): group for group in root.findall("g")}
    assert list(groups) == ["on", "beyond"]
    ids = [row["id"] for row in made.rows]
    for scope, group in groups.items():
        states = pairs.states(scope, made.together, ids)
        paths = {path.get("class"): path.get("d") or "" for path in group.findall("path")}
        lower = np.tril_indices(len(ids), -1)
        assert cells(paths.get("tested", "")) == int((states[lower] > 0).sum())
        assert cells(paths.get("differs", "")) == int((states[lower] == DIFFERS).sum())
        assert paths.get("equivalent", "").count("M") == int((states[lower] == EQUIVALENT).sum())


def cells(path: str) -> int:
    """How many cells the bars of a path go through."""
    return sum(int(bar.rpartition("h")[2]) for bar in path.split("M") if bar)


def test_the_front_page_names_each_row_of_the_map_once_and_whole(board: dict[str, Any], pages):
    table = board["tables"][0]
    part = pages["index.html"].one("div", id=f"pairs-{TABLE}")
    names = [text_of(one) for one in part.all("li") if one.get("data-row")]
    shown = {row["id"]: row for row in table["rows"] if row["id"] in table["shown"]}
    assert sorted(names) == sorted(" ".join(row["name"].split()) for row in shown.values())
    sentences = [text_of(one) for one in part.all("p", class_="map-sentence")]
    assert sentences[0].startswith("On these items ")
    assert sentences[1].startswith("Beyond these items ")


def test_above_the_limit_the_page_says_why_there_is_no_map(large):
    part = Page(large / "index.html").one("div", id=f"pairs-{TABLE}")
    assert "show 60 rows or fewer; this one shows 132" in text_of(part)
    assert not part.all("svg")


def test_a_table_of_one_row_says_nothing_of_pairs(tmp_path: Path):
    board = made_board(3)
    table = board["tables"][0]
    table |= {"shown": table["shown"][:1], "pairs": []}
    build_site(board, tmp_path / "site")
    section = Page(tmp_path / "site" / "index.html").one("section", id=TABLE)
    assert "Who differs from whom" not in text_of(section)


def test_a_row_alone_has_no_map(board: dict[str, Any]):
    table = board["tables"][0]
    assert pair_map(table, pair_table(table), table["rows"][:1]) is None
    assert pair_map(table, None, table["rows"]) is None
