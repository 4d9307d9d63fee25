"""What a training needs of memory, computed before anything is loaded, and what would fit.

Weights, gradients and the optimizer's moments are counted exactly, from the model's configuration.
Activations are counted by the tensors that a layer keeps for its gradients, for one pass of as
many columns as the recipe allows; among them, in bfloat16, a copy of the weights that are trained.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from decoders.language_model.training.recipes import Recipe
from ratings.errors import DataError

GIB = 2**30
FLOAT, HALF, BYTE = 4, 2, 1
MOMENTS = 2
RANK = 8
LEAST_COLUMNS = 256
# A layer keeps, for each column: in widths of the stream, norms before and after and the sums,
# computed in float32 always; of queries, keys and values before and after they are turned; of the
# inner width, its four products.
_STREAM, _TURNED, _INNER = 8, 2, 4
_PRODUCTS = 4  # of queries and keys where they are bent: product, bent, hidden, shares
_LOGITS = 3  # themselves, their logarithms, their gradients
_TEXT_TOKENS = 16  # of an answer in words
_ASKED = 8  # columns to a logit, at the fewest


@dataclass(frozen=True)
class Parameters:
    """Numbers of weights, from a model's configuration.

    Attributes:
        embedding: of embedding and unembedding, once where they are tied.
        linear: of the other linear layers.
        rest: of norms and whatever else.
        widths: inputs and outputs of the linear layers, added up.
    """

    embedding: int
    linear: int
    rest: int
    widths: int

    @property
    def all(self) -> int:
        """Of the whole model."""
        return self.embedding + self.linear + self.rest


@dataclass(frozen=True)
class Memory:
    """What one process needs, in bytes.

    Attributes:
        weights: of the model and its adapters.
        gradients: of what is trained.
        moments: that the optimizer keeps of it.
        activations: of one pass.
        logits: of one pass, with their gradients.
    """

    weights: int
    gradients: int
    moments: int
    activations: int
    logits: int

    @property
    def all(self) -> int:
        """Together."""
        return self.weights + self.gradients + self.moments + self.activations + self.logits


def require_memory(recipe: Recipe, config: Any) -> None:  # noqa: ANN401 - a class of transformers
    """Refuse a training that does not fit on the device, before anything is loaded.

    Raises:
        DataError: says how much it needs and there is, and which changes of the recipe would fit.
    """
    there, device = available()
    counted = count(config)
    needed = estimate(recipe, config, counted)
    if needed.all <= there:
        return
    parts = ", ".join(
        f"{name} {size(value)}" for name, value in vars(needed).items() if value >= GIB / 20
    )
    doing = "training" if recipe.epochs else "asking"
    raise DataError(
        f"recipe {recipe.name!r}: {doing} {recipe.model} takes about {size(needed.all)} GiB "
        f"({parts}) and {device} has {size(there)} GiB free: {_way_out(recipe, config, there)}"
    )


def available() -> tuple[int, str]:
    """Bytes that are free on the device, and its name."""
    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[0]), torch.cuda.get_device_name()
    import psutil  # accelerate brings it

    return int(psutil.virtual_memory().available), "this machine"


def count(config: Any) -> Parameters:  # noqa: ANN401 - a class of transformers
    """Numbers of weights of the model of a configuration; none of them is made."""
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    ends = {id(w) for m in (model.get_input_embeddings(), model.get_output_embeddings())
            for w in m.parameters()}  # fmt: skip
    linear = [m for m in model.modules() if isinstance(m, nn.Linear) and id(m.weight) not in ends]
    whole = {id(w): w.numel() for w in model.parameters()}
    embedding = sum(number for key, number in whole.items() if key in ends)
    inside = sum(m.weight.numel() for m in linear)
    return Parameters(
        embedding=embedding,
        linear=inside,
        rest=sum(whole.values()) - embedding - inside,
        widths=sum(m.in_features + m.out_features for m in linear),
    )


def estimate(recipe: Recipe, config: Any, counted: Parameters) -> Memory:  # noqa: ANN401
    """What a training needs, or asking alone with `epochs: 0`.

    Where weights are sharded among processes, what one of them needs.

    Args:
        recipe: how it is trained.
        config: of the model.
        counted: its weights.
    """
    adapters = recipe.lora_rank * counted.widths
    trained = 0 if not recipe.epochs else adapters if recipe.lora_rank else counted.all
    inside = BYTE if recipe.eight_bit else HALF if recipe.halved else FLOAT
    rest = HALF if recipe.halved or recipe.eight_bit else FLOAT
    weights = FLOAT * (counted.embedding + adapters)
    weights += inside * counted.linear + rest * counted.rest
    shards = _shards()
    text = config.get_text_config()
    return Memory(
        weights=weights // shards,
        gradients=FLOAT * trained // shards,
        moments=MOMENTS * FLOAT * trained // shards,
        activations=_activations(recipe, text) + _copies(recipe, counted),
        logits=_logits(recipe, text),
    )


def _activations(recipe: Recipe, config: Any) -> int:  # noqa: ANN401 - a class of transformers
    """Bytes of one pass: of all layers, or with recomputation of one and every layer's input."""
    layers, stream = int(config.num_hidden_layers), int(config.hidden_size)
    width = getattr(config, "head_dim", None) or stream // config.num_attention_heads
    turned = width * (config.num_attention_heads + 2 * config.num_key_value_heads)
    bytes_of = HALF if recipe.precision == "bfloat16" else FLOAT
    products = _TURNED * turned + _INNER * config.intermediate_size
    layer = int(recipe.columns * (FLOAT * _STREAM * stream + bytes_of * products))
    if getattr(config, "attn_logit_softcapping", None) and not torch.cuda.is_available():
        seen = min(recipe.columns, recipe.context)
        layer += bytes_of * _PRODUCTS * config.num_attention_heads * recipe.columns * seen
    if not recipe.epochs:
        return layer
    if recipe.recompute:
        return layer + bytes_of * layers * recipe.columns * stream
    return layers * layer


def _copies(recipe: Recipe, counted: Parameters) -> int:
    """Of weights that are trained and kept in float32, in the precision of the products."""
    copied = recipe.precision == "bfloat16" and recipe.epochs and not recipe.lora_rank
    return HALF * counted.linear if copied and not recipe.recompute else 0


def _logits(recipe: Recipe, config: Any) -> int:  # noqa: ANN401 - a class of transformers
    tokens = 1 if recipe.answer == "letter" else _TEXT_TOKENS
    asked = min(recipe.columns, max(recipe.batch * tokens, recipe.columns // _ASKED))
    return int(_LOGITS * FLOAT * asked * config.vocab_size)


def _shards() -> int:
    """Among how many processes weights are shared."""
    wished = ("ACCELERATE_USE_FSDP", "ACCELERATE_USE_DEEPSPEED")
    if any(os.environ.get(name, "").lower() == "true" for name in wished):
        return max(1, int(os.environ.get("WORLD_SIZE", "1")))
    return 1


def _way_out(recipe: Recipe, config: Any, there: int) -> str:  # noqa: ANN401
    """Which changes of the recipe would fit, in words; the least that it takes if none does."""
    counted = count(config)
    tried = [
        (changes, estimate(replace(recipe, **changes), config, counted).all)
        for changes in _changes(recipe)
    ]
    fitting = [(changes, needed) for changes, needed in tried if needed <= there]
    if fitting:
        return "would fit: " + "; or ".join(_said(*one) for one in _plainest(fitting))
    return "nothing fits; the least is " + _said(*min(tried, key=lambda one: one[1]))


def _changes(recipe: Recipe) -> Iterator[dict[str, Any]]:
    """What can be changed, the least first; fewer columns, halved until few are left."""
    ways: list[dict[str, Any]] = [{}]
    if recipe.epochs:
        rank = recipe.lora_rank or RANK
        ways += [{"recompute": True}]
        ways += [{"lora_rank": rank}, {"lora_rank": rank, "recompute": True}]
        if recipe.precision == "float32":
            ways += [{"lora_rank": rank, "precision": "bfloat16"}]
        ways += [
            {"lora_rank": rank, "eight_bit": True},
            {"lora_rank": rank, "eight_bit": True, "recompute": True},
        ]
    for way in ways:
        columns = recipe.columns
        while True:
            fewer = {"columns": columns} if columns < recipe.columns else {}
            new = {k: v for k, v in {**way, **fewer}.items() if getattr(recipe, k) != v}
            if new:
                yield new
            columns //= 2
            if columns < LEAST_COLUMNS:
                break


def _plainest(
    fitting: Sequence[tuple[Mapping[str, Any], int]],
) -> list[tuple[Mapping[str, Any], int]]:
    """Without those that change more than another that fits, or take fewer columns than need be."""
    out: list[tuple[Mapping[str, Any], int]] = []
    for changes, needed in fitting:
        if not any(set(kept) <= set(changes) for kept, _ in out):
            out.append((changes, needed))
    return out


def _said(changes: Mapping[str, Any], needed: int) -> str:
    listed = ", ".join(f"{name}: {str(value).lower()}" for name, value in changes.items())
    return f"{listed} ({size(needed)} GiB)"


def size(count: int) -> str:
    """Bytes in GiB, as people read them."""
    return f"{count / GIB:.1f}" if count >= GIB / 10 else f"{count / GIB:.3f}"
