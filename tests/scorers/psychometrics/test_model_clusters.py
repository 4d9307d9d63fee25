import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import adjusted_rand_score

from scorers.psychometrics.model_clusters import cluster_profiles

NAN = np.nan
SCORES = st.sampled_from([0.0, 0.1, 0.5, 1.0, -2.0, NAN])


def families(rng: np.random.Generator, sizes: tuple[int, ...], noise: float) -> np.ndarray:
    """Profiles of ten scores scattered around one centre a family."""
    centres = 2 * rng.normal(size=(len(sizes), 10))
    profiles = np.repeat(centres, sizes, axis=0)
    return profiles + noise * rng.normal(size=profiles.shape)


def redrawn(rng: np.random.Generator, profiles: np.ndarray, noise: float, draws: int = 30):
    scatter = noise * rng.normal(size=(len(profiles), draws, profiles.shape[1]))
    return profiles[:, None, :] + scatter


def test_groups_worked_by_hand():
    """On a line at 0, 1, 10, 11: silhouettes 1 - 1/10.5 and 1 - 1/9.5, each twice."""
    found = cluster_profiles(np.array([[0.0], [1.0], [10.0], [11.0]]))
    assert found.number == 2
    assert found.labels == (1, 1, 2, 2)
    assert found.silhouette == pytest.approx((2 - 1 / 10.5 - 1 / 9.5) / 2)
    assert math.isnan(found.stability)
    assert found.reason is None


def test_known_families_are_found_again():
    rng = np.random.default_rng(0)
    profiles = families(rng, (5, 8, 6), noise=0.3)
    found = cluster_profiles(profiles, redrawn(rng, profiles, 0.3))
    assert found.number == 3
    assert found.labels == (3,) * 5 + (1,) * 8 + (2,) * 6
    assert found.silhouette > 0.7
    assert found.stability == 1


def test_groups_of_nothing_have_little_silhouette_and_stability():
    rng = np.random.default_rng(1)
    profiles = rng.normal(size=(20, 10))
    found = cluster_profiles(profiles, redrawn(rng, profiles, 1.0))
    assert found.silhouette < 0.25
    assert found.stability < 0.3


def test_a_model_without_a_profile_is_in_no_group():
    rng = np.random.default_rng(2)
    profiles = families(rng, (3, 3), noise=0.1)
    replicates = redrawn(rng, profiles, 0.1)
    holes, lost = np.insert(profiles, 2, NAN, axis=0), np.insert(replicates, 2, NAN, axis=0)
    found = cluster_profiles(holes, lost)
    assert found.labels == (1, 1, 0, 1, 2, 2, 2)
    assert found.stability == cluster_profiles(profiles, replicates).stability == 1
    # replicates in which a model has no score are passed over
    replicates[0, 5:] = NAN
    assert cluster_profiles(profiles, replicates).stability == 1
    replicates[0] = NAN
    assert math.isnan(cluster_profiles(profiles, replicates).stability)


def test_no_more_groups_than_asked_for():
    profiles = families(np.random.default_rng(3), (3, 3, 3, 3), noise=0.01)
    assert cluster_profiles(profiles).number == 4
    assert cluster_profiles(profiles, most=2).number == 2


def test_models_that_cannot_be_divided_say_why():
    few = cluster_profiles(np.array([[0.0], [1.0], [2.0], [NAN]]))
    assert (few.number, few.labels) == (0, (0, 0, 0, 0))
    assert few.reason == "needs 4 complete profiles, found 3"
    equal = cluster_profiles(np.ones((6, 2)))
    assert equal.reason == "the profiles do not differ enough to divide them"
    assert math.isnan(equal.silhouette)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_profiles_have_groups_or_a_reason(data: st.DataObject):
    models, dimensions, draws = (data.draw(st.integers(*ends)) for ends in ((0, 7), (1, 3), (0, 3)))
    profiles = data.draw(arrays(float, (models, dimensions), elements=SCORES))
    replicates = data.draw(arrays(float, (models, draws, dimensions), elements=SCORES))
    found = cluster_profiles(profiles, replicates)
    assert len(found.labels) == models
    if found.reason is not None:
        assert (found.number, set(found.labels) - {0}) == (0, set())
        return
    left_out = np.isnan(profiles).any(axis=1)
    assert [label == 0 for label in found.labels] == left_out.tolist()
    assert 2 <= found.number < models
    assert set(found.labels) - {0} == set(range(1, found.number + 1))
    assert -1 <= found.silhouette <= 1
    assert math.isnan(found.stability) or -1 <= found.stability <= 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1_000), st.permutations(range(7)))
def test_the_order_of_models_does_not_matter(seed: int, order: list[int]):
    profiles = np.random.default_rng(seed).normal(size=(7, 3))  # without ties in distance
    one, other = cluster_profiles(profiles), cluster_profiles(profiles[order])
    assert one.silhouette == pytest.approx(other.silhouette)
    assert adjusted_rand_score(np.array(one.labels)[order], other.labels) == 1
