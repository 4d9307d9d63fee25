"""Ratings to predict as prompts of a language model."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from transformers import PreTrainedTokenizerBase

from decoders.language_model.prompts.packing import NO_POSITIONS
from decoders.language_model.prompts.prompts import Labels, Prompts, Tokens
from decoders.language_model.prompts.wording import (
    BETWEEN,
    CUE,
    EXAMPLES_HEAD,
    label_texts,
    listed,
)
from decoders.language_model.tokenizer import tokens_of, without_middle
from decoders.language_model.training.recipes import Recipe
from ratings.arrays import IntArray
from ratings.data_sets.instances import Instances
from ratings.errors import DataError
from ratings.input.prompt_template import LETTERS
from ratings.representations.rater_context import Episode, RaterContext
from ratings.representations.render import render_rater

_MARK = "\0"


class Encoder:
    """Writes prompts about the instances of one data set in the tokens of one model.

    A prompt is: what raters were asked (and the choices, where all instances have the same), what
    is given about the rater, the instance (and its choices, where they differ), the answer's cue.
    Pieces are made tokens one by one, so that instances are read once and prefixes can be shared.
    Each ends with its line breaks, which many tokenizers join with the full stop before them.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerBase, instances: Instances, recipe: Recipe
    ) -> None:
        """Read all instances.

        Raises:
            DataError: when two labels of an instance have the same tokens, or one is empty.
        """
        self._tokenizer, self._instances, self._recipe = tokenizer, instances, recipe
        self._same = len(set(instances.choices)) == 1
        opening, self._closing = chat_ends(tokenizer, recipe)
        task = [instances.task]
        if self._same:
            task.append(listed(instances.choices[0], recipe.answer))
        self._opening = np.concatenate([opening, self._tokens(BETWEEN.join([*task, ""]))])
        self.labels, self.labels_of = self._read_labels()
        self._questions = [self._question(i) for i in range(len(instances))]
        # a label that is a text ends its line itself
        self._break = self._tokens("\n" if recipe.answer == "letter" else "")
        self.suffixes = [np.concatenate([question, self._closing]) for question in self._questions]

    @property
    def most_choices(self) -> int:
        """K, the largest number of choices of an instance."""
        return self._instances.most_choices

    def to_learn(self, episodes: Sequence[Episode]) -> Prompts:
        """The targets of some episodes.

        Raises:
            DataError: for a prompt longer than the context.
        """
        parts = [
            self._prompts(one.given, one.targets.raters, one.targets.instances) for one in episodes
        ]
        chosen = np.concatenate([one.targets.ratings - 1 for one in episodes])
        return replace(Prompts.concat(parts), chosen=chosen)

    def to_predict(self, given: RaterContext, raters: IntArray, instances: IntArray) -> Prompts:
        """N ratings that are not known; both are indices.

        Raises:
            DataError: for a prompt longer than the context.
        """
        return self._prompts(given, raters, instances)

    def _prompts(self, given: RaterContext, raters: IntArray, instances: IntArray) -> Prompts:
        asked, asked_of = np.unique(raters, return_inverse=True)
        known: dict[bytes, int] = {}
        prefixes: list[Tokens] = []
        answered: list[IntArray] = []
        of_rater = np.empty(len(asked), dtype=np.intp)
        for number, rater in enumerate(asked):
            prefix, answers = self.prefix(given, int(rater))
            key = prefix.tobytes()
            if key not in known:
                known[key] = len(prefixes)
                prefixes.append(prefix)
                answered.append(answers)
            of_rater[number] = known[key]
        found = Prompts(
            prefixes=prefixes,
            suffixes=self.suffixes,
            labels=self.labels,
            prefix_of=of_rater[asked_of],
            suffix_of=np.asarray(instances, dtype=np.intp),
            labels_of=self.labels_of[instances],
            chosen=np.full(len(raters), -1, dtype=np.intp),
            names=_Names(given.raters, raters, self._instances.names, instances),
            answered=answered if self._recipe.learn_examples else None,
        )
        require_context(found, self._recipe.context)
        return found

    def prefix(self, given: RaterContext, rater: int) -> tuple[Tokens, IntArray]:
        """What precedes every instance that the rater is asked about.

        Returns:
            Tokens, and the positions of those that are answers of the rater's own.
        """
        descriptions = self._instances.descriptions
        said = render_rater(given, rater, self._instances, descriptions, examples=False)
        parts = [self._opening]
        if said:
            parts.append(self._tokens(said + BETWEEN))
        known = range(int(given.starts[rater]), int(given.starts[rater + 1]))
        if known:
            parts.append(self._tokens(f"{EXAMPLES_HEAD}\n"))
        answers: list[IntArray] = [NO_POSITIONS]
        end = sum(map(len, parts))
        for row in known:
            instance, rating = int(given.instances[row]), int(given.ratings[row])
            question = self._questions[instance]
            label = self.labels[self.labels_of[instance]].tokens[rating - 1]
            start = end + len(question)
            answers.append(np.arange(start, start + len(label)))
            parts += [question, label, self._break]
            end = start + len(label) + len(self._break)
        own = given.givers[rater] == given.raters[rater]
        return np.concatenate(parts), np.concatenate(answers if own else [NO_POSITIONS])

    def _question(self, instance: int) -> Tokens:
        """An instance, its choices where they differ, and the cue."""
        text, most = self._instances.texts[instance], self._recipe.instance_tokens
        choices = listed(self._instances.choices[instance], self._recipe.answer)
        rest = CUE if self._same else f"\n{choices}{CUE}"
        if most is None:
            return self._tokens(text + rest)
        return np.concatenate([without_middle(self._tokens(text), most), self._tokens(rest)])

    def _read_labels(self) -> tuple[list[Labels], IntArray]:
        known: dict[tuple[str, ...], int] = {}
        found: list[Labels] = []
        for name, choices in zip(self._instances.names, self._instances.choices, strict=True):
            texts = tuple(label_texts(choices, self._recipe.answer))
            if len(texts) < len(choices):
                raise DataError(
                    f"instance {name!r} has {len(choices)} choices and there are {len(LETTERS)} "
                    f"letters: let the recipe say 'answer: text'"
                )
            if texts not in known:
                known[texts] = len(found)
                found.append(labels_from(self._tokenizer, texts, f"instance {name!r}"))
        of = [
            known[tuple(label_texts(choices, self._recipe.answer))]
            for choices in self._instances.choices
        ]
        return found, np.array(of, dtype=np.intp)

    def _tokens(self, text: str) -> Tokens:
        return tokens_of(self._tokenizer, text)


class _Names:
    """Names of ratings, put together when they are asked for."""

    def __init__(
        self,
        raters: Sequence[str],
        rater_of: IntArray,
        instances: Sequence[str],
        instance_of: IntArray,
    ) -> None:
        self._raters, self._rater_of = raters, rater_of
        self._instances, self._instance_of = instances, instance_of

    def __getitem__(self, row: int) -> str:
        rater, instance = self._rater_of[row], self._instance_of[row]
        return f"rater {self._raters[rater]!r} on {self._instances[instance]!r}"


def labels_from(tokenizer: PreTrainedTokenizerBase, texts: Iterable[str], where: str) -> Labels:
    """Labels as tokens.

    Raises:
        DataError: when one tokenizes to an empty sequence, or two to the same.
    """
    known: dict[bytes, str] = {}
    found = []
    for text in texts:
        tokens = tokens_of(tokenizer, text)
        if not len(tokens) or not text.strip():
            raise DataError(f"{where}: the label {text.strip()!r} tokenizes to an empty sequence")
        key = tokens.tobytes()
        if key in known:
            raise DataError(
                f"{where}: the labels {known[key].strip()!r} and {text.strip()!r} have the same "
                f"tokens; let the recipe say 'answer: letter', or rename one"
            )
        known[key] = text
        found.append(tokens)
    return Labels(tuple(found))


def chat_ends(tokenizer: PreTrainedTokenizerBase, recipe: Recipe) -> tuple[Tokens, Tokens]:
    """What precedes and follows a prompt: of the chat template, or the first token alone.

    Raises:
        DataError: when a chat template is wanted and the tokenizer has none.
    """
    if not recipe.chat:
        first = getattr(tokenizer, "bos_token_id", None)
        opening = np.array([] if first is None else [first], dtype=np.int32)
        return opening, np.zeros(0, dtype=np.int32)
    if not getattr(tokenizer, "chat_template", None):
        raise DataError(
            f"the recipe {recipe.name!r} wants a chat template and the tokenizer of "
            f"{recipe.model!r} has none: let it say 'chat: false'"
        )
    message = [{"role": "user", "content": _MARK}]
    whole = str(tokenizer.apply_chat_template(message, add_generation_prompt=True, tokenize=False))
    before, _, behind = whole.partition(_MARK)
    return tokens_of(tokenizer, before), tokens_of(tokenizer, behind)


def require_context(prompts: Prompts, most: int) -> None:
    """Refuse a prompt that is too long.

    Raises:
        DataError: naming the rating of the longest, and what would make it shorter.
    """
    if not len(prompts):
        return
    tokens, name = prompts.longest()
    if tokens > most:
        raise DataError(
            f"the prompt of {name} takes {tokens} tokens, and the recipe's context is {most}: tell "
            f"fewer examples (examples:<n>), cut instances (instance_tokens), or raise context"
        )
