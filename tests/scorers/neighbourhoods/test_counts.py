"""Clusters that are neighbourhoods, and the field sites and repeats in them, counted by hand."""

import numpy as np
import pandas as pd

from ratings.prism.generator import generate_prism
from ratings.prism.plan import Plan
from scorers.neighbourhoods.counts import in_neighbourhoods, neighbourhood_counts
from scorers.neighbourhoods.field_sites import field_sites
from scorers.neighbourhoods.repeats import different_people_sites, same_person_sites
from scorers.preferences.noise_ceiling import repeat_differences


def test_clusters_by_hand():
    cluster = np.array([0, 0, 0, 1, 1, 2, 3, 3, 3, 3])
    author = list("aabccdxyzz")
    found = neighbourhood_counts(cluster, author)
    assert (found.clusters, found.singletons, found.one_author, found.neighbourhoods) == (
        4,
        1,
        1,
        2,
    )
    assert (found.smallest, found.largest, found.mean, found.members) == (3, 4, 3.5, 7)
    assert (found.repeating, found.share, found.printed_share) == (3, 0.7, 0.2)
    np.testing.assert_allclose(found.duplicates, (1 / 3 + 1 / 2 + 1 / 4) / 3)
    assert in_neighbourhoods(cluster, author).tolist() == [True] * 3 + [False] * 3 + [True] * 4


def test_one_author_and_no_text_have_no_neighbourhood():
    found = neighbourhood_counts(np.zeros(3, dtype=np.intp), ["a", "a", "a"])
    assert (found.neighbourhoods, found.one_author, found.share) == (0, 1, 0)
    assert np.isnan([found.mean, found.sd, found.smallest]).all()
    none = neighbourhood_counts(np.array([], dtype=np.intp), [])
    assert none.clusters == 0
    assert np.isnan([none.share, none.printed_share, none.duplicates]).all()


def replies(rows: list[tuple[str, str, str, str, str, float]]) -> pd.DataFrame:
    names = ["conversation_id", "user_id", "user_prompt", "model_response", "model_name", "score"]
    return pd.DataFrame(rows, columns=names).assign(model_provider="p")


OPENERS = replies(
    [
        ("c0", "a", "hi", "Hello.", "m1", 10),
        ("c0", "a", "hi", "Hello.", "m2", 30),
        ("c0", "a", "hi", "No.", "m3", 50),
        ("c1", "b", "hi", "Hello.", "m1", 90),
        ("c2", "a", "hi", "Hello.", "m1", 40),
        ("c3", "c", "hi", "No.", "m3", np.nan),
        ("c4", "c", "bye", "Hello.", "m1", 1),
    ]
)


def test_people_are_averaged_before_they_are_compared():
    found = different_people_sites(OPENERS)
    assert len(found) == 1
    # a's three scores have the mean 80 / 3
    np.testing.assert_allclose(found.loc[0, "range"], 90 - 80 / 3)
    assert found.loc[0, ["people", "replies"]].tolist() == [2, 4]


def test_repeats_of_one_person_over_conversations_or_within():
    assert same_person_sites(OPENERS)["range"].tolist() == [30.0]
    assert same_person_sites(OPENERS, one_conversation=True)["range"].tolist() == [20.0]
    turns = OPENERS.assign(turn=0, interaction_id=OPENERS["conversation_id"])
    assert repeat_differences(turns).tolist() == [30.0]  # 10 and 40: one score a turn


def test_field_sites_by_hand():
    talks = pd.DataFrame({"user_id": list("abacc")}, index=["c0", "c1", "c2", "c3", "c4"])
    found = field_sites(OPENERS, talks, np.array([0, 0, 0, 0, 1]), np.array([0, 0, 1, 0, 0, 1, 0]))
    assert found["size"].tolist() == [4, 2]
    assert found["people"].tolist() == [2, 2]
    assert found["models"].tolist() == [2, 1]
    assert found["providers"].tolist() == [1, 1]
    assert found["range"].iloc[0] == 80
    assert np.isnan(found["range"].iloc[1])  # one of two has a score
    alone = field_sites(OPENERS, talks, np.arange(5), np.zeros(7, dtype=np.intp))
    assert alone.empty
    assert {"greeting", "topic"} <= set(alone)


def test_what_most_replies_of_a_field_site_are_to():
    talks = pd.DataFrame({"user_id": list("abacc")}, index=["c0", "c1", "c2", "c3", "c4"])
    near, alike = np.array([0, 0, 0, 0, 1]), np.array([0, 0, 1, 0, 0, 1, 0])
    plain = field_sites(OPENERS, talks, near, alike)
    assert plain["greeting"].tolist() == [False, False]
    assert plain["topic"].tolist() == [-1, -1]
    # the first has two replies of c0, one of c1 and c2; the second one each of c0 and c3
    greeting = np.array([False, True, True, False, False])
    topic = np.array([3, 2, 2, 1, 0])
    found = field_sites(OPENERS, talks, near, alike, greeting, topic)
    assert found["greeting"].tolist() == [False, False]  # half, and none
    assert found["topic"].tolist() == [2, 1]  # the least of two that are as frequent
    found = field_sites(OPENERS, talks, near, alike, ~greeting, np.array([4, 4, 2, 5, 0]))
    assert found["greeting"].tolist() == [False, True]
    assert found["topic"].tolist() == [4, 4]


def test_planted_noise_of_repeats_is_less_than_between_people():
    openers = generate_prism(300, 1, Plan(repeats=0.2, retest=2.0)).openers()
    own, others = same_person_sites(openers), different_people_sites(openers)
    assert len(own) > 10
    assert len(others) > 10
    assert own["range"].median() < 0.5 * others["range"].median()
