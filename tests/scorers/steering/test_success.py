import numpy as np
import pytest

from ratings.errors import UnknownNameError
from ratings.instruments.dimensions import SCHWARTZ
from scorers.steering.changes import NO_ERRORS, Changes
from scorers.steering.success import on_target
from tests.scorers.steering.tables import drawn, shared_errors, table


def test_a_diagonal_table_rises_on_every_target_and_most_there():
    found = on_target(table(np.eye(10), shared_errors(0.1)), "on")
    assert all(one.rises and one.is_largest and one.surely_largest for one in found)
    assert [one.change.value for one in found] == [1.0] * 10
    assert found[0].lead == 1.0
    assert found[0].change.low == pytest.approx(1 - 1.984 * 0.1, abs=1e-3)


def test_a_score_that_rises_more_than_the_target_is_named():
    values = np.eye(10)
    values[1, 4] = 1.08
    one = on_target(table(values, shared_errors(0.1)), "on")[1]
    assert one.rises
    assert not one.is_largest
    assert not one.surely_largest
    assert (one.largest, one.lead) == ("Security", pytest.approx(-0.08))


def test_a_fall_is_no_rise_however_sure():
    assert not any(one.rises for one in on_target(table(-np.eye(10), shared_errors(0.01)), "on"))


def test_unsteered_models_are_seldom_taken_for_steered_ones():
    noise = shared_errors(0.2)
    found = [
        on_target(table(drawn(np.zeros((10, 10)), noise, seed), noise), "on") for seed in range(200)
    ]
    rises, leads = (
        np.array([[getattr(one, what) for one in each] for each in found])
        for what in ("rises", "surely_largest")
    )
    # Holm's correction keeps the chance of any at 5%, of which half are falls
    assert rises.any(axis=1).mean() < 0.05
    assert leads.any(axis=1).mean() < 0.05


def test_printed_figures_are_ranked_and_not_tested():
    values = np.eye(10)
    found = on_target(table(values), "on")
    assert all(one.is_largest and not one.rises for one in found)
    assert np.isnan([(one.p, one.p_lead) for one in found]).all()
    assert found[0].change.reason == NO_ERRORS


def test_a_target_that_rises_as_much_as_another_is_the_largest():
    values = np.zeros((10, 10))
    assert all(one.is_largest for one in on_target(table(values), "on"))


def test_some_of_the_values_may_be_steered_towards():
    changes = Changes(["Power", "Universalism"], SCHWARTZ, np.eye(10)[[5, 0]])
    assert [one.is_largest for one in on_target(changes, "on")] == [True, True]
    assert changes.mean("on", changes.on_target).value == 1.0


def test_a_row_that_is_steered_elsewhere_is_refused():
    with pytest.raises(UnknownNameError, match=r"unknown score to steer towards 'Powr'.*: Power"):
        Changes(["Powr"], SCHWARTZ, np.zeros((1, 10)))
