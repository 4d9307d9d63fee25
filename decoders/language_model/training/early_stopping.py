"""A running average of a training's weights, as it was when raters left out were predicted best.

With few ratings an instance the model overfits before it has learned to generalise, which raters
who were left out show. Single steps on few raters are noisy, and their average is not.
"""

from collections.abc import Callable
from typing import Any

import torch

HeldOutLoss = Callable[[Any], float]
Weights = dict[str, torch.Tensor]

EVALUATIONS = 12
_SHARE = 0.05  # of the steps, over which the average runs


class BestAverage:
    """Keeps the best average of the weights of a training, and is saved with its states."""

    def __init__(self, held_out_loss: HeldOutLoss, steps: int) -> None:
        """Evaluate the average at equal distances, the last time when the model is trained.

        Args:
            held_out_loss: the loss of a model on raters left out.
            steps: of the training.
        """
        self._held_out_loss = held_out_loss
        self._evaluated_at = {
            round(steps * number / EVALUATIONS) for number in range(1, EVALUATIONS + 1)
        }
        self._rate = 1 / max(1.0, _SHARE * steps)
        self._loss, self._average, self._best = float("inf"), Weights(), Weights()

    def update(self, model: Any, step: int) -> None:  # noqa: ANN401 - a class of transformers
        """Take the weights into the average; keep it when it is evaluated and none was better.

        Args:
            model: as it is after the step.
            step: from 1.
        """
        now = {name: weights.detach() for name, weights in model.state_dict().items()}
        if not self._average:
            self._average = {name: weights.clone() for name, weights in now.items()}
        for name, weights in now.items():
            self._average[name].lerp_(weights, max(self._rate, 1 / step))
        if step in self._evaluated_at:
            self._evaluate(model, {name: weights.clone() for name, weights in now.items()})

    def restore(self, model: Any) -> None:  # noqa: ANN401 - a class of transformers
        """Give the model the weights that were kept."""
        if self._best:
            model.load_state_dict(self._best)

    def state_dict(self) -> dict[str, Any]:
        """What a state of the training keeps."""
        return {"loss": self._loss, "average": self._average, "best": self._best}

    def load_state_dict(self, found: dict[str, Any]) -> None:
        """Resume from a state of the training."""
        self._loss, self._average, self._best = found["loss"], found["average"], found["best"]

    def _evaluate(self, model: Any, now: Weights) -> None:  # noqa: ANN401 - a class of transformers
        model.load_state_dict(self._average)
        loss = self._held_out_loss(model)
        model.load_state_dict(now)
        model.train()
        if loss < self._loss:
            self._loss = loss
            self._best = {name: weights.clone() for name, weights in self._average.items()}
