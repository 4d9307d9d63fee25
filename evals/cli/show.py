"""`valuegauge show`: the scores of runs, with their intervals."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evals.cli.options.completions import completing, family_names
from evals.exit_codes import INCOMPLETE
from evals.reports.missing_show import missing_json, show_missing
from ratings.output.console import make_console
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.reports.choice_report import ChoiceReport
    from evals.reports.decoded_report import DecodedReport
    from evals.reports.portrait_report import Report
    from scorers.inspect_adapter.run_log import RunLog

    AnyReport = Report | ChoiceReport | DecodedReport


@click.command()
@click.argument("logs", metavar="LOG...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--variants", is_flag=True, help="Show the scores from each prompt variant (value_portrait)."
)
@click.option(
    "--plot", type=click.Path(path_type=Path), help="Write the scores as .png, .svg or .pdf."
)
@click.option(
    "--family",
    metavar="NAME",
    shell_complete=completing(family_names, files=True),
    help="Set a family fitted on this machine beside it, on the same ratings (decode_ratings).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def show(
    logs: Sequence[Path], variants: bool, plot: Path | None, family: str | None, as_json: bool
) -> int:
    """Show the scores in each LOG: the log of a run of a benchmark, or a folder of logs."""
    from scorers.inspect_adapter.run_log import read_runs

    places = [resolve_from_start(str(log)) for log in logs]
    runs = read_runs(places, lambda line: click.echo(line, err=True))
    if plot is not None and len(runs) > 1:
        raise click.UsageError("--plot draws one run: name one LOG")
    reports = [_report(run, family) for run in runs]
    if variants and not any(hasattr(report, "variants") for report in reports):
        tasks = " and ".join(dict.fromkeys(run.task for run in runs))
        raise click.UsageError(f"--variants shows prompt variants, and {tasks} has none")
    if plot is not None:
        _plot(reports[0], plot)
        click.echo(f"wrote {plot}", err=True)
    if as_json:
        found = [
            report.as_json() | missing_json(run, report.counts) | {"not_sent": run.not_sent}
            for run, report in zip(runs, reports, strict=True)
        ]
        several = len(places) > 1 or places[0].is_dir()
        click.echo(json.dumps(found if several else found[0], indent=2, allow_nan=False))
    else:
        for run, report in zip(runs, reports, strict=True):
            _print(report, variants)
            show_missing(run, report.counts, make_console())
            for name in run.not_sent:
                click.echo(f"{name}: not sent; the provider takes no {name} for this model")
    return 0 if all(report.complete for report in reports) else INCOMPLETE


def _report(run: "RunLog", family: str | None) -> "AnyReport":
    from evals.reports.choice_report import choice_report
    from evals.reports.decoded_report import TASKS, decoded_report
    from evals.reports.portrait_report import portrait_report
    from scorers.inspect_adapter.decoded import TASK

    if family is not None and run.task != TASK:
        raise click.UsageError(
            f"--family is for runs of {TASK}, and {run.path.name} is of {run.task}"
        )
    if run.task in TASKS:
        return decoded_report(run, family)
    return choice_report(run) if run.task == "indie_value" else portrait_report(run)


def _plot(report: "AnyReport", path: Path) -> None:
    from evals.reports.choice_plot import plot_choices
    from evals.reports.choice_report import ChoiceReport
    from evals.reports.decoded_report import DecodedReport
    from evals.reports.portrait_plot import plot_profile

    if isinstance(report, DecodedReport):
        raise click.UsageError(f"--plot has no picture of {report.run.task}")
    if isinstance(report, ChoiceReport):
        plot_choices(report, path)
    else:
        plot_profile(report, path)


def _print(report: "AnyReport", variants: bool) -> None:
    from evals.reports.choice_report import ChoiceReport
    from evals.reports.choice_show import show_choices
    from evals.reports.decoded_report import DecodedReport
    from evals.reports.decoded_show import show_decoded
    from evals.reports.portrait_show import show_report

    if isinstance(report, DecodedReport):
        show_decoded(report, make_console())
        return
    if isinstance(report, ChoiceReport):
        show_choices(report, make_console())
    else:
        show_report(report, make_console(), per_variant=variants)
