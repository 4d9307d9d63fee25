"""Weights that are not trained in fewer bits, and logits in all of theirs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from transformers import AutoModelForCausalLM

from decoders.language_model import network
from decoders.language_model.attention import SHARED
from decoders.language_model.network import in_precision, make_model
from decoders.language_model.scoring import log_probabilities
from decoders.language_model.training.recipes import Recipe
from decoders.language_model.training.training import train
from ratings.errors import DataError, DataMissingError
from tests.decoders.language_model.shaped import llama, random_prompts

SPACING = 0.125  # of numbers from 16 to 32 in bfloat16


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small model with weights, its likely logits near 20."""
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(llama(), attn_implementation=SHARED).float()
    with torch.no_grad():
        # one direction of the stream is the same for all tokens and lifts every logit alike
        model.get_input_embeddings().weight[:, 0] = 6.0
        model.model.norm.weight[1:] *= 1.5
        model.lm_head.weight[:, 0] = 6.0
    model.save_pretrained(tmp_path / "it")
    return tmp_path / "it"


def odds(model: Any) -> np.ndarray:
    """Log-odds of the first label against the second, of each rating behind the last prefix."""
    prompts = random_prompts(ratings=60, most=1)
    found = log_probabilities(model, prompts, 4096, "bfloat16")
    return found[:, 0] - found[:, 1]


def loaded(folder: Path) -> Any:
    return AutoModelForCausalLM.from_pretrained(folder, attn_implementation=SHARED).float()


def coarse(values: np.ndarray) -> float:
    """Share of values that are on the grid of large numbers in bfloat16."""
    return float((np.abs(values / SPACING - np.round(values / SPACING)) < 1e-3).mean())


def test_an_unembedding_in_bfloat16_rounds_odds_and_one_in_float32_does_not(folder: Path):
    exact = log_probabilities(loaded(folder), random_prompts(ratings=60, most=1), 4096)
    logits = exact[:, 0] - exact[:, 1]
    rounded, kept = odds(loaded(folder)), odds(in_precision(loaded(folder), "bfloat16"))
    assert coarse(rounded) > 0.5
    assert coarse(kept) < 0.1
    assert len(np.unique(np.round(kept, 5))) > 1.5 * len(np.unique(np.round(rounded, 5)))
    assert np.abs(kept - logits).mean() < np.abs(rounded - logits).mean()


@pytest.mark.parametrize("changed", [{"lora_rank": 2}, {"epochs": 0}])
def test_frozen_weights_are_in_bfloat16_but_for_both_ends(folder: Path, changed: dict[str, Any]):
    recipe = Recipe(name="it", model=str(folder), precision="bfloat16", **changed)
    model = make_model(recipe, None, 0)
    kinds = {name: weights.dtype for name, weights in model.named_parameters()}
    for name, kind in kinds.items():
        whole = any(part in name for part in ("embed_tokens", "lm_head", "lora_"))
        assert kind == (torch.float32 if whole else torch.bfloat16), name
    assert coarse(odds(model)) < 0.1
    plain = make_model(replace(recipe, precision="float32"), None, 0)
    assert {weights.dtype for weights in plain.parameters()} == {torch.float32}


def test_adapters_on_frozen_weights_learn_and_leave_these_as_they_were(folder: Path):
    recipe = Recipe(
        name="it", model=str(folder), precision="bfloat16", lora_rank=2, batch=4, share=2,
        learning_rate=5e-3, epochs=8,
    )  # fmt: skip
    model = make_model(recipe, None, 0)
    before = {n: w.detach().clone() for n, w in model.named_parameters() if not w.requires_grad}
    losses = train(model, random_prompts(), recipe, seed=0).losses
    assert np.mean(losses[-3:]) < np.mean(losses[:3]) - 0.5
    for name, weights in model.named_parameters():
        if name in before:
            assert torch.equal(weights, before[name]), name


def test_eight_bits_take_adapters_and_bitsandbytes(folder: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(DataError) as caught:
        Recipe(name="it", model=str(folder), eight_bit=True)
    assert str(caught.value) == (
        "recipe 'it': weights in 8 bits cannot be trained: give lora_rank, too"
    )
    monkeypatch.setattr(network, "find_spec", lambda name: None)
    recipe = Recipe(name="it", model=str(folder), eight_bit=True, lora_rank=2)
    with pytest.raises(DataMissingError) as caught:
        make_model(recipe, None, 0)
    assert str(caught.value) == (
        "recipe 'it' keeps weights in 8 bits, which needs bitsandbytes: pip install bitsandbytes"
    )
    with pytest.raises(DataError, match="recipe 'it': tiny-llama has no weights to keep in 8 bits"):
        make_model(replace(recipe, model="tiny-llama"), None, 0)


def test_adapters_on_weights_in_eight_bits_learn(folder: Path):
    pytest.importorskip("bitsandbytes", reason="needs bitsandbytes")
    recipe = Recipe(
        name="it", model=str(folder), precision="bfloat16", lora_rank=2, eight_bit=True, batch=4,
        share=2, learning_rate=5e-3, epochs=8,
    )  # fmt: skip
    model = make_model(recipe, None, 0)
    kinds = {name: weights.dtype for name, weights in model.named_parameters()}
    assert torch.int8 in kinds.values()
    assert kinds["base_model.model.lm_head.weight"] == torch.float32
    whole = make_model(replace(recipe, eight_bit=False, precision="float32"), None, 0)
    assert np.abs(odds(model) - odds(whole)).max() < 0.5
    losses = train(model, random_prompts(), recipe, seed=0).losses
    assert np.mean(losses[-3:]) < np.mean(losses[:3]) - 0.5
