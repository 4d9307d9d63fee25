"""Over-representation: by hand, planted and absent, and groups of hardly anybody."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from scorers.comparison.differences import holm
from scorers.topics.representation import exact_test, over_representation


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
    # of three who wrote, two of a; topic 0 has two writers, topic 1 one
    assert found["expected"].tolist() == pytest.approx([4 / 3, 2 / 3, 2 / 3, 1 / 3])
    assert found["p"].tolist() == pytest.approx([1, 1, 2 / 3, 2 / 3])


def test_groups_of_texts_have_no_share_of_people():
    topic, person = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    kind = np.array([0, 0, 1, -1])
    found = over_representation(topic, person, kind, ["x", "y"], None, people=2, replicates=50)
    assert found["by_people"].isna().all()
    assert found["by_texts"].tolist() == pytest.approx([1.5, 0, 0, 3])
    assert found["p"].isna().all()


def test_the_exact_test_is_fishers():
    rng = np.random.default_rng(0)
    members = np.array([5, 40, 200])
    writers = np.stack([rng.binomial(members, share) for share in (0.02, 0.1, 0.5)])
    expected, p = exact_test(writers, members)
    for row, on_topic in enumerate(writers):
        for column, both in enumerate(on_topic):
            rest = on_topic.sum() - both
            table = [[both, members[column] - both], [rest, members.sum() - members[column] - rest]]
            tails = [fisher_exact(table, side).pvalue for side in ("less", "greater")]
            assert p[row, column] == pytest.approx(min(1, 2 * min(tails)))
            assert expected[row, column] == pytest.approx(
                on_topic.sum() * members[column] / members.sum()
            )


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


def uneven(seed: int, lean: float) -> pd.DataFrame:
    """Texts on eight topics, some rare, by 300 people of five groups, some small.

    People keep to their own topics; those of group b write on topic 2 `lean` times as readily.
    """
    rng = np.random.default_rng(seed)
    of_people = rng.choice(5, 300, p=[0.4, 0.3, 0.15, 0.12, 0.03])
    person = np.repeat(np.arange(300), rng.integers(1, 8, 300))
    taste = rng.gamma(0.5, size=(300, 8)) * [4, 2, 1, 0.5, 0.2, 0.08, 0.03, 0.01]
    taste[of_people == 1, 2] *= lean
    chances = (taste / taste.sum(axis=1, keepdims=True)).cumsum(axis=1)
    chances[:, -1] = 1.0
    topic = (rng.random((len(person), 1)) > chances[person]).sum(axis=1)
    found = over_representation(
        topic, person, of_people[person], list("abcde"), of_people, 300, seed, replicates=20
    )
    return found.assign(seed=seed, holm=holm(found["p"].to_numpy()))


@pytest.mark.slow
def test_the_exact_test_keeps_its_level_however_few_are_expected(in_full):
    seeds = range(100 if in_full else 40)
    null = pd.concat([uneven(seed, 1.0) for seed in seeds])
    for low, high in ((0, 1), (1, 3), (3, 5), (5, np.inf)):
        rows = null[null["expected"].between(low, high, inclusive="left")]
        assert len(rows) > 100
        assert rows["p"].lt(0.05).mean() < 0.055
        assert rows["p"].lt(0.01).mean() < 0.015
    assert null[null["expected"].gt(5)]["p"].lt(0.05).mean() > 0.025  # nor is it idle
    alarms = null.groupby("seed")["holm"].min().lt(0.05).mean()
    assert alarms < (0.08 if in_full else 0.12)
    leaning = pd.concat([uneven(seed, 20.0) for seed in seeds])
    planted = leaning.query("topic == 2 and group == 'b'")
    assert planted["holm"].lt(0.05).mean() > 0.8
