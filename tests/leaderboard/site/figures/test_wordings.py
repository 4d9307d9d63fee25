from typing import Any

import pytest

from leaderboard.site.figures.rows import WIDE
from leaderboard.site.figures.wordings import wording_key, wording_marks, wordings
from leaderboard.site.score_groups import score_groups
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board
from tests.leaderboard.drawings import of_class, svg_of, texts

ENDS = (-2.0, 2.0)


@pytest.fixture
def table() -> dict[str, Any]:
    return made_board(5, seed=3)["tables"][0]


def drawn(table: dict[str, Any], row: dict[str, Any]) -> Any:
    return svg_of(wordings(table, row, score_groups(table)[0], WIDE, ENDS, "f"))


def points(path: str, radius: float = 3.2) -> list[tuple[float, float]]:
    """Centres of the shapes of a path."""
    found = [one.replace("m", " ").split() for one in path.split("M")[1:]]
    return [(float(x), float(y.split("-")[0])) for x, y, *_ in found]


def test_each_wording_has_a_shape_of_its_own(table: dict[str, Any]):
    marks = wording_marks(table["variants"])
    assert len(set(marks)) == len(table["variants"]) == 6
    key = wording_key(table["variants"])
    assert [name for _, name in key][:2] == ["wording 1", "wording 1, options reversed"]
    assert len({str(mark) for mark, _ in key}) == 6


def test_marks_are_where_the_axis_says(table: dict[str, Any]):
    row = table["rows"][0]
    values = [found["per_variant"] for found in row["scores"].values()]
    low = min(-2.0, *(one for of in values[:10] for one in of))
    high = max(2.0, *(one for of in values[:10] for one in of))
    shapes = of_class(drawn(table, row), "shape")
    assert len(shapes) == 6
    for v, mark in enumerate(shapes):
        for (x, _), name in zip(points(mark.get("d")), score_groups(table)[0].names, strict=True):
            value = row["scores"][name]["per_variant"][v]
            share = (value - low) / (high - low)
            assert x == pytest.approx(WIDE.left + share * (WIDE.right - WIDE.left), abs=0.06)


def test_a_wording_without_a_score_has_no_mark(table: dict[str, Any]):
    row = table["rows"][0]
    row["scores"]["Power"]["per_variant"][2] = None
    counts = [len(points(one.get("d"))) for one in of_class(drawn(table, row), "shape")]
    assert counts == [10, 10, 9, 10, 10, 10]


def test_a_score_without_a_value_says_so(table: dict[str, Any]):
    root = drawn(table, table["rows"][3])
    assert texts(root).count("no value") == 2
    assert {len(points(one.get("d"))) for one in of_class(root, "shape")} == {8}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text(table: dict[str, Any], name: str):
    table["variants"][0] = name
    root = drawn(table, {**table["rows"][0], "name": name})
    assert name.split()[0] in (root.get("aria-label") or "")
    assert {one.tag for one in root.iter()} <= {"svg", "g", "path", "text", "title"}
