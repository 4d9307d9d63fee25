"""Language models behind the protocol of all families: fitted on some raters, asked of others."""

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from transformers import PreTrainedTokenizerBase

from decoders.family import Cost
from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.prompts.encoder import Encoder
from decoders.language_model.prompts.prompts import Prompts
from decoders.language_model.prompts.wording import CUE, listed
from decoders.language_model.scoring import log_probabilities, probabilities
from decoders.language_model.temperature import fit_temperature, label_loss
from decoders.language_model.training.recipes import Recipe
from decoders.language_model.training.training import Watch, train
from decoders.language_model.training.training_state import TrainingState
from decoders.source_version import source_version
from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.instances import Instances
from ratings.input.prompt_template import LETTERS
from ratings.representations.rater_context import Episode, RaterContext, Targets

_MOST_CALIBRATED = 4


@dataclass(frozen=True, eq=False)
class LanguageModelDecoder:
    """A language model that predicts ratings.

    Attributes:
        recipe: that it was made by.
        model: causal language model.
        tokenizer: its.
        encoder: of the instances at hand.
        temperature: its log-probabilities are divided by.
        losses: of the steps of training, in nats a label token.
        cost: of the fit.
        tokens: that went through the model in training.
        weights: of a model that lies in shards, whole on the main process; None where it is whole.
    """

    recipe: Recipe
    model: Any
    tokenizer: PreTrainedTokenizerBase
    encoder: Encoder
    temperature: float
    losses: tuple[float, ...]
    cost: Cost
    tokens: int
    weights: dict[str, Any] | None = None

    def predict_proba(
        self, given: RaterContext, raters: IntArray, instances: IntArray
    ) -> FloatArray:
        """The distribution of each of N ratings over the choices, N x K; see `Decoder`."""
        prompts = self.encoder.to_predict(given, raters, instances)
        found = log_probabilities(self.model, prompts, self.recipe.columns, self.recipe.precision)
        shares = probabilities(found, self.temperature)
        out = np.zeros((len(shares), self.encoder.most_choices))
        out[:, : shares.shape[1]] = shares
        return out


class LanguageModelFamily:
    """Causal language models that are trained by one recipe."""

    def __init__(
        self,
        recipe: Recipe,
        state: TrainingState | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Nothing is loaded before the first fit.

        Args:
            recipe: how models are trained.
            state: from which a stopped training is resumed.
            watch: is called with every step.
        """
        digest = hashlib.sha256(json.dumps(asdict(recipe), sort_keys=True).encode()).hexdigest()
        self.recipe, self.name, self.partitions = recipe, recipe.name, recipe.partitions
        self.version = f"{source_version('language_model')}-{digest[:8]}"
        self.calibration = _calibration(recipe)
        self._state, self._watch, self._fits = state, watch, 0

    def fit(
        self, instances: Instances, training: Sequence[Episode], seed: int
    ) -> LanguageModelDecoder:
        """Fit to the targets of training raters; see `Family`."""
        started = time.perf_counter()
        recipe = self.recipe
        texts = [*learned_texts(instances, recipe), *_context_texts(training[0].given)]
        tokenizer = make_tokenizer(recipe, texts)
        encoder = Encoder(tokenizer, instances, recipe)
        learned, calibrated = _apart(training, recipe.calibrated_on, seed)
        model = make_model(recipe, tokenizer, seed)
        self._fits += 1  # clusters are found by a fit of their own, before
        state = self._state.part(f"fit-{self._fits}") if self._state else None
        known = encoder.to_learn(calibrated) if calibrated else None

        def held_out_loss(found: Any) -> float:  # noqa: ANN401 - a class of transformers
            assert known is not None
            return label_loss(_log_probabilities(found, known, recipe), known.chosen)

        trained = train(
            model,
            encoder.to_learn(learned),
            recipe,
            seed,
            state=state,
            watch=self._watch,
            held_out_loss=held_out_loss if known else None,
        )
        temperature = 1.0
        if known:
            found = _log_probabilities(trained.model, known, recipe)
            temperature = fit_temperature(found, known.chosen)
        cost = Cost(
            seconds=time.perf_counter() - started,
            parameters=sum(w.numel() for w in trained.model.parameters() if w.requires_grad),
            ratings=sum(len(episode.targets) for episode in learned) * recipe.epochs,
        )
        return LanguageModelDecoder(
            recipe,
            trained.model,
            tokenizer,
            encoder,
            temperature,
            trained.losses,
            cost,
            trained.tokens,
            trained.weights,
        )


def _log_probabilities(
    model: Any,  # noqa: ANN401 - a class of transformers
    prompts: Prompts,
    recipe: Recipe,
) -> FloatArray:
    return log_probabilities(model, prompts, recipe.columns, recipe.precision)


def _calibration(recipe: Recipe) -> str:
    if recipe.calibrated_on:
        return (
            f"{recipe.calibrated_on:.0%} of the training raters are left out of training; the "
            f"weights that predict them best are kept, and one temperature is fitted on them"
        )
    return "nothing is added to the model's own probabilities"


def learned_texts(instances: Instances, recipe: Recipe) -> list[str]:
    """What a tiny model's tokenizer learns from: texts, choices and the wording around them."""
    choices = [listed(one, recipe.answer) for one in dict.fromkeys(instances.choices)]
    letters = [f"{CUE} {letter}\n" for letter in LETTERS[: instances.most_choices]]
    return [instances.task, *choices, *instances.texts, *letters * len(instances)]


def _context_texts(given: RaterContext) -> list[str]:
    """What training raters are described by, in words."""
    words = [*given.labels.to_numpy(dtype=object).ravel(), *given.texts.to_numpy().ravel()]
    return [word for word in words if isinstance(word, str)]


def _apart(
    training: Sequence[Episode], share: float, seed: int
) -> tuple[list[Episode], list[Episode]]:
    """Episodes of the raters to train on, and some of those to calibrate on."""
    raters = len(training[0].given)
    left = np.zeros(raters, dtype=bool)
    order = np.random.default_rng([seed, 12]).permutation(raters)
    left[order[: round(share * raters)]] = True
    learned = [_of(episode, ~left) for episode in training]
    if not left.any():
        return learned, []
    return learned, [_of(episode, left) for episode in training[:_MOST_CALIBRATED]]


def _of(episode: Episode, raters: npt.NDArray[np.bool_]) -> Episode:
    targets = episode.targets
    rows = raters[targets.raters]
    kept = Targets(targets.raters[rows], targets.instances[rows], targets.ratings[rows])
    return Episode(episode.given, kept)


def state_in(folder: Path, every: int) -> TrainingState:
    """Where the training of a checkpoint keeps its states."""
    return TrainingState(folder / "training", every)
