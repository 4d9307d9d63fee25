"""The classes of Gemma 2 and Llama 3.1: a shared prefix changes no number."""

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from decoders.language_model.attention import FLEX, SHARED
from decoders.language_model.scoring import log_probabilities
from decoders.language_model.training.batching import epoch_steps, pack_of
from decoders.language_model.training.recipes import Recipe
from decoders.language_model.training.training import summed_loss
from tests.decoders.language_model.shaped import (
    SHAPES,
    STANDARD,
    WINDOW,
    model_of,
    plain_log_probabilities,
    plain_log_probability,
    random_prompts,
)

CLOSE = 1e-5
DENSE = {"gemma2": "eager", "llama": "sdpa"}


def gap(one: np.ndarray, other: np.ndarray) -> float:
    there = np.isfinite(one)
    assert (there == np.isfinite(other)).all()
    return float(np.abs(one[there] - other[there]).max())


@pytest.mark.parametrize("most", [1, 3], ids=["letters", "texts"])
@pytest.mark.parametrize("columns", [24, 4096])
@pytest.mark.parametrize("shape", SHAPES)
def test_label_probabilities_are_those_of_one_sequence_each(shape: str, columns: int, most: int):
    prompts = random_prompts(most=most)
    wanted = plain_log_probabilities(model_of(shape, STANDARD[shape]), prompts)
    for attention in (SHARED, DENSE[shape]):
        found = log_probabilities(model_of(shape, attention), prompts, columns)
        assert gap(found, wanted) < CLOSE, attention


@pytest.mark.parametrize("shape", SHAPES)
def test_the_comparison_would_see_a_wrong_mask_position_or_cap(shape: str):
    prompts = random_prompts()
    wanted = plain_log_probabilities(model_of(shape, STANDARD[shape]), prompts)
    changed = {"gemma2": ["sliding_window", "attn_logit_softcapping"], "llama": ["rope_parameters"]}
    for name in changed[shape]:
        other = model_of(shape, STANDARD[shape])
        config = copy.deepcopy(other.config)
        if name == "rope_parameters":
            config.rope_parameters["factor"] = 1.0
        else:
            setattr(config, name, 2 * getattr(config, name))
        apart = type(other)._from_config(config, attn_implementation=STANDARD[shape]).eval()
        apart.load_state_dict(other.state_dict())
        assert gap(plain_log_probabilities(apart, prompts), wanted) > 100 * CLOSE, name


def test_windows_are_shorter_than_a_prefix_and_its_suffix():
    prompts = random_prompts()
    assert max(map(len, prompts.prefixes)) > WINDOW
    assert model_of("gemma2", SHARED).config.layer_types.count("sliding_attention") == 2


@pytest.mark.parametrize("share", [1, 4, 12])
@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_are_those_of_one_sequence_each(shape: str, share: int):
    prompts = random_prompts()
    plain = model_of(shape, STANDARD[shape])
    tokens = sum(len(prompts.answer(row)) for row in range(len(prompts)))
    for row in range(len(prompts)):
        loss = -plain_log_probability(plain, prompts, row, int(prompts.chosen[row])) / tokens
        loss.backward()
    shared = model_of(shape, SHARED)
    recipe = Recipe(name="any", model="any", batch=12, share=share)
    for step in epoch_steps(prompts, recipe.batch, share, seed=0, epoch=0):
        packs = [pack_of(prompts, rows) for rows in step]
        (summed_loss(shared, prompts, packs, recipe) / tokens).backward()
    wanted = dict(plain.named_parameters())
    largest = max(float(weights.grad.abs().max()) for weights in wanted.values())
    assert largest > 1000 * CLOSE  # there is something to compare
    for name, weights in shared.named_parameters():
        assert float((weights.grad - wanted[name].grad).abs().max()) < CLOSE, name


@pytest.mark.filterwarnings("ignore:flex_attention called without torch.compile")
@pytest.mark.parametrize("shape", SHAPES)
def test_flex_attention_gives_what_a_dense_mask_gives(shape: str, monkeypatch: pytest.MonkeyPatch):
    """Not compiled, which takes a compiler and minutes; forward alone, all that a CPU can do."""
    from torch.nn.attention.flex_attention import flex_attention
    from transformers.integrations import flex_attention as of_library

    called = []

    def unfused(query, key, value, training=False, **how):
        called.append(how["block_mask"])
        return flex_attention(query, key, value, **how)

    monkeypatch.setattr(of_library, "compile_friendly_flex_attention", unfused)
    prompts = random_prompts()
    dense = log_probabilities(model_of(shape, DENSE[shape]), prompts, 64)
    fused = log_probabilities(model_of(shape, FLEX), prompts, 64)
    assert called
    assert gap(fused, dense) < CLOSE


@pytest.mark.parametrize("chunk", [1, 16])
@pytest.mark.parametrize("shape", SHAPES)
def test_suffixes_may_attend_to_the_prefix_some_at_a_time(
    shape: str, chunk: int, monkeypatch: pytest.MonkeyPatch
):
    prompts, model = random_prompts(), model_of(shape, SHARED)
    combine = log_probabilities(model, prompts, columns=4096)
    monkeypatch.setattr("decoders.language_model.attention._CHUNK", chunk)
    apart = log_probabilities(model, prompts, columns=4096)
    np.testing.assert_allclose(apart, combine, atol=CLOSE)
