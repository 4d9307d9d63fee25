"""`valuegauge check`: a gate for new models in continuous integration."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evals.check_text import annotations, junit, markdown
from ratings.locations import resolve_from_start
from ratings.whole_file import write_whole

if TYPE_CHECKING:
    from scorers.inspect_adapter.run_log import RunLog

GATE_FAILED, INCOMPLETE = 1, 4
_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("logs", nargs=-1, required=True, type=_PATH)
@click.option("--baseline", type=_PATH, required=True, help="The accepted answers, a JSON file.")
@click.option("--write-baseline", is_flag=True, help="Accept LOGS: write them as the baseline.")
@click.option("--margins", type=_PATH, help="YAML: score or family to the margin of `same`.")
@click.option("--junit", "junit_file", type=_PATH, help="Write a JUnit XML file too.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub on standard error.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON in place of Markdown.")
def check(
    logs: tuple[Path, ...],
    baseline: Path,
    write_baseline: bool,
    margins: Path | None,
    junit_file: Path | None,
    github: bool,
    as_json: bool,
) -> int:
    """Check LOGS against a baseline: what is the same, what moved, what cannot be told.

    LOGS are Inspect logs or folders of them. Exit code 1 when a score moved or fewer answers are
    valid, 4 when a run is not complete.
    """
    from leaderboard.baseline import baseline_for, baseline_run, read_baseline
    from leaderboard.baseline import write_baseline as write
    from leaderboard.collect import find_logs
    from leaderboard.regression import check_run, read_margins
    from scorers.inspect_adapter.run_log import read_run

    paths = find_logs([resolve_from_start(str(path)) for path in logs])
    place = resolve_from_start(str(baseline))
    runs = [read_run(path) for path in paths]
    for run in runs:
        if not run.complete:
            click.echo(f"{run.path.name} is not complete ({run.header.status})", err=True)
    if not runs:
        raise click.UsageError("there are no logs in the folders given")
    if not all(run.complete for run in runs):
        return INCOMPLETE
    if write_baseline:
        write([baseline_run(run) for run in runs], place)
        click.echo(f"{place} holds {_listed(runs)}", err=True)
        return 0
    accepted = read_baseline(place)
    limits = read_margins(resolve_from_start(str(margins))) if margins else None
    found = [check_run(run, baseline_for(run, accepted, place), limits) for run in runs]
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=2, allow_nan=False))
    else:
        click.echo("\n\n".join(markdown(one) for one in found))
    if junit_file:
        write_whole(resolve_from_start(str(junit_file)), junit(found))
    if github:
        for line in annotations(found):
            click.echo(line, err=True)
    return GATE_FAILED if any(one.failed for one in found) else 0


def _listed(runs: "list[RunLog]") -> str:
    return ", ".join(f"{run.task} of {run.model}" for run in runs)
