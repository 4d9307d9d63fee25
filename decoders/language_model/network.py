"""The model itself: loaded or made, in the precision and with the adapters that a recipe wants."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase

from decoders.language_model.attention import FLEX, SHARED
from decoders.language_model.recipes import Recipe
from decoders.language_model.shapes import TINY, VOCABULARY, tiny_config
from decoders.language_model.tokenizer import train_tokenizer
from ratings.errors import DataError

LORA_LAYERS = "all-linear"


def make_tokenizer(recipe: Recipe, texts: list[str]) -> PreTrainedTokenizerBase:
    """The model's own tokenizer; for a tiny model one that is trained on the texts.

    Raises:
        DataError: when there is no such model at hand.
    """
    if recipe.model in TINY:
        return train_tokenizer(texts, VOCABULARY)
    return _at_hand(recipe, AutoTokenizer)


def make_model(recipe: Recipe, tokenizer: PreTrainedTokenizerBase, seed: int) -> nn.Module:
    """A causal language model to train.

    Args:
        recipe: which, and how.
        tokenizer: of a tiny model, for its size.
        seed: of random weights and of new adapters.

    Raises:
        DataError: when there is no such model at hand.
    """
    torch.manual_seed(seed)
    if recipe.model in TINY:
        config = tiny_config(recipe.model, VOCABULARY)
        model = AutoModelForCausalLM.from_config(config, attn_implementation=attention_here())
    else:
        model = _at_hand(recipe, AutoModelForCausalLM, attn_implementation=attention_here())
    model = model.float()
    if recipe.lora_rank:
        model = with_adapters(model, recipe.lora_rank)
    if recipe.recompute:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    return in_precision(model, recipe.precision)


def attention_here() -> str:
    """The fused kernel where there is a device for it, else the one that runs everywhere."""
    return FLEX if torch.cuda.is_available() else SHARED


def with_adapters(model: Any, rank: int) -> Any:  # noqa: ANN401 - classes of transformers and peft
    """A model of which only low-rank adapters of its linear layers are trained."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=rank, lora_alpha=2 * rank, target_modules=LORA_LAYERS, task_type="CAUSAL_LM"
    )
    return get_peft_model(model, config)


def in_precision(model: Any, precision: str) -> Any:  # noqa: ANN401 - a class of transformers
    """Products in that precision; the unembedding's in float32 always.

    In bfloat16 logits near 20 stand 0.125 apart, which rounds probabilities of likely labels; so
    the head is computed apart (Value Profiles, section 11).
    """
    if precision == "float32":
        return model
    head = model.get_output_embeddings()
    plain = head.forward

    def in_float32(hidden: Tensor) -> Tensor:
        with torch.autocast(hidden.device.type, enabled=False):
            found: Tensor = plain(hidden.float())
        return found

    head.forward = in_float32
    return model


def layer_windows(config: Any) -> dict[str, int | None]:  # noqa: ANN401 - a class of transformers
    """How far back each kind of layer sees, where a model has several kinds; else empty."""
    kinds = set(getattr(config, "layer_types", None) or [])
    if kinds <= {"full_attention"}:
        return {}
    window = getattr(config, "sliding_window", None)
    return {kind: window if kind == "sliding_attention" else None for kind in sorted(kinds)}


def _at_hand(recipe: Recipe, kind: Any, **how: object) -> Any:  # noqa: ANN401
    """Something of a pretrained model, from a folder or the hub."""
    place = recipe.model
    try:
        AutoConfig.from_pretrained(place, revision=recipe.revision)
        return kind.from_pretrained(place, revision=recipe.revision, **how)
    except (OSError, ValueError) as error:
        if Path(place).is_dir():
            raise DataError(f"the model in {place} cannot be loaded: {error}") from error
        first = str(error).splitlines()[0]
        raise DataError(
            f"the model {place!r} is neither a folder nor to be had from the hub: {first}"
        ) from error
