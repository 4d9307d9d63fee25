"""Tokenizers: the model's own, or one of bytes trained on the texts at hand."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from decoders.language_model.prompts.prompts import Tokens

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_BEGIN, _END = "<bos>", "<eos>"


def train_tokenizer(texts: Iterable[str], vocabulary: int) -> "PreTrainedTokenizerBase":
    """A byte-level tokenizer of the texts: pairs of bytes joined by how often they occur together.

    Args:
        texts: to learn from; any other text can be encoded too, byte by byte if need be.
        vocabulary: most tokens.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bytes_of = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = bytes_of
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[_BEGIN, _END],
        initial_alphabet=bytes_of.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=made, bos_token=_BEGIN, eos_token=_END)


def tokens_of(tokenizer: "PreTrainedTokenizerBase", text: str) -> Tokens:
    """A text's tokens, with none added before or after."""
    return np.array(tokenizer.encode(text, add_special_tokens=False), dtype=np.int32)


def without_middle(tokens: Tokens, most: int | None) -> Tokens:
    """At most so many tokens: the first and the last ones, in equal parts.

    >>> without_middle(np.arange(6), 4).tolist()
    [0, 1, 4, 5]
    """
    if most is None or len(tokens) <= most:
        return tokens
    head = most // 2
    return np.concatenate([tokens[:head], tokens[len(tokens) - (most - head) :]])
