"""Strips: each row is where its value is, whatever else is drawn."""

import itertools
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from leaderboard.site.figures.strips import HEIGHT, WIDTH, block, lane, strips_file
from leaderboard.site.score_groups import score_groups
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board


def drawn(table: dict[str, Any], score: str) -> ElementTree.Element:
    """The strip of a score of the first group, with all rows shown."""
    group = score_groups(table)[0]
    rows = [row for row in table["rows"] if row["id"] in table["shown"]]
    one = [one for one in group.scores if one["name"] == score]
    (strip,) = block(table, group, one, rows).strips
    return ElementTree.fromstring(strip.drawing)


def paths(strip: ElementTree.Element, kind: str) -> str:
    return "".join(one.get("d", "") for one in strip.iter("path") if one.get("class") == kind)


def positions(table: dict[str, Any], score: str, end: str = "value") -> list[str]:
    group = score_groups(table)[0]
    rows = [row for row in table["rows"] if row["id"] in table["shown"] and row["kind"] != "human"]
    values = [row["scores"][score][end] for row in rows]
    known = [one for one in values if one is not None]
    return sorted(
        f"{WIDTH * (one - group.low) / (group.high - group.low):.1f}".removesuffix(".0")
        for one in known
    )


def test_each_row_has_a_dot_and_both_intervals():
    table = made_board(9)["tables"][0]
    strip = drawn(table, "Benevolence")
    assert sorted(re.findall(r"M([\d.]+) [\d.]+h0", paths(strip, "dot"))) == positions(
        table, "Benevolence"
    )
    beyond = re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", paths(strip, "beyond"))
    assert sorted(low for low, _ in beyond) == positions(table, "Benevolence", "low")
    assert sorted(high for _, high in beyond) == positions(table, "Benevolence", "high")
    on = re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", paths(strip, "on"))
    assert len(on) == len(beyond)
    # one row of the board has no value
    assert len(beyond) == len(table["shown"]) - 2


def test_dots_are_hollow_where_the_data_cannot_say():
    table = made_board(9)["tables"][0]
    for row in table["rows"]:
        row["scores"]["Power"]["unlike_people"] = {"on_items": True, "beyond": False}
    groups = [one.get("class") for one in drawn(table, "Power").iter("g")]
    # hollow beyond these items, solid on them; people have a tick of their own
    assert [one for one in groups if one not in ("marks", "human")] == ["o"]
    hollow = [one for one in drawn(table, "Power").iter("path") if one.get("class") == "hollow"]
    assert len(hollow) == 1


def test_without_people_all_dots_are_solid_and_there_is_no_area():
    table = made_board(9)["tables"][1]
    strip = drawn(table, "accuracy")
    assert not paths(strip, "hollow")
    assert not paths(strip, "people")
    assert paths(strip, "dot")


def test_people_are_an_area_and_a_tick_at_their_value():
    table = made_board(9)["tables"][0]
    strip = drawn(table, "Power")
    assert paths(strip, "people")
    (human,) = (row for row in table["rows"] if row["kind"] == "human")
    (tick,) = (one for one in strip.iter("g") if one.get("data-row") == human["id"])
    group = score_groups(table)[0]
    x = WIDTH * (human["scores"]["Power"]["value"] - group.low) / (group.high - group.low)
    assert tick[0].get("d", "").startswith(f"M{x:.1f}".removesuffix(".0"))


def test_the_area_of_people_ends_with_the_axis_or_where_people_do():
    table = made_board(9)["tables"][0]
    group = score_groups(table)[0]
    spread = table["human"]["spread"]["Power"]
    room = (group.high - group.low) / 40
    for low, step, ends, cut in (
        (group.low - 1.5 * room, 1.1 * room, (0.0, WIDTH), True),
        (group.low + room, 0.9 * room, (WIDTH / 40, WIDTH * 37 / 40), False),
    ):
        spread |= {"low": low, "step": step, "density": [0.2] * 20 + [0.5] + [0.2] * 20}
        area = paths(drawn(table, "Power"), "people")
        edges = [float(x) for x in re.findall(r"([\d.]+) [\d.]+", area)]
        assert (min(edges), max(edges)) == pytest.approx(ends, abs=0.1)
        one = [one for one in group.scores if one["name"] == "Power"]
        assert block(table, group, one, ()).cut is cut


def test_above_sixty_rows_only_the_dots_are_drawn():
    table = made_board(70)["tables"][0]
    strip = drawn(table, "Power")
    assert paths(strip, "dot").count("M") == 71
    assert not paths(strip, "on")
    assert not paths(strip, "beyond")
    assert len(ElementTree.tostring(strip)) < 5_000


@pytest.mark.parametrize("count", [1, 2, 12, 13, 500])
def test_lanes_stay_within_the_strip_and_apart(count: int):
    found = [lane(rank, count) for rank in range(count)]
    assert 0 < min(found) <= max(found) < HEIGHT
    if count > 1:
        assert min(abs(a - b) for a, b in itertools.pairwise(found)) > 2


def test_a_strip_says_in_words_what_it_shows():
    table = made_board(9)["tables"][0]
    said = drawn(table, "Power").get("aria-label")
    assert said is not None
    assert re.match(
        r"Power: 10 rows from −?\d\.\d\d \(.+\) to −?\d\.\d\d \(.+\); people −?\d", said
    )


def test_a_saved_figure_is_legible_alone_and_holds_hostile_names_as_text():
    table = made_board(9)["tables"][0]
    rows = [row for row in table["rows"] if row["id"] in table["shown"]]
    group = score_groups(table)[0]
    text = strips_file(table, [block(table, group, group.scores, rows)], rows, HOSTILE[0])
    saved = ElementTree.fromstring(text)
    words = "".join(saved.itertext())
    assert HOSTILE[0] in words
    assert all(name in words for name in ("Universalism", "Self-Direction", "people"))
    assert "light-dark" not in text
    assert not [one for one in saved.iter() if one.tag.endswith("}script")]
