"""A tiny model to start from, with one tokenizer for several data sets."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from decoders.language_model.base import write_base
from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.training.recipes import recipe_named
from ratings.data_sets.instances import instances_of
from ratings.errors import DataError
from tests.decoders.made_data import made


def test_trainings_start_from_the_same_weights_and_tokens_whatever_their_data(tmp_path: Path):
    data = [instances_of(made([3] * n, raters=8, ratings=(4,), seed=n)) for n in (6, 9)]
    path = write_base(recipe_named("tiny-gemma2"), data, tmp_path / "base", seed=4)
    recipe = recipe_named(str(path))
    assert recipe.name == "tiny-gemma2-base"
    assert recipe.model == str(tmp_path / "base")
    tokenizers = [make_tokenizer(recipe, list(one.texts)) for one in data]
    assert tokenizers[0].get_vocab() == tokenizers[1].get_vocab()
    one, other = (make_model(recipe, tokenizers[0], seed) for seed in (0, 1))
    for mine, theirs in zip(one.parameters(), other.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    again = write_base(recipe_named("tiny-gemma2"), data, tmp_path / "again", seed=5)
    third = make_model(recipe_named(str(again)), tokenizers[0], 0)
    assert not torch.equal(next(one.parameters()), next(third.parameters()))


def test_only_tiny_models_are_made_and_only_into_an_empty_folder(tmp_path: Path):
    data = [instances_of(made([3] * 6, raters=8, ratings=(4,)))]
    with pytest.raises(DataError) as caught:
        write_base(recipe_named("value-profiles"), data, tmp_path / "base", seed=0)
    assert str(caught.value) == (
        "the recipe 'value-profiles' starts from 'google/gemma-2-9b', which has weights and a "
        "tokenizer: only tiny-gemma2 and tiny-llama are made"
    )
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "it").touch()
    with pytest.raises(DataError) as caught:
        write_base(recipe_named("tiny-llama"), data, tmp_path / "full", seed=0)
    assert str(caught.value) == (
        f"{tmp_path / 'full'} is there and holds something; give another --out"
    )
