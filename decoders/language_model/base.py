"""A tiny model to start from: random weights and one tokenizer for the texts of several data sets.

Decoders that start from it read and weigh tokens alike, so that their weights can be averaged.
"""

from collections.abc import Sequence
from pathlib import Path

import yaml
from transformers.utils.logging import disable_progress_bar

from decoders.language_model.family import learned_texts
from decoders.language_model.network import make_model, make_tokenizer
from decoders.language_model.tiny_models import TINY
from decoders.language_model.training.recipes import Recipe
from ratings.data_sets.instances import Instances
from ratings.errors import DataError
from ratings.output.atomic_write import write_whole

OWN_RECIPE = "recipe.yaml"


def write_base(recipe: Recipe, instances: Sequence[Instances], folder: Path, seed: int) -> Path:
    """Write a tiny model that was not trained, and a recipe that starts from it.

    Args:
        recipe: of a tiny model.
        instances: of the data sets whose texts the tokenizer learns from.
        folder: to write into.
        seed: of the weights.

    Returns:
        The file of the recipe.

    Raises:
        DataError: when the recipe's model is not a tiny one, or the folder holds something.
    """
    if recipe.model not in TINY:
        raise DataError(
            f"the recipe {recipe.name!r} starts from {recipe.model!r}, which has weights and a "
            f"tokenizer: only {' and '.join(TINY)} are made"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataError(f"{folder} is there and holds something; give another --out")
    texts = [text for one in instances for text in learned_texts(one, recipe)]
    tokenizer = make_tokenizer(recipe, texts)
    # the least that there is to save: no adapters, no casts
    plain = Recipe(name=recipe.name, model=recipe.model)
    disable_progress_bar()
    folder.mkdir(parents=True, exist_ok=True)
    make_model(plain, tokenizer, seed).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    own = {
        "base": recipe.name,
        "name": f"{recipe.name}-{folder.name}",
        "model": str(folder.resolve()),
    }
    path = folder / OWN_RECIPE
    write_whole(path, yaml.safe_dump(own, sort_keys=False))
    return path
