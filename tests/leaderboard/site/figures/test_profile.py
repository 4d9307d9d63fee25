from typing import Any

import numpy as np
import pytest

from leaderboard.site.figures.profile import fits, profile, profile_frame
from leaderboard.site.figures.rows import NARROW, WIDE
from leaderboard.site.score_groups import score_groups
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board
from tests.leaderboard.drawings import numbers, of_class, svg_of, texts


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    return made_board(9, seed=3)["tables"][0]


@pytest.mark.parametrize("layout", [WIDE, NARROW])
def test_marks_are_where_the_axis_says(table: dict[str, Any], layout: Any):
    group, row = score_groups(table)[0], table["rows"][7]
    made = profile_frame(table, group, layout)
    root = svg_of(profile(made, table, row, group, "f"))
    holders = [one for one in root.iter() if one.get("data-row") == row["id"]]
    assert len(holders) == len(group.names)
    for k, (name, holder) in enumerate(zip(group.names, holders, strict=True)):
        found = row["scores"][name]
        (dot, *_) = [one for one in holder if one.tag == "circle"]
        assert float(dot.get("cx")) == pytest.approx(made.axis.at(found["value"]), abs=0.06)
        assert float(dot.get("cy")) == pytest.approx(made.middle(k), abs=0.06)
        for kind, ends in (("beyond", found), ("on", found["on_items"])):
            (line,) = of_class(holder, kind)
            left, _, right = numbers(line.get("d"))
            assert left == pytest.approx(made.axis.at(ends["low"]), abs=0.06)
            assert right == pytest.approx(made.axis.at(ends["high"]), abs=0.06)
    means = of_class(root, "people-mean")
    for name, mean in zip(group.names, means, strict=True):
        at = made.axis.at(table["human"]["profile"][name]["value"])
        assert numbers(mean.get("d"))[0] == pytest.approx(at, abs=0.06)


def test_ticks_are_where_the_axis_says(table: dict[str, Any]):
    made = profile_frame(table, score_groups(table)[0], WIDE)
    root = svg_of(made.figure("t", svg_of_empty()))
    ticks = [one for one in of_class(root, "tick") if one.text and one.text[-1].isdigit()]
    assert len(ticks) >= 3
    for tick in ticks:
        value = float(tick.text.replace("−", "-"))
        assert float(tick.get("x")) == pytest.approx(made.axis.at(value), abs=0.06)


def svg_of_empty() -> Any:
    from xml.etree.ElementTree import Element

    return Element("g")


def test_a_dot_says_whether_the_row_differs_from_people(table: dict[str, Any]):
    group, row = score_groups(table)[0], table["rows"][7]
    root = svg_of(profile(profile_frame(table, group, WIDE), table, row, group, "f"))
    for name, holder in zip(
        group.names, [one for one in root.iter() if one.get("data-row")], strict=True
    ):
        unlike = row["scores"][name]["unlike_people"]
        drawn = (len(of_class(holder, "hollow")), len(of_class(holder, "dot")))
        expected = (0, 1) if unlike["beyond"] else (1, 1) if unlike["on_items"] else (1, 0)
        assert drawn == expected, name


def test_a_row_without_people_has_dots_that_claim_nothing():
    table = made_board(3)["tables"][1]
    row, group = table["rows"][0], score_groups(table)[0]
    root = svg_of(profile(profile_frame(table, group, WIDE), table, row, group, "f"))
    assert of_class(root, "dot")
    assert not of_class(root, "hollow")


def test_a_missing_value_draws_nothing_and_says_so(table: dict[str, Any]):
    group, row = score_groups(table)[0], table["rows"][3]
    missing = [name for name in group.names if row["scores"][name]["value"] is None]
    assert len(missing) == 2
    root = svg_of(profile(profile_frame(table, group, WIDE), table, row, group, "f"))
    assert len([one for one in root.iter() if one.get("data-row")]) == len(group.names) - 2
    assert texts(root).count("no value") == 2
    assert texts(root).count("–") == 2


def test_what_a_paper_prints_is_a_hollow_mark_in_its_place(table: dict[str, Any]):
    group = score_groups(table)[0]
    row = next(one for one in table["rows"] if one["published"])
    made = profile_frame(table, group, WIDE)
    root = svg_of(profile(made, table, row, group, "f"))
    marks = of_class(root, "printed")
    names = [name for name in group.names if name in row["published"]]
    assert len(marks) == len(names) == 3
    for name, mark in zip(names, marks, strict=True):
        at = made.axis.at(row["published"][name]["value"])
        assert numbers(mark.get("d"))[0] == pytest.approx(at, abs=0.06)


def test_a_value_outside_the_shown_rows_makes_the_axis_longer(table: dict[str, Any]):
    group = score_groups(table)[0]
    far = {**table["rows"][7], "scores": dict(table["rows"][7]["scores"])}
    far["scores"]["Power"] = {**far["scores"]["Power"], "value": 4.9, "high": 5.0}
    made = profile_frame(table, group, WIDE)
    assert fits(made, table["rows"][7], group)
    assert not fits(made, far, group)
    wider = profile_frame(table, group, WIDE, far)
    assert fits(wider, far, group)
    assert wider.axis.high > 5.0


def test_other_models_have_a_tick_each_in_its_place(table: dict[str, Any]):
    group = score_groups(table)[0]
    made = profile_frame(table, group, WIDE)
    first = of_class(svg_of(made.figure("t", svg_of_empty())), "rug")[0]
    values = [
        row["scores"][group.names[0]]["value"]
        for row in table["rows"]
        if row["id"] in table["shown"] and row["kind"] != "human"
    ]
    start, *steps = first.get("d")[1:].replace("v-5", "").split("m")
    drawn = np.cumsum([float(one.split()[0]) for one in (start, *steps)])
    assert drawn.tolist() == sorted({round(made.axis.at(one)) for one in values})
    assert all(one.split()[1] == "5" for one in steps), "each begins where the first did"


@pytest.mark.parametrize("name", [*HOSTILE, "\ufffd" * 3])
def test_a_hostile_name_is_text(table: dict[str, Any], name: str):
    group, row = score_groups(table)[0], {**table["rows"][7], "name": name}
    drawn = profile(profile_frame(table, group, WIDE), table, row, group, "f")
    root = svg_of(drawn)
    assert " ".join((root.get("aria-label") or "").split()) == " ".join(
        f"Schwartz values of {name}".split()
    )
    assert {one.tag for one in root.iter()} <= {"svg", "g", "path", "circle", "text", "title"}


@pytest.mark.parametrize("layout", [WIDE, NARROW])
@pytest.mark.parametrize(
    "name",
    ["predicted Self-Direction", "Social Capital, Trust & Organizational Membership", "n" * 300],
)
def test_a_long_name_of_a_score_is_whole_and_its_row_holds_it(layout: Any, name: str):
    table = made_board(2)["tables"][0]
    table["scores"][0]["name"] = name
    group = score_groups(table)[0]
    made = profile_frame(table, group, layout)
    labels = of_class(svg_of(made.figure("t", svg_of_empty())), "label")
    lines = len(made.layout.wrapped(name))
    shown = "".join(one.text for one in reversed(labels[:lines]))
    assert shown.replace(" ", "") == name.replace(" ", "")
    heights = [float(one.get("y")) for one in labels[:lines]]
    assert min(heights) - 10 > 0
    assert max(heights) <= made.bottom(0)
    assert labels[lines].text == group.names[1].replace("_", " ")
    room = layout.right - 60 if layout.above else layout.left
    assert max(len(one.text) for one in labels) * 7 <= room
