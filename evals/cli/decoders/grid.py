"""`valuegauge decoders grid`: many fits at once, as tables."""

import json
import sys
from contextlib import redirect_stdout
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape

from evals.cli.shared_options.fits import jobs_option
from ratings.errors import DataError
from ratings.output.console import make_console, progress_bar
from ratings.output.numbers import number
from ratings.output.tables import Table
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.vinfo.grid import FamilyRows
    from evals.vinfo.grid_config import Grid
    from evals.vinfo.table import VinfoRow
    from scorers.intervals.estimate import Estimate

HEADS = (
    "family",
    "given",
    "accuracy\n%",
    "loss\n(nats)",
    "usable info\n(nats)",
    "preserved\n%",
    "RMSCE",
    "s a\nfit",
)
_WORDS = 2


@click.command()
@click.argument("config", type=click.Path(path_type=Path))
@jobs_option
@click.option(
    "--backend",
    "where",
    default="loky",
    show_default=True,
    type=click.Choice(["loky", "ray", "dask"]),
    help="Where fits are made: processes of this machine, Ray, or Dask.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for fits and tables; grid-<config> if not said. Fits found there are not made "
    "again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def grid(config: Path, jobs: int | None, where: str, out: Path | None, as_json: bool) -> int:
    """Fit data sets x representations x seeds x families, as the YAML file CONFIG says.

    The same command resumes a grid that was stopped.
    """
    import joblib

    from evals.vinfo.grid import grid_as_json, write_grid
    from evals.vinfo.grid_backend import require_backend
    from evals.vinfo.grid_config import read_grid

    require_backend(where)
    with redirect_stdout(sys.stderr):  # where DeepSpeed would say that it is there
        planned = read_grid(
            resolve_from_start(str(config)), lambda line: click.echo(line, err=True)
        )
    folder = resolve_from_start(str(out)) if out else Path.cwd() / f"grid-{planned.name}"
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file; --out needs a folder")
    folder.mkdir(parents=True, exist_ok=True)
    with redirect_stdout(sys.stderr):
        found = _run(planned, folder, jobs or joblib.cpu_count(), where)
    written = write_grid(planned, found, folder)
    if as_json:
        click.echo(json.dumps(grid_as_json(planned, found), indent=1, allow_nan=False))
    else:
        _print(found, make_console())
    click.echo(f"{' and '.join(path.name for path in written)} written to {folder}", err=True)
    return 0


def _run(planned: "Grid", folder: Path, jobs: int, where: str) -> "list[FamilyRows]":
    from evals.vinfo.grid import run_grid
    from evals.vinfo.grid_backend import backend

    with (
        progress_bar() as progress,
        backend(where, jobs),
    ):
        task = progress.add_task("fits", total=planned.fits)
        return run_grid(planned, folder, jobs, lambda key: progress.advance(task))


def _print(found: "list[FamilyRows]", console: Console) -> None:
    for name, group in groupby(found, key=lambda rows: rows.study.data.name):
        mine = list(group)
        study = mine[0].study
        title = f"{name}: {study.seeds} {'split' if study.seeds == 1 else 'splits'}"
        if study.data.synthetic:
            title += "; raters are simulated"
        box = HORIZONTALS
        # As narrow as can be: a terminal has 80 columns.
        table = Table(
            title=escape(title), title_justify="left", box=box, padding=0, show_edge=False
        )
        table.add_column("\n".join(HEADS[:_WORDS]), overflow="fold", min_width=10)
        for head in HEADS[_WORDS:]:
            table.add_column(head, justify="right", no_wrap=True)
        for rows in mine:
            for row in rows.rows:
                representation, *cells = _cells(row)
                table.add_row(escape(f"{rows.family}\n{representation}"), *map(escape, cells))
        console.print(table)
    console.print(
        "Below each number its 95% interval: raters resampled, and what splits differ beyond "
        "that. Usable information is compared with the family's own 'none'; preserved: share of "
        "what the most examples tell; RMSCE: root mean square calibration error, "
        "freed of noise.",
        highlight=False,
    )


def _cells(row: "VinfoRow") -> tuple[str, ...]:
    return (
        row.representation.name,
        _cell(row.accuracy.estimate, 1, 100),
        _cell(row.loss.estimate, 3),
        "0" if row.mixed is None else _cell(row.information.estimate, 4),
        "" if row.preserved is None else _cell(row.preserved, 0, 100),
        _cell(row.calibration.corrected, 3),
        number(row.seconds, 0 if row.seconds >= 100 else 1),
    )


def _cell(estimate: "Estimate", digits: int, scale: float = 1.0) -> str:
    """A number, and below it the ends of its interval."""
    value, low, high = (
        number(scale * one, digits) for one in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value}\n{low}..{high}"
