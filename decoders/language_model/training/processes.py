"""The processes that train together: one, several, or several that share the weights among them."""

import os
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator, PartialState
from accelerate.utils import DistributedType

CONFIGURATIONS = Path(__file__).parents[2] / "launch"
_SHARDED = ("ACCELERATE_USE_FSDP", "ACCELERATE_USE_DEEPSPEED")


def accelerator_here() -> Accelerator:
    """What `accelerate launch` asked for, on whatever device there is.

    Accelerate shares weights among processes on accelerators alone; without one it would pass over
    the wish in silence. PyTorch can do it without, so the processes are joined here first.
    """
    if torch.cuda.is_available():
        return Accelerator()
    wished = [name for name in _SHARDED if os.environ.get(name, "").lower() == "true"]
    if not wished or "LOCAL_RANK" not in os.environ:
        return Accelerator(cpu=True)
    if not torch.distributed.is_initialized():
        if "ACCELERATE_USE_DEEPSPEED" in wished:
            _do_without_compiling()
        state = PartialState(backend="gloo")
        if wished == ["ACCELERATE_USE_FSDP"]:
            state.distributed_type = DistributedType.MULTI_GPU  # of which FSDP is a kind
    return Accelerator()


def _do_without_compiling() -> None:
    """Without accelerators DeepSpeed would compile sums in shared memory; gloo has its own."""
    from deepspeed import ops

    ops.__compatible_ops__["deepspeed_shm_comm"] = False


def way_of(accelerator: Accelerator) -> str:
    """How the weights lie: `whole` in every process, or in shards by `fsdp` or `deepspeed`."""
    kinds = {DistributedType.FSDP: "fsdp", DistributedType.DEEPSPEED: "deepspeed"}
    return kinds.get(accelerator.distributed_type, "whole")


def prepare(accelerator: Accelerator, model: Any, optimizer: Any, clip: float) -> tuple[Any, Any]:  # noqa: ANN401
    """Model and optimizer as the processes hold them.

    Args:
        accelerator: of this process.
        model: causal language model.
        optimizer: of its weights.
        clip: largest norm of a step's gradient, which DeepSpeed has to know beforehand.
    """
    if accelerator.distributed_type == DistributedType.DEEPSPEED:
        settings = accelerator.state.deepspeed_plugin.deepspeed_config
        # Batches are made elsewhere; this number is only multiplied with others.
        settings["train_micro_batch_size_per_gpu"] = 1
        settings["gradient_accumulation_steps"] = 1
        settings["gradient_clipping"] = clip
    prepared = accelerator.prepare(model, optimizer)
    return prepared[0], prepared[1]


def whole_weights(accelerator: Accelerator, model: Any) -> dict[str, Any] | None:  # noqa: ANN401
    """Weights that lie in shards, put together on the main process; None where every one has all.

    Every process has to call it. On the others the weights are empty.
    """
    if way_of(accelerator) == "whole":
        return None
    found = accelerator.get_state_dict(model)
    return dict(found) if accelerator.is_main_process else {}
