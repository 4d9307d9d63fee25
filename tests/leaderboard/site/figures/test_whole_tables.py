"""Figures of a benchmark as a whole: calibration, correlations, the circle of values."""

import math
from typing import Any

import pytest

from leaderboard.site.figures.calibration import calibration
from leaderboard.site.figures.circle import circle, correlations
from leaderboard.site.figures.clusters import cluster_key, clusters
from leaderboard.site.figures.heat import heat
from leaderboard.site.figures.rows import WIDE
from leaderboard.site.score_groups import Group
from tests.leaderboard.board_rows import HOSTILE, no_estimate
from tests.leaderboard.drawings import of_class, svg_of, texts

ORDER = ("a", "b", "c", "d")


def point(predicted: float | None, observed: float | None, count: int) -> dict[str, Any]:
    return {"predicted": predicted, "observed": observed, "count": count}


def test_a_bin_is_where_its_probabilities_say_and_as_large_as_its_choices():
    points = [point(0.0, 1.0, 100), point(0.5, 0.25, 25), point(0.5, None, 9)]
    dots = of_class(svg_of(calibration(points, "t", "f")), "dot")
    assert [(one.get("cx"), one.get("cy")) for one in dots] == [("46", "12"), ("176", "207")]
    assert float(dots[1].get("r")) / float(dots[0].get("r")) == pytest.approx(0.5, abs=0.01)


def cell(value: float | None) -> dict[str, Any]:
    correlation = no_estimate("too few") if value is None else {
        "value": value, "low": value - 0.1, "high": value + 0.1, "reason": None,
    }  # fmt: skip
    return {"correlation": correlation}


def test_a_correlation_is_a_number_shaded_by_its_size():
    cells = {("a", "x"): cell(0.8), ("a", "y"): cell(-0.4), ("b", "x"): cell(None)}
    root = svg_of(heat("t", ["a", "b"], ["x", "y"], cells, "f"))
    drawn = of_class(root, "cell")
    assert [one.get("class") for one in drawn] == [
        "cell positive", "cell negative", "cell", "cell",
    ]  # fmt: skip
    first, second = (float(one.get("fill-opacity")) for one in drawn[:2])
    assert first == pytest.approx(2 * second)
    assert {"0.80", "−0.40"} <= set(texts(root))
    assert texts(root).count("–") == 2


def rows(profiles: list[list[float | None]]) -> list[dict[str, Any]]:
    return [
        {"scores": {name: {"value": value} for name, value in zip(ORDER, profile, strict=True)}}
        for profile in profiles
    ]


WAVES = [[math.cos(2 * math.pi * (k - peak) / 4) for k in range(4)] for peak in range(4)]
TILTED = [[x + 0.8 * one[(k + 1) % 4] for k, x in enumerate(one)] for one in WAVES]


def test_opposite_values_are_joined_by_dashed_lines():
    lines = of_class(svg_of(circle("t", ORDER, rows(WAVES), "f")), "joined")
    assert {one.get("class") for one in lines} == {"joined opposite"}
    tips = {one.find("title").text for one in lines}
    assert tips == {"a, c: −1.00", "b, d: −1.00"}


def test_the_correlations_are_those_of_complete_profiles():
    found = correlations(ORDER, rows([*TILTED, [9.0, None, 9.0, 9.0]]))
    assert found[0][2] == pytest.approx(-1.0)
    assert found[0][0] == pytest.approx(1.0)
    alike = correlations(ORDER, rows([[1.0, 2.0, 2.0, 1.0]] * 5))
    assert alike[0] == [None] * 4, "without variation there is no correlation"


def test_too_few_models_have_a_circle_and_no_lines():
    root = svg_of(circle("t", ORDER, rows(WAVES[:3]), "f"))
    assert not of_class(root, "joined")
    assert texts(root) == list(ORDER)
    assert [(float(one.get("cx")), float(one.get("cy"))) for one in of_class(root, "dot")] == [
        (180.0, 50.0), (280.0, 150.0), (180.0, 250.0), (80.0, 150.0),
    ]  # fmt: skip


def test_names_of_scores_are_whole():
    name = "Social Capital, Trust & Organizational Membership"
    cells = {(name, name): cell(0.5)}
    for drawn in (heat("t", [name], [name], cells, "f"), circle("t", [name, "b"], [], "f")):
        assert name in texts(svg_of(drawn))


def test_a_cluster_is_the_mean_of_its_members_that_have_the_score():
    group = Group("g0", "f", "F", "points", ({"name": "a"}, {"name": "b"}), 0.0, 4.0)
    first = [{"scores": {"a": {"value": value}, "b": {"value": None}}} for value in (1.0, 3.0)]
    other = [{"scores": {"a": {"value": 4.0}}}]
    root = svg_of(clusters("t", {"1": first, "2": other}, group, WIDE, "f"))
    found = of_class(root, "shape")
    assert [one.find("title").text for one in found] == ["Cluster 1, a: 2.00", "Cluster 2, a: 4.00"]
    middle = (WIDE.left + WIDE.right) / 2
    assert found[0].get("d").startswith(f"M{middle:.0f} ")
    assert len({one.get("d").split("a")[0] for one in found}) == 2
    keys = [str(one) for one in cluster_key(9)]
    assert len(set(keys[:8])) == 8


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(name: str):
    drawn = (
        heat(name, [name], [name], {(name, name): cell(0.5)}, "f"),
        circle(name, [name, "b", "c", "d"], [], "f"),
        calibration([point(0.1, 0.2, 3)], name, "f"),
    )
    for one in drawn:
        root = svg_of(one)
        assert name.split()[0][:10] in (root.get("aria-label") or "")
        assert {one.tag for one in root.iter()} <= {
            "svg", "path", "rect", "circle", "text", "title",
        }  # fmt: skip
