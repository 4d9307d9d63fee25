"""What tests of trained decoders share: a small survey, a recipe of a few steps, commands."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ratings.data_sets.published.planted import CHOICES, plant

ROOT = Path(__file__).parents[2]
LAUNCH = ("-m", "accelerate.commands.accelerate_cli", "launch", "--config_file")
RECIPE = """
model: tiny-llama
batch: 16
share: 4
learning_rate: 2e-3
schedule: cosine
instance_tokens: 8
calibrated_on: 0.2
"""


def write_survey(folder: Path) -> Path:
    """Ratings in a file of one's own, with files of instances and raters next to it."""
    table = plant(raters=24, ratings=16, strength=8.0).data.table
    path = folder / "survey.csv"
    table.ratings.to_csv(path, index=False)
    instances = table.instances[["text"]].assign(choices="|".join(CHOICES))
    instances.rename_axis("instance").to_csv(path.with_suffix(".instances.csv"))
    raters = table.raters.drop(columns="profile").rename_axis("rater")
    raters.to_csv(path.with_suffix(".raters.csv"))
    return path


def write_recipe(folder: Path, name: str = "few", more: str = "") -> Path:
    path = folder / f"{name}.yaml"
    fields = {**yaml.safe_load(RECIPE), **(yaml.safe_load(more) or {})}
    path.write_text(yaml.safe_dump(fields), encoding="utf-8")
    return path


def command(*arguments: str, launch: tuple[str, ...] = ()) -> list[str]:
    return [sys.executable, *launch, "-m", "evals.cli.main", "decoders", *arguments]


def start(arguments: list[str], folder: Path, **more: str) -> subprocess.Popen[str]:
    """A process that computes with one thread, so that sums come out the same everywhere."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        arguments,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", **more},
    )


def finish(process: subprocess.Popen[str], seconds: float = 300) -> str:
    """What it printed, when all went well."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err
    return out


def about(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "decoder.json").read_text(encoding="utf-8"))
    return found


def needs_decoders() -> None:
    """Skip a module or a test where language models cannot be trained."""
    for name in ("torch", "transformers", "accelerate", "peft", "safetensors"):
        pytest.importorskip(name, reason=f"needs {name}, of the extra 'decoders'")
