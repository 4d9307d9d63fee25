"""`valuegauge check`: a gate for new models in continuous integration."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evals.exit_codes import GATE_FAILED, INCOMPLETE
from ratings.output.atomic_write import write_whole
from ratings.output.console import make_console
from ratings.output.text import one_line, shown_rater
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.check.any_task import CheckedRun
    from evals.check.regression import Regression
    from scorers.intervals.scopes import Scope

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("logs", nargs=-1, required=True, type=_PATH)
@click.option("--baseline", type=_PATH, required=True, help="The accepted answers, a JSON file.")
@click.option("--write-baseline", is_flag=True, help="Accept LOGS: write them as the baseline.")
@click.option(
    "--add-baseline", is_flag=True, help="Accept LOGS as further runs of the baseline's model."
)
@click.option(
    "--roll",
    type=click.IntRange(1),
    metavar="N",
    help="If LOGS pass, add them to the baseline and keep its latest N runs of a kind.",
)
@click.option(
    "--cluster",
    metavar="FIELD",
    help="Of a task that is not valuegauge's: resample samples by this field of their metadata.",
)
@click.option(
    "--score",
    "scores",
    metavar="NAME",
    multiple=True,
    help="Check this score alone; p-values are corrected over the scores named.",
)
@click.option("--margins", type=_PATH, help="YAML: score or family to the margin of `same`.")
@click.option(
    "--scope",
    type=click.Choice(["on", "beyond"]),
    default="on",
    show_default=True,
    help="Judge on these items (by what asking again changes), or beyond them (by other items).",
)
@click.option("--junit", "junit_file", type=_PATH, help="Write a JUnit XML file too.")
@click.option("--picture", type=_PATH, help="Draw the check to an .svg, .png or .pdf file.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub on standard error.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(
    logs: tuple[Path, ...],
    baseline: Path,
    write_baseline: bool,
    add_baseline: bool,
    roll: int | None,
    cluster: str | None,
    scores: tuple[str, ...],
    margins: Path | None,
    scope: "Scope",
    junit_file: Path | None,
    picture: Path | None,
    github: bool,
    as_json: bool,
) -> int:
    """Check LOGS against a baseline: what is the same, what moved, what is undecided.

    LOGS are Inspect logs or folders of them. A terminal shows tables; elsewhere it is Markdown.
    Exit code 1 when it is another model, a score moved or fewer answers are valid, 4 when a run is
    not complete.
    """
    accepting = write_baseline or add_baseline
    if accepting and (scores or margins or junit_file or picture or github or as_json or roll):
        given = "--write-baseline" if write_baseline else "--add-baseline"
        raise click.UsageError(f"{given} checks nothing; it goes with --baseline alone")
    if write_baseline and add_baseline:
        raise click.UsageError("either --write-baseline or --add-baseline")
    from evals.check.check_terminal import print_check
    from evals.check.check_text import annotations, junit, markdown

    accepted = resolve_from_start(str(baseline))
    runs = _read(logs, accepted, cluster)
    unfinished = [run for run in runs if not run.complete]
    for run in unfinished:
        _say(f"{run.path.name} is not complete ({run.header.status}); nothing was checked")
    if unfinished:
        return INCOMPLETE
    if accepting:
        _accept(runs, accepted, add_baseline)
        return 0
    found = _judge(runs, accepted, scores, margins, scope)
    if junit_file:
        write_whole(resolve_from_start(str(junit_file)), junit(found))
    if picture:
        from evals.check.check_picture import draw_check

        draw_check(resolve_from_start(str(picture)), found)
    if github:
        click.echo("".join(f"{line}\n" for line in annotations(found)), err=True, nl=False)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=2, allow_nan=False))
    elif (console := make_console()).is_terminal:
        for one in found:
            print_check(one, console)
    else:
        click.echo("\n\n".join(markdown(one) for one in found))
    code = exit_code(found)
    if roll and not code:
        _accept(runs, accepted, add=True, most=roll)
    return code


def _read(logs: Sequence[Path], baseline: Path, cluster: str | None) -> "list[CheckedRun]":
    """The runs of the logs, without those that were tried again and finished."""
    from evals.check.any_task import read_checked
    from scorers.inspect_adapter.log_files import find_logs
    from scorers.inspect_adapter.run_log import without_replaced

    paths = find_logs([resolve_from_start(str(path)) for path in logs])
    runs = [
        read_checked(path, cluster) for path in paths if path != baseline
    ]  # it may lie among the logs
    if not runs:
        raise click.UsageError("there are no logs in the folders given")
    return without_replaced(runs)


def _accept(runs: "Sequence[CheckedRun]", path: Path, add: bool, most: int | None = None) -> None:
    from evals.check.baseline import (
        add_askings,
        baseline_run,
        not_held,
        read_baseline,
        write_baseline,
    )

    held = given = [baseline_run(run) for run in runs]
    if add:
        accepted = read_baseline(path)
        # A check that is made again rolls nothing.
        new = given if most is None else not_held(accepted, given)
        held = add_askings(accepted, new, path, most)
    write_baseline(held, path)
    listed = ", ".join(
        f"{run.key['benchmark']} of {shown_rater(run.rater)}"
        + (f" ({len(run.logs)} runs)" if len(run.logs) > 1 else "")
        for run in held
    )
    _say(f"{path} holds {listed}")


def _judge(
    runs: "Sequence[CheckedRun]",
    baseline: Path,
    scores: Sequence[str],
    margins: Path | None,
    scope: "Scope",
) -> "list[Regression]":
    """Each run compared with the run of the baseline that measured the same."""
    from evals.check.baseline import baseline_for, read_baseline
    from evals.check.change_check import (
        check_run,
        read_margins,
        refuse_unknown_margins,
        refuse_unknown_scores,
    )

    accepted = read_baseline(baseline)
    limits = read_margins(resolve_from_start(str(margins))) if margins else {}
    held = [baseline_for(run, accepted, baseline) for run in runs]
    refuse_unknown_scores(scores, held)
    found = [
        check_run([run], of, limits, scope, only=scores) for run, of in zip(runs, held, strict=True)
    ]
    refuse_unknown_margins(limits, found)
    for task in sorted({one.key["benchmark"] for one in accepted} - {run.task for run in runs}):
        _say(f"the baseline holds {task} too, of which no log is given")
    return found


def exit_code(found: "Sequence[Regression]") -> int:
    """That of checks; says which scores of the baseline have no answers."""
    lacking = [one for one in found if one.lacking]
    for one in lacking:
        _say(f"{one.log} has no answers for {', '.join(one.lacking)}, which the baseline has")
    if any(one.failed for one in found):
        return GATE_FAILED
    return INCOMPLETE if lacking else 0


def _say(text: str) -> None:
    """One line on standard error, whatever is in the names of models and files."""
    click.echo(one_line(text), err=True)
