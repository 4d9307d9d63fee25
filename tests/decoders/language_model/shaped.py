"""Small models of the real classes, prompts of random tokens, and the plain way to ask them."""

from typing import Any

import numpy as np
import torch
from transformers import AutoModelForCausalLM, Gemma2Config, LlamaConfig

from decoders.language_model.prompts.prompts import Labels, Prompts

VOCABULARY = 61
WINDOW = 6  # shorter than most prefixes below
STANDARD = {"gemma2": "eager", "llama": "sdpa"}


def gemma2() -> Gemma2Config:
    """Gemma 2 with all its parts: soft caps that bend, windows that cut, tied embeddings."""
    return Gemma2Config(
        vocab_size=VOCABULARY,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        query_pre_attn_scalar=12,
        sliding_window=WINDOW,
        attn_logit_softcapping=2.0,
        final_logit_softcapping=5.0,
        max_position_embeddings=128,
        initializer_range=0.2,
        tie_word_embeddings=True,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )


def llama() -> LlamaConfig:
    """Llama 3.1 with grouped keys and its scaled rotary positions."""
    return LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=128,
        initializer_range=0.2,
        tie_word_embeddings=False,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 500_000.0,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 32,
        },
        bos_token_id=1,
        eos_token_id=2,
    )


SHAPES = {"gemma2": gemma2, "llama": llama}


def model_of(shape: str, attention: str, seed: int = 0) -> Any:
    """A model with the same random weights for every way of attention."""
    torch.manual_seed(seed)
    found = AutoModelForCausalLM.from_config(SHAPES[shape](), attn_implementation=attention)
    return found.float().eval()


def random_prompts(ratings: int = 12, most: int = 3, seed: int = 0) -> Prompts:
    """Ratings behind three prefixes, labels of one token each and labels of up to `most`."""
    rng = np.random.default_rng(seed)

    def tokens(low: int, high: int) -> np.ndarray:
        return rng.integers(3, VOCABULARY, size=rng.integers(low, high + 1)).astype(np.int32)

    letters = Labels(tuple(np.array([t], dtype=np.int32) for t in (5, 9, 40)))
    # the second begins as the first does, and one is another's beginning but for its end
    end = np.array([2], dtype=np.int32)
    words = [tokens(1, most) for _ in range(3)]
    words[1] = np.concatenate([words[0], tokens(1, 1)])
    texts = Labels(tuple(np.concatenate([word, end]) for word in words))
    return Prompts(
        prefixes=[tokens(2, 2), tokens(9, 9), tokens(21, 21)],
        suffixes=[tokens(1, 7) for _ in range(6)],
        labels=[letters, texts] if most > 1 else [letters],
        prefix_of=rng.integers(3, size=ratings),
        suffix_of=rng.integers(6, size=ratings),
        labels_of=rng.integers(2 if most > 1 else 1, size=ratings),
        chosen=rng.integers(3, size=ratings),
        names=[f"rating {n}" for n in range(ratings)],
    )


def sequence(prompts: Prompts, row: int, choice: int) -> torch.Tensor:
    """One prompt with one label as one sequence, 1 x L."""
    label = prompts.labels[prompts.labels_of[row]].tokens[choice]
    parts = (
        prompts.prefixes[prompts.prefix_of[row]],
        prompts.suffixes[prompts.suffix_of[row]],
        label,
    )
    return torch.as_tensor(np.concatenate(parts), dtype=torch.long)[None]


def plain_log_probability(model: Any, prompts: Prompts, row: int, choice: int) -> torch.Tensor:
    """Of one label, from one sequence through the model's own attention."""
    ids = sequence(prompts, row, choice)
    size = len(prompts.labels[prompts.labels_of[row]].tokens[choice])
    found = model(input_ids=ids, use_cache=False).logits.float().log_softmax(-1)
    steps = found[0, -size - 1 : -1]
    return steps[torch.arange(size), ids[0, -size:]].sum()


def plain_log_probabilities(model: Any, prompts: Prompts) -> np.ndarray:
    """A loop over ratings and labels, N x K."""
    out = np.full((len(prompts), prompts.most_choices), -np.inf)
    with torch.no_grad():
        for row in range(len(prompts)):
            for choice in range(len(prompts.labels[prompts.labels_of[row]])):
                out[row, choice] = float(plain_log_probability(model, prompts, row, choice))
    return out
