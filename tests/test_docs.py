"""The manual names every command, option, argument and metric."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from benchmarks.value_portrait import task
from evals.cli import valuegauge
from ratings.cards import load_card
from ratings.dimensions import ALL_DIMENSIONS
from ratings.value_portrait import CARDS
from scorers.likert import STATUSES

ROOT = Path(__file__).parents[1]
MANUAL = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))
)
MANIFESTS = sorted((ROOT / "benchmarks").glob("*/manifest.yaml"))
CONSISTENCY = ("alpha", "omega", "icc", "g_coefficient", "order_effect")
ENDS = ("_low", "_high", "_lowest", "_highest", "_expected")
SHARES = (
    "item",
    "wording",
    "order",
    "item x wording",
    "item x order",
    "wording x order",
    "residual",
)


def commands(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, full)
        else:
            yield full, command


@pytest.mark.parametrize(("name", "command"), list(commands(valuegauge, "valuegauge")))
def test_a_command_and_its_options_are_in_the_manual(name: str, command: click.Command):
    assert name in MANUAL
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[0] in MANUAL, f"{name} {parameter.opts[0]}"


def quoted(word: str) -> bool:
    return re.search(rf"`[^`\n]*{re.escape(word)}[^`\n]*`", MANUAL) is not None


@pytest.mark.parametrize(
    "metric",
    [*ALL_DIMENSIONS, *STATUSES, *CONSISTENCY, *ENDS, *(f"share {name}" for name in SHARES)],
)
def test_a_metric_is_in_the_manual(metric: str):
    assert quoted(metric)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.name)
def test_a_manifest_fits_its_task_and_the_manual(manifest: Path):
    found = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    assert found["name"] == manifest.parent.name
    assert found["comparability"] == task.COMPARABILITY
    assert tuple(found["arguments"]) == task._ARGUMENTS
    assert found["cards"] == CARDS
    for card in found["cards"].values():
        assert load_card(card)
    for argument in found["arguments"]:
        assert quoted(argument), argument
    assert (manifest.parent / "README.md").is_file()


def test_the_readme_names_every_argument_and_only_files_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for argument in task._ARGUMENTS:
        assert f"-T {argument}=" in readme
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (ROOT / target).exists(), target
