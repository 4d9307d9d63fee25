"""Attention in which many suffixes see one prefix, whose keys are computed once.

Three ways to the same numbers: `shared_prefix` attends with prefix and suffixes apart, so that no
prefix is held against suffixes it cannot see; `flex_attention` gives the mask to a fused kernel
where the device has one; a dense mask serves any other attention.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface

from decoders.language_model.prompts.packing import PADDING, Batch

SHARED, FLEX = "shared_prefix", "flex_attention"
_CHUNK = 256  # columns of suffixes that are held against each other


@dataclass(eq=False)
class Seen:
    """Who sees whom in a batch.

    Attributes:
        segments: B x L.
        positions: B x L.
        prefix: P.
        stops: S, the column behind each suffix's block.
    """

    segments: Tensor
    positions: Tensor
    prefix: int
    stops: Sequence[int]
    _kept: dict[tuple[int, int, int | None], Tensor] = field(default_factory=dict)

    def dense(self, window: int | None = None) -> Tensor:
        """Whether the token of a row sees that of a column, B x 1 x L x L.

        Args:
            window: how many tokens back a layer sees, itself among them; None for all.
        """
        return self.between(0, self.segments.shape[1], window)

    def between(self, start: int, end: int, window: int | None) -> Tensor:
        """Who of some columns sees whom of the prefix and of them, B x 1 x C x (P + C).

        Args:
            start: the first column; 0 for the prefix with all that follows, B x 1 x C x C.
            end: the column behind the last.
            window: as above.
        """
        if (start, end, window) not in self._kept:
            s, p = self.segments[:, start:end], self.positions[:, start:end]
            sk, pk = (with_prefix(x, self.prefix, start, end) for x in self._both())
            seen = _sees(s[:, :, None], sk[:, None], p[:, :, None], pk[:, None], window)
            self._kept[start, end, window] = seen[:, None]
        return self._kept[start, end, window]

    def chunks(self) -> list[tuple[int, int]]:
        """Columns of whole suffixes, some at a time: each is held against all of its chunk."""
        out: list[tuple[int, int]] = []
        start, before = self.prefix, self.prefix
        for stop in self.stops:
            if stop - start > _CHUNK and before > start:
                out.append((start, before))
                start = before
            before = stop
        return [*out, (start, before)]

    def _both(self) -> tuple[Tensor, Tensor]:
        return self.segments, self.positions

    def flex(self, window: int | None = None) -> Any:  # noqa: ANN401 - a class of PyTorch's own
        """The same as a mask of blocks, for FlexAttention."""
        from torch.nn.attention.flex_attention import create_block_mask

        segments, positions = self.segments, self.positions

        def sees(b: Tensor, h: Tensor, q: Tensor, k: Tensor) -> Tensor:
            del h
            return _sees(segments[b, q], segments[b, k], positions[b, q], positions[b, k], window)

        rows, length = segments.shape
        return create_block_mask(sees, rows, None, length, length, device=segments.device.type)


def seen_in(batch: Batch, device: torch.device) -> Seen:
    """Who sees whom in a batch."""
    return Seen(
        torch.as_tensor(batch.segments, device=device),
        torch.as_tensor(batch.positions, device=device),
        batch.prefix,
        batch.stops.tolist(),
    )


def with_prefix(found: Tensor, prefix: int, start: int, end: int, dim: int = 1) -> Tensor:
    """Columns of the prefix and of a part behind it."""
    part = found.narrow(dim, start, end - start)
    return part if start == 0 else torch.cat([found.narrow(dim, 0, prefix), part], dim=dim)


def shared_prefix_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    softcap: float | None = None,
    sliding_window: int | None = None,
    seen: Seen | None = None,
    **unused: object,
) -> tuple[Tensor, None]:
    """Attention of a batch of packs; the interface is that of transformers.

    Args:
        module: the layer.
        query: B x H x L x d.
        key: B x G x L x d, with H a multiple of G.
        value: like the keys.
        attention_mask: not looked at.
        scaling: of the products.
        softcap: beyond which products are bent, or None.
        sliding_window: of the layer.
        seen: who sees whom.
        unused: what other ways of attention take.
    """
    if seen is None:
        raise ValueError("attention with a shared prefix needs to be told who sees whom")
    heads = query.shape[1] // key.shape[1]
    if heads > 1:
        key, value = key.repeat_interleave(heads, 1), value.repeat_interleave(heads, 1)
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    end = seen.prefix
    of_prefix = seen.between(0, end, sliding_window) if sliding_window else None
    parts = [
        _attend(query[:, :, :end], key[:, :, :end], value[:, :, :end], of_prefix, scale, softcap)
    ]
    for start, stop in seen.chunks():
        keys, values = (with_prefix(one, end, start, stop, dim=2) for one in (key, value))
        mask = seen.between(start, stop, sliding_window)
        parts.append(_attend(query[:, :, start:stop], keys, values, mask, scale, softcap))
    return torch.cat(parts, dim=2).transpose(1, 2).contiguous(), None


def _attend(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, scale: float, cap: float | None
) -> Tensor:
    """Attention under a mask; without one, each token sees those before it."""
    if cap is None:
        return nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, is_causal=mask is None, scale=scale
        )
    if mask is None:
        mask = torch.ones(query.shape[2], key.shape[2], dtype=torch.bool, device=query.device)
        mask = mask.tril()
    products = torch.tanh(query @ key.transpose(-1, -2) * (scale / cap)) * cap
    hidden = products.masked_fill(~mask, torch.finfo(products.dtype).min)
    return hidden.softmax(dim=-1, dtype=torch.float32).to(value.dtype) @ value


def _sees(sq: Tensor, sk: Tensor, pq: Tensor, pk: Tensor, window: int | None) -> Tensor:
    """A token sees its prefix and its own suffix up to itself; padding sees padding."""
    seen = (((sk == 0) & (sq != PADDING)) | (sk == sq)) & (pk <= pq)
    return seen if window is None else seen & (pq - pk < window)


def _no_mask(*unused: object, **also_unused: object) -> None:
    """The mask is passed separately."""


AttentionInterface.register(SHARED, shared_prefix_attention)
AttentionMaskInterface.register(SHARED, _no_mask)
