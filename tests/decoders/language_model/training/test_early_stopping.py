from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra: pip install '.[decoders]'")

from decoders.language_model.training.early_stopping import EVALUATIONS, BestAverage
from decoders.language_model.training.recipes import RECIPES
from decoders.language_model.training.training import train
from ratings.errors import DataError
from tests.decoders.language_model.training.test_batching import prompts

STEPS = 2 * EVALUATIONS


def model(value: float) -> torch.nn.Module:
    made = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(made.weight, value)
    return made


def weight(of: torch.nn.Module) -> float:
    return float(of.weight.detach())


def test_it_looks_at_an_average_and_the_model_keeps_its_weights():
    """Averaged over one step in twenty: here over each step alone but the first two."""
    seen: list[float] = []
    best = BestAverage(lambda found: seen.append(weight(found)) or -len(seen), STEPS)
    trained = model(0.0)
    for step in range(1, STEPS + 1):
        torch.nn.init.constant_(trained.weight, float(step))
        best.update(trained, step)
        assert weight(trained) == step
    assert len(seen) == EVALUATIONS
    share = 1 / (0.05 * STEPS)
    wanted, averages = 0.0, []
    for step in range(1, STEPS + 1):
        wanted += max(share, 1 / step) * (step - wanted)
        averages.append(wanted)
    assert seen == pytest.approx(averages[1::2], rel=1e-5)


def test_the_weights_of_the_least_loss_are_put_back():
    best = BestAverage(lambda found: abs(weight(found) - 5), STEPS)
    trained = model(0.0)
    for step in range(1, STEPS + 1):
        torch.nn.init.constant_(trained.weight, float(step))
        best.update(trained, step)
    best.restore(trained)
    assert abs(weight(trained) - 5) < 1


def test_it_resumes_from_a_state():
    def followed(found: BestAverage, steps: range) -> None:
        for step in steps:
            torch.nn.init.constant_(trained.weight, np.sin(step))
            found.update(trained, step)

    trained = model(0.0)
    whole, first, second = (BestAverage(lambda found: -weight(found), STEPS) for _ in range(3))
    followed(whole, range(1, STEPS + 1))
    followed(first, range(1, 10))
    second.load_state_dict(first.state_dict())
    followed(second, range(10, STEPS + 1))
    ends = []
    for one in (whole, second):
        one.restore(trained)
        ends.append(weight(trained))
    assert ends[0] == ends[1]


def test_without_whole_weights_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "decoders.language_model.training.training.way_of", lambda accelerator: "fsdp"
    )
    recipe = replace(RECIPES["tiny-llama"], batch=2)
    with pytest.raises(DataError, match="let it say 'calibrated_on: 0', or train without shards"):
        train(model(0.0), prompts([0, 1]), recipe, 0, held_out_loss=lambda found: 0.0)
