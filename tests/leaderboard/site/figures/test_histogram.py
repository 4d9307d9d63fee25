"""One item's answers: what is written is not crossed by what is drawn."""

from xml.etree import ElementTree

from leaderboard.site.figures.histogram import histogram


def test_counts_are_written_on_top_of_the_line_of_the_mean():
    drawn = ElementTree.fromstring(histogram("Answers", 6, [1, 2, 10, 3, 1, 1], 3.1, {}))
    order = [one.get("class") or one.tag for one in drawn.iter()]
    assert "10" in [one.text for one in drawn.iter("text")]
    assert order.index("people-mean") < order.index("tick mid")
