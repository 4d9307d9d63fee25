from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from decoders.families import FAMILIES, family_named
from decoders.fit_split import SplitFit, fit_split
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.instances import Instances, instances_of
from ratings.data_sets.published.planted import plant
from ratings.errors import UnknownNameError
from ratings.prepared import PreparedSplit
from ratings.representations.names import parse_representation
from ratings.representations.rater_context import Episode, Targets, no_context
from ratings.splits import split_raters
from ratings.table import RatingTable
from scorers.information.v_information import check_probabilities, log_losses
from tests.decoders.made_data import made

SEED = 0
EVERYTHING = "measured+demographics+groundtruth+examples:max"
MIXED = tuple(range(2, 11)) * 7


def fitted(data: DataSet, name: str, partitions: int = 1) -> SplitFit:
    return fit_split(
        PreparedSplit.of(data, SEED),
        family_named("default"),
        parse_representation(name),
        partitions,
    )


def everywhere(found: SplitFit) -> np.ndarray:
    """Distributions of every rater on every instance, R x I x K."""
    raters, instances = (
        len(found.prepared.data.table.raters),
        len(found.prepared.data.table.instances),
    )
    rows = np.repeat(np.arange(raters), instances)
    out = found.predict(rows, np.tile(np.arange(instances), raters))
    return out.reshape(raters, instances, -1)


def with_table(data: DataSet, **parts) -> DataSet:
    """The data set with other positions, raters, instances or choices."""
    table = data.table
    given = {
        "raters": table.raters,
        "instances": table.instances,
        "choices": table.choices,
        **{name: part for name, part in parts.items() if name != "positions"},
    }
    positions = parts.get("positions", table.positions())
    return replace(data, table=RatingTable.from_positions(positions, **given))


def require_distributions(found: np.ndarray, counts: np.ndarray) -> None:
    check_probabilities(found)
    beyond = np.arange(found.shape[2]) >= counts[:, None]
    assert not found[:, beyond].any()
    assert (found[:, ~beyond] > 0).all()


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("name", ["none", EVERYTHING])
def test_distributions_over_mixed_numbers_of_choices(ordered: bool, name: str):
    """Two to ten choices, raters with four to all 63 ratings."""
    data = made(MIXED, raters=40, ratings=(4, 10, 63), ordered=ordered)
    require_distributions(everywhere(fitted(data, name)), data.table.choice_counts())


@pytest.mark.parametrize("count", [2, 3, 10])
@pytest.mark.parametrize("ordered", [True, False])
def test_distributions_over_one_number_of_choices(count: int, ordered: bool):
    data = made((count,) * 20, raters=40, ordered=ordered)
    require_distributions(everywhere(fitted(data, EVERYTHING)), data.table.choice_counts())


@pytest.mark.parametrize("name", ["none", EVERYTHING, "examples:1"])
def test_instances_that_nobody_rated_in_training_are_predicted(name: str):
    """Some rated by test raters only, some by nobody; some without a text."""
    data = made((4,) * 30, raters=40, ratings=(14,))
    train = split_raters(data, SEED).train
    positions = data.table.positions().copy()
    positions[np.ix_(train, np.arange(20, 25))] = 0
    positions[:, 25:] = 0
    instances = data.table.instances.copy()
    instances.iloc[[0, 20, 25], 0] = ["", None, " "]
    other = with_table(data, positions=positions, instances=instances)
    found = everywhere(fitted(other.with_at_least(4), name))
    require_distributions(found, data.table.choice_counts())


def test_texts_that_are_all_missing_are_no_obstacle():
    data = made((3,) * 20, raters=40)
    other = with_table(data, instances=data.table.instances.assign(text=""))
    require_distributions(everywhere(fitted(other, EVERYTHING)), data.table.choice_counts())


def test_test_raters_of_whom_less_or_something_new_is_known_are_predicted():
    data = made((4,) * 20, raters=40)
    test = split_raters(data, SEED).test
    raters = data.table.raters.copy()
    raters.loc[raters.index[test], "trait"] = np.nan
    raters.loc[raters.index[test[::2]], "other"] = np.nan
    raters.loc[raters.index[test], "side"] = ["unheard of", None] * (len(test) // 2)
    raters.loc[raters.index[test], "about"] = ["speaks in zebras", None] * (len(test) // 2)
    found = everywhere(fitted(with_table(data, raters=raters), EVERYTHING))
    require_distributions(found, data.table.choice_counts())


def test_columns_that_everybody_lacks_or_shares_are_no_obstacle():
    data = made((4,) * 20, raters=40)
    raters = data.table.raters.assign(trait=np.nan, other=1.0, side=None, about="same")
    other = with_table(data, raters=raters)
    found = fitted(other, "measured+demographics+groundtruth")
    none = everywhere(fitted(other, "none"))
    np.testing.assert_allclose(everywhere(found), none, atol=0.05)


def test_names_of_choices_do_not_matter():
    data = made(MIXED, raters=40)
    names = [[f"{label}!" for label in labels] for labels in data.table.choices]
    one, other = (fitted(d, EVERYTHING) for d in (data, with_table(data, choices=names)))
    np.testing.assert_array_equal(everywhere(one), everywhere(other))


@pytest.mark.parametrize("name", ["none", "examples:max", EVERYTHING])
def test_reversed_choices_give_mirrored_distributions(name: str):
    data = made((5,) * 20, raters=60)
    positions = data.table.positions()
    other = with_table(data, positions=np.where(positions > 0, 6 - positions, 0).astype(np.int8))
    one, two = everywhere(fitted(data, name)), everywhere(fitted(other, name))
    np.testing.assert_allclose(two[:, :, ::-1], one, atol=1e-6)


@pytest.mark.parametrize("name", ["none", "examples:max", EVERYTHING])
def test_choices_without_order_may_stand_in_any_order(name: str):
    data = made((4,) * 20, raters=60, ordered=False)
    order = np.array([2, 0, 3, 1])  # where each choice goes
    positions = data.table.positions()
    moved = np.where(positions > 0, 1 + order[positions - 1], 0).astype(np.int8)
    one, two = (
        everywhere(fitted(found, name)) for found in (data, with_table(data, positions=moved))
    )
    np.testing.assert_allclose(two[:, :, order], one, atol=1e-6)


def test_the_same_seed_fits_the_same_bitwise_and_what_is_kept_does_not_matter():
    """One family fits several representations in turn; another one starts with the last."""
    data = made((4,) * 20, raters=40)
    family = family_named("default")
    found = [
        everywhere(fit_split(PreparedSplit.of(data, SEED), family, parse_representation(name), 2))
        for name in ("none", "measured", "examples:max", "measured")
    ]
    alone = everywhere(fitted(data, "measured", 2))
    np.testing.assert_array_equal(found[1], found[3])
    np.testing.assert_array_equal(found[1], alone)
    assert (found[1] != found[2]).any()


def test_a_rater_is_predicted_the_same_whoever_else_is_asked_about():
    data = made((4,) * 20, raters=40)
    found = fitted(data, EVERYTHING)
    whole = everywhere(found)
    some = found.given.take([7, 3])
    rows, instances = np.repeat([0, 1], 20), np.tile(np.arange(20), 2)
    alone = found.decoder.predict_proba(some, rows, instances).reshape(2, 20, -1)
    np.testing.assert_allclose(alone, whole[[7, 3]], atol=1e-12)


@cache
def lost() -> Callable[[str], float]:
    """Mean loss on planted raters given what is named, in nats."""
    data, family = plant(raters=240, ratings=30, strength=3.0, seed=1).data, family_named("default")

    @cache
    def of(name: str) -> float:
        found = fit_split(PreparedSplit.of(data, SEED), family, parse_representation(name), 2)
        targets = found.test_targets()
        shares = found.predict(targets.raters, targets.instances)
        return float(log_losses(shares, targets.ratings).mean())

    return of


def test_more_examples_carry_more_information():
    lose = lost()
    losses = [lose(name) for name in ("none", "examples:1", "examples:4", "examples:max")]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] - losses[3] > 0.1


@pytest.mark.parametrize("name", ["measured", "examples:max", "groundtruth"])
def test_what_is_given_about_somebody_else_carries_next_to_no_information(name: str):
    lose = lost()
    assert lose("none") - lose(name) > 0.1
    assert abs(lose("none") - lose(f"shuffled({name})")) < 0.01


def test_one_instance_gets_the_shares_of_the_training_raters():
    """With nothing given the loss is the entropy of the labels, where shares are the same."""
    choices = np.repeat([1, 2, 3], [50, 30, 20])
    rows = np.random.default_rng(0).permutation(100)
    frame = pd.DataFrame({"text": ["Is it?"]}, index=["q"])
    names = [f"r{r}" for r in range(100)]
    table = RatingTable.from_positions(
        choices[rows, None].astype(np.int8),
        raters=pd.DataFrame(index=names),
        instances=frame,
        choices=("no", "unsure", "yes"),
    )
    instances = instances_of(DataSet("one", table, task="Answer.", ordered=True))
    targets = Targets(np.arange(100), np.zeros(100, dtype=np.intp), choices[rows].astype(np.intp))
    decoder = family_named("default").fit(instances, [Episode(no_context(names), targets)], SEED)
    nobody = no_context(["new"])
    found = decoder.predict_proba(nobody, np.zeros(1, np.intp), np.zeros(1, np.intp))[0]
    np.testing.assert_allclose(found, [0.5, 0.3, 0.2], atol=1e-3)
    loss = -np.log(found) @ [0.5, 0.3, 0.2]
    entropy = -np.log([0.5, 0.3, 0.2]) @ [0.5, 0.3, 0.2]
    assert loss == pytest.approx(entropy, abs=1e-5)


def test_a_fit_says_what_it_cost():
    data = made((4,) * 20, raters=40)
    one, two = fitted(data, "measured", 1).decoder.cost, fitted(data, "measured", 2).decoder.cost
    assert one.seconds > 0
    assert one.parameters > 20
    assert two.ratings > one.ratings > 0


def test_instances_know_no_rating():
    """What a family is given of the instances cannot hold one."""
    data = made((4,) * 20, raters=40)
    assert set(vars(instances_of(data))) == set(Instances.__dataclass_fields__)
    positions = data.table.positions()
    other = with_table(data, positions=np.where(positions > 0, 5 - positions, 0).astype(np.int8))
    one, two = instances_of(data), instances_of(other)
    for name in ("names", "texts", "choices", "ordered", "task"):
        assert getattr(one, name) == getattr(two, name)


def test_an_unknown_family_names_the_known():
    with pytest.raises(UnknownNameError) as caught:
        family_named("defualt")
    assert (caught.value.name, caught.value.allowed[0]) == ("defualt", "default")
    assert all(family_named(name).name == name for name in FAMILIES)
