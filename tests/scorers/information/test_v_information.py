import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ratings.errors import DataError
from scorers.information.v_information import (
    accuracy,
    hits,
    information_by,
    information_preserved,
    log_losses,
    pointwise_information,
    v_entropy,
    v_information,
)

TABLE = np.array([[0.5, 0.25, 0.25], [0.2, 0.8, 0.0], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0]])


def distributions(seed: int, rows: int, choices: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(choices), size=rows)


def test_entropy_of_a_table_by_hand():
    """-log of 1/4, 4/5, 1 and 1/2: 1.3863, 0.2231, 0 and 0.6931, mean 0.5756."""
    losses = log_losses(TABLE, np.array([3, 2, 1, 2]))
    (found,) = v_entropy(losses[None], ["a", "a", "b", "b"], [0, 0, 0, 0])
    assert found.estimate.value == pytest.approx((math.log(4) + math.log(1.25) + math.log(2)) / 4)


@given(st.lists(st.integers(1, 4), min_size=2, max_size=30))
def test_none_on_one_instance_has_the_entropy_of_its_labels(labels):
    ratings = np.array(labels)
    shares = np.bincount(ratings - 1, minlength=4) / len(ratings)
    losses = log_losses(np.tile(shares, (len(ratings), 1)), ratings)
    (found,) = v_entropy(losses[None], np.arange(len(ratings)), np.zeros(len(ratings)))
    assert found.estimate.value == pytest.approx(stats.entropy(shares), abs=1e-12)


def test_a_chosen_label_without_probability_is_infinite_and_not_clipped():
    losses = log_losses(TABLE, np.array([1, 3, 1, 1]))
    assert losses[1] == np.inf
    (entropy,) = v_entropy(losses[None], list("abcd"), [0] * 4)
    (information,) = v_information(np.ones(4), losses[None], list("abcd"), [0] * 4)
    assert entropy.estimate.value == np.inf
    assert information.estimate.value == -np.inf
    assert "1 rating" in str(information.estimate.reason)
    (neither,) = v_information(losses, losses[None], list("abcd"), [0] * 4)
    assert math.isnan(neither.estimate.value)
    assert neither.estimate.reason


def test_ties_count_their_share():
    np.testing.assert_allclose(hits(TABLE, np.array([1, 1, 1, 2])), [1, 0, 1, 0.5])


@pytest.mark.parametrize(
    ("row", "rating", "message"),
    [
        ([0.5, 0.4], 1, "sum to 1"),
        ([1.5, -0.5], 1, "not negative"),
        ([np.nan, 1.0], 1, "finite"),
        ([np.inf, 0.0], 1, "finite"),
        ([0.5, 0.5], 3, "not one of the choices 1 to 2"),
        ([0.5, 0.5], 0, "not one of the choices 1 to 2"),
    ],
)
def test_what_is_no_distribution_or_no_choice_is_refused(row, rating, message):
    with pytest.raises(DataError, match=message):
        log_losses(np.array([[0.5, 0.5], row]), np.array([1, rating]))


def test_a_missing_loss_is_refused():
    with pytest.raises(DataError, match="1 of 2 losses"):
        v_entropy(np.array([[1.0, np.nan]]), ["a", "b"], [0, 0])


@given(st.integers(0, 1000))
def test_information_is_entropy_of_none_less_entropy(seed):
    rng = np.random.default_rng(seed)
    losses = rng.gamma(1, size=(3, 40))
    raters, splits = rng.integers(8, size=40), rng.integers(3, size=40)
    entropies = v_entropy(losses, raters, splits)
    informed = v_information(losses[0], losses, raters, splits)
    assert informed[0].estimate.value == 0
    for entropy, found in zip(entropies, informed, strict=True):
        expected = entropies[0].estimate.value - entropy.estimate.value
        assert found.estimate.value == pytest.approx(expected)


def test_a_useless_representation_has_negative_information():
    """What is given has nothing to do with the ratings, and the decoder believes it."""
    rng = np.random.default_rng(2)
    ratings, rater = rng.integers(1, 4, 3000), np.arange(3000) % 60
    none = log_losses(np.full((3000, 3), 1 / 3), ratings)
    misled = log_losses(distributions(1, 3000), ratings)
    (found,) = v_information(none, misled[None], rater, np.zeros(3000))
    assert found.estimate.high < 0


def test_the_true_information_of_known_distributions_is_recovered():
    """Raters of two kinds choose from (.9, .1) or (.1, .9): log 2 less the entropy of (.9, .1)."""
    rng = np.random.default_rng(0)
    rater = np.repeat(np.arange(200), 20)
    first = np.where(rater % 2 == 0, 0.9, 0.1)
    ratings = np.where(rng.random(4000) < first, 1, 2)
    informed = log_losses(np.stack([first, 1 - first], axis=1), ratings)
    half = 0.5 * np.stack([1 + (first - 0.5), 1 - (first - 0.5)], axis=1)
    partly = log_losses(half, ratings)
    none = log_losses(np.full((4000, 2), 0.5), ratings)
    most, some = v_information(none, np.stack([informed, partly]), rater, np.zeros(4000))
    truth = math.log(2) - stats.entropy([0.9, 0.1])
    assert most.estimate.low < truth < most.estimate.high
    expected = math.log(2) + 0.9 * math.log(0.7) + 0.1 * math.log(0.3)
    kept = information_preserved(some, most)
    assert kept.low < expected / truth < kept.high
    assert kept.high - kept.low < 0.1
    assert information_preserved(most, most).value == 1


def test_nothing_is_preserved_of_no_information():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=400)
    none, rater = 1 + noise - noise.mean(), np.arange(400) % 20
    informed = np.stack([np.ones(400), none - 1])
    nothing, much = v_information(none, informed, rater, np.zeros(400))
    found = information_preserved(much, nothing)
    assert math.isnan(found.value)
    assert "most examples" in str(found.reason)


def test_accuracy_is_the_share_of_hits():
    (found,) = accuracy(np.array([[1.0, 0.5, 0.0, 1.0]]), list("aabb"), [0, 0, 1, 1])
    assert found.estimate.value == pytest.approx((0.75 + 0.5) / 2)


def test_one_rating_a_rater_gives_the_textbook_interval_of_a_mean():
    values = np.array([0.2, 0.4, 0.9, 0.1, 5.0])
    table = information_by(values, ["x"] * 4 + ["y"], list("abcde"))
    low, high = stats.t.interval(0.95, 3, values[:4].mean(), stats.sem(values[:4]))
    assert table.loc[0, "low"] == pytest.approx(low)
    assert table.loc[0, "high"] == pytest.approx(high)
    assert table["ratings"].tolist() == [4, 1]
    assert math.isnan(table.loc[1, "low"])
    assert "single" in table.loc[1, "reason"]
    assert table.loc[0, "reason"] is None


def test_a_rating_seen_in_several_splits_is_one_witness():
    values = np.array([0.2, 0.4, 0.9])
    once = information_by(values, ["x"] * 3, list("abc"))
    thrice = information_by(np.tile(values, 3), ["x"] * 9, list("abc") * 3)
    assert thrice.loc[0, "low"] == pytest.approx(once.loc[0, "low"])
    assert thrice.loc[0, "clusters"] == 3


def test_means_by_rater_and_by_instance_weigh_up_to_the_whole():
    rng = np.random.default_rng(0)
    information = pointwise_information(rng.gamma(1, size=90), rng.gamma(1, size=90))
    rater, instance = rng.integers(7, size=90), rng.integers(11, size=90)
    for keys, clusters in ((rater, instance), (instance, rater)):
        table = information_by(information, keys, clusters)
        assert np.average(table["mean"], weights=table["ratings"]) == pytest.approx(
            information.mean()
        )
        assert (table["low"] < table["high"])[table["clusters"] > 1].all()


def test_an_infinite_loss_of_one_key_leaves_the_others_alone():
    table = information_by(np.array([-np.inf, 1.0, 1.0, 2.0]), list("xxyy"), list("abab"))
    assert table.loc[0, "mean"] == -np.inf
    assert math.isnan(table.loc[0, "low"])
    assert "probability 0" in table.loc[0, "reason"]
    assert table.loc[1, "mean"] == 1.5
    assert table.loc[1, "reason"] is None
