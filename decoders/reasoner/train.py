"""Training a reasoner and keeping it as a checkpoint."""

import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from transformers import PreTrainedTokenizerBase

from decoders.language_model.checkpoint import (
    ABOUT,
    STATEMENTS,
    About,
    Checkpoint,
    read_about,
    save_checkpoint,
)
from decoders.language_model.family import state_in
from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.prompts.prompts import Prompts
from decoders.language_model.prompts.wording import template_sha256
from decoders.language_model.scoring import log_probabilities
from decoders.language_model.temperature import fit_temperature
from decoders.language_model.training.processes import accelerator_here, way_of
from decoders.language_model.training.recipes import Recipe
from decoders.language_model.training.training import Watch, train
from decoders.reasoner.draw import TrainingSet, draw_training_set, require_not_held_out
from decoders.reasoner.encoder import StatementEncoder, tokenizer_texts
from decoders.reasoner.to_learn import to_learn
from decoders.reasoner.training_plan import TrainingPlan
from decoders.source_version import source_version
from ratings.arrays import IntArray
from ratings.errors import DataError
from ratings.output.atomic_write import write_whole
from ratings.survey.evaluation_sample import EvaluationSample, evaluation_sample
from ratings.survey.survey import Survey

# What training a folder holds; there from the first step on, so that another is recognised.
TRAINING = "training_set.json"


@dataclass(frozen=True, eq=False)
class Training:
    """What makes a reasoner what it is.

    Attributes:
        data: `official` or `sample`.
        survey: the people.
        plan: of the training set.
        recipe: of the model and its training.
        seed: of the people held out, the draws, the random weights and the order.
    """

    data: str
    survey: Survey
    plan: TrainingPlan
    recipe: Recipe
    seed: int

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data: two that differ are two trainings."""
        return {
            "data": self.data,
            "survey_sha256": self.survey.digest,
            "plan": asdict(self.plan),
            "recipe": asdict(self.recipe),
            "seed": self.seed,
            "code": [source_version("reasoner"), source_version("language_model")],
        }


def train_reasoner(
    training: Training, folder: Path, every: int = 200, watch: Watch | None = None
) -> About:
    """Train on a set drawn from the people who are not held out, and save a checkpoint.

    As many probes as share a person's demonstrations follow one prefix, as far as a step
    holds them. A training that was stopped resumes with the same arguments; one that is done is
    not made again. Several processes may do it together; the first of them alone writes.

    Args:
        training: what to train on and how.
        folder: of the checkpoint, and of the states of a training that is not done.
        every: steps between two states.
        watch: is called with every step.

    Returns:
        What is saved with the weights.

    Raises:
        DataError: when the folder holds another training, there are too few people, or a prompt
            is longer than the recipe's context.
    """
    require_own(folder, training)
    if (folder / ABOUT).is_file():
        return read_about(folder)
    started = time.perf_counter()
    accelerator = accelerator_here()
    accelerator.wait_for_everyone()  # all have looked into the folder
    work = _work(training)
    if accelerator.is_main_process:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / TRAINING, json.dumps(training.as_json(), indent=1, sort_keys=True))
    state = state_in(folder, every)
    model = make_model(work.recipe, work.tokenizer, training.seed)
    trained = train(model, work.prompts, work.recipe, training.seed, state=state, watch=watch)
    temperature = 1.0
    if work.known:
        columns, precision = work.recipe.columns, work.recipe.precision
        found = log_probabilities(trained.model, work.known, columns, precision)
        temperature = fit_temperature(found, work.known.chosen)
    effort = {
        "steps": len(trained.losses),
        "tokens": trained.tokens,
        "first_losses": list(trained.losses[:10]),
        "last_losses": list(trained.losses[-10:]),
        "processes": accelerator.num_processes,
        "way": way_of(accelerator),
        "seconds": round(time.perf_counter() - started, 1),
    }
    about = _about(training, work, temperature, effort)
    if accelerator.is_main_process:
        save_checkpoint(folder, Checkpoint(trained.model, work.tokenizer, about, trained.weights))
        state.clear()
    accelerator.wait_for_everyone()
    accelerator.end_training()
    return about


@dataclass(frozen=True, eq=False)
class _Work:
    """What is learned, and what is calibrated on, in the tokens of the model."""

    recipe: Recipe
    tokenizer: PreTrainedTokenizerBase
    drawn: TrainingSet
    prompts: Prompts
    known: Prompts | None


def _work(training: Training) -> _Work:
    survey, plan, seed = training.survey, training.plan, training.seed
    recipe = replace(training.recipe, share=plan.probes)
    sample = evaluation_sample(survey, seed)
    learned, left = _apart(sample, recipe.calibrated_on, seed)
    drawn = draw_training_set(survey, sample, plan, seed, learned)
    tokenizer = make_tokenizer(recipe, tokenizer_texts(survey.catalog, recipe))
    encoder = StatementEncoder(tokenizer, recipe)
    known = _to_calibrate(encoder, training, sample, left) if len(left) else None
    return _Work(recipe, tokenizer, drawn, to_learn(encoder, drawn, recipe.context), known)


def _about(training: Training, work: _Work, temperature: float, effort: dict[str, Any]) -> About:
    recipe, survey = work.recipe, training.survey
    return About(
        kind=STATEMENTS,
        recipe=recipe,
        template_sha256=template_sha256(recipe.answer, recipe.chat, STATEMENTS),
        data=training.data,
        data_sha256=survey.digest,
        card_revision=survey.catalog.card.revision,
        representation=training.plan.name,
        seed=training.seed,
        temperature=temperature,
        metrics={**_counts(work.drawn), **effort},
    )


def require_own(folder: Path, training: Training) -> None:
    """Refuse a folder that is neither new nor of this very training.

    Raises:
        DataError: when it holds anything else.
    """
    path, mine = folder / TRAINING, training.as_json()
    if not path.is_file():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise DataError(f"{folder} exists and does not hold a reasoner: name a new folder")
        return
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    differing = [
        name for name in mine if not isinstance(found, dict) or found.get(name) != mine[name]
    ]
    if differing:
        raise DataError(
            f"{folder} holds another training (its {', '.join(differing)} differ): name another "
            f"folder, or remove this one"
        )


def _apart(sample: EvaluationSample, share: float, seed: int) -> tuple[IntArray, IntArray]:
    """People to train on, and people to calibrate on."""
    order = np.random.default_rng([seed, 22]).permutation(sample.training)
    left = round(share * len(order))
    return np.sort(order[left:]), np.sort(order[:left])


def _to_calibrate(
    encoder: StatementEncoder, training: Training, sample: EvaluationSample, people: IntArray
) -> Prompts:
    """The same kinds of probes about people who were left out of training."""
    plan = training.plan.smallest()
    drawn = draw_training_set(training.survey, sample, plan, training.seed + 1, people)
    require_not_held_out(training.survey, drawn.person, sample)
    return to_learn(encoder, drawn, training.recipe.context)


def _counts(drawn: TrainingSet) -> dict[str, int]:
    return {"probes": len(drawn), "people": len(np.unique(drawn.person))}
