import numpy as np
import pytest

from scorers.steering.changes import NO_ERRORS
from scorers.steering.spill_over import NOT_RISEN, spill_over
from tests.scorers.steering.tables import AROUND, drawn, shared_errors, table


def test_without_errors_the_figures_are_plain():
    found = spill_over(table(np.eye(10) + 0.1), "on")
    assert found.mean_target.value == pytest.approx(1.1)
    assert found.mean_absolute == pytest.approx(0.1)
    assert found.relative == pytest.approx(0.1 / 1.1)
    assert np.isnan(found.noise)
    assert found.root_mean_square.reason == NO_ERRORS


def test_of_certain_changes_the_root_mean_square_is_theirs():
    found = spill_over(table(AROUND, 0 * shared_errors(1)), "beyond")
    off = AROUND[~np.eye(10, dtype=bool)]
    size = np.sqrt((off**2).mean())
    assert found.root_mean_square.value == pytest.approx(size)
    assert found.root_mean_square.low == pytest.approx(size)
    assert found.relative_without_noise.value == pytest.approx(size)
    assert found.noise == 0


def test_a_diagonal_table_spills_no_more_than_noise():
    noise = shared_errors(0.2)
    found = [spill_over(table(drawn(np.eye(10), noise, seed), noise), "on") for seed in range(200)]
    assert np.mean([one.mean_absolute for one in found]) == pytest.approx(
        np.mean([one.noise for one in found]), rel=0.03
    )
    assert np.mean([one.root_mean_square.low == 0 for one in found]) > 0.93
    assert np.mean([one.relative_without_noise.low == 0 for one in found]) > 0.93


@pytest.mark.parametrize("size", [0.1, 0.3])
def test_intervals_cover(size: float):
    noise, true = shared_errors(size), 0.5 * AROUND
    off = true[~np.eye(10, dtype=bool)]
    spill = np.sqrt((off**2).mean())
    found = [spill_over(table(drawn(true, noise, seed), noise), "on") for seed in range(300)]
    for name, truth in (("root_mean_square", spill), ("relative_without_noise", spill / 0.5)):
        estimates = [getattr(one, name) for one in found]
        covered = np.mean([one.low <= truth <= one.high for one in estimates])
        assert covered > 0.91, name


def test_where_the_targets_do_not_rise_nothing_is_set_against_them():
    noise = shared_errors(0.2)
    found = spill_over(table(drawn(np.zeros((10, 10)), noise, 0), noise), "on")
    assert found.relative_without_noise.reason == NOT_RISEN
    assert np.isnan(found.relative)
    assert np.isnan(spill_over(table(-np.eye(10)), "on").relative)
