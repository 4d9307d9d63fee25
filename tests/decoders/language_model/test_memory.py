"""What a training needs of memory: counted, and compared with what is there and with a real one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from transformers import AutoModelForCausalLM, Gemma2Config, LlamaConfig

from decoders.language_model import memory
from decoders.language_model.memory import GIB, count, estimate, require_memory
from decoders.language_model.network import make_model, make_tokenizer, with_adapters
from decoders.language_model.tiny_models import tiny_config
from decoders.language_model.training.recipes import Recipe, recipe_named
from ratings.errors import DataError

ROOT = Path(__file__).parents[3]
FACTOR = 1.5  # of the estimate to the peak, either way


def gemma_9b() -> Gemma2Config:
    return Gemma2Config(
        vocab_size=256_000,
        hidden_size=3584,
        intermediate_size=14_336,
        num_hidden_layers=42,
        num_attention_heads=16,
        num_key_value_heads=8,
        head_dim=256,
    )


def llama_8b() -> LlamaConfig:
    return LlamaConfig(
        vocab_size=128_256,
        hidden_size=4096,
        intermediate_size=14_336,
        num_hidden_layers=32,
        num_attention_heads=32,
        num_key_value_heads=8,
    )


def test_weights_of_the_paper_s_models_are_counted_without_making_them():
    # as the models' cards have them
    assert count(gemma_9b()).all == 9_241_705_984
    assert count(llama_8b()).all == 8_030_261_248


@pytest.mark.parametrize("name", ["tiny-llama", "tiny-gemma2"])
def test_weights_and_adapters_are_those_of_the_model(name: str):
    counted = count(tiny_config(name, 8192))
    model = AutoModelForCausalLM.from_config(tiny_config(name, 8192))
    assert counted.all == sum(w.numel() for w in model.parameters())
    adapted = with_adapters(model, 4)
    trained = sum(w.numel() for w in adapted.parameters() if w.requires_grad)
    assert trained == 4 * counted.widths


def test_full_training_keeps_four_numbers_a_weight_and_adapters_hardly_more_than_one():
    config, counted = llama_8b(), count(llama_8b())
    whole = estimate(Recipe(name="it", model="m"), config, counted)
    assert (whole.weights, whole.gradients, whole.moments) == tuple(
        n * counted.all for n in (4, 4, 8)
    )
    lora = Recipe(name="it", model="m", lora_rank=8, precision="bfloat16")
    halved = estimate(lora, config, counted)
    adapters = 4 * 8 * counted.widths
    assert halved.gradients == adapters
    assert halved.weights == (
        4 * counted.embedding + 2 * (counted.linear + counted.rest) + adapters
    )
    asked = estimate(Recipe(name="it", model="m", epochs=0), config, counted)
    assert (asked.gradients, asked.moments) == (0, 0)


def test_what_does_not_fit_is_refused_with_what_would(monkeypatch: pytest.MonkeyPatch):
    recipe, config = recipe_named("value-profiles"), gemma_9b()
    monkeypatch.setattr(memory, "available", lambda: (40 * GIB, "this card"))
    with pytest.raises(DataError) as caught:
        require_memory(recipe, config)
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith("recipe 'value-profiles': training google/gemma-2-9b takes about 1")
    assert " and this card has 40.0 GiB free: would fit: lora_rank: 8" in line
    for words in line.partition("would fit: ")[2].split("; or "):
        changed = changes(words)
        assert estimate(changed_recipe(recipe, changed), config, count(config)).all <= 40 * GIB
    monkeypatch.setattr(memory, "available", lambda: (GIB, "this card"))
    with pytest.raises(
        DataError, match=r"nothing fits; the least is lora_rank: 8, eight_bit: true"
    ):
        require_memory(recipe, config)
    monkeypatch.setattr(memory, "available", lambda: (400 * GIB, "this card"))
    require_memory(recipe, config)


def changes(words: str) -> dict[str, Any]:
    pairs = words.partition(" (")[0].split(", ")
    return {name: json.loads(value) for name, value in (pair.split(": ") for pair in pairs)}


def changed_recipe(recipe: Recipe, changed: dict[str, Any]) -> Recipe:
    return Recipe(**{**vars(recipe), **changed})


def test_a_model_is_refused_before_it_is_made(monkeypatch: pytest.MonkeyPatch):
    recipe = recipe_named("tiny-llama")
    tokenizer = make_tokenizer(recipe, ["tea"])
    monkeypatch.setattr(memory, "available", lambda: (1000, "this machine"))
    with pytest.raises(DataError, match="recipe 'tiny-llama': training tiny-llama takes about"):
        make_model(recipe, tokenizer, 0)


@pytest.mark.processes
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own counts")
@pytest.mark.parametrize("how", ["keep", "recompute"])
@pytest.mark.slow
def test_a_training_peaks_where_the_estimate_says(how: str, in_full: bool):
    if not in_full:
        pytest.skip("trains a model of 48 million weights: pytest -m slow")
    found = peak("middle", how)
    assert found["counted"] == found["parameters"] > 40e6
    assert 1 / FACTOR < found["estimate"] / found["peak"] < FACTOR, found


@pytest.mark.processes
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own counts")
def test_a_tiny_training_peaks_where_the_estimate_says():
    found = peak("tiny-llama", "keep")
    assert 1 / FACTOR < found["estimate"] / found["peak"] < FACTOR, found


def peak(shape: str, how: str) -> dict[str, Any]:
    """In a process of its own, as peaks are of whole processes."""
    program = Path(__file__).with_name("measured_peak.py")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(program), shape, how],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "OMP_NUM_THREADS": "1"},
    )
    return json.loads(done.stdout)
