from dataclasses import replace
from pathlib import Path

import pytest

from decoders.families import FAMILIES
from decoders.language_model.training.recipes import RECIPES, Recipe, recipe_named
from ratings.errors import DataError, UnknownNameError


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_papers_settings_stand_under_their_names():
    """Value Profiles, section 11; IndieValueCatalog, Table 14."""
    profiles, indie = RECIPES["value-profiles"], RECIPES["indie-value"]
    assert (profiles.model, profiles.batch, profiles.learning_rate, profiles.clip) == (
        "google/gemma-2-9b", 4, 1e-7, 50.0,
    )  # fmt: skip
    assert (profiles.epochs, profiles.precision) == (1, "bfloat16")
    assert (indie.batch, indie.learning_rate, indie.schedule, indie.warmup) == (
        8, 5e-6, "linear", 0.03,
    )  # fmt: skip
    assert (indie.epochs, indie.context, indie.weight_decay) == (2, 4096, 0.0)


def test_every_recipe_is_a_family():
    assert set(RECIPES) < set(FAMILIES)


def test_a_file_says_what_differs_from_a_recipe(tmp_path: Path):
    found = recipe_named(written(tmp_path, "base: tiny-llama\nepochs: 3\nlearning_rate: 1e-3\n"))
    assert found == replace(RECIPES["tiny-llama"], name="mine", epochs=3, learning_rate=1e-3)


def test_a_file_may_name_any_model(tmp_path: Path):
    found = recipe_named(written(tmp_path, "model: /models/mine\nname: own\n"))
    assert found == Recipe(name="own", model="/models/mine")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epochs: 3\n", "names no model: add 'model: ...' or 'base: ...'"),
        ("base: tiny-lama\n", "unknown recipe to start from 'tiny-lama'.*: tiny-llama, "),
        ("base: tiny-llama\nepoch: 3\n", "unknown field .* 'epoch'.*: epochs, "),
        ("base: tiny-llama\nepochs: many\n", "epochs must be int, found 'many'"),
        ("base: tiny-llama\nepochs: true\n", "epochs must be int, found True"),
        ("base: tiny-llama\nepochs: -1\n", "epochs must be 0 to 1e"),
        ("base: tiny-llama\nprecision: float16\n", "unknown precision 'float16'"),
        ("- a\n", "must hold fields"),
        ("a: [\n", "cannot be read"),
    ],
)
def test_a_file_that_is_no_recipe_is_told_in_one_line(tmp_path: Path, text: str, message: str):
    with pytest.raises(DataError, match=message) as caught:
        recipe_named(written(tmp_path, text))
    assert "\n" not in str(caught.value).split("cannot be read")[0]


def test_an_unknown_recipe_and_a_missing_file_are_told():
    with pytest.raises(UnknownNameError, match="nearest first\\): tiny-llama"):
        recipe_named("tinyllama")
    with pytest.raises(DataError, match="cannot be read"):
        recipe_named("nowhere.yaml")
