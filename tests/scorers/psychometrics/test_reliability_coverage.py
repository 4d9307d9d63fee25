"""Intervals of alpha and ICC in worlds like the recordings of Value Portrait."""

from collections.abc import Callable

import numpy as np
import pytest

from scorers.intervals.estimate import Estimate
from scorers.psychometrics.reliability import cronbach_alpha, intraclass_correlation
from tests.scorers.rated_worlds import MODELS, Models, recorded_cube, redrawn_queries

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("mirror")]
VALUES = ("Neuroticism", "Self-Direction", "Benevolence", "Hedonism", "Power", "Agreeableness")


def coverage(truth: float, found: list[Estimate], label: str) -> float:
    share = float(np.mean([one.low <= truth <= one.high for one in found]))
    error = np.sqrt(share * (1 - share) / len(found))
    print(f"{label}: truth {truth:.3f}, covered {share:.3f} ({error:.3f}) of {len(found)}")
    return share


def alpha_of_many(world: Models) -> float:
    """Alpha over the rows of so many models that chance has no say."""
    rng = np.random.default_rng(0)
    rows = np.concatenate([world.draw(2_000, rng) for _ in range(4)])
    return cronbach_alpha(rows.reshape(-1, rows.shape[2])).value


@pytest.mark.parametrize("value", VALUES)
def test_alpha_over_33_models_in_six_wordings(value: str, in_full: bool):
    """An interval that takes rows one by one covers 67 to 85%."""
    if not in_full and value != "Self-Direction":
        pytest.skip("takes minutes; `pytest -m slow` runs it")
    world, repeats = Models(value), 1_000 if in_full else 40
    models = np.repeat(np.arange(33), 6).tolist()
    rng = np.random.default_rng(1)
    found, alone = [], []
    for _ in range(repeats):
        rows = world.draw(33, rng).reshape(len(models), -1)
        found.append(cronbach_alpha(rows, models))
        alone.append(cronbach_alpha(rows))
    truth = alpha_of_many(world)
    share = coverage(truth, found, value)
    assert share >= 0.9 - 2 * np.sqrt(0.09 / repeats) * (not in_full)
    assert coverage(truth, alone, f"{value}, rows one by one") < share


@pytest.mark.parametrize("model", range(len(MODELS)))
@pytest.mark.parametrize("measure", [cronbach_alpha, intraclass_correlation])
def test_one_run_on_resampled_queries(measure: Callable[..., Estimate], model: int, in_full: bool):
    """The 104 queries as recorded are the truth, and 104 are drawn from them."""
    if not in_full and (model or measure is intraclass_correlation):
        pytest.skip("takes minutes; `pytest -m slow` runs it")
    repeats, rng = 400 if in_full else 20, np.random.default_rng(model)
    found = [measure(*redrawn_queries(model, rng)) for _ in range(repeats)]
    truth = measure(recorded_cube()[model].T).value
    share = coverage(truth, found, f"{measure.__name__}, {MODELS[model]}")
    assert share >= 0.9 - 2 * np.sqrt(0.09 / repeats)
