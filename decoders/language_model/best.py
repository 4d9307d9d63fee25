"""The weights of the moment at which raters left out of training were predicted best.

Few ratings an instance are learned by heart long before it is learned what other ratings tell;
where that begins to cost, raters who were left out show it.
"""

from collections.abc import Callable
from typing import Any

import torch

Judge = Callable[[Any], float]

LOOKS = 8


class Best:
    """Keeps the best weights of a training, and is saved with its states."""

    def __init__(self, judge: Judge, steps: int) -> None:
        """Look at the model at equal distances, the last time when it is trained.

        Args:
            judge: the loss of a model on raters left out.
            steps: of the training.
        """
        self._judge = judge
        self._moments = {round(steps * look / LOOKS) for look in range(1, LOOKS + 1)}
        self._loss, self._weights = float("inf"), dict[str, torch.Tensor]()

    def look(self, model: Any, step: int) -> None:  # noqa: ANN401 - a class of transformers
        """Keep the weights where it is time to look and none were better.

        Args:
            model: as it is after the step.
            step: from 1.
        """
        if step not in self._moments:
            return
        loss = self._judge(model)
        model.train()
        if loss < self._loss:
            self._loss = loss
            self._weights = {
                name: weights.detach().cpu().clone() for name, weights in model.state_dict().items()
            }

    def put_back(self, model: Any) -> None:  # noqa: ANN401 - a class of transformers
        """Give the model the weights that were kept."""
        if self._weights:
            model.load_state_dict(self._weights)

    def state_dict(self) -> dict[str, Any]:
        """What a state of the training keeps."""
        return {"loss": self._loss, "weights": self._weights}

    def load_state_dict(self, found: dict[str, Any]) -> None:
        """Go on from a state of the training."""
        self._loss, self._weights = found["loss"], found["weights"]
