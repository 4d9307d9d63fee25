"""Averages of weights: what they are, and which are refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from decoders.language_model.base import write_base
from decoders.language_model.checkpoint import (
    ABOUT,
    About,
    Checkpoint,
    load_checkpoint,
    save_checkpoint,
)
from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.prompts.wording import template_sha256
from decoders.language_model.soup import make_soup
from decoders.language_model.training.recipes import Recipe, recipe_named
from ratings.data_sets.instances import instances_of
from ratings.errors import DataError
from tests.decoders.made_data import made

TINY = recipe_named("tiny-llama")


def written(
    folder: Path,
    recipe: Recipe = TINY,
    seed: int = 0,
    texts: str = "tea rain work",
    temperature: float = 1.0,
) -> Path:
    """A checkpoint with random weights of its own."""
    tokenizer = make_tokenizer(recipe, [texts])
    about = About(
        kind="ratings",
        recipe=recipe,
        template_sha256=template_sha256(recipe.answer, recipe.chat, "ratings"),
        data=folder.name,
        data_sha256=str(seed) * 64,
        card_revision=None,
        representation="none",
        seed=seed,
        temperature=temperature,
    )
    save_checkpoint(folder, Checkpoint(make_model(recipe, tokenizer, seed), tokenizer, about))
    return folder


def weights(found: Any) -> dict[str, Any]:
    return {name: values.detach() for name, values in found.named_parameters()}


@pytest.mark.parametrize("name", ["tiny-llama", "tiny-gemma2"])
def test_a_soup_of_one_checkpoint_with_itself_is_that_checkpoint(name: str, tmp_path: Path):
    one = written(tmp_path / "one", recipe_named(name), temperature=1.3)
    found, wanted = make_soup([one, one]), load_checkpoint(one)
    for key, values in weights(wanted.model).items():
        assert torch.equal(weights(found.model)[key], values), key
    assert found.about.temperature == 1.3
    assert (found.about.data, found.about.data_sha256) == ("one", "0" * 64)


@pytest.mark.parametrize("name", ["tiny-llama", "tiny-gemma2"])
def test_a_soup_is_the_mean_of_each_weight_and_can_be_read_again(name: str, tmp_path: Path):
    recipe = recipe_named(name)
    folders = [
        written(tmp_path / f"part{n}", recipe, seed=n, temperature=1 + n / 2) for n in range(3)
    ]
    found = make_soup(folders)
    save_checkpoint(tmp_path / "soup", found)
    parts = [weights(load_checkpoint(folder).model) for folder in folders]
    again = load_checkpoint(tmp_path / "soup")
    for key, values in weights(again.model).items():
        mean = torch.stack([part[key] for part in parts]).mean(0)
        assert torch.allclose(values, mean, rtol=0, atol=1e-7), key
    assert again.about.data == "part0 + part1 + part2"
    assert again.about.temperature == 1.5
    assert [part["seed"] for part in again.about.metrics["soup"]] == [0, 1, 2]
    assert len(again.about.data_sha256) == 64


def test_adapters_are_added_to_their_model_before_weights_are_averaged(tmp_path: Path):
    base = tmp_path / "base"
    write_base(TINY, [instances_of(made([3] * 6, raters=8, ratings=(4,)))], base, seed=0)
    recipe = replace(TINY, model=str(base), lora_rank=2)
    folders = []
    for n in range(2):
        model = make_model(recipe, None, seed=n)
        with torch.no_grad():
            for key, values in model.named_parameters():
                if "lora_B" in key:
                    values.normal_(std=0.1, generator=torch.Generator().manual_seed(n))
        whole = load_checkpoint(written(tmp_path / f"about{n}", seed=n))
        about = replace(whole.about, recipe=recipe)
        save_checkpoint(tmp_path / f"lora{n}", Checkpoint(model, whole.tokenizer, about))
        folders.append(tmp_path / f"lora{n}")
    found = make_soup(folders)
    assert found.about.recipe.lora_rank == 0
    parts = [weights(load_checkpoint(folder).model) for folder in folders]
    key = "model.layers.0.mlp.down_proj.weight"
    assert not torch.equal(parts[0][key], parts[1][key])
    assert torch.allclose(weights(found.model)[key], (parts[0][key] + parts[1][key]) / 2)
    save_checkpoint(tmp_path / "soup", found)
    assert torch.equal(
        weights(load_checkpoint(tmp_path / "soup").model)[key], weights(found.model)[key]
    )


def refused(folders: list[Path]) -> str:
    with pytest.raises(DataError) as caught:
        make_soup(folders)
    return str(caught.value)


def test_other_models_tokenizers_templates_and_shapes_are_refused_by_name(tmp_path: Path):
    one = written(tmp_path / "one")
    gemma = written(tmp_path / "gemma", recipe_named("tiny-gemma2"))
    assert refused([one, gemma]) == (
        f"{one} and {gemma} differ in the model (tiny-llama and tiny-gemma2): only decoders that "
        "started from the same model make a soup"
    )
    words = written(tmp_path / "words", replace(TINY, answer="text"))
    hashes = [template_sha256(answer, False, "ratings")[:12] for answer in ("letter", "text")]
    assert refused([one, words]) == (
        f"{one} and {words} differ in the template ({' and '.join(hashes)}): only decoders that "
        "started from the same model make a soup"
    )
    other = written(tmp_path / "other", texts="other words make other tokens")
    assert refused([one, other]).startswith(
        f"{one} and {other} differ in the tokenizer, so the same weights mean other words: "
    )
    assert refused([one]) == "a soup takes two checkpoints or more"


def test_another_shape_of_the_same_name_is_refused(tmp_path: Path):
    one, other = written(tmp_path / "one"), written(tmp_path / "other")
    gemma = written(tmp_path / "gemma", recipe_named("tiny-gemma2"))
    for name in ("model.safetensors", "config.json"):
        (gemma / name).replace(other / name)
    assert (
        refused([one, other])
        == f"{one} and {other} differ in shape: only one of them has lm_head.weight"
    )
    about = json.loads((other / ABOUT).read_text())
    assert about["recipe"]["model"] == "tiny-llama"
