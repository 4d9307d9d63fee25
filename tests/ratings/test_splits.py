from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.published.planted import plant
from ratings.errors import DataError
from ratings.representations.names import parse_representation
from ratings.representations.rater_context import require_no_leak
from ratings.representations.represent import represent
from ratings.splits import (
    LEAST_RATINGS,
    Partition,
    Split,
    draw_partition,
    evaluation_targets,
    require_apart,
    require_parts_apart,
    split_raters,
)
from ratings.table import RatingTable


@pytest.fixture(scope="module")
def data() -> DataSet:
    return plant(raters=60, ratings=12, seed=2).data


def with_positions(data: DataSet, positions: np.ndarray) -> DataSet:
    table = RatingTable.from_positions(
        positions,
        raters=data.table.raters,
        instances=data.table.instances,
        choices=data.table.choices,
    )
    return replace(data, table=table)


def owners(data: DataSet) -> np.ndarray:
    return data.table.ratings["rater"].cat.codes.to_numpy()


def leaking(data: DataSet, partition: Partition, raters: np.ndarray) -> Partition:
    """The partition in which some raters' evaluation ratings are given as well."""
    owner = owners(data)
    more = partition.evaluation[np.isin(owner[partition.evaluation], raters)]
    fit = np.concatenate([partition.fit, more])
    fit = fit[np.argsort(owner[fit], kind="stable")]
    counts = np.bincount(owner[fit], minlength=len(data.table.raters))
    return replace(partition, fit=fit, starts=np.concatenate([[0], np.cumsum(counts)]))


@pytest.mark.parametrize("raters", [8, 9, 61])
def test_halves_share_nobody_and_miss_nobody(raters: int):
    data = plant(raters=raters, ratings=4).data
    split = split_raters(data, 3)
    assert sorted([*split.train, *split.test]) == list(range(raters))
    assert 0 <= len(split.test) - len(split.train) <= 1
    require_apart(split)


@given(st.integers(0, 2**32))
def test_the_same_seed_draws_the_same(seed: int):
    data = SMALL
    for made in (split_raters, draw_partition):
        one, other = vars(made(data, seed)), vars(made(data, seed))
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])


SMALL = plant(raters=16, ratings=6, seed=1).data


def test_other_seeds_and_numbers_draw_others(data: DataSet):
    halves = {tuple(split_raters(data, seed).train) for seed in range(10)}
    assert len(halves) == 10
    drawn = [draw_partition(data, seed, number) for seed in range(4) for number in range(4)]
    assert len({tuple(partition.fit) for partition in drawn}) == 16
    again = draw_partition(data, 3, 3)
    np.testing.assert_array_equal(again.fit, drawn[-1].fit)
    default = draw_partition(data, 1)
    np.testing.assert_array_equal(default.fit, drawn[4].fit)


def test_every_rating_is_in_one_part_and_every_rater_in_both(data: DataSet):
    for seed in range(20):
        found = draw_partition(data, seed)
        assert sorted([*found.fit, *found.evaluation]) == list(range(len(data.table)))
        owner = owners(data)
        expected = np.repeat(np.arange(60), np.diff(found.starts))
        np.testing.assert_array_equal(owner[found.fit], expected)
        assert (np.diff(found.starts) >= 2).all()
        assert (np.bincount(owner[found.evaluation], minlength=60) >= 2).all()


def test_the_number_of_fit_ratings_is_uniform_from_two_to_all_but_two():
    """Two thousand raters with ten ratings each, and as many with four, which leaves no choice."""
    sizes = np.diff(draw_partition(plant(raters=2000, ratings=10).data, 0).starts)
    counts = np.bincount(sizes, minlength=11)
    assert counts[:2].sum() == counts[9:].sum() == 0
    assert stats.chisquare(counts[2:9]).pvalue > 0.001
    assert set(np.diff(draw_partition(plant(raters=2000, ratings=4).data, 0).starts)) == {2}


def test_which_ratings_come_first_is_uniform_too():
    """Each of a rater's four ratings comes first equally often."""
    data = plant(raters=2000, ratings=4).data
    found = draw_partition(data, 0)
    first = found.fit[found.starts[:-1]] - 4 * np.arange(2000)
    assert stats.chisquare(np.bincount(first, minlength=4)).pvalue > 0.001


def test_what_is_drawn_does_not_depend_on_what_was_chosen(data: DataSet):
    positions = data.table.positions()
    other = with_positions(data, np.where(positions > 0, 6 - positions, 0).astype(np.int8))
    one, two = draw_partition(data, 4), draw_partition(other, 4)
    np.testing.assert_array_equal(one.fit, two.fit)
    np.testing.assert_array_equal(one.evaluation, two.evaluation)


def test_targets_are_the_evaluation_part_of_those_asked_for(data: DataSet):
    partition = draw_partition(data, 0)
    raters = np.array([7, 3])
    found = evaluation_targets(data, partition, raters)
    positions = data.table.positions()
    chosen = positions[raters[found.raters], found.instances]
    np.testing.assert_array_equal(found.ratings, chosen)
    own = np.isin(owners(data)[partition.evaluation], raters)
    assert len(found) == own.sum() > 0


def test_a_rater_in_both_halves_is_refused():
    split = Split(3, np.array([0, 1, 2]), np.array([2, 3, 4]))
    message = (
        "^rater number 2 is in both halves of the split of seed 3: training and test raters "
        "must be different people$"
    )
    with pytest.raises(DataError, match=message):
        require_apart(split)


def test_too_few_ratings_or_raters_are_refused(data: DataSet):
    positions = data.table.positions().copy()
    positions[5, np.flatnonzero(positions[5])[3:]] = 0
    short = with_positions(data, positions)
    message = (
        "^rater 'rater0005' of planted has 3 ratings; a split needs 4 of each: leave such raters "
        "out first$"
    )
    for made in (split_raters, draw_partition):
        with pytest.raises(DataError, match=message):
            made(short, 0)
    kept = short.with_at_least(LEAST_RATINGS)
    assert len(split_raters(kept, 0).test) == 30
    few = data.of_raters(data.table.raters.index[:7])
    message = "^planted has 7 raters with 4 ratings or more; a split needs at least 8$"
    with pytest.raises(DataError, match=message):
        split_raters(few, 0)


def test_a_leak_planted_on_purpose_is_caught(data: DataSet):
    split, partition = split_raters(data, 0), draw_partition(data, 0)
    targets = evaluation_targets(data, partition, np.arange(60))
    sound = represent(data, split, partition, parse_representation("examples:max"))
    require_no_leak(sound, targets)
    leak = leaking(data, partition, np.array([11]))
    context = represent(data, split, leak, parse_representation("examples:max"))
    with pytest.raises(DataError, match="^target leakage: .* rater 'rater0011' on"):
        require_no_leak(context, targets)


def test_a_rating_in_both_parts_is_refused(data: DataSet):
    partition = draw_partition(data, 0)
    require_parts_apart(partition)
    leak = leaking(data, partition, np.array([11]))
    row = leak.evaluation[owners(data)[leak.evaluation] == 11].min()
    with pytest.raises(DataError, match=f"^rating number {row} is in the fit part and in the"):
        require_parts_apart(leak)
