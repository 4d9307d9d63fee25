import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ratings.data_sets.published.planted import KINDS, STANCES, Planted, load_planted, plant
from ratings.data_sets.registry import read_counts
from ratings.errors import UnknownNameError
from ratings.sources.cards import load_card


@pytest.fixture(scope="module")
def many() -> Planted:
    """Enough raters of every statement to see the distributions in the shares."""
    return plant(raters=4000, ratings=60, seed=7)


def found_at(planted: Planted) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    frame = planted.data.table.ratings
    return (
        frame["rater"].cat.codes.to_numpy().astype(np.intp),
        frame["instance"].cat.codes.to_numpy().astype(np.intp),
        frame["rating"].to_numpy() - 1,
    )


def test_counts_are_those_of_the_card():
    data = load_planted()
    counts = read_counts(data)
    assert {name: counts[name] for name in load_card("planted").counts} == load_card(
        "planted"
    ).counts
    assert (data.table.ratings["rater"].value_counts() == 24).all()
    assert data.synthetic


def test_distributions_sum_to_one_and_do_not_depend_on_the_seed(many: Planted):
    assert many.given.shape == (60, 3, 5)
    np.testing.assert_allclose(many.given.sum(axis=2), 1)
    np.testing.assert_array_equal(many.given, plant(raters=8, seed=1).given)


def test_shares_drawn_match_the_probabilities(many: Planted):
    """Within each statement and stance chi-square is as it is under the distribution."""
    rater, instance, choice = found_at(many)
    values = list(many.data.measured["stances"])
    value = many.data.table.instances["value"].map(values.index).to_numpy()
    stance = many.stances[rater, value[instance]] + 1
    cell = instance * 3 + stance
    counts = np.bincount(cell * 5 + choice, minlength=900).reshape(180, 5)
    expected = many.given.reshape(180, 5) * counts.sum(axis=1, keepdims=True)
    statistic = ((counts - expected) ** 2 / expected).sum(axis=1)
    p_values = stats.chi2.sf(statistic, 4)
    assert stats.kstest(p_values, "uniform").pvalue > 0.001


@pytest.mark.parametrize("kind", KINDS)
def test_shares_match_given_each_kind(many: Planted, kind: str):
    """On average over raters each choice is chosen as often as it should be."""
    rater, instance, choice = found_at(many)
    probabilities = many.probabilities(kind, rater, instance)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    chosen = np.eye(5)[choice]
    # raters' stances are shared by all of their ratings, so errors are taken between raters
    by_rater = (
        np.stack([np.bincount(rater, (chosen - probabilities)[:, k]) for k in range(5)], axis=1)
        / 60
    )
    error = stats.sem(by_rater)
    assert (np.abs(by_rater.mean(axis=0)) < 4 * error).all()


@pytest.mark.parametrize("kind", KINDS)
def test_information_by_enumeration_is_that_of_the_ratings_drawn(many: Planted, kind: str):
    rater, instance, choice = found_at(many)
    rows = np.arange(len(choice))
    informed = np.log(many.probabilities(kind, rater, instance)[rows, choice])
    none = np.log(many.probabilities("none", rater, instance)[rows, choice])
    by_rater = np.bincount(rater, informed - none) / 60
    assert abs(by_rater.mean() - many.information(kind)) <= 4 * stats.sem(by_rater)
    assert (many.information(kind) > 0) == (kind != "none")


def test_a_fuller_description_carries_more_information(many: Planted):
    information = {kind: many.information(kind) for kind in KINDS}
    assert 0 == information["none"] < information["demographics"] < information["measured"]
    assert information["measured"] == information["groundtruth"] < np.log(5)


@pytest.mark.parametrize("kind", KINDS)
def test_without_strength_no_description_carries_information(kind: str):
    planted = plant(raters=20, strength=0.0)
    assert planted.information(kind) == pytest.approx(0, abs=1e-12)
    rater, instance, _ = found_at(planted)
    np.testing.assert_allclose(
        planted.probabilities(kind, rater, instance),
        planted.probabilities("none", rater, instance),
    )


def test_information_grows_with_strength():
    found = [plant(raters=8, strength=s).information("measured") for s in (0, 0.5, 1, 2, 4)]
    assert found == sorted(found)


def test_what_is_written_of_a_rater_is_what_was_planted(many: Planted):
    raters = many.data.table.raters
    np.testing.assert_array_equal(raters[list(many.data.measured["stances"])], many.stances)
    assert set(np.unique(many.stances)) == set(STANCES)
    dear = np.stack([raters["profile"].str.contains(f"Holds {v} dear") for v in VALUES], axis=1)
    np.testing.assert_array_equal(dear, many.stances == 1)
    assert raters["profile"].str.count(r"\.").eq(len(VALUES)).all()


VALUES = list(plant(raters=8).data.measured["stances"])


def test_regions_differ_in_what_they_hold_dear_as_planted(many: Planted):
    dear = pd.DataFrame(many.stances == 1).groupby(many.data.table.raters["region"].to_numpy())
    shares, sizes = dear.mean().to_numpy(), dear.size().to_numpy()[:, None]
    expected = np.where((np.arange(2)[:, None] + np.arange(6)) % 2 == 0, 0.5, 0.15)
    error = np.sqrt(expected * (1 - expected) / sizes)
    assert (np.abs(shares - expected) < 4 * error).all()


def test_the_same_seed_plants_the_same_and_another_something_else():
    one, two, other = (plant(raters=30, seed=seed).data.table.positions() for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()


def test_an_unknown_kind_names_the_nearest(many: Planted):
    nobody = np.array([0])
    with pytest.raises(UnknownNameError) as caught:
        many.probabilities("measure", nobody, nobody)
    assert (caught.value.name, caught.value.allowed[0]) == ("measure", "measured")
