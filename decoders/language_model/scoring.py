"""Probabilities of labels, from the logits of their tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from decoders.language_model.attention import FLEX, SHARED, seen_in
from decoders.language_model.network import layer_windows
from decoders.language_model.prompts.packing import Batch, collate, in_batches, pack
from decoders.language_model.prompts.prompts import Prompts, Tokens
from ratings.arrays import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Asked:
    """What one block asks: how likely these tokens are, one after another.

    Attributes:
        row: the rating.
        choice: of which the tokens are; -1 asks for each label of one token at once.
        suffix: what follows the prefix.
        answer: tokens whose probabilities are asked.
    """

    row: int
    choice: int
    suffix: Tokens
    answer: Tokens


def log_probabilities(
    model: Any,  # noqa: ANN401 - a class of transformers
    prompts: Prompts,
    columns: int,
    precision: str = "float32",
) -> FloatArray:
    """Log-probability of each label of N ratings, in nats, N x K; -inf beyond the last label.

    Labels of several tokens are asked one by one, each with the tokens before it: exact, and not
    normalised over the labels.

    Args:
        model: causal language model.
        prompts: N ratings.
        columns: most columns of one pass.
        precision: of products.
    """
    out = np.full((len(prompts), prompts.most_choices), -np.inf)
    asked = [one for row in range(len(prompts)) for one in _asked(prompts, row)]
    model.eval()
    with torch.no_grad():
        for batch, here in _batches(prompts, asked, columns):
            last = max(len(one.answer) for one in here)
            logits = label_logits(model, batch, last, precision).log_softmax(-1).cpu().numpy()
            blocks = np.argwhere(batch.rows >= 0)
            for b, s in blocks:
                one, found = asked[batch.rows[b, s]], logits[b, s]
                if one.choice < 0:
                    ids = [
                        int(tokens[0])
                        for tokens in prompts.labels[prompts.labels_of[one.row]].tokens
                    ]
                    out[one.row, : len(ids)] = found[-1, ids]
                else:
                    size = len(one.answer)
                    steps = found[last - size :]
                    out[one.row, one.choice] = steps[np.arange(size), one.answer].sum()
    return out


def label_logits(
    model: Any,  # noqa: ANN401 - a class of transformers
    batch: Batch,
    last: int,
    precision: str,
) -> Tensor:
    """Logits of the token after each of the last ones of every block, B x S x last x V."""
    found = logits_at(model, batch, batch.ends(last), precision)
    return found.view(len(batch.ids), batch.blocks, last, -1)


def logits_at(
    model: Any,  # noqa: ANN401 - a class of transformers
    batch: Batch,
    columns: IntArray,
    precision: str,
) -> Tensor:
    """Logits of the token after each of C columns, B x C x V."""
    plain = getattr(model, "module", model)
    device = next(plain.parameters()).device
    how = attention_arguments(plain, batch, device)
    with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16"):
        found = model(
            input_ids=torch.as_tensor(batch.ids, device=device),
            position_ids=torch.as_tensor(batch.positions, device=device),
            logits_to_keep=torch.as_tensor(columns, device=device),
            use_cache=False,
            **how,
        )
    logits: Tensor = found.logits.float()
    return logits


def attention_arguments(
    model: Any,  # noqa: ANN401 - a class of transformers
    batch: Batch,
    device: torch.device,
) -> dict[str, Any]:
    """Who sees whom, in the form that the model's attention takes."""
    seen, config = seen_in(batch, device), model.config
    kind = config._attn_implementation
    windows = layer_windows(config)
    if kind == SHARED:
        return {"attention_mask": dict.fromkeys(windows) if windows else None, "seen": seen}
    mask = seen.flex if kind == FLEX else seen.dense
    if windows:
        return {"attention_mask": {name: _mask(mask(window)) for name, window in windows.items()}}
    return {"attention_mask": _mask(mask())}


def probabilities(log_probabilities: FloatArray, temperature: float) -> FloatArray:
    """Distributions over the labels, rows sum to one; labels that are not there get 0.

    >>> probabilities(np.array([np.log([0.1, 0.3]), [-1.6, -np.inf]]), 1.0).round(2).tolist()
    [[0.25, 0.75], [1.0, 0.0]]
    """
    scaled = log_probabilities / temperature
    odds = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares: FloatArray = odds / odds.sum(axis=1, keepdims=True)
    return shares


def _mask(found: Any) -> Any:  # noqa: ANN401 - a tensor, or a mask of blocks
    if isinstance(found, Tensor):
        hidden = torch.zeros(found.shape, dtype=torch.float32, device=found.device)
        return hidden.masked_fill(~found, torch.finfo(torch.float32).min)
    return found


def _asked(prompts: Prompts, row: int) -> Iterator[Asked]:
    suffix = prompts.suffixes[prompts.suffix_of[row]]
    labels = prompts.labels[prompts.labels_of[row]]
    if labels.longest == 1:
        yield Asked(row, -1, suffix, labels.tokens[0])
        return
    for choice, tokens in enumerate(labels.tokens):
        yield Asked(row, choice, np.concatenate([suffix, tokens[:-1]]), tokens)


def _batches(
    prompts: Prompts, asked: Sequence[Asked], columns: int
) -> Iterator[tuple[Batch, list[Asked]]]:
    """All that is asked, behind as few prefixes as fit."""
    by_prefix: dict[int, list[int]] = {}
    for number, one in enumerate(asked):
        by_prefix.setdefault(int(prompts.prefix_of[one.row]), []).append(number)
    packs = []
    for prefix, numbers in by_prefix.items():
        tokens = prompts.prefixes[prefix]
        width = max(len(asked[number].suffix) for number in numbers)
        size = max(1, (columns - len(tokens)) // width)
        for start in range(0, len(numbers), size):
            here = numbers[start : start + size]
            packs.append(pack(tokens, [asked[n].suffix for n in here], np.array(here)))
    for together in in_batches(packs, columns):
        batch = collate(together)
        yield batch, [asked[n] for one in together for n in one.rows]
