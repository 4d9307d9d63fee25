"""`valuegauge show`: the scores of runs, with their intervals."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from evals.cli.shared_options.completions import completing, family_names
from ratings.output.console import make_console, say
from ratings.sources.locations import resolve_from_start

INCOMPLETE = 4


@click.command()
@click.argument("logs", metavar="LOG...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--variants", is_flag=True, help="Show the scores from each prompt variant (value_portrait)."
)
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    help="Draw the scores, people's and those of several LOGs alongside, to .png, .svg or .pdf.",
)
@click.option(
    "--family",
    metavar="NAME",
    shell_complete=completing(family_names, files=True),
    help="Compare it with a family fitted on this machine, on the same ratings (decode_ratings).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def show(
    logs: Sequence[Path], variants: bool, plot: Path | None, family: str | None, as_json: bool
) -> int:
    """Show what each LOG found, in a sentence, then its scores.

    LOG is the log of a run of a benchmark, or a folder of logs.
    """
    from evals.reports.report import report_of
    from scorers.inspect_adapter.decoded import TASK
    from scorers.inspect_adapter.run_log import read_runs

    paths = [resolve_from_start(str(log)) for log in logs]
    runs = read_runs(paths, lambda line: click.echo(line, err=True))
    if plot is not None and len({run.task for run in runs}) > 1:
        raise click.UsageError("--plot draws runs of one benchmark: name logs of one")
    if variants and not any(run.manifest.answers.layout == "variants" for run in runs):
        tasks = " and ".join(dict.fromkeys(run.task for run in runs))
        raise click.UsageError(f"--variants shows prompt variants, and {tasks} has none")
    for run in runs if family is not None else ():
        if run.task != TASK:
            raise click.UsageError(
                f"--family is for runs of {TASK}, and {run.path.name} is of {run.task}"
            )
    reports = [report_of(run, family) for run in runs]
    if plot is not None:
        reports[0].draw(plot, reports[1:])
        click.echo(f"wrote {plot}", err=True)
    if as_json:
        found = [report.as_json() for report in reports]
        several = len(paths) > 1 or paths[0].is_dir()
        click.echo(json.dumps(found if several else found[0], indent=2, allow_nan=False))
    else:
        console = make_console()
        for report in reports:
            say(console, report.finding)
        # all of them before the first is printed: a family may turn out not to fit
        printed = [list(report.tables(variants=variants)) for report in reports]
        for report, parts in zip(reports, printed, strict=True):
            console.print()
            for part in parts:
                console.print(part)
            for name in report.run.not_sent:
                click.echo(f"{name}: not sent; the provider takes no {name} for this model")
    return 0 if all(report.complete for report in reports) else INCOMPLETE
