import numpy as np
import pytest

from scorers.tags.coverage import (
    chance_distance,
    circle_distances,
    mean_distance,
    pair_distances,
    spread,
    topic_shares,
)


def test_shares_spread_and_imbalance_by_hand():
    found = np.array([[1, 1, 1, 0], [1, 0, 0, 0], [0, 0, 1, 1]], dtype=bool)
    of = spread(found)
    assert of.counts.tolist() == [3, 1, 2]
    assert of.shares == pytest.approx([1 / 2, 1 / 6, 1 / 3])
    assert of.deviation == pytest.approx(1 / 6)
    assert of.imbalance == 3
    assert np.isnan(spread(found & False).shares).all()
    found[1] = False
    assert np.isnan(spread(found).imbalance)


def test_topics_most_first_and_a_query_in_several():
    shares = topic_shares({"q1": ["a", "b"], "q2": ["b"], "q3": [], "q4": ["b", "c"]})
    assert shares["queries"].to_dict() == {"b": 3, "a": 1, "c": 1}
    assert shares["per cent"].tolist() == [75, 25, 25]


def test_distances_on_the_circle():
    assert circle_distances(10).max() == 5
    assert circle_distances(10)[0, 9] == 1
    assert chance_distance(10) == pytest.approx(25 / 9)


def test_pairs_of_one_item_by_sign():
    r = np.zeros((10, 2))
    r[[0, 1, 5], 0] = 0.4, 0.5, -0.6
    found = np.abs(r) > 0.3
    assert pair_distances(r, found, "same")[:, 0].tolist() == [1, 0, 0, 0, 0]
    assert pair_distances(r, found, "opposite")[:, 0].tolist() == [0, 0, 0, 1, 1]
    mean = mean_distance(pair_distances(r, found, "opposite"), ["q1", "q2"], 0)
    assert mean.value == 4.5
    none = mean_distance(np.zeros((5, 2)), ["q1", "q2"], 0)
    assert np.isnan(none.value)
    assert none.reason == "no item has such a pair"
