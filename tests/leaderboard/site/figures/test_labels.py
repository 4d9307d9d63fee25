"""Names of scores are whole in figures; what none of our benchmarks needs is cut."""

from pathlib import Path

import pytest

from leaderboard.site.figures.heat import heat
from leaderboard.site.figures.rows import NARROW, WIDE, Layout, frame
from leaderboard.site.text import label
from scorers.scores.manifests import manifest_of
from tests.leaderboard.drawings import svg_of, texts

FOLDERS = sorted(Path("benchmarks").glob("*/manifest.*"))


def names_of_scores() -> list[str]:
    families = [f for p in FOLDERS for f in manifest_of(p.parent.name).scores.values()]
    return sorted({name for f in families for name in (f.name, *f.names, *f.of_each_group)})


@pytest.mark.parametrize("layout", [WIDE, NARROW])
def test_the_names_of_all_scores_are_whole(layout: Layout):
    names = names_of_scores()
    made = frame(layout, (0, 1), names)
    drawn = texts(svg_of(f"<svg>{made.behind}</svg>"))
    assert {label(name) for name in names} <= set(drawn)
    assert not made.layout.above or made.axis.left == NARROW.left


def test_the_names_of_all_scores_are_whole_in_a_matrix():
    names = names_of_scores()
    drawn = texts(svg_of(heat("Convergence", names, names[:5], {}, "heat")))
    assert {label(name) for name in names} <= set(drawn)


def test_a_column_is_as_wide_as_the_longest_name():
    short, long = (frame(WIDE, (0, 1), [name]).axis for name in ("Power", "x" * 30))
    assert short.left == WIDE.left
    assert long.left > short.left
    assert frame(WIDE, (0, 1), ["x" * 300]).axis.left < WIDE.width / 2
