"""Models of known shape with random weights: the tiny ones that train in minutes on a laptop.

Both are the real classes with the real parts (rotary positions, grouped keys, RMS norms; for
Gemma 2 also soft caps, sliding windows and tied embeddings), only narrow and shallow. Their first
weights are drawn with a standard deviation of 1 / sqrt(width), which keeps the scale of what they
are given; the classes' own 0.02 does so at widths in the thousands. At widths like these all words
look alike to attention that starts from it, and which word of a profile an instance is about is
learned late or never.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedConfig

TINY = ("tiny-gemma2", "tiny-llama")
VOCABULARY = 8192


def tiny_config(name: str, vocabulary: int) -> "PreTrainedConfig":
    """The configuration of a tiny model.

    Args:
        name: `tiny-gemma2` or `tiny-llama`.
        vocabulary: of its tokenizer.
    """
    return _CONFIGS[name](vocabulary)


def _gemma2(vocabulary: int) -> "PreTrainedConfig":
    from transformers import Gemma2Config

    width = 128
    return Gemma2Config(
        vocab_size=vocabulary,
        hidden_size=width,
        initializer_range=width**-0.5,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=32,
        query_pre_attn_scalar=32,
        sliding_window=512,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
    )


def _llama(vocabulary: int) -> "PreTrainedConfig":
    from transformers import LlamaConfig

    width = 64
    return LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        initializer_range=width**-0.5,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=32,
        max_position_embeddings=4096,
        tie_word_embeddings=False,
    )


_CONFIGS: Mapping[str, Callable[[int], "PreTrainedConfig"]] = {
    "tiny-gemma2": _gemma2,
    "tiny-llama": _llama,
}
