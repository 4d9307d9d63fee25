"""Bad input is refused in one line that says what, where and what to do."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

import huggingface_hub.constants
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from decoders import extra
from decoders.fit_split import fit_split
from decoders.language_model.checkpoint import (
    ABOUT,
    About,
    Checkpoint,
    load_checkpoint,
    save_checkpoint,
)
from decoders.language_model.family import LanguageModelFamily
from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.prompts.encoder import Encoder
from decoders.language_model.prompts.wording import template_sha256
from decoders.language_model.tokenizer import train_tokenizer
from decoders.language_model.training.recipes import Recipe, recipe_named
from decoders.language_model.training.training import train
from ratings.data_sets.instances import Instances, instances_of
from ratings.errors import DataError, DataMissingError
from ratings.input.strict_files import MalformedFileError
from ratings.prepared import PreparedSplit
from ratings.representations.names import parse_representation
from ratings.representations.rater_context import no_context
from tests.decoders.language_model.shaped import random_prompts
from tests.decoders.made_data import made

TINY = replace(recipe_named("tiny-llama"), partitions=1, batch=8, share=4, calibrated_on=0.0)
TEXT = replace(TINY, answer="text")


def refusal(error: type[Exception], call: Callable[[], object]) -> str:
    """The one line that a call is refused with."""
    with pytest.raises(error) as caught:
        call()
    text = str(caught.value)
    assert "\n" not in text
    return text


def labelled(*choices: str) -> Instances:
    found = instances_of(made([2] * 4, raters=8, ratings=(4,)))
    return replace(found, choices=(("yes", "no"), *[choices] * 3))


def words_alone() -> Any:
    """A tokenizer that has one token for all that it does not know."""
    vocabulary = {"<unk>": 0, "yes": 1, "no": 2}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")


def test_a_label_that_is_nothing_in_tokens():
    tokenizer = train_tokenizer(["yes no"], 300)
    assert refusal(DataError, lambda: Encoder(tokenizer, labelled("yes", ""), TEXT)) == (
        "instance 'q001': the label '' tokenizes to an empty sequence"
    )


def test_two_labels_of_the_same_tokens():
    assert refusal(DataError, lambda: Encoder(words_alone(), labelled("maybe", "never"), TEXT)) == (
        "instance 'q001': the labels 'maybe' and 'never' have the same tokens; let "
        "the recipe say 'answer: letter', or rename one"
    )


def test_a_prompt_longer_than_the_context():
    data = made([3] * 20, raters=8, ratings=(16,))
    tokenizer = train_tokenizer(["yes no"], 300)
    encoder = Encoder(tokenizer, instances_of(data), replace(TINY, context=60))
    context = no_context(["ann", "ben"])
    shown = {"instances": np.arange(12), "ratings": np.ones(12, dtype=np.intp)}
    context = replace(context, starts=np.array([0, 0, 12]), **shown)
    line = refusal(
        DataError, lambda: encoder.to_predict(context, np.array([0, 1]), np.array([13, 13]))
    )
    assert line.startswith("the prompt of rater 'ben' on 'q013' takes ")
    assert line.endswith(
        " tokens, and the recipe's context is 60: tell fewer examples (examples:<n>), cut "
        "instances (instance_tokens), or raise context"
    )


def test_a_rater_with_too_few_ratings():
    data = made([3] * 20, raters=8, ratings=(4, 4, 4, 3))
    family = LanguageModelFamily(TINY)
    assert refusal(
        DataError,
        lambda: fit_split(PreparedSplit.of(data, 0), family, parse_representation("none")),
    ) == (
        f"rater 'r003' of {data.name} has 3 ratings; a split needs 4 of each: leave such raters "
        "out first"
    )


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A whole checkpoint of a tiny model that nobody trained."""
    tokenizer = make_tokenizer(TINY, ["yes no"])
    about = About(
        kind="ratings",
        recipe=TINY,
        template_sha256=template_sha256(TINY.answer, TINY.chat, "ratings"),
        data="made",
        data_sha256="0",
        card_revision=None,
        representation="none",
        seed=0,
        temperature=1.0,
    )
    save_checkpoint(tmp_path / "it", Checkpoint(make_model(TINY, tokenizer, 0), tokenizer, about))
    return tmp_path / "it"


def test_a_whole_checkpoint_is_read(checkpoint: Path):
    assert load_checkpoint(checkpoint).about.data == "made"


def test_a_checkpoint_of_another_template(checkpoint: Path):
    about = json.loads((checkpoint / ABOUT).read_text())
    (checkpoint / ABOUT).write_text(json.dumps({**about, "template_sha256": "f" * 64}))
    here = template_sha256(TINY.answer, TINY.chat, "ratings")[:12]
    assert refusal(DataError, lambda: load_checkpoint(checkpoint)) == (
        f"the decoder in {checkpoint} was trained with the template ffffffffffff and this version "
        f"asks with {here}: train it again, or use the version of valuegauge that trained it"
    )


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_checkpoint_with_a_file_that_was_cut(checkpoint: Path, name: str):
    path = checkpoint / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    line = refusal(DataError, lambda: load_checkpoint(checkpoint))
    assert line.startswith(f"the decoder in {checkpoint} cannot be loaded: ")
    assert len(line) > len(f"the decoder in {checkpoint} cannot be loaded: ")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "config.json"])
def test_a_checkpoint_without_a_file(checkpoint: Path, name: str):
    (checkpoint / name).unlink()
    line = refusal(DataError, lambda: load_checkpoint(checkpoint))
    assert line.startswith(f"the decoder in {checkpoint} cannot be loaded: ")


def test_a_checkpoint_that_was_stopped_half_way(checkpoint: Path):
    (checkpoint / ABOUT).unlink()
    assert refusal(DataError, lambda: load_checkpoint(checkpoint)) == (
        f"{checkpoint} holds no decoder (decoder.json is not there): `valuegauge decoders train` "
        "makes one; a training that was stopped resumes with the same command"
    )
    (checkpoint / ABOUT).write_text('{"version": 1, "kind": "rat')
    line = refusal(DataError, lambda: load_checkpoint(checkpoint))
    assert line.startswith(f"{checkpoint / ABOUT} does not describe a decoder: ")


def test_a_loss_that_is_no_number_names_the_ratings_of_its_step():
    prompts = random_prompts(ratings=24)
    tokenizer = make_tokenizer(TINY, ["yes no"])
    model = make_model(TINY, tokenizer, 0)
    with torch.no_grad():
        model.get_output_embeddings().weight[3] = float("nan")
    recipe = replace(TINY, batch=3, share=1)
    line = refusal(DataError, lambda: train(model, prompts, recipe, seed=0))
    named = line.removeprefix("loss became NaN or infinite at step 1; its ratings: ")
    named = named.removesuffix(". Lower learning_rate or clip in the recipe")
    assert len(named.split("; ")) == 3
    assert set(named.split("; ")) <= {prompts.names[row] for row in range(24)}


def test_without_torch_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch):
    there = extra.find_spec
    monkeypatch.setattr(
        extra, "find_spec", lambda name: None if name in ("torch", "peft") else there(name)
    )
    assert refusal(DataMissingError, extra.require_extra) == (
        "language-model decoders need torch, peft: pip install '.[decoders]' in a clone of "
        "valuegauge"
    )


def test_a_field_that_no_recipe_has(tmp_path: Path):
    path = tmp_path / "own.yaml"
    path.write_text("base: tiny-llama\nlearning_rat: 0.1\n")
    assert refusal(MalformedFileError, lambda: recipe_named(str(path))) == (
        f"{path} line 2: learning_rat: unknown key; did you mean 'learning_rate'?"
    )


def test_a_model_that_is_nowhere(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    recipe = Recipe(name="any", model="nobody/no-such-model")
    for call in (lambda: make_tokenizer(recipe, []), lambda: make_model(recipe, None, 0)):
        line = refusal(DataError, call)
        assert line.startswith(
            "the model 'nobody/no-such-model' is neither a folder nor to be had from the hub: "
        )
