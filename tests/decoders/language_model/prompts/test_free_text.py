"""Texts of planted raters: examples help where a rater has a habit, and only there."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from decoders.language_model.prompts.free_text import TextEncoder, fit_texts
from decoders.language_model.tokenizer import train_tokenizer
from decoders.language_model.training.recipes import Recipe
from ratings.data_sets.own.texts import load_own_texts
from ratings.data_sets.text_set import TextSet
from ratings.representations.names import parse_representation
from ratings.representations.rater_context import Episode, Targets, no_context
from scorers.information.perplexity import TextLoss, text_loss

HABITS = ("To be honest", "Well, look", "In my view", "As I see it")
WORDS = ("tea", "rain", "bread", "snow", "music", "debt")
RECIPE = Recipe(
    name="small",
    model="tiny-llama",
    epochs=4,
    batch=16,
    share=4,
    learning_rate=3e-3,
    schedule="cosine",
    warmup=0.05,
    weight_decay=0.3,
    partitions=6,
)


def planted(path: Path, habit: bool, raters: int = 120) -> TextSet:
    """Each rater begins every text as the rater does, or every text as it comes."""
    rng = np.random.default_rng(0)
    rows = ["rater,instance,text"]
    for r in range(raters):
        own = int(rng.integers(len(HABITS)))
        for word in rng.permutation(WORDS):
            begin = HABITS[own if habit else int(rng.integers(len(HABITS)))]
            rows.append(f'r{r:02d},{word},"{begin} {word} is {rng.choice(["good", "bad"])}."')
    path.write_text("\n".join(rows))
    return load_own_texts(path)


def losses(found: TextSet) -> TextLoss:
    none, informed = (
        fit_texts(found, RECIPE, parse_representation(name), seed=0)
        for name in ("none", "examples:max")
    )
    assert (none.raters == informed.raters).all()
    assert (none.tokens == informed.tokens).all()
    return text_loss(informed.losses, informed.tokens, informed.raters, none.losses)


@pytest.mark.slow
def test_examples_carry_a_habit(tmp_path: Path, in_full: bool):
    if not in_full:
        pytest.skip("trains two models for minutes: pytest -m slow")
    found = losses(planted(tmp_path / "texts.csv", habit=True))
    assert found.drop is not None
    assert found.drop.low > 0
    # four habits alike: at most log 4 nats of a text can be known
    ratio = found.per_text.value / found.per_token.value
    assert 0.7 * np.log(4) < found.drop.value * ratio < 1.3 * np.log(4)


@pytest.mark.slow
def test_examples_carry_nothing_where_there_is_no_habit(tmp_path: Path, in_full: bool):
    if not in_full:
        pytest.skip("trains two models for minutes: pytest -m slow")
    found = losses(planted(tmp_path / "texts.csv", habit=False))
    assert found.drop is not None
    ratio = found.per_text.value / found.per_token.value
    assert found.drop.high * ratio < 0.15 * np.log(4)


def test_a_text_is_given_and_asked_unchanged(tmp_path: Path):
    found = planted(tmp_path / "texts.csv", habit=True, raters=8)
    tokenizer: Any = train_tokenizer(["tea is good"], 300)
    encoder = TextEncoder(tokenizer, found, RECIPE)
    context = no_context(list(found.data.table.raters.index))
    context = type(context)(
        **{**vars(context), "starts": np.array([0, 0, *[2] * 7]), "instances": np.array([3, 0]),
           "ratings": np.array([1, 1])}
    )  # fmt: skip
    one = np.array([1])
    prompts = encoder.prompts(Episode(context, Targets(one, np.array([2]), one)), np.arange(8))
    names = list(found.data.table.instances.index)
    said = tokenizer.decode(prompts.prefixes[0])
    assert said == (
        "<bos>A rater writes a text about each item.\n\nOther texts by the same rater:\n"
        f"{names[3]}\nText: {found.texts[1, 3]}\n{names[0]}\nText: {found.texts[1, 0]}\n"
    )
    assert tokenizer.decode(prompts.suffixes[2]) == f"\n\n{names[2]}\nText:"
    assert tokenizer.decode(prompts.answer(0)) == f" {found.texts[1, 2]}\n"
    assert prompts.names[0] == f"rater 'r01' on '{names[2]}'"
