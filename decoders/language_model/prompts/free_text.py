"""Predicting what raters write: a text is the one label of its rating, token by token.

Source: Value Profiles, appendix C.3.
"""

from dataclasses import dataclass

import numpy as np
from transformers import PreTrainedTokenizerBase

from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.prompts.encoder import chat_ends, require_context
from decoders.language_model.prompts.prompts import Labels, Prompts, Tokens
from decoders.language_model.prompts.wording import BETWEEN
from decoders.language_model.scoring import log_probabilities
from decoders.language_model.tokenizer import tokens_of, without_middle
from decoders.language_model.training.recipes import Recipe
from decoders.language_model.training.training import Watch, train
from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.instances import instances_of
from ratings.data_sets.text_set import TextSet
from ratings.prepared import PreparedSplit
from ratings.representations.names import Representation
from ratings.representations.rater_context import Episode, RaterContext
from ratings.representations.render import render_rater
from ratings.splits import Split

TEXT_CUE = "\nText:"
TEXTS_HEAD = "Other texts by the same rater:"


@dataclass(frozen=True, eq=False)
class TextFit:
    """How a model that was trained on half of the raters predicts the texts of the others.

    Attributes:
        representation: what it was given.
        raters: N indices of the writers.
        instances: N.
        losses: N, of whole texts, in nats.
        tokens: N, with the line break that ends a text.
        trained: losses of the steps of training.
    """

    representation: Representation
    raters: IntArray
    instances: IntArray
    losses: FloatArray
    tokens: IntArray
    trained: tuple[float, ...]


class TextEncoder:
    """Writes prompts about texts in the tokens of one model."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, found: TextSet, recipe: Recipe) -> None:
        """Read all texts."""
        self._tokenizer, self._recipe, self._found = tokenizer, recipe, found
        self._instances = instances_of(found.data)
        opening, closing = chat_ends(tokenizer, recipe)
        self._opening = np.concatenate([opening, self._tokens(self._instances.task)])
        questions = [
            without_middle(self._tokens(text), recipe.instance_tokens)
            for text in self._instances.texts
        ]
        cue, between = self._tokens(TEXT_CUE), self._tokens(BETWEEN)
        self._asked = [np.concatenate([question, cue]) for question in questions]
        self._suffixes = [np.concatenate([between, one, closing]) for one in self._asked]
        self._positions = {str(name): n for n, name in enumerate(found.data.table.raters.index)}
        self._labels = {key: self._tokens(f" {text}\n") for key, text in found.texts.items()}

    def prompts(self, episode: Episode, writers: IntArray) -> Prompts:
        """Texts to predict.

        Args:
            episode: which texts, with what is given of their writers.
            writers: positions of the episode's raters in the data set.

        Raises:
            DataError: for a prompt longer than the context.
        """
        given, targets = episode.given, episode.targets
        asked, prefix_of = np.unique(targets.raters, return_inverse=True)
        keys = list(zip(writers[targets.raters].tolist(), targets.instances.tolist(), strict=True))
        names = self._instances.names
        found = Prompts(
            prefixes=[self._prefix(given, int(rater)) for rater in asked],
            suffixes=self._suffixes,
            labels=[Labels((self._labels[key],)) for key in keys],
            prefix_of=prefix_of.astype(np.intp),
            suffix_of=targets.instances,
            labels_of=np.arange(len(targets), dtype=np.intp),
            chosen=np.zeros(len(targets), dtype=np.intp),
            names=[
                f"rater {given.raters[rater]!r} on {names[instance]!r}"
                for rater, instance in zip(targets.raters, targets.instances, strict=True)
            ],
        )
        require_context(found, self._recipe.context)
        return found

    def _prefix(self, given: RaterContext, rater: int) -> Tokens:
        descriptions = self._instances.descriptions
        said = render_rater(given, rater, self._instances, descriptions, examples=False)
        parts = [self._opening] + ([self._tokens(BETWEEN + said)] if said else [])
        known = given.instances[given.starts[rater] : given.starts[rater + 1]]
        if len(known):
            parts.append(self._tokens(f"{BETWEEN}{TEXTS_HEAD}\n"))
        giver = self._positions[given.givers[rater]]  # another rater where shuffled
        for instance in known:
            parts += [self._asked[instance], self._labels[giver, int(instance)]]
        return np.concatenate(parts)

    def _tokens(self, text: str) -> Tokens:
        return tokens_of(self._tokenizer, text)


def fit_texts(
    found: TextSet,
    recipe: Recipe,
    representation: Representation,
    seed: int,
    watch: Watch | None = None,
) -> TextFit:
    """Train on the texts of half of the raters, and predict those of the other half.

    Split and partitions are those of ratings. No temperature is fitted, and a tiny model's
    tokenizer learns from training raters' texts alone.

    Args:
        found: raters with at least four texts.
        recipe: how the model is trained.
        representation: what is given; clusters cannot be.
        seed: of split, partitions and training.
        watch: is called with every step.

    Raises:
        DataError: when the data set lacks what is to be given, or something leaks.
    """
    prepared = PreparedSplit.of(found.data, seed)
    split = prepared.split
    tokenizer = make_tokenizer(recipe, _to_learn(found, split))
    encoder = TextEncoder(tokenizer, found, recipe)
    training = []
    for number in range(recipe.partitions):
        drawn = prepared.redrawn(number)
        episode = drawn.episode(drawn.given(representation), split.train)
        training.append(encoder.prompts(episode, split.train))
    trained = train(
        make_model(recipe, tokenizer, seed), Prompts.concat(training), recipe, seed, watch=watch
    )
    test = prepared.episode(prepared.given(representation), split.test)
    asked = encoder.prompts(test, split.test)
    chances = log_probabilities(trained.model, asked, recipe.columns, recipe.precision)
    return TextFit(
        representation=representation,
        raters=split.test[test.targets.raters],
        instances=test.targets.instances,
        losses=-chances[:, 0],
        tokens=np.array([len(asked.answer(row)) for row in range(len(asked))], dtype=np.intp),
        trained=trained.losses,
    )


def _to_learn(found: TextSet, split: Split) -> list[str]:
    """What a tiny model's tokenizer learns from."""
    instances, train_raters = instances_of(found.data), set(split.train.tolist())
    written = [f" {text}\n" for (rater, _), text in found.texts.items() if rater in train_raters]
    return [instances.task, TEXTS_HEAD, *instances.texts, *[TEXT_CUE] * len(written), *written]
