import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from scorers.scores.inequity import PERMUTATIONS, sigma_inequity
from scorers.scores.spread_interval import group_layout, variance_left

# Nine people in three groups; means 60, 70 and 90 per cent.
ACCURACIES = np.array([0.5, 0.6, 0.7, 0.6, 0.8, 0.7, 0.9, 0.8, 1.0])
GROUPS = np.repeat([0, 1, 2], 3)


def test_by_hand():
    (found,), mean = only(sigma_inequity(ACCURACIES, {"Sex": GROUPS}))
    assert found.raw == pytest.approx(np.std([60, 70, 90], ddof=1))
    # within groups: three times the variance of (-10, 0, 10), which is 100
    left = np.var([60, 70, 90], ddof=1) - 100 / 3
    assert found.corrected.value == pytest.approx(math.sqrt(left))
    assert found.corrected.low < found.corrected.value < found.corrected.high
    assert (found.groups, found.people) == (3, 9)
    assert mean.raw == found.raw
    assert mean.corrected == found.corrected
    assert mean.p_value == found.p_value < 0.05


def only(found):
    dimensions, mean = found
    return list(dimensions.values()), mean


def test_the_mean_is_over_dimensions_that_are_defined():
    one = np.zeros(9, dtype=int)
    dimensions, mean = sigma_inequity(ACCURACIES, {"Sex": GROUPS, "Age": one, "Income": GROUPS})
    assert math.isnan(dimensions["Age"].raw)
    assert dimensions["Age"].corrected.reason == "fewer than two groups"
    assert mean.raw == pytest.approx(dimensions["Sex"].raw)
    assert mean.groups == 6


def test_people_of_no_group_are_left_out():
    codes = np.where(np.arange(9) < 3, -1, GROUPS)
    (found,), _ = only(sigma_inequity(ACCURACIES, {"Sex": codes}))
    assert found.raw == pytest.approx(np.std([70, 90], ddof=1))
    assert (found.groups, found.people) == (2, 6)


def test_groups_of_one_cannot_be_separated_from_noise():
    (found,), mean = only(sigma_inequity(ACCURACIES, {"Country": np.arange(9)}))
    assert found.corrected.reason == "no group has two people"
    assert mean.corrected.reason == "no dimension has two groups"


def test_equal_people_are_equally_read():
    (found,), _ = only(sigma_inequity(np.full(9, 0.5), {"Sex": GROUPS}))
    assert found.raw == 0
    assert (found.corrected.value, found.corrected.low, found.corrected.high) == (0, 0, 0)
    assert found.p_value == 1


def test_the_same_seed_gives_the_same_intervals():
    one, other, third = (sigma_inequity(ACCURACIES, {"Sex": GROUPS}, seed) for seed in (1, 1, 2))
    assert one == other
    assert one[1].corrected.low != third[1].corrected.low


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_people_in_any_groups(data: st.DataObject):
    people = data.draw(st.integers(0, 12))
    values = data.draw(arrays(float, people, elements=st.floats(0, 1)))
    groups = {
        name: data.draw(arrays(np.intp, people, elements=st.integers(-1, 4))) for name in "ab"
    }
    dimensions, mean = sigma_inequity(values, groups)
    # Noise is taken off the variances, so over dimensions the root of their mean is the bound.
    raws = np.array([one.raw for one in dimensions.values() if not math.isnan(one.raw)])
    for found in [*dimensions.values(), mean]:
        most = math.sqrt((raws**2).mean()) if found is mean and len(raws) else found.raw
        if math.isnan(found.raw):
            assert found.corrected.reason
            assert math.isnan(found.corrected.value)
        else:
            assert found.raw >= 0
            assert found.corrected.value <= most + 1e-9
            assert 1 / (PERMUTATIONS + 1) <= found.p_value <= 1
            assert found.corrected.value >= 0
            if found.corrected.reason is None:
                assert 0 <= found.corrected.low <= found.corrected.value <= found.corrected.high


def simulated(
    seed: int, chances: Mapping[int, float] | float, people: int = 300
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Accuracies over 117 questions, and people in 2, 6 and 40 groups of their own."""
    rng = np.random.default_rng([seed, 11])
    groups = {str(count): rng.integers(count, size=people) for count in (2, 6, 40)}
    chance = (
        np.array([chances[group] for group in groups["2"]])
        if isinstance(chances, Mapping)
        else np.full(people, chances)
    )
    return rng.binomial(117, chance) / 117, groups


@pytest.mark.slow
def test_without_differences_the_p_value_is_uniform_and_zero_is_covered(in_full: bool):
    """Line 4 of what the benchmark must show: 200 seeds in full, 60 otherwise."""
    seeds = range(200 if in_full else 60)
    found = [sigma_inequity(*simulated(seed, 0.6), seed)[1] for seed in seeds]
    p_values = [index.p_value for index in found]
    assert stats.kstest(p_values, "uniform").pvalue > 0.01
    covered = np.mean([index.corrected.low <= 0 <= index.corrected.high for index in found])
    assert covered >= 0.93
    assert np.mean([index.raw for index in found]) > 0.5


def test_the_variance_left_is_right_on_average():
    left = []
    for seed in range(300):
        accuracies, groups = simulated(seed, 0.6)
        left.append(np.mean([variance_left(group_layout(g), accuracies) for g in groups.values()]))
    assert abs(np.mean(left)) < 3 * np.std(left) / math.sqrt(300)


def test_a_difference_is_found():
    accuracies, groups = simulated(0, {0: 0.7, 1: 0.5})
    dimensions, mean = sigma_inequity(accuracies, groups)
    assert dimensions["2"].corrected.low < 20 / math.sqrt(2) < dimensions["2"].corrected.high
    assert mean.p_value == 1 / (PERMUTATIONS + 1)


GROUPS_OF_16 = (2, 2, 3, 3, 4, 5, 6, 6, 8, 9, 10, 12, 15, 20, 25, 30)


def uneven_world(
    truth: float, people: int, rng: np.random.Generator
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """People in 16 dimensions of uneven groups, whose true means spread by `truth` in each."""
    y, groups = rng.normal(60, 10, people), {}
    for dimension, count in enumerate(GROUPS_OF_16):
        shares = 1 / np.arange(1, count + 1)
        codes = rng.choice(count, people, p=shares / shares.sum())
        codes[rng.choice(people, count, replace=False)] = np.arange(count)  # nobody left out
        effects = rng.normal(size=count)
        effects *= truth / effects.std(ddof=1)
        y += (effects - effects.mean())[codes]
        groups[str(dimension)] = codes
    return y / 100, groups


def variance_by_hand(y: np.ndarray, codes: np.ndarray) -> float:
    """Variance of the groups' means, less the pooled variance within over the groups' sizes."""
    sizes = np.bincount(codes)
    means = np.bincount(codes, y) / sizes
    within = ((y - means[codes]) ** 2).sum() / (len(y) - len(sizes))
    return float(means.var(ddof=1) - within * (1 / sizes).mean())


@pytest.mark.slow
@pytest.mark.parametrize("people", [200, 800])
@pytest.mark.parametrize("truth", [0.0, 1.0, 2.0, 4.0, 8.0])
def test_the_interval_covers_the_true_spread(truth: float, people: int, in_full: bool):
    """A coverage of 92 to 97%, and the root of the variances' mean.

    The mean of signed roots, printed before, was no such root in any of these worlds, below zero
    in those without a difference, and too small in the others: with 200 people its interval
    covered the truth in 46 to 70% of them where this is 2 or more.
    """
    repeats = (500 if people == 200 else 300) if in_full else (15 if people == 200 else 4)
    covered, left = [], []
    for seed in range(repeats):
        accuracies, groups = uneven_world(truth, people, np.random.default_rng([seed, people]))
        _, found = sigma_inequity(accuracies, groups, seed)
        covered.append(found.corrected.low <= truth <= found.corrected.high)
        left.append(found.corrected.value)
        mean = np.mean([variance_by_hand(100 * accuracies, codes) for codes in groups.values()])
        assert found.corrected.value == pytest.approx(math.sqrt(max(mean, 0)))
    share, error = np.mean(covered), math.sqrt(0.95 * 0.05 / repeats)
    print(f"{people} people, truth {truth}: printed {np.mean(left):.2f}, covered {share:.3f}")
    assert 0.92 - 2 * error <= share <= 0.97 + 2 * error
    if truth >= 1:
        spread = np.std(np.square(left)) / math.sqrt(repeats)
        assert np.mean(np.square(left)) == pytest.approx(truth**2, abs=4 * spread + 0.1)


def test_variances_are_averaged_before_the_root():
    """One dimension that differs by 10 points and 3 that do not: the root of a quarter."""
    accuracies, groups = simulated(3, {0: 0.7, 1: 0.5}, people=900)
    rng = np.random.default_rng(5)
    groups = {"2": groups["2"]} | {str(k): rng.integers(2, size=900) for k in (10, 11, 12)}
    _, mean = sigma_inequity(accuracies, groups)
    assert mean.corrected.value == pytest.approx(20 / math.sqrt(2) / 2, abs=0.5)


def test_groups_that_differ_less_than_by_chance_have_none():
    accuracies = np.tile([0.2, 0.5, 0.8], 40)
    (found,), _ = only(sigma_inequity(accuracies, {"Sex": np.repeat(np.arange(40), 3)}))
    assert found.corrected.value == 0
    assert math.isnan(found.corrected.low)
    assert found.corrected.reason == "no interval: the groups differ less than by chance alone"
