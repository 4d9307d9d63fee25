"""`valuegauge decoders free-text`: predict what raters write, and what descriptions take off."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape

from evals.cli.shared_options.completions import completing, representation_names
from evals.cli.shared_options.fits import KINDS, recipe_option, seed_option
from ratings.output.atomic_write import write_whole
from ratings.output.console import make_console
from ratings.output.numbers import number
from ratings.output.tables import Table
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from decoders.language_model.prompts.free_text import TextFit
    from scorers.information.perplexity import TextLoss
    from scorers.intervals.estimate import Estimate

_HEADS = ("given", "loss, nats a token", "perplexity", "loss, nats a text", "drop, nats a token")


@click.command("free-text")
@click.option(
    "--data",
    "data_name",
    required=True,
    type=click.Path(path_type=Path),
    help="habermas_likert, whose raters wrote justifications, or a table with the columns rater, "
    "instance and text (.csv or .parquet).",
)
@click.option(
    "--representations",
    default="none,examples:2,examples:max",
    show_default=True,
    shell_complete=completing(representation_names),
    help="What to give about a rater, separated by commas; none is always among them. "
    f"One is {KINDS}.",
)
@recipe_option
@seed_option
@click.option("--out", type=click.Path(path_type=Path), help="File for the findings, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def free_text(
    data_name: Path, representations: str, recipe: str, seed: int, out: Path | None, as_json: bool
) -> int:
    """Train a language model to predict texts of half of the raters; measure it on the others.

    One training for each representation. What it takes off the loss per token of `none` is reported
    with an interval over raters. Perplexities compare only within one tokenizer.
    """
    from decoders.extra import require_extra

    require_extra()
    from decoders.language_model.prompts.free_text import fit_texts
    from decoders.language_model.training.recipes import recipe_named
    from ratings.data_sets.registry import load_texts
    from ratings.representations.names import NONE, parse_representations

    wanted = list(dict.fromkeys([NONE, *parse_representations(representations)]))
    how, found = recipe_named(recipe), load_texts(str(data_name))
    for note in found.notes:
        click.echo(f"{found.data.name}: {note}", err=True)
    fits = [fit_texts(found, how, one, seed) for one in wanted]
    losses = _losses(fits, seed)
    measured = {
        "data": found.data.name,
        "recipe": how.name,
        "seed": seed,
        "test_raters": len(set(fits[0].raters.tolist())),
        "test_texts": len(fits[0].losses),
        "test_tokens": int(fits[0].tokens.sum()),
        "rows": [
            {"representation": fit.representation.name, **asdict(loss)}
            for fit, loss in zip(fits, losses, strict=True)
        ],
    }
    text = json.dumps(measured, indent=1, allow_nan=False)
    if out is not None:
        write_whole(resolve_from_start(str(out)), text)
    if as_json:
        click.echo(text)
    else:
        _print(measured, losses, make_console())
    return 0


def _losses(fits: "list[TextFit]", seed: int) -> "list[TextLoss]":
    from ratings.representations.names import NONE
    from scorers.information.perplexity import text_loss

    without = next(fit.losses for fit in fits if fit.representation == NONE)
    return [
        text_loss(
            fit.losses,
            fit.tokens,
            fit.raters,
            None if fit.representation == NONE else without,
            seed,
        )
        for fit in fits
    ]


def _print(measured: dict[str, Any], losses: "list[TextLoss]", console: Console) -> None:
    title = f"{measured['data']}: texts, recipe {measured['recipe']}, seed {measured['seed']}"
    table = Table(title=escape(title), title_justify="left", box=HORIZONTALS)
    for head in _HEADS:
        table.add_column(head, justify="left" if head == _HEADS[0] else "right")
    for row, loss in zip(measured["rows"], losses, strict=True):
        cells = (loss.per_token, loss.perplexity, loss.per_text, loss.drop)
        digits = (3, 2, 2, 4)
        table.add_row(
            row["representation"],
            *(_cell(one, size) for one, size in zip(cells, digits, strict=True)),
        )
    console.print(table)
    console.print(
        f"{measured['test_texts']} texts of {measured['test_raters']} test raters, "
        f"{measured['test_tokens']} tokens. Below each number its 95% interval: raters resampled.",
        highlight=False,
    )


def _cell(estimate: "Estimate | None", digits: int) -> str:
    if estimate is None:
        return ""
    ends = f"{number(estimate.low, digits)}..{number(estimate.high, digits)}"
    return f"{number(estimate.value, digits)}\n{ends}"
