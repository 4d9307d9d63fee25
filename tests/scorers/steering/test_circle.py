import numpy as np
import pytest

from ratings.instruments.dimensions import SCHWARTZ
from scorers.steering.changes import NO_ERRORS, Changes
from scorers.steering.circle import ONLY_NOISE, circle_agreement, cosines, distances
from tests.scorers.steering.tables import AROUND, drawn, shared_errors, table


def test_distances_go_around_the_circle():
    steps = distances(table(np.zeros((10, 10))))
    assert steps[0].tolist() == [0, 1, 2, 3, 4, 5, 4, 3, 2, 1]
    assert steps[SCHWARTZ.index("Self-Direction"), 0] == 1
    assert cosines(table(np.zeros((10, 10)))) == pytest.approx(AROUND)


def test_changes_that_follow_the_cosine_agree_perfectly_and_a_diagonal_in_part():
    assert circle_agreement(table(0.3 * AROUND - 0.1)).correlation == pytest.approx(1.0)
    assert circle_agreement(table(-AROUND)).correlation == pytest.approx(-1.0)
    diagonal = circle_agreement(table(np.eye(10))).correlation
    assert diagonal == pytest.approx(np.corrcoef(np.eye(10).ravel(), AROUND.ravel())[0, 1])


def test_errors_pull_the_correlation_down_and_are_taken_off():
    noise = shared_errors(0.3)
    found = [
        circle_agreement(table(drawn(0.4 * AROUND, noise, seed), noise)) for seed in range(200)
    ]
    assert np.mean([one.correlation for one in found]) < 0.75
    known = [one.without_noise["on"] for one in found if one.without_noise["on"].reason is None]
    assert len(known) > 180
    assert np.median([one.value for one in known]) > 0.97
    assert np.mean([one.high >= 1 - 1e-9 for one in known]) > 0.93


def test_errors_alone_have_no_agreement():
    noise = shared_errors(0.3)
    found = [
        circle_agreement(table(drawn(np.zeros((10, 10)), noise, seed), noise))
        for seed in range(100)
    ]
    undefined = [one.without_noise["on"].reason == ONLY_NOISE for one in found]
    assert np.mean(undefined) > 0.9


def test_printed_figures_have_a_correlation_alone():
    found = circle_agreement(table(AROUND))
    assert found.without_noise["on"].reason == NO_ERRORS
    assert np.isnan([found.p, found.by_chance]).all()


def test_the_p_value_is_the_share_of_chance_tables_that_agree_as_well():
    chance = np.stack([AROUND, -AROUND, np.eye(10), np.zeros((10, 10))])
    found = circle_agreement(table(0.5 * AROUND), chance)
    # the flat one has no agreement and counts as agreeing as well
    assert found.p == pytest.approx((1 + 2) / 5)
    assert found.by_chance == pytest.approx((1 - 1 + 0.447) / 3, abs=0.01)


def test_flat_changes_have_no_agreement():
    found = circle_agreement(table(np.zeros((10, 10)), 0 * shared_errors(1)), AROUND[None])
    assert np.isnan([found.correlation, found.p]).all()
    assert found.without_noise["beyond"].reason == ONLY_NOISE


def test_some_rows_are_enough():
    two = Changes(["Power", "Universalism"], SCHWARTZ, AROUND[[5, 0]])
    assert circle_agreement(two).correlation == pytest.approx(1.0)
