"""Coverage on simulated raters with planted values: a few worlds, and 200 behind `-m slow`."""

import numpy as np
import pytest

from scorers.predicted_values.model import ValueModel, fit_people
from scorers.predicted_values.simulated import RATERS, World, draw_world, simulate
from tests.scorers.predicted_values.worlds import small_world


@pytest.fixture(scope="module")
def model() -> ValueModel:
    return fit_people(small_world(np.random.default_rng(31), parts=6, items=20, people=40))


def test_a_world_is_as_large_as_asked(model: ValueModel):
    world = World(parts=3, items=10, people=12, asked=2)
    planted = np.zeros((5, 3))
    drawn = draw_world(world, model, planted, np.random.default_rng(0))
    assert [part.ratings.shape for part in drawn.parts] == [(12, 10)] * 3
    assert drawn.ratings.shape == (5, 30, 2)
    assert drawn.items == [item for part in drawn.parts for item in part.items]
    assert set(np.unique(drawn.ratings)) <= set(range(1, 7))


def test_intervals_hold_planted_values_in_a_few_worlds(model: ValueModel):
    found = simulate(World(parts=4, items=20, people=40, asked=3), model, worlds=25, seed=1)
    assert found.raters == RATERS
    assert 0.90 < found.covered.mean() < 0.99
    assert 0.90 < found.score_covered.mean() <= 1
    assert 0.88 < found.difference_covered.mean() <= 1
    assert np.abs(found.bias).max() < 0.25
    assert (found.correlations > 0.5).all()
    assert found.slopes.mean() == pytest.approx(1, abs=0.2)


def test_the_seed_decides(model: ValueModel):
    world = World(parts=2, items=10, people=20, asked=2)
    one, other, third = (simulate(world, model, worlds=2, seed=s) for s in (1, 1, 2))
    assert one.covered.tolist() == other.covered.tolist()
    assert one.bias.tolist() == other.bias.tolist() != third.bias.tolist()
