"""Soups: the plain average of the weights of decoders that started from the same model.

Source: Wortsman et al. (2022), Model soups, the uniform soup of section 2; Value Profiles, appendix
C.4, averages decoders that were trained on the other data sets.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase

from decoders.language_model.checkpoint import (
    About,
    Checkpoint,
    load_checkpoint,
    read_about,
    require_template,
)
from ratings.errors import DataError

BETWEEN = " + "


def make_soup(folders: Sequence[Path]) -> Checkpoint:
    """The average of two or more checkpoints, in float32, every one of them counting the same.

    Adapters are added to their model first. The temperature is the mean of theirs. Two models are
    in memory at a time.

    Args:
        folders: of the checkpoints.

    Raises:
        DataError: for fewer than two, or when two differ in the model that they started from, in
            shape, tokenizer or template; names them and what differs.
    """
    if len(folders) < 2:
        raise DataError("a soup takes two checkpoints or more")
    abouts = [read_about(folder) for folder in folders]
    for folder, about in zip(folders, abouts, strict=True):
        require_template(about, folder)
        _require_alike(folders[0], abouts[0], folder, about)
    first = load_checkpoint(folders[0], merged=True)
    total = dict(first.model.named_parameters())
    for folder in folders[1:]:
        other = load_checkpoint(folder, merged=True)
        _require_same_tokens(folders[0], first.tokenizer, folder, other.tokenizer)
        _add(total, dict(other.model.named_parameters()), folders[0], folder)
    with torch.no_grad():
        for weights in total.values():
            weights /= len(folders)
    return Checkpoint(first.model, first.tokenizer, _about(folders, abouts))


def _add(total: dict[str, Any], more: dict[str, Any], one: Path, other: Path) -> None:
    """Add weights to those summed so far; tied ones are in both once."""
    if total.keys() != more.keys():
        name = sorted(total.keys() ^ more.keys())[0]
        raise DataError(f"{one} and {other} differ in shape: only one of them has {name}")
    for name, weights in total.items():
        if weights.shape != more[name].shape:
            shapes = " and ".join("x".join(map(str, w.shape)) for w in (weights, more[name]))
            raise DataError(f"{one} and {other} differ in shape: {name} is {shapes}")
    with torch.no_grad():
        for name, weights in total.items():
            weights += more[name]


def _require_alike(one: Path, first: About, other: Path, about: About) -> None:
    """Refuse what was not trained from the same model to the same kind of answers."""
    for what, mine, theirs in (
        ("kind of decoder", first.kind, about.kind),
        ("model", first.recipe.model, about.recipe.model),
        ("revision of the model", first.recipe.revision, about.recipe.revision),
        ("recipe's instance_tokens", first.recipe.instance_tokens, about.recipe.instance_tokens),
        ("template", first.template_sha256[:12], about.template_sha256[:12]),
    ):
        if mine != theirs:
            raise DataError(
                f"{one} and {other} differ in the {what} ({mine} and {theirs}): only decoders "
                f"that started from the same model make a soup"
            )


def _require_same_tokens(
    one: Path, first: PreTrainedTokenizerBase, other: Path, second: PreTrainedTokenizerBase
) -> None:
    """Refuse tokenizers that read the same text as other tokens."""
    if _written(first) != _written(second):
        raise DataError(
            f"{one} and {other} differ in the tokenizer, so the same weights mean other words: a "
            f"tiny model's is trained on its data unless both start from one folder that "
            f"`valuegauge decoders init --data A --data B` made"
        )


def _written(tokenizer: PreTrainedTokenizerBase) -> str:
    backend = getattr(tokenizer, "backend_tokenizer", None)
    return str(backend.to_str() if backend else sorted(tokenizer.get_vocab().items()))


def _about(folders: Sequence[Path], abouts: Sequence[About]) -> About:
    """What the soup is: its parts' names joined, each reported in full among the metrics."""
    first = abouts[0]
    parts = [
        {
            "folder": str(folder),
            "data": about.data,
            "data_sha256": about.data_sha256,
            "card_revision": about.card_revision,
            "representation": about.representation,
            "seed": about.seed,
            "temperature": about.temperature,
        }
        for folder, about in zip(folders, abouts, strict=True)
    ]
    digest = hashlib.sha256("\0".join(about.data_sha256 for about in abouts).encode())
    same = len({about.data_sha256 for about in abouts}) == 1
    return replace(
        first,
        recipe=replace(first.recipe, lora_rank=0, eight_bit=False),
        data=_joined([about.data for about in abouts]),
        data_sha256=first.data_sha256 if same else digest.hexdigest(),
        card_revision=first.card_revision if same else None,
        representation=_joined([about.representation for about in abouts]),
        temperature=sum(about.temperature for about in abouts) / len(abouts),
        metrics={"soup": parts},
    )


def _joined(names: Sequence[str]) -> str:
    return BETWEEN.join(dict.fromkeys(names))
