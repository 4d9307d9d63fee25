"""`valuegauge show`: the scores of one run, with their intervals."""

import json
from pathlib import Path

import click
from rich.console import Console

from ratings.locations import resolve_from_start

INCOMPLETE = 4


@click.command()
@click.argument("log", type=click.Path(path_type=Path))
@click.option("--variants", is_flag=True, help="Show the scores from each prompt variant too.")
@click.option(
    "--plot", type=click.Path(path_type=Path), help="Write the profile as .png, .svg or .pdf."
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def show(log: Path, variants: bool, plot: Path | None, as_json: bool) -> int:
    """Show the scores in LOG, the log of a run of value_portrait."""
    from evals.plot import plot_profile
    from evals.report import read_report
    from evals.show import show_report

    report = read_report(resolve_from_start(str(log)))
    if plot is not None:
        plot_profile(report, plot)
        click.echo(f"wrote {plot}", err=True)
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, allow_nan=False))
    else:
        show_report(report, Console(), per_variant=variants)
    return 0 if report.complete else INCOMPLETE
