"""Over-representation: by hand, planted and absent, and groups of hardly anybody."""

import numpy as np
import pytest

from scorers.topics.representation import over_representation


def test_factors_are_those_of_the_definition_with_both_bases():
    # three people of a, one of b and one who wrote nothing, of b; b's writer wrote four of six
    person = np.array([0, 1, 3, 3, 3, 3])
    of_people = np.array([0, 0, 0, 1, 1])
    topic = np.array([0, -1, 0, 0, 0, 1])
    found = over_representation(
        topic, person, of_people[person], ["a", "b"], of_people, people=5, replicates=200
    ).set_index(["topic", "group"])
    assert found["texts"].tolist() == [1, 3, 0, 1]
    assert found["people"].tolist() == [1, 1, 0, 1]
    # topic 0: 1/4 over 3/5 and over 2/6; 3/4 over 2/5 and over 4/6
    assert found["by_people"].tolist() == pytest.approx([5 / 12, 15 / 8, 0, 5 / 2])
    assert found["by_texts"].tolist() == pytest.approx([3 / 4, 9 / 8, 0, 3 / 2])
    assert found[["by_people_low", "by_texts_high"]].isna().all(axis=None)  # one person each


def test_groups_of_texts_have_no_share_of_people():
    topic, person = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    kind = np.array([0, 0, 1, -1])
    found = over_representation(topic, person, kind, ["x", "y"], None, people=2, replicates=50)
    assert found["by_people"].isna().all()
    assert found["by_texts"].tolist() == pytest.approx([1.5, 0, 0, 3])


def planted(seed: int, lean: float):
    """Texts on four topics by 200 people; those of group 1 choose topic 0 `lean` times as often."""
    rng = np.random.default_rng(seed)
    of_people = rng.integers(3, size=200)
    person = np.repeat(np.arange(200), rng.integers(1, 8, 200))
    taste = rng.gamma(1.0, size=(200, 4))
    taste[of_people == 1, 0] *= lean
    chances = (taste / taste.sum(axis=1, keepdims=True)).cumsum(axis=1)
    topic = (rng.random((len(person), 1)) > chances[person]).sum(axis=1)
    return over_representation(
        topic, person, of_people[person], ["a", "b", "c"], of_people, 200, seed, replicates=300
    )


def test_a_planted_group_is_found_and_none_is_where_none_is_planted():
    found = [planted(seed, 4.0) for seed in range(100)]
    leaning = [one.query("topic == 0 and group == 'b'")["by_texts_low"].item() for one in found]
    assert np.mean(np.array(leaning) > 1) > 0.95
    covered = {}
    for base in ("by_people", "by_texts"):
        inside = [
            one[f"{base}_low"].le(1) & one[f"{base}_high"].ge(1)
            for one in (planted(seed, 1.0) for seed in range(100))
        ]
        covered[base] = np.mean(inside)
    assert covered["by_texts"] == pytest.approx(0.95, abs=0.02)
    assert covered["by_people"] == pytest.approx(0.95, abs=0.02)
