import numpy as np
import pytest
from scipy import stats

from ratings.errors import DataError
from scorers.scores.accuracy import mean_over_people
from scorers.scores.group_means import LEAST_PEOPLE, group_means

SIZES = (10, 20, 60)


def test_a_group_has_the_mean_and_interval_of_its_people():
    rng = np.random.default_rng(0)
    values = rng.random(60)
    labels = {"Sex": ["f", "m"] * 30, "Age": ["young"] * 20 + ["old"] * 40}
    found = group_means(values, labels)
    assert {(one.dimension, one.group): one.people for one in found} == {
        ("Sex", "f"): 30,
        ("Sex", "m"): 30,
        ("Age", "young"): 20,
        ("Age", "old"): 40,
    }
    for one in found:
        mine = np.array(labels[one.dimension]) == one.group
        (alone,) = mean_over_people(np.where(mine, values, np.nan)[:, None])
        assert one.estimate.low == pytest.approx(alone.low)
        assert one.estimate.high == pytest.approx(alone.high)
        assert one.estimate.value == pytest.approx(values[mine].mean())


def test_small_groups_are_named_without_a_number_and_people_who_did_not_answer_are_in_none():
    values = np.array([0.9, 0.8, 0.2, 0.4, 0.6, np.nan, 0.7])
    labels = {"Income": ["low", "low", "high", "high", None, "low", "middle"]}
    found = group_means(values, labels, least=2)
    assert [(one.group, one.people) for one in found] == [("low", 2), ("high", 2), ("middle", 1)]
    assert [one.estimate.value for one in found[:2]] == pytest.approx([0.85, 0.3])
    assert np.isnan([found[2].estimate.value, found[2].estimate.low]).all()
    assert found[2].estimate.reason == "fewer than 2 people"


def test_all_groups_too_small_nobody_answered_and_nobody_at_all():
    few = group_means(np.array([0.5, 0.6]), {"Sex": ["f", "m"]})
    assert [one.estimate.reason for one in few] == [f"fewer than {LEAST_PEOPLE} people"] * 2
    assert group_means(np.array([0.5, 0.6]), {"Sex": [None, None]}) == []
    assert group_means(np.array([]), {"Sex": []}) == []


def test_dimensions_keep_their_order_and_groups_fall_from_the_highest():
    values = np.repeat([0.2, 0.9, 0.5], 10)
    labels = {"B": ["low"] * 10 + ["top"] * 10 + ["mid"] * 10, "A": ["one"] * 30}
    found = group_means(values, labels)
    assert [(one.dimension, one.group) for one in found] == [
        ("B", "top"),
        ("B", "mid"),
        ("B", "low"),
        ("A", "one"),
    ]


def test_one_person_has_no_interval_so_two_are_the_least():
    with pytest.raises(DataError, match="at least 2 people for an interval, found 1"):
        group_means(np.array([0.5]), {"Sex": ["f"]}, least=1)


@pytest.mark.slow
def test_intervals_cover_the_group_at_the_smallest_size_too(in_full: bool):
    """People of a group are read with chances of 0.5 to 0.8, on 117 questions each."""
    repeats = 3000 if in_full else 250
    rng = np.random.default_rng(2)
    labels = {"size": [str(size) for size in SIZES for _ in range(size)]}
    covered = dict.fromkeys(map(str, SIZES), 0)
    for _ in range(repeats):
        chances = rng.uniform(0.5, 0.8, len(labels["size"]))
        for one in group_means(rng.binomial(117, chances) / 117, labels, ends=(0.0, 1.0)):
            covered[one.group] += one.estimate.low <= 0.65 <= one.estimate.high
    for size, count in covered.items():
        print(f"{size} people: {count / repeats:.3f} of {repeats}")
        # Not below 0.93 and not above 0.97 but for the chance of the repeats themselves.
        assert stats.binomtest(count, repeats, 0.93, alternative="less").pvalue > 0.001
        assert stats.binomtest(count, repeats, 0.97, alternative="greater").pvalue > 0.001
