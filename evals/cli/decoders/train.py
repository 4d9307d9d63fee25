"""`valuegauge decoders train`: a language model learns to predict ratings."""

import json
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from evals.cli.decoders.main_process import told_by_one
from evals.cli.shared_options.fits import (
    ratings_option,
    recipe_option,
    representation_option,
    save_every_option,
    seed_option,
)
from ratings.output.console import make_console, progress_bar
from ratings.output.numbers import number
from ratings.output.tables import Table
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import About
    from decoders.language_model.training.training import Watch
    from evals.vinfo.trained_decoder import Training


@click.command()
@ratings_option
@representation_option
@recipe_option
@seed_option
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder for the decoder."
)
@save_every_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def train(
    data_name: str,
    representation: str,
    recipe: str,
    seed: int,
    out: Path,
    save_every: int,
    as_json: bool,
) -> int:
    """Train a language model on half of the raters and measure it on the other half.

    The same command resumes a training that was stopped. Under `accelerate launch` several
    processes train together.
    """
    from decoders.extra import require_extra

    with told_by_one() as speaks:
        require_extra()
        training = _plan(data_name, representation, recipe, seed, out, save_every, speaks)
        about, new = _train(training, speaks)
    if speaks:
        _tell(training, about, new, as_json)
    return 0


def _plan(
    data_name: str,
    representation: str,
    recipe: str,
    seed: int,
    out: Path,
    save_every: int,
    speaks: bool,
) -> "Training":
    from decoders.language_model.training.recipes import recipe_named
    from evals.vinfo.trained_decoder import Training
    from ratings.prepared import load_prepared
    from ratings.representations.names import parse_representation

    found = recipe_named(recipe)
    given = parse_representation(representation)
    prepared, notes = load_prepared(data_name, seed)
    for note in notes if speaks else ():
        click.echo(f"{prepared.data.name}: {note}", err=True)
    folder = resolve_from_start(str(out))
    return Training(prepared, given, found, folder, save_every)


def _train(training: "Training", speaks: bool) -> tuple["About", bool]:
    """The decoder, and whether it was not there before."""
    from evals.vinfo.trained_decoder import made_before, train_decoder

    new = made_before(training) is None
    with ExitStack() as stack:
        watch = _progress(stack) if speaks and new else None
        return train_decoder(training, watch), new


def _progress(stack: ExitStack) -> "Watch":
    columns = (
        TextColumn("training"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
    )
    progress = stack.enter_context(progress_bar(*columns))
    task = progress.add_task("training", total=None, loss=float("nan"))

    def watch(step: int, steps: int, loss: float) -> None:
        progress.update(task, completed=step, total=steps, loss=loss)

    return watch


def _tell(training: "Training", about: "About", new: bool, as_json: bool) -> None:
    if as_json:
        found = {"folder": str(training.folder), **asdict(about)}
        click.echo(json.dumps(found, indent=1, allow_nan=False))
    else:
        _print(training, about, make_console())
    if new:
        click.echo(f"decoder written to {training.folder}", err=True)
    else:
        click.echo(f"{training.folder} holds this decoder already; nothing was trained", err=True)


def _print(training: "Training", about: "About", console: Console) -> None:
    metrics = about.metrics
    calibration = metrics["calibration_error"]
    title = f"{about.data}: {about.recipe.name} given {about.representation}, seed {about.seed}"
    if training.prepared.data.synthetic:
        title += "; raters are simulated"
    table = Table(title=escape(title), title_justify="left", box=HORIZONTALS)
    for head in ("measured", "value", "95% interval"):
        table.add_column(head, justify="left" if head == "measured" else "right")
    table.add_row("accuracy, %", *_cells(metrics["accuracy"], 1, 100))
    table.add_row("loss, nats", *_cells(metrics["loss"], 3))
    table.add_row("calibration error, root mean square", *_cells(calibration["corrected"], 3))
    table.add_row("calibration error, mean (ECE)", number(calibration["raw"], 3), "")
    table.add_row("Brier score", *_cells(metrics["brier"], 3))
    console.print(table)
    effort = metrics["training"]
    processes = "" if effort["processes"] == 1 else f" in {effort['processes']} processes"
    console.print(
        f"{metrics['test_ratings']} ratings of {metrics['test_raters']} test raters; "
        f"{effort['steps']} steps, {effort['tokens']} tokens, {effort['parameters']} parameters; "
        f"{effort['seconds']:.1f} s from step {effort['from_step']}{processes}.",
        highlight=False,
    )


def _cells(estimate: dict[str, Any], digits: int, scale: float = 1.0) -> tuple[str, str]:
    """A number and its interval, or why there is none."""
    value, low, high = (
        "-" if estimate[name] is None else number(scale * estimate[name], digits)
        for name in ("value", "low", "high")
    )
    return value, estimate["reason"] or f"{low}..{high}"
