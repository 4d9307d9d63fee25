"""`valuegauge run`: tasks x models x arguments from one file, resumed where it stopped."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from evals.cli.shared_options.suites import limit_option, model_option, read_runs, suite_argument
from evals.exit_codes import INCOMPLETE, INTERRUPTED, MISSING
from evals.suites.suite import label
from ratings.errors import DataError
from ratings.output.console import make_console
from ratings.output.tables import Table
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.suites.run import Outcome
    from evals.suites.suite import Run


@click.command()
@suite_argument
@model_option
@limit_option
@click.option("--max-connections", type=click.IntRange(1), help="Calls at a time.")
@click.option(
    "--max-tasks",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="Runs at a time.",
)
@click.option(
    "--log-dir",
    type=click.Path(path_type=Path),
    help="Folder of the logs; the same folder is resumed where it stopped. Default: logs/NAME.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="A baseline of `valuegauge check`; goes with --until decided.",
)
@click.option(
    "--until",
    type=click.Choice(["decided"]),
    help="Ask in rounds until every score is the same as the baseline's, or moved.",
)
@click.option("--at-most", type=click.IntRange(1), help="Calls of each run in all rounds.")
@click.option(
    "--score",
    "scores",
    metavar="NAME",
    multiple=True,
    help="With --until: ask until this score is decided, whatever the others.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def run(
    given: str,
    models: Sequence[str],
    limit: int | None,
    max_connections: int | None,
    max_tasks: int,
    log_dir: Path | None,
    against: Path | None,
    until: str | None,
    at_most: int | None,
    scores: tuple[str, ...],
    as_json: bool,
) -> int:
    """Run or resume SUITE, a .yaml file or a ready suite: smoke, full, regression, humans."""
    if scores or any(one is not None for one in (against, until, at_most)):
        if against is None or until is None or at_most is None:
            raise click.UsageError("--against, --until and --at-most go together")
        if limit:
            raise click.UsageError("--limit does not go with --until")
    suite, runs = read_runs(given, models)
    folder = resolve_from_start(str(log_dir or Path("logs") / suite.name))
    if folder.is_file():
        raise DataError(f"{folder} is a file; --log-dir needs a folder")
    from evals.suites.build import make_ready
    from evals.suites.run import read_outcomes, run_suite

    click.echo(f"suite {suite.name}: {len(runs)} runs, logs in {folder}", err=True)
    ready = make_ready(runs, limit)
    for lacking in dict.fromkeys(one.lacks for one in ready if one.lacks):
        click.echo(f"left out: {lacking}", err=True)
    if against is not None and at_most is not None:
        accepted = resolve_from_start(str(against))
        return _until_decided(
            runs, accepted, folder, at_most, scores, max_connections, max_tasks, as_json
        )
    interrupted = run_suite(ready, folder, limit, max_connections, max_tasks)
    outcomes = read_outcomes(ready, folder)
    if as_json:
        document = {
            "suite": suite.name,
            "log_dir": str(folder),
            "runs": [one.as_json() for one in outcomes],
        }
        click.echo(json.dumps(document, indent=2, allow_nan=False, default=str))
    else:
        _print(suite.name, outcomes, folder)
    _tell(outcomes)
    _tell_missing(outcomes)
    if interrupted:
        click.echo("interrupted; the same command resumes where it stopped", err=True)
    return _code(outcomes, interrupted)


def _until_decided(
    runs: "Sequence[Run]",
    accepted: Path,
    folder: Path,
    at_most: int,
    scores: Sequence[str],
    max_connections: int | None,
    max_tasks: int,
    as_json: bool,
) -> int:
    """Ask in rounds; print what the check says of them."""
    from evals.check.baseline import read_baseline
    from evals.check.check_text import markdown
    from evals.check.until_decided import ask_until_decided
    from evals.cli.check import exit_code
    from evals.suites.build import make_ready

    last = ask_until_decided(
        lambda: make_ready(runs),
        read_baseline(accepted),
        accepted,
        folder,
        at_most,
        only=scores,
        max_connections=max_connections,
        max_tasks=max_tasks,
        say=lambda text: click.echo(text, err=True),
    )
    if not last.decided:
        _tell(last.outcomes)
        return _code(last.outcomes, last.interrupted)
    if as_json:
        found = [one.as_json() for one in last.decided]
        click.echo(json.dumps(found, indent=2, allow_nan=False))
    else:
        click.echo("\n\n".join(f"{markdown(one.found)}\n\n{one.sentence}" for one in last.decided))
    return exit_code([one.found for one in last.decided])


def _code(outcomes: Sequence["Outcome"], interrupted: bool) -> int:
    """An interruption comes first, then what was tried and is not complete, then what lacks."""
    states = {one.status for one in outcomes}
    if interrupted:
        return INTERRUPTED
    if states & {"failed", "unfinished"}:
        return INCOMPLETE
    return MISSING if "missing" in states else 0


def _tell(outcomes: Sequence["Outcome"]) -> None:
    """What is not complete and why, each kind of error in a line, and what was asked again."""
    for one in outcomes:
        what = f"{label(one.task, one.arguments)} by {one.who}"
        if one.status != "complete":
            click.echo(f"{one.status}: {what}: {one.reason}", err=True)
        for kind, count in one.errors.items() if len(one.errors) > 1 else ():
            click.echo(f"  {count} x {kind}", err=True)
        if one.asked_again:
            click.echo(
                f"no answer: {what}: {one.asked_again} calls were repeated because no answer came, "
                f"and {one.no_answer} answers never came (counted as empty)",
                err=True,
            )
    left = [one for one in outcomes if one.status != "complete"]
    if left:
        click.echo(
            f"{len(left)} of {len(outcomes)} runs are not complete; the same command resumes "
            f"them and asks only for samples that have no answer",
            err=True,
        )


def _tell_missing(outcomes: Sequence["Outcome"]) -> None:
    """One line for each run in which a limit on tokens, or silence, took many answers."""
    from inspect_ai.log import read_eval_log

    from scorers.inspect_adapter.end_of_run import log_advice

    for one in outcomes:
        advice = log_advice(read_eval_log(one.log, header_only=True)) if one.log else None
        if advice:
            click.echo(f"{label(one.task, one.arguments)} by {one.who}: {advice}", err=True)


def _samples(one: "Outcome") -> str:
    return "-" if one.expected is None else f"{one.done}/{one.expected}"


def _print(name: str, outcomes: Sequence["Outcome"], folder: Path) -> None:
    """A row a run; the logs below, whose names are too long for a row."""
    console = make_console()
    complete = sum(one.status == "complete" for one in outcomes)
    table = Table(
        title=f"suite {name}: {complete} of {len(outcomes)} runs complete",
        title_justify="left",
        padding=(0, 0, 0, 1),
    )
    table.add_column("", justify="right")
    for head in ("task", "who", "status"):
        table.add_column(head)
    table.add_column("samples", justify="right", no_wrap=True)
    for index, one in enumerate(outcomes, start=1):
        cells = [
            str(index),
            label(one.task, one.arguments),
            one.who,
            one.status,
            _samples(one),
        ]
        table.add_row(*map(escape, cells), style=None if one.status == "complete" else "bold")
    console.print(table)
    console.print(f"logs in {folder}:", highlight=False, soft_wrap=True, markup=False)
    for index, one in enumerate(outcomes, start=1):
        log = Path(one.log).name if one.log else "none"
        console.print(f"{index:>3} {log}", highlight=False, soft_wrap=True, markup=False)
