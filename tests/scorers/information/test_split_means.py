import numpy as np
import pytest

from ratings.errors import DataError
from scorers.information.split_means import drawn_sums, joint_ratio, numbered, split_means
from scorers.intervals.bootstrap import CONFIDENCE


def simulated(seed: int, training_sd: float, raters: int = 30, splits: int = 5, mean: float = 0.05):
    """Values of one quantity: raters differ, half of them are tested in each split."""
    rng = np.random.default_rng(seed)
    numbers = rng.integers(3, 20, raters)
    own = mean + 0.15 * rng.standard_normal(raters)
    fixed = [value + 0.3 * rng.standard_normal(n) for value, n in zip(own, numbers, strict=True)]
    rows = [
        (value, rater, split)
        for split, shift in enumerate(training_sd * rng.standard_normal(splits))
        for rater in rng.permutation(raters)[: raters // 2]
        for value in fixed[rater] + shift
    ]
    values, who, where = (np.array(column) for column in zip(*rows, strict=True))
    return values[None].astype(float), who, where


def test_each_split_counts_the_same_and_each_rating_within_it():
    values = np.array([[1.0, 2.0, 6.0, 5.0]])
    (found,) = split_means(values, ["a", "a", "b", "b"], ["s", "s", "s", "t"])
    assert [one.value for one in found.per_split] == [3.0, 5.0]
    assert found.estimate.value == 4.0
    assert found.splits == ("s", "t")


def test_one_split_gives_the_interval_within_it():
    values, raters, splits = simulated(0, 0.0, splits=1)
    (found,) = split_means(values, raters, splits, seed=4)
    assert found.estimate == found.per_split[0]
    assert np.isnan(found.training_sd)


def test_the_bootstrap_error_agrees_with_the_linearised_one():
    """Of a ratio of sums: the sum over raters of (sum - mean * count)^2, over the total count^2."""
    values, raters, splits = simulated(1, 0.0, raters=80, splits=1)
    (found,) = split_means(values, raters, splits)
    mean = values.mean()
    residuals = np.bincount(raters, weights=values[0] - mean)
    expected = np.sqrt((residuals**2).sum()) / values.size
    assert found.replicates[:, 0].std() == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("training_sd", [0.0, 0.03, 0.1])
def test_the_interval_over_splits_covers_the_truth_as_often_as_it_says(training_sd):
    worlds = 120
    found = [
        split_means(*simulated(seed, training_sd), seed=seed)[0].estimate for seed in range(worlds)
    ]
    covered = np.mean([one.low <= 0.05 <= one.high for one in found])
    margin = 2.6 * np.sqrt(CONFIDENCE * (1 - CONFIDENCE) / worlds)
    assert CONFIDENCE - margin < covered
    # wide intervals cover too: they must not be wider than by a factor that matters
    spread = np.std([one.value for one in found])
    assert np.mean([one.high - one.low for one in found]) < 1.4 * 2 * 1.96 * spread


def test_without_the_part_of_training_it_would_cover_too_seldom():
    """The same worlds as above with the most scatter: raters alone are not enough."""
    covered = []
    for seed in range(60):
        values, raters, splits = simulated(seed, 0.1)
        cells = np.unique(splits, return_inverse=True)[1] * 30 + raters
        sums = np.bincount(cells, values[0], 150).reshape(5, 30)
        counts = np.bincount(cells, minlength=150).reshape(5, 30).astype(float)
        drawn = drawn_sums(np.vstack([sums, counts]), seed)
        low, high = np.quantile((drawn[:, :5] / drawn[:, 5:]).mean(axis=1), [0.025, 0.975])
        covered.append(low <= 0.05 <= high)
    assert np.mean(covered) < 0.85


def test_training_scatter_is_recovered_and_not_mistaken_for_raters():
    quiet = [split_means(*simulated(seed, 0.0))[0].training_sd for seed in range(30)]
    loud = [split_means(*simulated(seed, 0.1))[0].training_sd for seed in range(30)]
    assert np.mean(np.square(loud)) == pytest.approx(0.01, rel=0.4)
    assert np.mean(np.square(quiet)) < 0.0004


def test_estimates_do_not_depend_on_what_else_is_estimated():
    values, raters, splits = simulated(3, 0.05)
    (alone,) = split_means(values, raters, splits)
    other, together = split_means(np.vstack([values**2, values]), raters, splits)
    assert together.estimate.low == pytest.approx(alone.estimate.low)
    assert together.per_split[0].high == pytest.approx(alone.per_split[0].high)
    assert other.estimate != alone.estimate


def test_the_order_of_ratings_does_not_matter():
    values, raters, splits = simulated(3, 0.05)
    order = np.random.default_rng(0).permutation(len(raters))
    (one,) = split_means(values, raters, splits)
    (other,) = split_means(values[:, order], raters[order], splits[order])
    assert one.estimate.low == pytest.approx(other.estimate.low)


def test_an_infinite_value_is_reported_and_leaves_no_interval():
    values = np.array([[1.0, np.inf, 1.0, 1.0], [1.0, 2.0, 3.0, 4.0]])
    bad, good = split_means(values, ["a", "b", "a", "b"], [0, 0, 1, 1])
    assert bad.estimate.value == np.inf
    assert np.isnan(bad.estimate.low)
    assert "1 rating" in str(bad.estimate.reason)
    assert bad.per_split[1].reason is None
    assert good.estimate.reason is None
    assert good.estimate.low <= good.estimate.value <= good.estimate.high


def test_one_rater_gives_a_value_and_a_reason():
    (found,) = split_means(np.array([[1.0, 2.0]]), ["a", "a"], [0, 1])
    assert found.estimate.value == 1.5
    assert np.isnan(found.estimate.high)
    assert "one rater" in str(found.estimate.reason)


def test_a_ratio_moves_less_than_its_parts_when_they_move_together():
    values, raters, splits = simulated(5, 0.05, mean=0.5)
    top, bottom = split_means(np.vstack([0.5 * values, values]), raters, splits)
    found = joint_ratio(top, bottom, "it all")
    assert found.value == pytest.approx(0.5)
    assert found.low == pytest.approx(0.5)
    assert found.high == pytest.approx(0.5)


@pytest.mark.parametrize("training_sd", [0.0, 0.1])
def test_the_interval_of_a_ratio_covers_the_truth(training_sd):
    """One quantity keeps 0.6 of another, with scatter of its own from raters and training."""
    worlds, covered = 120, []
    for seed in range(worlds):
        values, raters, splits = simulated(seed, training_sd, raters=40, mean=0.5)
        rng = np.random.default_rng([seed, 1])
        own = 0.1 * rng.standard_normal(40)[raters]
        own += training_sd / 2 * rng.standard_normal(5)[splits.astype(int)]
        top, bottom = split_means(np.vstack([0.6 * values + own, values]), raters, splits, seed)
        found = joint_ratio(top, bottom, "it all")
        covered.append(found.low <= 0.6 <= found.high)
    margin = 2.6 * np.sqrt(CONFIDENCE * (1 - CONFIDENCE) / worlds)
    assert CONFIDENCE - margin < np.mean(covered)


def test_no_ratio_to_what_may_be_nothing_or_comes_from_elsewhere():
    values, raters, splits = simulated(5, 0.05, mean=0.0)
    centred = values - values.mean()
    top, bottom = split_means(np.vstack([values + 1, centred]), raters, splits)
    found = joint_ratio(top, bottom, "it all")
    assert np.isnan(found.value)
    assert "not above 0" in str(found.reason)
    (elsewhere,) = split_means(values, raters, splits, seed=1)
    with pytest.raises(ValueError, match="same seed"):
        joint_ratio(elsewhere, top, "it all")


def test_draws_do_not_depend_on_how_many_fit_into_a_batch(monkeypatch):
    sums = np.random.default_rng(0).normal(size=(2, 50))
    whole = drawn_sums(sums, seed=3, replicates=40)
    monkeypatch.setattr("scorers.information.split_means._BATCH", 300)
    np.testing.assert_allclose(drawn_sums(sums, seed=3, replicates=40), whole)
    np.testing.assert_array_equal(drawn_sums(np.ones((1, 50)), seed=3, replicates=5), 50)


def test_what_cannot_be_averaged_is_refused():
    with pytest.raises(DataError, match="no ratings"):
        split_means(np.empty((1, 0)), [], [])
    with pytest.raises(DataError, match="one rater and one split"):
        split_means(np.ones((1, 2)), ["a"], [0, 0])
    with pytest.raises(DataError, match="1 of 2 raters are missing"):
        numbered(["a", None], "raters")
