"""`valuegauge decoders soup`: the average of the weights of decoders."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape

from evals.cli.shared_options.completions import completing, representation_names, set_names
from evals.cli.shared_options.fits import KINDS
from ratings.errors import DataError
from ratings.output.console import make_console
from ratings.output.numbers import number
from ratings.output.tables import Table
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import Checkpoint

_HEADS = ("decoder", "accuracy, %", "loss, nats", "ECE")


@click.command()
@click.argument("checkpoints", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the soup.")
@click.option(
    "--data",
    "data_name",
    shell_complete=completing(set_names, files=True),
    help="Measure soup and parts on the test raters of this data set, or of one's own ratings.",
)
@click.option(
    "--representation",
    default="none",
    show_default=True,
    shell_complete=completing(representation_names),
    help=f"What to give about those raters: {KINDS}.",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Of the split of those raters.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def soup(
    checkpoints: tuple[Path, ...],
    out: Path,
    data_name: str | None,
    representation: str,
    seed: int,
    as_json: bool,
) -> int:
    """Average the weights of decoders that were trained from the same model on other data.

    The soup is a checkpoint like its parts. With --data it is measured, without training, on
    raters that none of them learned from.
    """
    from decoders.extra import require_extra

    require_extra()
    from decoders.language_model.checkpoint import save_checkpoint
    from decoders.language_model.soup import make_soup

    folder = resolve_from_start(str(out))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DataError(f"{folder} is there and holds something; give another --out")
    folders = [resolve_from_start(str(one)) for one in checkpoints]
    found = make_soup(folders)
    if data_name is not None:
        found = _measure(found, folders, data_name, representation, seed)
    save_checkpoint(folder, found)
    _tell(found, folder, as_json)
    return 0


def _measure(
    found: "Checkpoint", folders: list[Path], data_name: str, representation: str, seed: int
) -> "Checkpoint":
    from evals.vinfo.measured_soup import measured_beside_parts
    from ratings.prepared import load_prepared
    from ratings.representations.names import parse_representation

    given = parse_representation(representation)
    prepared, notes = load_prepared(data_name, seed)
    for note in notes:
        click.echo(f"{prepared.data.name}: {note}", err=True)
    return measured_beside_parts(found, folders, prepared, given)


def _tell(found: "Checkpoint", folder: Path, as_json: bool) -> None:
    from evals.vinfo import measured_soup

    measured = found.about.metrics.get("measured")
    if as_json:
        document = measured_soup.as_json(found, folder)
        click.echo(json.dumps(document, indent=1, allow_nan=False))
    elif measured:
        _print(measured, make_console())
    parts = len(found.about.metrics["soup"])
    click.echo(f"soup of {parts} decoders written to {folder}", err=True)


def _print(measured: dict[str, Any], console: Console) -> None:
    title = f"{measured['data']} given {measured['representation']}, seed {measured['seed']}"
    if measured["synthetic"]:
        title += "; raters are simulated"
    table = Table(title=escape(title), title_justify="left", box=HORIZONTALS)
    for head in _HEADS:
        table.add_column(head, justify="left" if head == _HEADS[0] else "right", overflow="fold")
    for row in measured["rows"]:
        table.add_row(
            escape(row["decoder"]),
            _cell(row["accuracy"], 1, 100),
            _cell(row["loss"], 3),
            f"{number(row['calibration_error']['raw'], 3)}\n"
            f"{_ends(row['calibration_error']['corrected'], 3, 1)}",
        )
    console.print(table)
    first = measured["rows"][0]
    console.print(
        f"{first['test_ratings']} ratings of {first['test_raters']} test raters; nothing was "
        f"trained on them. Below accuracy and loss the 95% interval over raters; below the ECE "
        f"that of the root mean square calibration error, freed of noise.",
        highlight=False,
    )


def _cell(estimate: dict[str, Any], digits: int, scale: float = 1.0) -> str:
    return f"{number(scale * estimate['value'], digits)}\n{_ends(estimate, digits, scale)}"


def _ends(estimate: dict[str, Any], digits: int, scale: float) -> str:
    if estimate["low"] is None:
        return estimate["reason"] or ""
    return f"{number(scale * estimate['low'], digits)}..{number(scale * estimate['high'], digits)}"
