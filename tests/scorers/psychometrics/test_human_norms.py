import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scorers.psychometrics.human_norms import item_standing, profile_distance, standing

NAN = np.nan
RATING = st.sampled_from([1.0, 2.0, 3.0, 6.0, NAN])


def test_a_standing_worked_by_hand():
    """Dimension A has items 0 and 1, B item 2; item 3 has no tag.

    Person 0 rated items 0 and 2: A is 2 - 3 = -1, the model's 4 - 3.5 = .5, so below it.
    Person 1 rated items 0, 1, 2: A is 4.5 - 4 = .5, the model's 3 - 3 = 0, so above it.
    Person 2 rated items 1 and 3: A is 5 - 5 = 0, the model's 2 - 2 = 0, a tie.
    Person 3 rated item 3 alone and is left out. For B persons 0 and 1 count: theirs is
    4 - 3 = 1 and 3 - 4 = -1, the model's 3 - 3.5 = -.5 and 3 - 3 = 0.
    """
    model = np.array([4.0, 2.0, 3.0, 1.0])
    people = np.array(
        [[2, NAN, 4, NAN], [5, 4, 3, NAN], [NAN, 5, NAN, 2], [NAN, NAN, NAN, 6]], dtype=float
    )
    tagged = np.array([[1, 1, 0, 0], [0, 0, 1, 0]], dtype=bool)
    a, b = standing(model, people, tagged)
    assert a.value == pytest.approx((1 + 0 + 0.5) / 3)
    assert b.value == pytest.approx((0 + 1) / 2)
    raw = standing(model, people, tagged, centred=False)
    assert raw[0].value == pytest.approx((1 + 0 + 0) / 3)


def test_an_item_that_the_model_lacks_is_out_for_everyone():
    people = np.array([[1.0, 6.0], [6.0, 6.0], [3.0, NAN]])
    tagged = np.array([[True, True]])
    found = standing(np.array([4.0, NAN]), people, tagged, centred=False)
    assert found == standing(np.array([4.0]), people[:, :1], tagged[:, :1], centred=False)
    assert found[0].value == pytest.approx(2 / 3)


def test_where_all_are_below_the_interval_is_exact():
    """Clopper and Pearson: with 20 of 20 the lower end is .025 ^ (1/20) = .8316."""
    people, tagged = np.full((20, 1), 2.0), np.array([[True]])
    above = standing(np.array([5.0]), people, tagged, centred=False)[0]
    assert (above.value, above.high) == (1, 1)
    assert above.low == pytest.approx(0.8316, abs=1e-4)
    exact = stats.binomtest(20, 20).proportion_ci(0.95, method="exact")
    assert above.low == pytest.approx(exact.low)
    below = standing(np.array([1.0]), people, tagged, centred=False)[0]
    assert (below.value, below.low) == (0, 0)
    assert below.high == pytest.approx(1 - exact.low)


def test_what_has_no_standing_says_why():
    people = np.array([[1.0, NAN], [2.0, NAN]])
    tagged = np.array([[False, False], [False, True], [True, False]])
    untagged, unrated, rated = standing(np.array([3.0, 3.0]), people, tagged)
    assert untagged.reason == "no item is tagged with it"
    assert unrated.reason == "nobody rated an item of it that the model rated"
    assert rated.reason is None
    one = standing(np.array([3.0, 3.0]), people[:1], tagged)[2]
    assert one.reason == "no interval: one person rated its items"
    assert not math.isnan(one.value)


def test_a_full_instrument_takes_well_under_a_second():
    rng = np.random.default_rng(0)
    people = rng.integers(1, 7, size=(560, 520)).astype(float)
    people[rng.random(people.shape) > 0.08] = NAN
    model, tagged = rng.uniform(1, 6, 520), rng.random((10, 520)) < 0.1
    standing(model, people, tagged)  # draws the replicates, which are kept
    start = time.perf_counter()
    found = standing(model, people, tagged, seed=1)
    assert time.perf_counter() - start < 1
    assert all(one.low <= one.value <= one.high for one in found)


@pytest.mark.slow
def test_the_rank_of_one_of_the_people_is_uniform(in_full: bool):
    """Models drawn from the people's own distribution: standings are uniform, intervals honest."""
    rng = np.random.default_rng(1)
    found, hits = [], 0
    times = 300 if in_full else 80
    for seed in range(times):
        model, people = rng.normal(size=(1, 8))[0], rng.normal(size=(100, 8))
        one = standing(model, people, np.ones((1, 8), dtype=bool), centred=False, seed=seed)[0]
        truth = stats.norm.cdf(model.mean() * np.sqrt(8))
        found.append(one.value)
        hits += one.low <= truth <= one.high
    assert stats.kstest(found, "uniform").pvalue > 0.01
    assert stats.binomtest(hits, times, 0.95, alternative="less").pvalue > 0.01


def rating_people(rng: np.random.Generator, count: int) -> np.ndarray:
    """Ratings of one to four of twelve items each: loading 0.7, noise 1.2."""
    ratings = 0.7 * rng.normal(size=(count, 1)) + 1.2 * rng.normal(size=(count, 12))
    order = rng.random(ratings.shape).argsort(axis=1)
    ratings[order >= rng.integers(1, 5, size=(count, 1))] = NAN
    return ratings


@pytest.mark.slow
@pytest.mark.parametrize("percentile", [0.5, 0.75, 0.9, 0.975])
def test_a_standing_is_the_chance_to_exceed_a_persons_ratings(percentile: float, in_full: bool):
    """Held to that chance, which lies nearer to one half than the percentile among values."""
    rng, times = np.random.default_rng(int(1000 * percentile)), 300 if in_full else 60
    model, tagged = np.full(12, 0.7 * stats.norm.ppf(percentile)), np.ones((1, 12), dtype=bool)
    errors = np.sqrt(0.7**2 + 1.2**2 / np.arange(1, 5))
    chance = stats.norm.cdf(model[0] / errors).mean()
    found = [
        standing(model, rating_people(rng, 280), tagged, centred=False)[0] for _ in range(times)
    ]
    hits = sum(one.low <= chance <= one.high for one in found)
    assert stats.binomtest(hits, times, 0.95, alternative="less").pvalue > 0.01
    assert np.mean([one.value for one in found]) == pytest.approx(chance, abs=0.01)
    assert percentile == 0.5 or chance < percentile - 0.05


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_people_give_a_standing_or_a_reason(data: st.DataObject):
    count, items = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 4))
    model = data.draw(arrays(float, items, elements=RATING))
    people = data.draw(arrays(float, (count, items), elements=RATING))
    tagged = data.draw(arrays(bool, (2, items)))
    centred = data.draw(st.booleans())
    found = standing(model, people, tagged, centred=centred)
    for one in found:
        assert math.isnan(one.low) == (one.reason is not None)
        if not math.isnan(one.low):
            assert 0 <= one.low <= one.high <= 1
    order = data.draw(st.permutations(range(items)))
    again = standing(model[order], people[:, order], tagged[:, order], centred=centred)
    mirrored = standing(7 - model, 7 - people, tagged, centred=centred)
    for one, same, other in zip(found, again, mirrored, strict=True):
        assert same.value == pytest.approx(one.value, nan_ok=True)
        assert other.value == pytest.approx(1 - one.value, nan_ok=True)


def test_item_standings_worked_by_hand():
    people = np.array([[1.0, 1.0, NAN, 4.0], [3.0, 2.0, NAN, 4.0], [3.0, NAN, NAN, 4.0]])
    found = item_standing(np.array([3.0, 1.5, 2.0, NAN]), people)
    np.testing.assert_allclose(found, [(1 + 1) / 3, 0.5, NAN, NAN])


@given(arrays(float, (6, 1), elements=st.sampled_from([1.0, 2.0, 3.0])), st.floats(0, 4))
def test_item_standings_are_scipys_mean_percentiles(people: np.ndarray, model: float):
    expected = stats.percentileofscore(people[:, 0], model, kind="mean") / 100
    if min(abs(model - rating) for rating in (1, 2, 3)) > 1e-6 or model in (1, 2, 3):
        assert item_standing(np.array([model]), people)[0] == pytest.approx(expected)


def test_a_distance_worked_by_hand():
    """Observed 3, 4: squared distance 25. The replicates' variances are 2 and 7: 25 - 9 = 16."""
    drawn = np.array([[2.0, 4 - np.sqrt(3.5)], [4.0, 4 + np.sqrt(3.5)]])
    found, likeness = profile_distance(np.array([3.0, 4.0]), np.zeros(2), drawn, np.zeros((2, 2)))
    assert found.value == pytest.approx(4)
    assert found.low <= 4 <= found.high
    assert likeness.reason == "needs 3 values or more, found 2"


def noisy(rng: np.random.Generator, truth: np.ndarray, error: float):
    observed = truth + error * rng.normal(size=truth.shape)
    return observed, observed + error * rng.normal(size=(1_000, *truth.shape))


@pytest.mark.slow
def test_intervals_of_a_distance_cover_the_true_one(in_full: bool):
    rng = np.random.default_rng(2)
    times = 300 if in_full else 60
    human, apart = rng.normal(size=10), rng.normal(size=10)
    for share in (0.0, 0.2, 0.6):
        truth = human + share * apart
        hits, values = 0, []
        for _ in range(times):
            (one, drawn), (other, redrawn) = noisy(rng, truth, 0.2), noisy(rng, human, 0.05)
            found = profile_distance(one, other, drawn, redrawn)[0]
            values.append(found.value)
            hits += found.low <= share * np.linalg.norm(apart) <= found.high
        assert stats.binomtest(hits, times, 0.95, alternative="less").pvalue > 0.01
        squared = np.mean(np.square(values))  # of plain distances: truth and noise, 0.425
        assert squared < (share * np.linalg.norm(apart)) ** 2 + 0.2


def test_the_correlation_is_pearsons_with_an_interval_beyond_it():
    rng = np.random.default_rng(3)
    human = rng.normal(size=10)
    (one, drawn), (other, redrawn) = noisy(rng, human, 0.2), noisy(rng, human, 0.1)
    found = profile_distance(one, other, drawn, redrawn)[1]
    assert found.value == pytest.approx(stats.pearsonr(one, other).statistic)
    assert found.low < found.value < found.high <= 1


def test_the_interval_of_the_correlation_is_reflected():
    """Replicates that scatter below the value, noise having been added twice, lead above it.

    The correlation of (0, 1, 1) with (0, 1, 2) is .866, z 1.317, and of (0, 1, 0) with it 0, so
    the percentiles of replicates of half each run from 0 to .866: reflected, z from 1.317 to 2.634.
    """
    human, model = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0])
    drawn = np.repeat([model, [0.0, 1.0, 0.0]], 50, axis=0)
    found = profile_distance(model, human, drawn, np.tile(human, (100, 1)))[1]
    assert found.low == pytest.approx(found.value)
    assert found.high == pytest.approx(np.tanh(2 * 1.31696), abs=1e-5)


def test_profiles_that_have_no_distance_say_why():
    drawn = np.random.default_rng(0).normal(size=(5, 3))
    for found in profile_distance(np.array([1.0, NAN, 2.0]), np.zeros(3), drawn, drawn):
        assert found.reason == "a value has no score"
    holes = np.where(drawn > -9, NAN, drawn)
    distance, likeness = profile_distance(np.arange(3.0), np.arange(3.0), drawn, holes)
    assert distance.reason == "fewer than two replicates to tell noise from distance"
    assert likeness.value == pytest.approx(1)
    assert likeness.reason == "no interval: no replicate is defined"
    flat = profile_distance(np.zeros(3), np.arange(3.0), drawn, drawn)[1]
    assert flat.reason == "a profile is flat"


@given(st.data())
def test_any_profiles_have_a_distance_or_a_reason(data: st.DataObject):
    dimensions, draws = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 4))
    scores = st.sampled_from([0.0, 0.5, 1.0, -3.0, NAN])
    model, human = (data.draw(arrays(float, dimensions, elements=scores)) for _ in range(2))
    drawn, redrawn = (
        data.draw(arrays(float, (draws, dimensions), elements=scores)) for _ in range(2)
    )
    for found in profile_distance(model, human, drawn, redrawn):
        assert math.isnan(found.low) == (found.reason is not None)
        assert not found.low > found.value
        assert not found.high < found.value
