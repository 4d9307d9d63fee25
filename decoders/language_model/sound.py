"""Whether a decoder's folder holds what it should: no code, whole weights, numbers."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open

from ratings.errors import DataError

_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_MAY_NAME_CODE = ("config.json", "tokenizer_config.json", "adapter_config.json")
_ADAPTERS = "adapter_model.safetensors"
_HOTTEST = 1e6  # hotter, all choices are alike


def require_no_code(folder: Path) -> None:
    """Refuse a folder that brings code, or whose weights are pickled: reading those runs code.

    Raises:
        DataError: names the file.
    """
    if not any(folder.glob("*.safetensors")):
        for path in sorted(folder.iterdir()):
            if path.suffix in _PICKLED:
                raise DataError(
                    f"the decoder in {folder} has pickled weights ({path.name}), which can run "
                    f"code when they are read; only safetensors are read"
                )
        raise DataError(f"the decoder in {folder} cannot be loaded: it has no .safetensors file")
    for name in _MAY_NAME_CODE:
        if "auto_map" in _read(folder / name):
            raise DataError(
                f"the decoder in {folder} brings code of its own (auto_map in {name}), which is "
                f"never run; remove that entry if the model needs none"
            )


def require_whole(folder: Path, missing: Iterable[str], other: Iterable[str]) -> None:
    """Refuse weights that lack something or have another shape.

    Args:
        folder: that they are in.
        missing: names of weights that are not there.
        other: names of weights that the model does not have, or has in another shape.

    Raises:
        DataError: names the first.
    """
    for names, what in ((missing, "lacks the weight"), (other, "has an unexpected weight")):
        found = sorted(names)
        if found:
            rest = f" and {len(found) - 1} more" if len(found) > 1 else ""
            raise DataError(f"the decoder in {folder} {what} {found[0]}{rest}; train it again")


def require_adapters(folder: Path, expected: dict[str, Any]) -> None:
    """Refuse adapters that are not those that the recipe's model takes.

    Args:
        folder: that they are in.
        expected: by name, the weights of the adapters as peft saves them.
    """
    with safe_open(folder / _ADAPTERS, framework="pt") as found:
        shapes = {name: tuple(found.get_slice(name).get_shape()) for name in found.keys()}  # noqa: SIM118
    wanted = {name: tuple(weight.shape) for name, weight in expected.items()}
    other = [name for name, shape in shapes.items() if wanted.get(name) != shape]
    require_whole(folder, set(wanted) - set(shapes), other)


def require_numbers(folder: Path, model: Any) -> None:  # noqa: ANN401 - a class of transformers
    """Refuse a model with weights that are not finite.

    Raises:
        DataError: names the first.
    """
    for name, weight in model.state_dict().items():
        if weight.is_floating_point() and not bool(torch.isfinite(weight).all()):
            raise DataError(
                f"the decoder in {folder} has numbers that are not finite in its weight {name}; "
                f"train it again"
            )


def require_temperature(temperature: object, path: Path) -> None:
    """Refuse a temperature that log-probabilities cannot be divided by.

    Raises:
        DataError: says what it is.
    """
    is_number = isinstance(temperature, int | float) and not isinstance(temperature, bool)
    if not is_number or not 0 < temperature <= _HOTTEST:  # type: ignore[operator]
        raise DataError(f"{path}: temperature must be a number above 0, found {temperature!r:.60}")


def _read(path: Path) -> dict[str, Any]:
    """What a file of settings holds; nothing where there is none."""
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise DataError(
            f"the decoder in {path.parent} cannot be loaded: {path.name} is damaged: {reason}"
        ) from error
    if not isinstance(found, dict):
        raise DataError(
            f"the decoder in {path.parent} cannot be loaded: {path.name} holds no settings"
        )
    return found
