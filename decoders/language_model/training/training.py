"""Training: one loop for one process, several processes, FSDP and DeepSpeed."""

import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor

from decoders.language_model.prompts.packing import Batch, Pack, collate, in_batches
from decoders.language_model.prompts.prompts import Prompts
from decoders.language_model.scoring import logits_at
from decoders.language_model.training.batching import epoch_steps, pack_of
from decoders.language_model.training.early_stopping import BestAverage, HeldOutLoss
from decoders.language_model.training.processes import (
    accelerator_here,
    prepare,
    way_of,
    whole_weights,
)
from decoders.language_model.training.recipes import Recipe
from decoders.language_model.training.training_state import TrainingState
from ratings.arrays import IntArray
from ratings.errors import DataError

Watch = Callable[[int, int, float], None]


_NOT_ASKED = -100


@dataclass(frozen=True)
class Trained:
    """What a training came to.

    Attributes:
        model: trained.
        losses: mean loss a label token of every step, in nats.
        tokens: that went through the model, those of padding left out.
        weights: of a model that lies in shards, whole on the main process; None where it is whole.
    """

    model: Any
    losses: tuple[float, ...]
    tokens: int
    weights: dict[str, Any] | None = None


def train(
    model: Any,  # noqa: ANN401 - a class of transformers
    prompts: Prompts,
    recipe: Recipe,
    seed: int,
    state: TrainingState | None = None,
    watch: Watch | None = None,
    held_out_loss: HeldOutLoss | None = None,
) -> Trained:
    """Train on the answers alone: the loss is that of the tokens of the chosen labels.

    A step's loss is the mean over its label tokens, whatever number of passes or processes
    it is made in. Resumes from `state` where that has been saved before.

    Args:
        model: to train; it is changed.
        prompts: N ratings, their answers known.
        recipe: how.
        seed: of the order.
        state: where to save, so that a training that is stopped can be resumed.
        watch: is called with the step, their number and the loss after each.
        held_out_loss: the loss of a model on raters left out; training ends with the average of
            the weights at which it was least. Without it, with the last weights.

    Raises:
        DataError: when the loss is not finite; names the ratings of the step. With a held-out loss
            and weights lie in shards.
    """
    torch.manual_seed(seed)
    steps = [
        step
        for epoch in range(recipe.epochs)
        for step in epoch_steps(prompts, recipe.batch, recipe.share, seed, epoch)
    ]
    accelerator = accelerator_here()
    optimizer = torch.optim.AdamW(
        weight_groups(model, recipe.weight_decay), lr=recipe.learning_rate, fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, partial(rate, recipe=recipe, steps=max(1, len(steps)))
    )
    model, optimizer = prepare(accelerator, model, optimizer, recipe.clip)
    accelerator.register_for_checkpointing(schedule)
    if held_out_loss and way_of(accelerator) != "whole":
        raise DataError(
            f"the recipe {recipe.name!r} keeps the weights that predict left-out raters best, and "
            f"that takes whole weights in every process: let it say 'calibrated_on: 0', or train "
            f"without shards"
        )
    best = BestAverage(held_out_loss, len(steps)) if held_out_loss else None
    if best:
        accelerator.register_for_checkpointing(best)
    losses = state.restore(accelerator) if state else []
    model.train()
    for number in range(len(losses), len(steps)):
        packs = [pack_of(prompts, rows) for rows in steps[number]]
        loss = _step(accelerator, model, prompts, packs, recipe)
        if not math.isfinite(loss):
            raise _not_finite(prompts, packs, number)
        accelerator.clip_grad_norm_(model.parameters(), recipe.clip)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss)
        if best:
            best.update(accelerator.unwrap_model(model), number + 1)
        if state:
            state.save(accelerator, losses, last=number + 1 == len(steps))
        if watch:
            watch(number + 1, len(steps), loss)
    tokens = sum(pack_of(prompts, rows).tokens for step in steps for rows in step)
    weights = whole_weights(accelerator, model)
    if best:
        best.restore(accelerator.unwrap_model(model))
    return Trained(accelerator.unwrap_model(model), tuple(losses), tokens, weights)


def rate(step: int, recipe: Recipe, steps: int) -> float:
    """The learning rate of a step as a share of the highest."""
    warm = round(recipe.warmup * steps)
    if step < warm:
        return (step + 1) / (warm + 1)
    done = (step - warm) / max(1, steps - warm)
    if recipe.schedule == "linear":
        return max(0.0, 1 - done)
    if recipe.schedule == "cosine":
        return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
    return 1.0


def weight_groups(model: Any, decay: float) -> list[dict[str, Any]]:  # noqa: ANN401
    """What is trained, with decay for matrices alone."""
    trained = [weights for weights in model.parameters() if weights.requires_grad]
    return [
        {"params": [w for w in trained if w.ndim >= 2], "weight_decay": decay},
        {"params": [w for w in trained if w.ndim < 2], "weight_decay": 0.0},
    ]


def _step(
    accelerator: Accelerator,
    model: Any,  # noqa: ANN401 - a class of transformers
    prompts: Prompts,
    packs: Sequence[Pack],
    recipe: Recipe,
) -> float:
    """Gradients of one step; its mean loss over all processes."""
    total = sum(len(prompts.answer(row)) for pack in packs for row in pack.rows)
    total += sum(len(pack.answered) for pack in packs)
    shares = passes_of(packs, accelerator.num_processes, recipe.columns)
    mine = shares[accelerator.process_index]
    lost = torch.zeros((), device=accelerator.device)
    for number, here in enumerate(mine):
        # Processes exchange gradients with the last pass alone.
        accelerator.sync_gradients = number + 1 == len(mine)
        with nullcontext() if accelerator.sync_gradients else accelerator.no_sync(model):
            loss = summed_loss(model, prompts, here.packs, recipe) * here.weight
            accelerator.backward(loss * accelerator.num_processes / total)
        lost += loss.detach()
    found: Tensor = accelerator.reduce(lost, reduction="sum")
    return float(found) / total


@dataclass(frozen=True)
class Pass:
    """Packs that go through the model at once; weight 0 for those that only keep time."""

    packs: Sequence[Pack]
    weight: float


def passes_of(packs: Sequence[Pack], processes: int, columns: int) -> list[list[Pass]]:
    """A step's passes for each process: as many for each, as shards have to be gathered together.

    Args:
        packs: of the step.
        processes: their number.
        columns: most columns of a pass.
    """
    shares = [
        [Pass(found, 1.0) for found in in_batches(packs[start::processes], columns)]
        for start in range(processes)
    ]
    most = max(map(len, shares))
    idle = Pass([packs[0]], 0.0)
    return [share + [idle] * (most - len(share)) for share in shares]


def summed_loss(
    model: Any,  # noqa: ANN401 - a class of transformers
    prompts: Prompts,
    packs: Sequence[Pack],
    recipe: Recipe,
) -> Tensor:
    """Loss of all label tokens of some packs, in nats."""
    batch = collate(packs)
    columns, wanted = wanted_tokens(prompts, packs, batch)
    logits = logits_at(model, batch, columns, recipe.precision)
    targets = torch.as_tensor(wanted, device=logits.device)
    return torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), reduction="sum"
    )


def wanted_tokens(
    prompts: Prompts, packs: Sequence[Pack], batch: Batch
) -> tuple[IntArray, IntArray]:
    """Which token should come next in which columns.

    Returns:
        C columns, and B x C tokens, -100 where none is asked for.
    """
    last = max(len(prompts.answer(row)) for row in batch.rows[batch.rows >= 0])
    ends = batch.ends(last)
    known = sorted({int(position) - 1 for pack in packs for position in pack.answered})
    columns = np.concatenate([np.array(known, dtype=np.intp), ends])
    wanted = np.full((len(packs), len(columns)), _NOT_ASKED)
    column_of = {column: number for number, column in enumerate(known)}
    behind = wanted[:, len(known) :].reshape(len(packs), batch.blocks, last)
    for b, pack in enumerate(packs):
        for position in pack.answered:
            wanted[b, column_of[int(position) - 1]] = pack.prefix[position]
        for s, row in enumerate(pack.rows):
            answer = prompts.answer(row)
            behind[b, s, last - len(answer) :] = answer
    wanted[:, len(known) :] = behind.reshape(len(packs), -1)
    return columns, wanted


def _not_finite(prompts: Prompts, packs: Sequence[Pack], step: int) -> DataError:
    names = [prompts.names[row] for pack in packs for row in pack.rows]
    shown = "; ".join(names[:8]) + ("" if len(names) <= 8 else f"; and {len(names) - 8} more")
    return DataError(
        f"loss became NaN or infinite at step {step + 1}; its ratings: {shown}. Lower "
        f"learning_rate or clip in the recipe"
    )
