import pytest

from leaderboard.site.figures.histogram import MOST_DOTS, histogram
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.drawings import of_class, svg_of, texts


def at(value: float) -> float:
    return 26 + (value - 0.5) / 6 * (340 - 52)


def test_bars_and_dots_share_one_axis():
    root = svg_of(histogram("t", 6, [2, 0, 4, 1, 0, 3], 3.6, {"a": ("A", 1.0), "b": ("B", 4.25)}))
    bars = [
        (float(one.get("x")) + float(one.get("width")) / 2, float(one.get("height")))
        for one in of_class(root, "people")
    ]
    assert [x for x, _ in bars] == pytest.approx([at(k) for k in (1, 3, 4, 6)], abs=0.11)
    assert [height / bars[1][1] for _, height in bars] == pytest.approx(
        [0.5, 1, 0.25, 0.75], abs=0.01
    )
    dots = {one.get("data-row"): float(one.get("cx")) for one in of_class(root, "dot")}
    assert dots == pytest.approx({"a": at(1.0), "b": at(4.25)}, abs=0.06)
    (mean,) = of_class(root, "people-mean")
    assert float(mean.get("d").split()[0][1:]) == pytest.approx(at(3.6), abs=0.06)
    assert [one for one in texts(root) if one.isdigit()] == [
        "2", "4", "1", "3", "1", "2", "3", "4", "5", "6",
    ]  # fmt: skip


def test_dots_of_models_do_not_cover_each_other():
    models = {f"r{k}": (f"M{k}", 3.0) for k in range(6)}
    dots = of_class(svg_of(histogram("t", 6, None, None, models)), "dot")
    assert len({(one.get("cx"), one.get("cy")) for one in dots}) == 6


def test_nobody_asked_and_nobody_answered_draw_nothing():
    root = svg_of(histogram("t", 6, None, None, {}))
    assert not of_class(root, "people")
    assert not of_class(root, "dot")
    assert not of_class(root, "people-mean")
    assert texts(root) == ["1", "2", "3", "4", "5", "6"]


def test_many_models_are_bars_whose_heights_are_their_numbers():
    models = {f"r{k}": (f"M{k}", 2.0 if k % 3 else 5.0) for k in range(MOST_DOTS + 30)}
    root = svg_of(histogram("t", 6, None, None, models))
    assert not of_class(root, "dot")
    bars = of_class(root, "model-bars")
    middles = [float(one.get("x")) + float(one.get("width")) / 2 for one in bars]
    assert middles == pytest.approx([at(2.0), at(5.0)], abs=0.11)
    assert float(bars[1].get("height")) / float(bars[0].get("height")) == pytest.approx(
        0.5, abs=0.01
    )
    assert bars[0].find("title").text == "60 models near 2.00"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text(name: str):
    root = svg_of(histogram(name, 6, [1] * 6, 3.5, {"a": (name, 2.0)}))
    (dot,) = of_class(root, "dot")
    assert dot.find("title").text.endswith(": 2.00")
    assert dot.find("title").text.startswith(name[:10])
    assert {one.tag for one in root.iter()} <= {"svg", "path", "rect", "circle", "text", "title"}
