"""A program that trains a random model for two steps and prints its estimate and its peak."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForCausalLM, LlamaConfig

from decoders.language_model.memory import count, estimate
from decoders.language_model.network import attention_here, checkpointed
from decoders.language_model.prompts.prompts import Labels, Prompts
from decoders.language_model.tiny_models import tiny_config
from decoders.language_model.training.recipes import Recipe
from decoders.language_model.training.training import train


def middle() -> LlamaConfig:
    """About 50 million parameters."""
    return LlamaConfig(
        vocab_size=16_000,
        hidden_size=512,
        intermediate_size=1536,
        num_hidden_layers=10,
        num_attention_heads=8,
        num_key_value_heads=4,
        tie_word_embeddings=False,
    )


def kept(name: str) -> int:
    """Bytes of this process, by a line of its status."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return 1024 * int(line.split()[1])
    raise LookupError(name)


def one_pass(columns: int, ratings: int) -> Prompts:
    """Ratings behind one prefix that fill a pass."""
    rng = np.random.default_rng(0)
    prefix = rng.integers(3, 900, size=columns - 16 * ratings).astype(np.int32)
    rows = np.zeros(2 * ratings, dtype=np.intp)
    return Prompts(
        prefixes=[prefix, prefix + 1],
        suffixes=[prefix[:16]],
        labels=[Labels((prefix[:1], prefix[1:2] + 1))],
        prefix_of=np.arange(2 * ratings) % 2,
        suffix_of=rows,
        labels_of=rows,
        chosen=rows,
        names=[str(row) for row in rows],
    )


def measured(shape: str, recompute: bool) -> dict[str, Any]:
    torch.set_num_threads(1)
    config = middle() if shape == "middle" else tiny_config(shape, 8192)
    columns = 1024 if shape == "middle" else 4096
    ratings = columns // 128
    recipe = Recipe(
        name="it", model=shape, batch=ratings, share=ratings, columns=columns, recompute=recompute
    )
    wanted = estimate(recipe, config, count(config))
    # what the libraries take the first time that they are used is not the model's
    warm = AutoModelForCausalLM.from_config(
        tiny_config("tiny-llama", 1000), attn_implementation=attention_here()
    )
    train(warm, one_pass(64, 2), recipe, seed=0)
    before = kept("VmRSS")
    model = AutoModelForCausalLM.from_config(config, attn_implementation=attention_here()).float()
    if recompute:
        checkpointed(model)
    train(model, one_pass(columns, ratings), recipe, seed=0)
    return {
        "parameters": sum(w.numel() for w in model.parameters()),
        "counted": count(config).all,
        "estimate": wanted.all,
        "parts": vars(wanted),
        "peak": kept("VmHWM") - before,
    }


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2] == "recompute")))
