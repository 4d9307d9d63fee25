"""What training a model of a paper's size costs on a GPU, with and without shared prefixes.

    python perf/gpu_cost.py [--shape gemma2-2b] [--lora-rank 0] [--attention flex_attention]

A model of the shape of Gemma 2 or Llama 3.1 with random weights, products in bfloat16, is trained
for a few steps on random tokens: people described by 3,000 and asked 39 probes of 50 each,
some people a step.
Printed are tokens and probes a second, the share that the products of weights and tokens have of
what the device reaches with one large product of its own, measured in the same run, and the peak of
memory next to the estimate that a training is refused by. Products of attention, and those of
layers that are computed again, are not counted as useful.
"""

import argparse
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForCausalLM, Gemma2Config, LlamaConfig

from decoders.language_model.attention import FLEX, SHARED
from decoders.language_model.memory import GIB, count, estimate
from decoders.language_model.network import to_train
from decoders.language_model.prompts.prompts import Labels, Prompts
from decoders.language_model.training.recipes import RECIPES, Recipe
from decoders.language_model.training.training import train

PREFIX, PROBE, PROBES = 3_000, 50, 39
APART = 13  # probes a step where each has a sequence of its own, which takes long enough
WARM = 2  # steps in which kernels are compiled and memory is claimed


def gemma2(width: int, inner: int, layers: int, heads: int) -> Gemma2Config:
    """Gemma 2, whose sizes have half as many key heads as heads, of 256 each."""
    return Gemma2Config(
        vocab_size=256_000,
        hidden_size=width,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads // 2,
        head_dim=256,
        query_pre_attn_scalar=256,
    )


SHAPES: Mapping[str, Any] = {
    "gemma2-2b": gemma2(2304, 9216, 26, 8),
    "gemma2-9b": gemma2(3584, 14_336, 42, 16),
    "llama-8b": LlamaConfig(
        vocab_size=128_256,
        hidden_size=4096,
        intermediate_size=14_336,
        num_hidden_layers=32,
        num_attention_heads=32,
        num_key_value_heads=8,
    ),
}


def probes(people: int, vocabulary: int) -> Prompts:
    """Random tokens: people, each asked as many probes; prefixes and probes differ in length."""
    rng = np.random.default_rng(0)

    def tokens(about: int) -> np.ndarray:
        size = rng.integers(about - about // 10, about + 1)
        return rng.integers(10, vocabulary, size=size).astype(np.int32)

    asked = people * PROBES
    nothing = np.zeros(asked, dtype=np.intp)
    return Prompts(
        prefixes=[tokens(PREFIX) for _ in range(people)],
        suffixes=[tokens(PROBE) for _ in range(PROBES)],
        labels=[Labels(tuple(np.array([t], dtype=np.int32) for t in (3, 4, 5, 6)))],
        prefix_of=np.repeat(np.arange(people), PROBES),
        suffix_of=np.tile(np.arange(PROBES), people),
        labels_of=nothing,
        chosen=rng.integers(4, size=asked),
        names=[str(row) for row in range(asked)],
    )


def peak_rate(size: int = 8192) -> float:
    """Products and sums a second of one large product in bfloat16."""
    a, b = (torch.randn(size, size, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    for _ in range(3):
        a @ b
    torch.cuda.synchronize()
    started = time.perf_counter()
    for _ in range(20):
        a @ b
    torch.cuda.synchronize()
    return 20 * 2 * size**3 / (time.perf_counter() - started)


def model_of(config: Any, attention: str, recipe: Recipe) -> Any:
    """Random weights, made on the device."""
    torch.manual_seed(0)
    kept = torch.bfloat16 if recipe.halved else torch.float32
    with torch.device("cuda"):
        model = AutoModelForCausalLM.from_config(config, attn_implementation=attention, dtype=kept)
    return to_train(recipe, model)


def measure(config: Any, attention: str, recipe: Recipe, steps: int) -> dict[str, float]:
    """Tokens and probes a second, the first loss and the peak of memory."""
    people = -(-(WARM + steps) * recipe.batch // PROBES)
    prompts = probes(people, config.vocab_size).take(np.arange((WARM + steps) * recipe.batch))
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    model = model_of(config, attention, recipe)
    ends: list[float] = []

    def watch(step: int, of: int, loss: float) -> None:
        del step, of, loss
        torch.cuda.synchronize()
        ends.append(time.perf_counter())

    trained = train(model, prompts, recipe, seed=0, watch=watch)
    seconds = (ends[-1] - ends[WARM - 1]) / (len(ends) - WARM)
    return {
        "tokens": trained.tokens / len(ends) / seconds,
        "probes": len(prompts) / len(ends) / seconds,
        "warm": ends[WARM - 1] - ends[0],
        "peak": torch.cuda.max_memory_allocated() / GIB,
        "loss": trained.losses[0],
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shape", default="gemma2-2b", choices=SHAPES)
    parser.add_argument("--lora-rank", type=int, default=0)
    parser.add_argument("--people", type=int, default=4, help="of a step")
    parser.add_argument("--keep", action="store_true", help="keep activations, do not recompute")
    parser.add_argument("--attention", nargs="+", default=[FLEX], choices=[FLEX, SHARED])
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--shared-only", action="store_true")
    arguments = parser.parse_args()
    if not torch.cuda.is_available():
        parser.exit(3, "there is no GPU: nothing to measure\n")
    config, peak = SHAPES[arguments.shape], peak_rate()
    recipe = replace(
        RECIPES["value-profiles"],
        batch=PROBES * arguments.people,
        columns=PREFIX + PROBE * PROBES,
        lora_rank=arguments.lora_rank,
        recompute=not arguments.keep,
    )
    counted = count(config)
    needed = estimate(recipe, config, counted).all / GIB
    print(
        f"{torch.cuda.get_device_name()}, torch {torch.__version__}: one large product "
        f"{peak / 1e12:.0f} TFLOP/s\n{arguments.shape}: {counted.all / 1e9:.2f} billion weights, "
        f"{'all trained' if not recipe.lora_rank else f'adapters of rank {recipe.lora_rank}'}, "
        f"{arguments.people} people a step, "
        f"{'activations kept' if arguments.keep else 'activations computed again'}, "
        f"estimate {needed:.1f} GiB",
        flush=True,
    )
    # forward and, backward, towards activations and towards weights that are trained
    passes = 4 if recipe.lora_rank else 6
    for attention in arguments.attention:
        for share in (PROBES,) if arguments.shared_only else (PROBES, 1):
            way = replace(recipe, share=share, batch=recipe.batch if share > 1 else APART)
            found = measure(config, attention, way, arguments.steps if share > 1 else 1)
            rate = passes * counted.linear * found["tokens"]
            print(
                f"{attention:>15}, {share:>2} behind a prefix: {found['tokens']:7,.0f} tokens/s   "
                f"{found['probes']:6.1f} probes/s   {rate / peak:5.1%} of the peak   "
                f"{found['peak']:5.1f} GiB   first loss {found['loss']:.3f}   "
                f"step {WARM} took {found['warm']:.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
