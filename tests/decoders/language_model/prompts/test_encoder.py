"""Prompts of several partitions, and which of their tokens are answers of the rater's own."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra: pip install '.[decoders]'")

from decoders.language_model.family import learned_texts
from decoders.language_model.network import make_tokenizer
from decoders.language_model.prompts.encoder import Encoder
from decoders.language_model.prompts.prompts import Prompts
from decoders.language_model.training.recipes import recipe_named
from ratings.data_sets.instances import instances_of
from ratings.data_sets.published.planted import plant
from ratings.prepared import PreparedSplit
from ratings.representations.names import parse_representation


@pytest.fixture(scope="module")
def prepared() -> PreparedSplit:
    return PreparedSplit.of(plant(raters=10, ratings=6).data, 0)


@pytest.fixture(scope="module", params=["letter", "text"])
def encoder(request: pytest.FixtureRequest, prepared: PreparedSplit) -> Encoder:
    recipe = replace(recipe_named("tiny-llama"), answer=request.param, learn_examples=True)
    instances = instances_of(prepared.data)
    return Encoder(make_tokenizer(recipe, learned_texts(instances, recipe)), instances, recipe)


def test_tokens_that_are_answers_are_those_of_the_known_labels(
    prepared: PreparedSplit, encoder: Encoder
):
    given = prepared.given(parse_representation("measured+examples:max"))
    for rater in range(len(given)):
        prefix, answers = encoder.prefix(given, rater)
        known = slice(given.starts[rater], given.starts[rater + 1])
        labels = [
            encoder.labels[encoder.labels_of[instance]].tokens[rating - 1]
            for instance, rating in zip(given.instances[known], given.ratings[known], strict=True)
        ]
        assert len(labels) >= 2
        np.testing.assert_array_equal(prefix[answers], np.concatenate(labels))
    other = prepared.given(parse_representation("shuffled(examples:max)"))
    assert all(not len(encoder.prefix(other, rater)[1]) for rater in range(len(other)))


def test_prompts_joined_are_those_of_each_part(prepared: PreparedSplit, encoder: Encoder):
    what = parse_representation("examples:max")
    drawn = [prepared.redrawn(number) for number in range(3)]
    episodes = [one.episode(one.given(what), one.split.train) for one in drawn]
    parts = [encoder.to_learn([episode]) for episode in episodes]
    whole = Prompts.concat(parts)
    assert len(whole) == sum(map(len, parts))
    row = 0
    for part in parts:
        for own in range(len(part)):
            for name in ("prefixes", "suffixes", "labels"):
                of = {"prefixes": "prefix_of", "suffixes": "suffix_of", "labels": "labels_of"}[name]
                one, other = (
                    getattr(found, name)[getattr(found, of)[at]]
                    for found, at in ((whole, row), (part, own))
                )
                assert one is other
            assert whole.names[row] == part.names[own]
            np.testing.assert_array_equal(whole.answer(row), part.answer(own))
            assert whole.answered is not None
            assert part.answered is not None
            np.testing.assert_array_equal(
                whole.answered[whole.prefix_of[row]], part.answered[part.prefix_of[own]]
            )
            row += 1
