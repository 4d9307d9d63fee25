"""Baselines that call no model: they answer by a reply's letter and are scored by the same task."""

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from inspect_ai.model import ModelOutput
from inspect_ai.solver import Generate, Solver, TaskState, solver

from benchmarks._ask_distribution import LETTER
from benchmarks.prism._known import RATINGS
from benchmarks.prism._material import Material, Setup, load_material, material_of
from ratings.errors import DataError
from ratings.input.prompt_template import LETTERS
from ratings.preferences.turns import PreferenceTurn
from scorers.inspect_adapter.asking import user_errors
from scorers.inspect_adapter.decoded import ANSWERS

Predict = Callable[[Material, PreferenceTurn], int]


@solver(name="random_reply")
def random_reply() -> Solver:
    """Each reply of a turn with the same chance, drawn by the task's seed."""
    return _answering("random_reply", _at_random)


@solver(name="longest_reply")
def longest_reply() -> Solver:
    """The reply with most characters; of equals the one that is shown first."""
    return _answering(
        "longest_reply", lambda material, turn: int(np.argmax([len(t) for t in turn.texts]))
    )


@solver(name="best_model")
def best_model() -> Solver:
    """The reply of the model with the highest mean score in the training participants' first turns.

    A model that they never scored comes last; of two replies of one model the first is taken.
    """
    return _answering("best_model", _of_best_model)


@solver(name="own_favourite")
def own_favourite() -> Solver:
    """The reply of the model that the participant's own earlier replies give the highest mean.

    What counts as earlier is what `known=ratings` gives. Where none of the models shown was scored
    earlier, the reply of `best_model`.
    """
    return _answering("own_favourite", _of_favourite)


def _at_random(material: Material, turn: PreferenceTurn) -> int:
    digest = hashlib.sha256(f"{material.setup.seed}\0{turn.id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % len(turn.replies)


def _of_best_model(material: Material, turn: PreferenceTurn) -> int:
    means = _model_means(material.setup)
    return _highest([means.get(model, -np.inf) for model in turn.models])


def _of_favourite(material: Material, turn: PreferenceTurn) -> int:
    if RATINGS not in material.known.kinds:
        raise DataError(
            "own_favourite needs earlier ratings of the participant: add -T known=ratings"
        )
    rows = material.earlier.rows(turn.participant, turn.conversation, material.known.ratings)
    models, scores = (np.array(of) for of in material.earlier.models_and_scores(rows))
    seen = [scores[models == model] for model in turn.models]
    if not any(len(of) for of in seen):
        return _of_best_model(material, turn)
    return _highest([float(of.mean()) if len(of) else -np.inf for of in seen])


def _highest(values: Sequence[float]) -> int:
    return int(np.argmax(values))


@lru_cache(maxsize=4)
def _model_means(setup: Setup) -> dict[str, float]:
    """Mean score of each model over the first turns of the training participants."""
    material = load_material(setup)
    openers = material.prism.openers()
    openers = openers[openers["user_id"].isin(material.halves.train)]
    means = openers.groupby(openers["model_name"].astype(str))["score"].mean().dropna()
    return {str(model): float(mean) for model, mean in means.items()}


def _answering(name: str, predict: Predict) -> Solver:
    async def solve(state: TaskState, generate: Generate) -> TaskState:
        with user_errors(sample="sample"):
            material = material_of(state.metadata)
            text = LETTERS[predict(material, material.by_id[str(state.sample_id)])]
        state.output = ModelOutput.from_content(name, text)
        state.output.metadata = {ANSWERS: [{"way": LETTER, "text": text, "stop_reason": "stop"}]}
        state.completed = True
        return state

    return solve
