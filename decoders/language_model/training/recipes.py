"""Recipes: which language model is trained how, by name or from a file of one's own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import yaml

from ratings.errors import DataError, unknown_name
from ratings.sources.locations import resolve_from_start

PRECISIONS = ("float32", "bfloat16")
SCHEDULES = ("constant", "linear", "cosine")
ANSWERS = ("letter", "text")


@dataclass(frozen=True)
class Recipe:
    """How a language model is made a decoder.

    Attributes:
        name: for tables and files.
        model: `tiny-gemma2` or `tiny-llama`, which start at random; else a local folder or the name
            of a model on the Hugging Face hub.
        revision: of a model on the hub; a commit, so that a name means one model.
        epochs: how often each target is seen; 0 asks the model as it is.
        batch: ratings a step.
        share: most ratings of a rater that stand behind one prefix; 1 for one sequence a rating.
        learning_rate: the highest.
        schedule: `constant`, `linear` or `cosine`, the last two down to 0.
        warmup: share of the steps in which the learning rate rises.
        weight_decay: of AdamW.
        clip: largest norm of a step's gradient.
        precision: of the products and of what goes from layer to layer, `float32` or `bfloat16`;
            embedding, unembedding and what the optimizer keeps are `float32` either way. With
            `bfloat16` other weights that are not trained are kept in it.
        context: most tokens of a prompt with its answer.
        instance_tokens: most tokens of an instance; a longer one loses its middle. None for all.
        learn_examples: whether the answers among the examples told of a rater are learned too, each
            from those before it.
        answer: the model answers with the choice's `letter` or its `text`.
        chat: whether prompts stand in the model's own chat template.
        partitions: draws of fit and evaluation part of each training rater.
        calibrated_on: share of the training raters that are left out of training: the weights that
            predict them best are kept, and one temperature is fitted on them; 0 for neither.
        lora_rank: of low-rank adapters; 0 trains all weights.
        eight_bit: whether weights that are not trained are kept in 8 bits; needs `lora_rank`.
        recompute: whether activations are computed again instead of kept (less memory, more time).
        columns: most columns, padding counted, of one pass through the model.
    """

    name: str
    model: str
    revision: str | None = None
    epochs: int = 1
    batch: int = 4
    share: int = 1
    learning_rate: float = 1e-5
    schedule: str = "constant"
    warmup: float = 0.0
    weight_decay: float = 0.0
    clip: float = 1.0
    precision: str = "float32"
    context: int = 4096
    instance_tokens: int | None = None
    learn_examples: bool = False
    answer: str = "letter"
    chat: bool = False
    partitions: int = 1
    calibrated_on: float = 0.0
    lora_rank: int = 0
    eight_bit: bool = False
    recompute: bool = False
    columns: int = 4_096

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            DataError: says which field, and what it takes.
        """
        for name, allowed in _ONE_OF.items():
            if getattr(self, name) not in allowed:
                raise unknown_name(name, getattr(self, name), allowed)
        for name, (low, high) in _FROM_TO.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise DataError(f"recipe {self.name!r}: {name} must be {low:g} to {high:g}")
        if self.eight_bit and not self.lora_rank:
            raise DataError(
                f"recipe {self.name!r}: weights in 8 bits cannot be trained: give lora_rank, too"
            )

    @property
    def halved(self) -> bool:
        """Whether weights that are not trained are kept in bfloat16."""
        frozen = self.lora_rank > 0 or self.epochs == 0
        return frozen and self.precision == "bfloat16" and not self.eight_bit


_ONE_OF: Mapping[str, tuple[str, ...]] = {
    "precision": PRECISIONS,
    "schedule": SCHEDULES,
    "answer": ANSWERS,
}
_MANY = 1e9
_FROM_TO: Mapping[str, tuple[float, float]] = {
    "epochs": (0, _MANY),
    "batch": (1, _MANY),
    "share": (1, _MANY),
    "learning_rate": (0, 1),
    "warmup": (0, 1),
    "weight_decay": (0, 1),
    "clip": (1e-6, _MANY),
    "context": (16, _MANY),
    "partitions": (1, 1000),
    "calibrated_on": (0, 0.5),
    "lora_rank": (0, 4096),
    "columns": (1, _MANY),
}

_TINY = Recipe(
    name="tiny-llama",
    model="tiny-llama",
    batch=32,
    share=64,
    learning_rate=5e-4,
    schedule="cosine",
    warmup=0.05,
    weight_decay=1.0,
    instance_tokens=8,
    learn_examples=True,
    partitions=20,
    calibrated_on=0.15,
)
# Value Profiles, section 11; IndieValueCatalog, Table 14.
RECIPES: Mapping[str, Recipe] = {
    "tiny-llama": _TINY,
    "tiny-gemma2": replace(_TINY, name="tiny-gemma2", model="tiny-gemma2"),
    "value-profiles": Recipe(
        name="value-profiles",
        model="google/gemma-2-9b",
        batch=4,
        share=4,
        learning_rate=1e-7,
        clip=50.0,
        precision="bfloat16",
        context=8192,
        recompute=True,
    ),
    "indie-value": Recipe(
        name="indie-value",
        model="meta-llama/Llama-3.1-8B-Instruct",
        epochs=2,
        batch=8,
        learning_rate=5e-6,
        schedule="linear",
        warmup=0.03,
        precision="bfloat16",
        context=4096,
        answer="text",
        chat=True,
        recompute=True,
    ),
}


def recipe_named(name: str) -> Recipe:
    """A recipe by its name, or from a YAML file with its fields.

    A file may name one of the recipes as `base` and say only what differs.

    Raises:
        UnknownNameError: for no recipe; names the nearest.
        DataError: when the file cannot be read, or a field is not one.
    """
    if name in RECIPES:
        return RECIPES[name]
    if not name.endswith((".yaml", ".yml")):
        raise unknown_name("recipe", name, RECIPES)
    path = resolve_from_start(name)
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise DataError(f"the recipe {path} cannot be read: {error}") from error
    return recipe_from(found, path)


def recipe_from(found: Any, path: Path) -> Recipe:  # noqa: ANN401 - whatever a file holds
    """A recipe from the fields of a file.

    Raises:
        DataError: when a field is unknown or of the wrong kind.
    """
    if not isinstance(found, dict):
        raise DataError(f"the recipe {path} must hold fields, such as 'model: tiny-llama'")
    given = dict(found)
    base = given.pop("base", None)
    if base is not None and base not in RECIPES:
        raise unknown_name("recipe to start from", base, RECIPES)
    known = {one.name: getattr(one.type, "__name__", str(one.type)) for one in fields(Recipe)}
    for name, value in given.items():
        if name not in known:
            raise unknown_name(f"field of the recipe {path}", name, known)
        if not _fits(value, known[name]):
            raise DataError(f"the recipe {path}: {name} must be {known[name]}, found {value!r}")
    start = asdict(RECIPES[base]) if base else {}
    given = {name: _number(value, known[name]) for name, value in given.items()}
    merged = {**start, "name": path.stem, **given}
    if "model" not in merged:
        raise DataError(f"the recipe {path} names no model: add 'model: ...' or 'base: ...'")
    return Recipe(**merged)


def _fits(value: object, kind: str) -> bool:
    if value is None:
        return "None" in kind
    if isinstance(value, bool):
        return kind == "bool"
    if isinstance(value, int):
        return "int" in kind or kind == "float"
    if isinstance(value, float):
        return kind == "float"
    if isinstance(value, str) and kind == "float":
        return _is_number(value)  # YAML reads 1e-7 as text
    return isinstance(value, str) and "str" in kind


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _number(value: Any, kind: str) -> Any:  # noqa: ANN401 - a field's value
    return float(value) if kind == "float" else value
