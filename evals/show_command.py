"""`valuegauge show`: the scores of one run, with their intervals."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from ratings.locations import resolve_from_start

INCOMPLETE = 4


@click.command()
@click.argument("logs", metavar="LOG...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--variants", is_flag=True, help="Show the scores from each prompt variant too.")
@click.option(
    "--plot", type=click.Path(path_type=Path), help="Write the profile as .png, .svg or .pdf."
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def show(logs: Sequence[Path], variants: bool, plot: Path | None, as_json: bool) -> int:
    """Show the scores in each LOG, the log of a run of value_portrait."""
    from evals.plot import plot_profile
    from evals.report import read_report
    from evals.show import show_report

    if plot is not None and len(logs) > 1:
        raise click.UsageError("--plot draws one run: name one LOG")
    reports = [read_report(resolve_from_start(str(log))) for log in logs]
    if plot is not None:
        plot_profile(reports[0], plot)
        click.echo(f"wrote {plot}", err=True)
    if as_json:
        found = [report.as_json() for report in reports]
        printed = found[0] if len(found) == 1 else found
        click.echo(json.dumps(printed, indent=2, allow_nan=False))
    else:
        for report in reports:
            show_report(report, Console(), per_variant=variants)
    return 0 if all(report.complete for report in reports) else INCOMPLETE
