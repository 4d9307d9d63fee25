import re
from dataclasses import replace
from pathlib import Path

import pytest

from decoders.families import FAMILIES
from decoders.language_model.training.recipes import RECIPES, Recipe, recipe_named
from ratings.errors import UnknownNameError
from ratings.input.strict_files import MalformedFileError


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
    ("text", "line", "key", "hint"),
    [
        ("epochs: 3\n", 1, "", "missing key 'model'"),
        ("epochs: 3\nbase: tiny-lama\n", 2, "base", "tiny-llama"),
        ("base: tiny-llama\nepoch: 3\n", 2, "epoch", "did you mean 'epochs'?"),
        ("base: tiny-llama\nepochs: many\n", 2, "epochs", "a whole number, found 'many'"),
        ("base: tiny-llama\nepochs: true\n", 2, "epochs", "a whole number, found True"),
        ("base: tiny-llama\nepochs: 3.0\n", 2, "epochs", "a whole number, found 3.0"),
        ("base: tiny-llama\nchat: 1\n", 2, "chat", "true or false, found 1"),
        ("base: tiny-llama\nrevision: 1\n", 2, "revision", "text, found 1"),
        ("base: tiny-llama\nlearning_rate: fast\n", 2, "learning_rate", "number, found 'fast'"),
        ("base: tiny-llama\nwarmup: .nan\n", 2, "warmup", "found nan"),
        ("base: tiny-llama\nepochs: -1\n", 2, "epochs", "greater than or equal to 0, found -1"),
        ("base: tiny-llama\ncalibrated_on: 0.6\n", 2, "calibrated_on", "equal to 0.5, found 0.6"),
        ("base: tiny-llama\nprecision: float16\n", 2, "precision", "did you mean 'bfloat16'?"),
        ("base: tiny-llama\nepochs: 1\nepochs: 2", 3, "", "'epochs' is listed twice"),
        ("base: tiny-llama\neight_bit: true\n", 1, "", "give lora_rank, too"),
        ("- a\n", 1, "", "must be a mapping"),
        ("base: a\na: [\n", 3, "", "not valid YAML"),
        ("", None, "", "is empty"),
    ],
)
def test_what_is_wrong_in_a_recipe_is_named(
    tmp_path: Path, text: str, line: int | None, key: str, hint: str
):
    path = written(tmp_path, text)
    with pytest.raises(MalformedFileError, match=re.escape(hint)) as caught:
        recipe_named(path)
    assert (caught.value.file, caught.value.line, caught.value.key) == (path, line, key)


def test_an_unknown_recipe_and_a_missing_file_are_named():
    with pytest.raises(UnknownNameError) as caught:
        recipe_named("tinyllama")
    assert (caught.value.name, caught.value.allowed[0]) == ("tinyllama", "tiny-llama")
    with pytest.raises(MalformedFileError, match=r"nowhere.yaml: cannot be read: No such file"):
        recipe_named("nowhere.yaml")
