"""The model itself: loaded or made, in the precision and with the adapters that a recipe wants."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase

from decoders.language_model.attention import FLEX, SHARED
from decoders.language_model.memory import require_memory
from decoders.language_model.tiny_models import TINY, VOCABULARY, tiny_config
from decoders.language_model.tokenizer import train_tokenizer
from decoders.language_model.training.recipes import Recipe
from ratings.data_sets.sources import one_line
from ratings.errors import DataError, DataMissingError

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
        DataError: when there is no such model at hand, or it does not fit in memory.
    """
    torch.manual_seed(seed)
    return to_train(recipe, base_model(recipe))


def to_train(recipe: Recipe, model: Any) -> nn.Module:  # noqa: ANN401 - a class of transformers
    """A model as a recipe trains it: precision, adapters, what is kept and what computed again."""
    model = frozen_or_whole(recipe, model)
    if recipe.lora_rank:
        model = with_adapters(model, recipe.lora_rank)
    if recipe.recompute:
        checkpointed(model)
    return in_precision(model, recipe.precision)


def base_model(recipe: Recipe) -> Any:  # noqa: ANN401 - a class of transformers
    """The model that a recipe starts from, as it is kept; refused before it is loaded.

    Raises:
        DataError: when there is no such model at hand, or it does not fit in memory.
    """
    how: dict[str, Any] = {"attn_implementation": attention_here()}
    if recipe.model in TINY:
        config = tiny_config(recipe.model, VOCABULARY)
        require_memory(recipe, config)
        if recipe.eight_bit:
            raise DataError(
                f"recipe {recipe.name!r}: {recipe.model} has no weights to keep in 8 bits"
            )
        return AutoModelForCausalLM.from_config(config, **how)
    require_memory(recipe, _at_hand(recipe, AutoConfig))
    if recipe.eight_bit:
        how["quantization_config"] = eight_bits(recipe)
    elif recipe.halved:
        how["dtype"] = torch.bfloat16
    return _at_hand(recipe, AutoModelForCausalLM, **how)


def eight_bits(recipe: Recipe) -> Any:  # noqa: ANN401 - a class of transformers
    """How weights are kept in 8 bits; the unembedding is not.

    Raises:
        DataMissingError: with the line that installs what it takes.
    """
    if find_spec("bitsandbytes") is None:
        raise DataMissingError(
            f"recipe {recipe.name!r} keeps weights in 8 bits, which needs bitsandbytes: "
            f"pip install bitsandbytes"
        )
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(load_in_8bit=True, llm_int8_skip_modules=["lm_head"])


def frozen_or_whole(recipe: Recipe, model: Any) -> Any:  # noqa: ANN401 - a class of transformers
    """Weights in float32; those that are not trained in fewer bits where the recipe says so.

    Embedding and unembedding are in float32 always.
    """
    if not (recipe.halved or recipe.eight_bit):
        return model.float()
    if recipe.halved:
        model = model.bfloat16()
    model.get_input_embeddings().float()
    model.get_output_embeddings().float()
    return model


def checkpointed(model: Any) -> None:  # noqa: ANN401 - a class of transformers
    """Let a model compute activations again instead of keeping them."""
    # transformers 5.20 gave it another name
    new = getattr(model, "activation_checkpointing_enable", None)
    (new or model.gradient_checkpointing_enable)({"use_reentrant": False})


def device_here() -> str:
    """Where a model that was trained before is asked."""
    return "cuda" if torch.cuda.is_available() else "cpu"


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
    """Products in that precision, and what goes from layer to layer; unembedding in float32 always.

    In bfloat16 logits near 20 are 0.125 apart, which rounds probabilities of likely labels; so
    the head is computed apart (Value Profiles, section 11).
    """
    if precision == "float32":
        return model
    embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
    embedded, plain = embedding.forward, head.forward

    def in_half(ids: Tensor) -> Tensor:
        found: Tensor = embedded(ids).bfloat16()
        return found

    def in_float32(hidden: Tensor) -> Tensor:
        with torch.autocast(hidden.device.type, enabled=False):
            found: Tensor = plain(hidden.float())
        return found

    embedding.forward, head.forward = in_half, in_float32
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
    model = recipe.model
    try:
        AutoConfig.from_pretrained(model, revision=recipe.revision, trust_remote_code=False)
        if kind is AutoModelForCausalLM:
            how["use_safetensors"] = True  # no others: they are pickled, and run code
        return kind.from_pretrained(model, revision=recipe.revision, trust_remote_code=False, **how)
    except (OSError, ValueError) as error:
        if Path(model).is_dir():
            raise DataError(f"the model in {model} cannot be loaded: {one_line(error)}") from error
        first = str(error).splitlines()[0]
        raise DataError(
            f"the model {model!r} is neither a folder nor to be had from the hub: {first}"
        ) from error
