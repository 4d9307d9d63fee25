"""`valuegauge check`: a gate for new models in continuous integration."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evals.check.check_text import annotations, junit, markdown
from evals.exit_codes import GATE_FAILED, INCOMPLETE
from ratings.output.atomic_write import write_whole
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.check.change_check import Regression
    from scorers.inspect_adapter.run_log import RunLog
    from scorers.intervals.scopes import Scope

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("logs", nargs=-1, required=True, type=_PATH)
@click.option("--baseline", type=_PATH, required=True, help="The accepted answers, a JSON file.")
@click.option("--write-baseline", is_flag=True, help="Accept LOGS: write them as the baseline.")
@click.option("--margins", type=_PATH, help="YAML: score or family to the margin of `same`.")
@click.option(
    "--scope",
    type=click.Choice(["on", "beyond"]),
    default="on",
    show_default=True,
    help="Judge on these items (by what asking again changes), or beyond them (by other items).",
)
@click.option("--junit", "junit_file", type=_PATH, help="Write a JUnit XML file too.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub on standard error.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of Markdown.")
def check(
    logs: tuple[Path, ...],
    baseline: Path,
    write_baseline: bool,
    margins: Path | None,
    scope: "Scope",
    junit_file: Path | None,
    github: bool,
    as_json: bool,
) -> int:
    """Check LOGS against a baseline: what is the same, what moved, what is undecided.

    LOGS are Inspect logs or folders of them. Exit code 1 when it is another model, a score moved or
    fewer answers are valid, 4 when a run is not complete.
    """
    if write_baseline and (margins or junit_file or github or as_json):
        raise click.UsageError("--write-baseline checks nothing; it goes with --baseline alone")
    accepted = resolve_from_start(str(baseline))
    runs = _read(logs, accepted)
    unfinished = [run for run in runs if not run.complete]
    for run in unfinished:
        _say(f"{run.path.name} is not complete ({run.header.status}); nothing was checked")
    if unfinished:
        return INCOMPLETE
    if write_baseline:
        _accept(runs, accepted)
        return 0
    found = _judge(runs, accepted, margins, scope)
    if junit_file:
        write_whole(resolve_from_start(str(junit_file)), junit(found))
    if github:
        click.echo("".join(f"{line}\n" for line in annotations(found)), err=True, nl=False)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=2, allow_nan=False))
    else:
        click.echo("\n\n".join(markdown(one) for one in found))
    return _exit_code(found)


def _read(logs: Sequence[Path], baseline: Path) -> "list[RunLog]":
    """The runs of the logs, without those that were tried again and finished."""
    from scorers.inspect_adapter.log_files import find_logs
    from scorers.inspect_adapter.run_log import read_run, without_replaced

    paths = find_logs([resolve_from_start(str(path)) for path in logs])
    runs = [read_run(path) for path in paths if path != baseline]  # it may lie among the logs
    if not runs:
        raise click.UsageError("there are no logs in the folders given")
    return without_replaced(runs)


def _accept(runs: "Sequence[RunLog]", path: Path) -> None:
    from evals.check.baseline import baseline_run, write_baseline

    write_baseline([baseline_run(run) for run in runs], path)
    _say(f"{path} holds {', '.join(f'{run.task} of {run.model}' for run in runs)}")


def _judge(
    runs: "Sequence[RunLog]", baseline: Path, margins: Path | None, scope: "Scope"
) -> "list[Regression]":
    """Each run compared with the run of the baseline that measured the same."""
    from evals.check.baseline import baseline_for, read_baseline
    from evals.check.change_check import check_run, read_margins, refuse_unknown_margins

    accepted = read_baseline(baseline)
    limits = read_margins(resolve_from_start(str(margins))) if margins else {}
    found = [check_run(run, baseline_for(run, accepted, baseline), limits, scope) for run in runs]
    refuse_unknown_margins(limits, found)
    for task in sorted({one.key["benchmark"] for one in accepted} - {run.task for run in runs}):
        _say(f"the baseline holds {task} too, of which no log is given")
    return found


def _exit_code(found: "Sequence[Regression]") -> int:
    lacking = [one for one in found if one.lacking]
    for one in lacking:
        _say(f"{one.log} has no answers for {', '.join(one.lacking)}, which the baseline has")
    if any(one.failed for one in found):
        return GATE_FAILED
    return INCOMPLETE if lacking else 0


def _say(text: str) -> None:
    """One line on standard error, whatever is in the names of models and files."""
    click.echo(" ".join(text.split()), err=True)
