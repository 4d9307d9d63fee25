"""Recipes: which language model is trained how, by name or from a file of one's own."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ratings.errors import DataError, unknown_name
from ratings.input.strict_files import Flag, Number, StrictFields, Whole, parse_yaml, read_text
from ratings.sources.locations import resolve_from_start


def _number(value: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """A number out of a text, as which YAML reads 1e-7."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


_Count = Annotated[Whole, Field(ge=1, le=10**9)]
_Share = Annotated[Number, BeforeValidator(_number), Field(ge=0, le=1)]


@dataclass(frozen=True)
class Recipe(StrictFields):
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
    epochs: Annotated[Whole, Field(ge=0, le=10**9)] = 1
    batch: _Count = 4
    share: _Count = 1
    learning_rate: _Share = 1e-5
    schedule: Literal["constant", "linear", "cosine"] = "constant"
    warmup: _Share = 0.0
    weight_decay: _Share = 0.0
    clip: Annotated[Number, BeforeValidator(_number), Field(ge=1e-6, le=1e9)] = 1.0
    precision: Literal["float32", "bfloat16"] = "float32"
    context: Annotated[Whole, Field(ge=16, le=10**9)] = 4096
    instance_tokens: Whole | None = None
    learn_examples: Flag = False
    answer: Literal["letter", "text"] = "letter"
    chat: Flag = False
    partitions: Annotated[Whole, Field(ge=1, le=1000)] = 1
    calibrated_on: Annotated[Number, BeforeValidator(_number), Field(ge=0, le=0.5)] = 0.0
    lora_rank: Annotated[Whole, Field(ge=0, le=4096)] = 0
    eight_bit: Flag = False
    recompute: Flag = False
    columns: _Count = 4_096

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            DataError: for weights in 8 bits that would be trained.
        """
        if self.eight_bit and not self.lora_rank:
            raise DataError(
                f"recipe {self.name!r}: weights in 8 bits cannot be trained: give lora_rank, too"
            )

    @property
    def halved(self) -> bool:
        """Whether weights that are not trained are kept in bfloat16."""
        frozen = self.lora_rank > 0 or self.epochs == 0
        return frozen and self.precision == "bfloat16" and not self.eight_bit


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
        MalformedFileError: when the file cannot be read, or a field is not one.
    """
    if name in RECIPES:
        return RECIPES[name]
    if not name.endswith((".yaml", ".yml")):
        raise unknown_name("recipe", name, RECIPES)
    path = resolve_from_start(name)
    document = parse_yaml(read_text(path), str(path))
    given = document.check(dict[str, Any])
    base = given.pop("base", None)
    if base is not None and base not in list(RECIPES):
        raise document.error(("base",), unknown_name("recipe", base, RECIPES))
    start = asdict(RECIPES[base]) if base else {}
    return replace(document, value={**start, "name": path.stem, **given}).check(Recipe)
