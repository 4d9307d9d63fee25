import pytest

from leaderboard.site.figures.rows import NARROW, WIDE
from leaderboard.site.figures.shares import shares
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.drawings import numbers, of_class, svg_of, texts


def estimate(value: float | None, low: float | None = None, high: float | None = None) -> dict:
    return {"value": value, "low": low, "high": high, "reason": None}


def at(value: float, lowest: float = 0.0) -> float:
    share = (value - lowest) / (1 - lowest)
    return WIDE.left + share * (WIDE.right - WIDE.left)


def test_marks_and_intervals_are_where_the_axis_says():
    found = {"alpha": {"a": estimate(0.5, 0.25, 0.75), "b": estimate(1.0, 0.9, 1.4)}}
    root = svg_of(shares("t", found, WIDE, "f"))
    marks = [numbers(one.get("d"))[0] for one in of_class(root, "shape")]
    assert marks == pytest.approx([at(0.5), at(1.0)], abs=0.06)
    ends = [numbers(one.get("d")) for one in of_class(root, "beyond")]
    assert [ends[0][0], ends[0][2]] == pytest.approx([at(0.25), at(0.75)], abs=0.06)
    assert ends[1][2] == pytest.approx(at(1.0), abs=0.06), "an end beyond 1 is cut there"


def test_values_below_zero_make_the_axis_longer_and_ends_of_intervals_do_not():
    found = {"alpha": {"a": estimate(-0.3, -9.0, 1.0), "b": estimate(0.8), "c": estimate(None)}}
    root = svg_of(shares("t", found, WIDE, "f"))
    marks = [numbers(one.get("d"))[0] for one in of_class(root, "shape")]
    assert marks == pytest.approx([at(-0.3, -0.35), at(0.8, -0.35)], abs=0.06)
    (line,) = of_class(root, "beyond")
    assert numbers(line.get("d"))[0] == pytest.approx(WIDE.left)


def test_what_has_no_value_says_so_and_has_no_mark():
    found = {"alpha": {"a": estimate(None), "b": estimate(0.8)}}
    root = svg_of(shares("t", found, NARROW, "f"))
    assert texts(root).count("no value") == 1
    assert len(of_class(root, "shape")) == 1


def test_two_series_differ_in_shape():
    found = {name: {"a": estimate(0.5)} for name in ("alpha", "omega")}
    first, second = of_class(svg_of(shares("t", found, WIDE, "f")), "shape")
    assert "open" not in first.get("class")
    assert "open" in second.get("class")
    assert first.get("d").split("m")[1] != second.get("d").split("m")[1]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(name: str):
    root = svg_of(shares(name, {name: {name: estimate(0.5, 0.4, 0.6)}}, WIDE, "f"))
    assert {one.tag for one in root.iter()} <= {"svg", "g", "path", "text", "title"}
    assert name.replace("_", " ")[:20] in " ".join([*texts(root), *root.itertext()])
