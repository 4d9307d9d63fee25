"""On a GPU: the fused kernel gives the losses, probabilities and gradients of plain attention."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")
if not torch.cuda.is_available():
    pytest.skip("needs a GPU", allow_module_level=True)

from dataclasses import replace
from typing import Any

from decoders.language_model.attention import FLEX, SHARED
from decoders.language_model.network import attention_here, make_model, make_tokenizer
from decoders.language_model.prompts.prompts import Prompts
from decoders.language_model.scoring import log_probabilities
from decoders.language_model.training.batching import epoch_steps, pack_of
from decoders.language_model.training.recipes import RECIPES, Recipe
from decoders.language_model.training.training import summed_loss, train
from tests.decoders.language_model import shaped
from tests.decoders.language_model.shaped import STANDARD, model_of, random_prompts

CLOSE = 1e-4  # kernels add in another order

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(autouse=True)
def _heads_wide_enough(monkeypatch: pytest.MonkeyPatch):
    """The kernel takes heads of 16 at least."""

    def llama() -> Any:
        config = of_before()
        config.head_dim = 16
        return config

    of_before = shaped.llama
    monkeypatch.setitem(shaped.SHAPES, "llama", llama)


def gradients(model: Any, prompts: Prompts, share: int) -> dict[str, Any]:
    recipe = Recipe(name="any", model="any", batch=12, share=share)
    for step in epoch_steps(prompts, recipe.batch, share, seed=0, epoch=0):
        summed_loss(model, prompts, [pack_of(prompts, rows) for rows in step], recipe).backward()
    return {name: weights.grad.cpu() for name, weights in model.named_parameters()}


@pytest.mark.parametrize("attention", [FLEX, SHARED])
@pytest.mark.parametrize("shape", shaped.SHAPES)
def test_probabilities_and_gradients_are_those_of_the_processor(shape: str, attention: str):
    torch.set_float32_matmul_precision("highest")
    for ratings, most in ((12, 3), (7, 1), (20, 3)):  # shapes change, as they do in training
        prompts = random_prompts(ratings=ratings, most=most)
        plain, here = model_of(shape, SHARED), model_of(shape, attention).cuda()
        wanted = log_probabilities(plain, prompts, 64)
        found = log_probabilities(here, prompts, 64)
        np.testing.assert_allclose(found, wanted, atol=CLOSE)
        slow, fast = gradients(plain.train(), prompts, 4), gradients(here.train(), prompts, 4)
        for name, gradient in fast.items():
            assert float((gradient - slow[name]).abs().max()) < 10 * CLOSE, name


def test_the_standard_attention_of_the_classes_agrees_too():
    for shape, attention in STANDARD.items():
        wanted = log_probabilities(model_of(shape, SHARED), random_prompts(), 64)
        found = log_probabilities(model_of(shape, attention).cuda(), random_prompts(), 64)
        np.testing.assert_allclose(found, wanted, atol=CLOSE)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", ["tiny-llama", "tiny-gemma2"])
def test_a_tiny_model_trains_there(name: str, precision: str):
    recipe = replace(RECIPES[name], precision=precision, epochs=30, batch=12, learning_rate=3e-3)
    tokenizer = make_tokenizer(recipe, ["some words to learn from, and some more of them"] * 9)
    model = make_model(recipe, tokenizer, 0)
    assert model.config._attn_implementation == attention_here() == FLEX
    trained = train(model, random_prompts(), recipe, seed=0)
    assert trained.losses[-1] < trained.losses[0] / 2
    assert next(trained.model.parameters()).is_cuda
