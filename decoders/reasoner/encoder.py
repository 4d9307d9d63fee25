"""Statements of a person, and statements to choose from, as prompts of a language model."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from transformers import PreTrainedTokenizerBase

from decoders.language_model.prompts.encoder import chat_ends, labels_from, require_context
from decoders.language_model.prompts.prompts import Labels, Prompts, Tokens
from decoders.language_model.prompts.wording import (
    BETWEEN,
    CHOICES_HEAD,
    KNOWN_HEAD,
    OPTIONS_HEAD,
    PERSON,
    STATEMENT_CUE,
    label_texts,
    listed,
)
from decoders.language_model.tokenizer import tokens_of
from decoders.language_model.training.recipes import Recipe
from ratings.errors import DataError
from ratings.input.prompt_template import LETTERS
from ratings.instruments.indie_value import Catalog, as_said

Statements = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What a person is asked.

    Attributes:
        known: what is known of the person, in order.
        groups: from each of them the person chooses one statement.
        name: for errors.
    """

    known: Statements
    groups: tuple[Statements, ...]
    name: str


class StatementEncoder:
    """Writes prompts in the tokens of one model.

    A prefix is what is asked for and what is known of a person; a suffix is one group of statements
    and the cue for the answer. Known statements have their first letter raised, as the benchmark
    shows them; each is made tokens once, with the line break behind it. Statements are never cut,
    so the recipe's `instance_tokens` has no effect.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, recipe: Recipe) -> None:
        """Read the wording.

        Raises:
            DataError: when the recipe wants a chat template that the tokenizer lacks.
        """
        self._tokenizer, self._recipe = tokenizer, recipe
        opening, self._closing = chat_ends(tokenizer, recipe)
        self._opening = np.concatenate([opening, self._tokens(PERSON + BETWEEN)])
        self._head = self._tokens(f"{KNOWN_HEAD}\n")
        self._lines: dict[str, Tokens] = {}
        self._suffixes: dict[Statements, Tokens] = {}
        self._labels: dict[Statements, Labels] = {}

    def prefix(self, known: Sequence[str]) -> Tokens:
        """What comes before every group that a person is asked about."""
        if not known:
            return self._opening
        return np.concatenate([self._opening, self._head, *map(self._line, known)])

    def suffix(self, statements: Statements) -> Tokens:
        """One group to choose from, the cue and what closes the prompt."""
        if statements not in self._suffixes:
            options = listed(statements, self._recipe.answer).removeprefix(CHOICES_HEAD)
            text = f"{OPTIONS_HEAD}{options}{STATEMENT_CUE}"
            self._suffixes[statements] = np.concatenate([self._tokens(text), self._closing])
        return self._suffixes[statements]

    def labels(self, statements: Statements) -> Labels:
        """What the model is to answer for each statement of a group.

        Raises:
            DataError: when two have the same tokens, or there are more than letters.
        """
        if statements not in self._labels:
            texts = label_texts(statements, self._recipe.answer)
            if len(texts) < len(statements):
                raise DataError(
                    f"a group has {len(statements)} statements and there are {len(LETTERS)} "
                    f"letters: let the recipe say 'answer: text'"
                )
            where = f"the group of {statements[0]!r}"
            self._labels[statements] = labels_from(self._tokenizer, texts, where)
        return self._labels[statements]

    def to_predict(self, questions: Sequence[Question]) -> Prompts:
        """All groups of some questions, one after another; those that know the same share it.

        Raises:
            DataError: for a prompt longer than the context.
        """
        knowns = list(dict.fromkeys(question.known for question in questions))
        groups = list(dict.fromkeys(chain.from_iterable(one.groups for one in questions)))
        known_at = {known: index for index, known in enumerate(knowns)}
        group_at = {group: index for index, group in enumerate(groups)}
        asked = [(one, group) for one in questions for group in one.groups]
        of_group = np.array([group_at[group] for _, group in asked], dtype=np.intp)
        found = Prompts(
            prefixes=[self.prefix(known) for known in knowns],
            suffixes=[self.suffix(group) for group in groups],
            labels=[self.labels(group) for group in groups],
            prefix_of=np.array([known_at[one.known] for one, _ in asked], dtype=np.intp),
            suffix_of=of_group,
            labels_of=of_group,
            chosen=np.full(len(asked), -1, dtype=np.intp),
            names=[one.name for one, _ in asked],
        )
        require_context(found, self._recipe.context)
        return found

    def _line(self, statement: str) -> Tokens:
        if statement not in self._lines:
            self._lines[statement] = self._tokens(f"{as_said(statement)}\n")
        return self._lines[statement]

    def _tokens(self, text: str) -> Tokens:
        return tokens_of(self._tokenizer, text)


def tokenizer_texts(catalog: Catalog, recipe: Recipe) -> list[str]:
    """What a tiny model's tokenizer learns from: all statements and the wording around them."""
    groups = [group for form in catalog.statements.values() for group in form]
    given = [
        as_said(text) for one in catalog.demographics.values() for text in one.statements.values()
    ]
    most = max(map(len, groups))
    marks = [f"{STATEMENT_CUE} {letter}\n{letter}. I" for letter in LETTERS[:most]]
    lines = [f"\n{as_said(statement)}" for group in groups for statement in group]
    options = [listed(group, recipe.answer) for group in groups]
    return [PERSON, KNOWN_HEAD, OPTIONS_HEAD, *given, *lines, *options, *marks * len(lines)]
