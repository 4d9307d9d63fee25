import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from ratings.errors import DataError
from scorers.information.uncertainty import (
    entropies,
    jensen_shannon,
    mutual_information,
    profile_relevance,
    uncertainty,
    uncertainty_by_instance,
)
from scorers.information.v_information import log_losses


def distributions(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.full(3, 0.4), size=shape)


def test_parts_add_up_and_shares_to_one():
    rng = np.random.default_rng(0)
    none, informed = rng.gamma(2, 0.5, 200), rng.gamma(2, 0.4, 200)
    found = uncertainty(none, informed, rng.integers(20, size=200), rng.integers(2, size=200))
    assert found.total.value == pytest.approx(found.value_epistemic.value + found.aleatoric.value)
    assert found.epistemic_share.value + found.aleatoric_share.value == pytest.approx(1)
    assert found.aleatoric_share.low < found.aleatoric_share.value < found.aleatoric_share.high
    # two shares of one whole are equally sure
    assert found.epistemic_share.low == pytest.approx(1 - found.aleatoric_share.high, abs=0.01)


def test_losses_and_entropies_agree_for_a_decoder_that_knows():
    rng = np.random.default_rng(1)
    given_profile = distributions(2, 4000)
    ratings = (rng.random((4000, 1)) > given_profile.cumsum(axis=1)[:, :-1]).sum(axis=1) + 1
    rater = np.arange(4000) % 100
    none = np.tile(given_profile.mean(axis=0), (4000, 1))
    by_losses = uncertainty(
        log_losses(none, ratings), log_losses(given_profile, ratings), rater, np.zeros(4000)
    )
    by_belief = uncertainty(entropies(none), entropies(given_profile), rater, np.zeros(4000))
    for name in ("total", "aleatoric", "value_epistemic"):
        seen, believed = getattr(by_losses, name), getattr(by_belief, name)
        assert seen.low - 0.02 < believed.value < seen.high + 0.02, name
    assert by_losses.aleatoric.value == pytest.approx(by_belief.aleatoric.value, abs=0.04)


def test_no_shares_of_nothing():
    """Everybody is foreseen without information: the total is 0."""
    nothing = np.zeros(6)
    found = uncertainty(nothing, nothing, list("aabbcc"), [0] * 6)
    assert found.total.value == 0
    assert math.isnan(found.aleatoric_share.value)
    assert "total uncertainty" in str(found.aleatoric_share.reason)


def test_by_instance_by_hand():
    none, informed = np.array([1.0, 0.5, 2.0]), np.array([0.5, 0.5, 2.5])
    table = uncertainty_by_instance(none, informed, ["x", "x", "y"], ["a", "b", "a"])
    assert table["instance"].tolist() == ["x", "y"]
    assert table["raters"].tolist() == [2, 1]
    np.testing.assert_allclose(table["total"], [0.75, 2.0])
    np.testing.assert_allclose(table["value_epistemic"], [0.25, -0.5])
    np.testing.assert_allclose(table["aleatoric"], [0.5, 2.5])
    assert table.loc[0, "total_low"] < 0.75 < table.loc[0, "total_high"]
    assert math.isnan(table.loc[1, "aleatoric_low"])
    assert table.loc[1, "reason"]


@given(st.integers(0, 10_000))
def test_relevance_on_average_is_information_and_the_distance_of_none(seed):
    profiles, none = distributions(seed, 6), distributions(seed + 1, 1)[0] * 0.9 + 0.1 / 3
    found = profile_relevance(profiles, none)
    np.testing.assert_allclose(found, [stats.entropy(row, none) for row in profiles], atol=1e-12)
    centre = profiles.mean(axis=0)
    expected = mutual_information(profiles) + stats.entropy(centre, none)
    assert found.mean() == pytest.approx(expected)
    assert profile_relevance(profiles, centre).mean() == pytest.approx(mutual_information(profiles))
    entropy_drop = entropies(centre) - entropies(profiles).mean()
    assert mutual_information(profiles) == pytest.approx(entropy_drop, abs=1e-12)


def test_relevance_of_several_instances_at_once():
    profiles, none = distributions(0, 5, 7), distributions(1, 5)
    found = profile_relevance(profiles, none)
    assert found.shape == (5, 7)
    np.testing.assert_allclose(found[3], profile_relevance(profiles[3], none[3]))
    assert mutual_information(profiles).shape == (5,)


def test_a_label_that_nothing_rules_out_and_a_profile_allows_is_infinite():
    found = profile_relevance(np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([1.0, 0.0]))
    np.testing.assert_array_equal(found, [np.inf, 0.0])


@given(st.integers(0, 10_000))
def test_divergence_is_the_square_of_scipys_distance(seed):
    one, other = distributions(seed, 8), distributions(seed + 1, 8)
    expected = jensenshannon(one, other, axis=1) ** 2
    np.testing.assert_allclose(jensen_shannon(one, other), expected, atol=1e-9)
    np.testing.assert_allclose(jensen_shannon(other, one), expected, atol=1e-9)


def test_all_pairs_of_profiles():
    given_profile = distributions(0, 9)
    pairs = jensen_shannon(given_profile[:, None], given_profile[None])
    assert pairs.shape == (9, 9)
    np.testing.assert_array_equal(np.diag(pairs), 0)
    assert pairs[2, 5] == jensen_shannon(given_profile[[2]], given_profile[[5]])[0]
    assert pairs.max() <= math.log(2)


def test_what_is_no_distribution_is_refused():
    with pytest.raises(DataError, match=r"row \(0, 1\)"):
        mutual_information(np.array([[[0.5, 0.5], [0.5, 0.6]]]))
    with pytest.raises(DataError, match="row 0"):
        jensen_shannon(np.array([[0.5, 0.4]]), np.array([[0.5, 0.5]]))
