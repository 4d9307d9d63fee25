"""What a family is given when it is fitted to a split: of the fit part alone, whoever asks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from decoders.families import family_named
from decoders.fit_split import fit_split, redrawable
from ratings import prepared
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.published.planted import plant
from ratings.errors import DataError
from ratings.prepared import PreparedSplit
from ratings.representations.names import Representation, parse_representation
from ratings.representations.rater_context import RaterContext
from ratings.representations.represent import ClusterContext, represent
from ratings.splits import Partition, Split, draw_partition, evaluation_targets, split_raters
from ratings.table import RatingTable

SEED = 0
TOLD = ("examples:max", "cluster:2", "groundtruth", "measured+demographics+examples:2")


@pytest.fixture(scope="module")
def data() -> DataSet:
    """So strongly planted that what is given is believed."""
    return plant(raters=100, ratings=20, strength=5.0, seed=2).data


@pytest.fixture(scope="module")
def predictions(data: DataSet) -> Callable[[str], np.ndarray]:
    kept: dict[str, np.ndarray] = {}

    def of(name: str) -> np.ndarray:
        if name not in kept:
            kept[name] = predicted(data, name)
        return kept[name]

    return of


def predicted(data: DataSet, name: str) -> np.ndarray:
    """Distributions of the ratings of test raters that are to be predicted."""
    found = fit_split(
        PreparedSplit.of(data, SEED), family_named("default"), parse_representation(name), 2
    )
    targets = found.test_targets()
    return found.predict(targets.raters, targets.instances)


def owners(data: DataSet) -> np.ndarray:
    return data.table.rater_codes


def changed(data: DataSet, rows: np.ndarray) -> DataSet:
    """The data set with the mirrored choice in some rows, or another where that is the same."""
    frame, positions = data.table.ratings, data.table.positions().copy()
    where = owners(data)[rows], frame["instance"].cat.codes.to_numpy()[rows]
    positions[where] = np.where(positions[where] == 3, 1, 6 - positions[where])
    table = RatingTable.from_positions(
        positions,
        raters=data.table.raters,
        instances=data.table.instances,
        choices=data.table.choices,
    )
    return replace(data, table=table)


def leaking(data: DataSet, partition: Partition, raters: np.ndarray) -> Partition:
    """The partition in which some raters' evaluation ratings are given as well."""
    owner = owners(data)
    more = partition.evaluation[np.isin(owner[partition.evaluation], raters)]
    fit = np.concatenate([partition.fit, more])
    fit = fit[np.argsort(owner[fit], kind="stable")]
    counts = np.bincount(owner[fit], minlength=len(data.table.raters))
    return replace(partition, fit=fit, starts=np.concatenate([[0], np.cumsum(counts)]))


@pytest.mark.parametrize("name", TOLD)
def test_nothing_of_the_test_raters_evaluation_part_reaches_a_prediction(
    data: DataSet, predictions: Callable[[str], np.ndarray], name: str
):
    """Bitwise: the ratings that are to be predicted may be anything."""
    split, partition = split_raters(data, SEED), draw_partition(data, SEED)
    of_test = np.isin(owners(data)[partition.evaluation], split.test)
    other = changed(data, partition.evaluation[of_test])
    np.testing.assert_array_equal(predicted(other, name), predictions(name))


@pytest.mark.parametrize("name", ["examples:max", "cluster:2"])
def test_the_ratings_of_a_test_rater_say_nothing_of_others(
    data: DataSet, predictions: Callable[[str], np.ndarray], name: str
):
    split = split_raters(data, SEED)
    asked = evaluation_targets(data, draw_partition(data, SEED), split.test)
    one, counted = predictions(name), False
    for rater in split.test[4:7]:
        mine = split.test[asked.raters] == rater
        two = predicted(changed(data, np.flatnonzero(owners(data) == rater)), name)
        np.testing.assert_array_equal(one[~mine], two[~mine])
        counted = counted or bool((one[mine] != two[mine]).any())
    # and what is given of a rater's own fit ratings does count, if not for every cluster
    assert counted


def test_the_evaluation_part_of_training_raters_is_what_is_learned_from(
    data: DataSet, predictions: Callable[[str], np.ndarray]
):
    """So the tests above could have failed."""
    split, partition = split_raters(data, SEED), draw_partition(data, SEED)
    of_training = np.isin(owners(data)[partition.evaluation], split.train)
    other = changed(data, partition.evaluation[of_training])
    assert np.abs(predicted(other, "examples:max") - predictions("examples:max")).max() > 0.1


@pytest.mark.parametrize("name", ["examples:max", "cluster:2", "none"])
@pytest.mark.parametrize("half", ["train", "test"])
def test_a_partition_that_leaks_is_caught_for_every_representation(
    data: DataSet, name: str, half: str, monkeypatch: pytest.MonkeyPatch
):
    raters = getattr(split_raters(data, SEED), half)[:1]

    def draw(data: DataSet, seed: int, number: int = 0) -> Partition:
        return leaking(data, draw_partition(data, seed, number), raters)

    monkeypatch.setattr(prepared, "draw_partition", draw)
    with pytest.raises(DataError, match="is in the fit part and in the evaluation part"):
        fit_split(
            PreparedSplit.of(data, SEED), family_named("default"), parse_representation(name), 1
        )


@pytest.mark.parametrize("half", ["train", "test"])
def test_a_leak_in_what_is_given_is_caught(
    data: DataSet, half: str, monkeypatch: pytest.MonkeyPatch
):
    """A representation that tells evaluation ratings, of a sound partition."""
    raters = getattr(split_raters(data, SEED), half)[:1]

    def tell(
        data: DataSet,
        split: Split,
        partition: Partition,
        what: Representation,
        tell: ClusterContext,
    ) -> RaterContext:
        return represent(data, split, leaking(data, partition, raters), what, tell)

    monkeypatch.setattr(prepared, "represent", tell)
    message = f"target leakage.*rater '{data.table.raters.index[raters[0]]}' on instance "
    what = parse_representation("examples:max")
    with pytest.raises(DataError, match=message):
        fit_split(PreparedSplit.of(data, SEED), family_named("default"), what, 1).test_targets()


def test_a_rater_in_both_halves_is_caught(data: DataSet, monkeypatch: pytest.MonkeyPatch):
    def draw(data: DataSet, seed: int) -> Split:
        split = split_raters(data, seed)
        return replace(split, test=np.append(split.test, split.train[0]))

    monkeypatch.setattr(prepared, "split_raters", draw)
    with pytest.raises(DataError, match="is in both halves of the split of seed 0"):
        fit_split(
            PreparedSplit.of(data, SEED), family_named("default"), parse_representation("none"), 1
        )


def test_targets_are_the_evaluation_part_of_the_test_raters(data: DataSet):
    found = fit_split(
        PreparedSplit.of(data, SEED), family_named("default"), parse_representation("none"), 1
    )
    targets = found.test_targets()
    assert set(targets.raters) == set(found.prepared.split.test)
    chosen = data.table.positions()[targets.raters, targets.instances]
    np.testing.assert_array_equal(targets.ratings, chosen)
    rows = found.prepared.partition.evaluation
    assert len(targets) == np.isin(owners(data)[rows], found.prepared.split.test).sum()


def test_profiles_are_written_from_the_first_partition_alone():
    assert redrawable(parse_representation("measured+examples:4"))
    assert not redrawable(parse_representation("shuffled(cluster:2(profile:run.json))"))
