"""`valuegauge compare`: what moved from one run to another."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.box import HORIZONTALS
from rich.console import Console

from evals.exit_codes import INCOMPLETE
from ratings.output.console import make_console, say
from ratings.output.markdown import escape_markdown, markdown_table
from ratings.output.numbers import ends, how_many, number, p_value
from ratings.output.tables import Table, plain
from ratings.output.text import first_of, shown_rater
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.reports.compare import Comparison
    from scorers.comparison.differences import Change


@click.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option(
    "--score",
    "scores",
    metavar="NAME",
    multiple=True,
    help="Compare this score alone; p-values are corrected over the scores named.",
)
@click.option(
    "--cluster",
    metavar="FIELD",
    help="Of a task that is not valuegauge's: resample samples by this field of their metadata.",
)
@click.option("--markdown", is_flag=True, help="Print a Markdown table.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(
    before: Path,
    after: Path,
    scores: tuple[str, ...],
    cluster: str | None,
    markdown: bool,
    as_json: bool,
) -> int:
    """Compare two logs of the same task, ours or any other: what moved from BEFORE to AFTER.

    Differences are taken item by item or person by person, on what both runs answered, and tested
    in two scopes: on these items (would the same items show it again?) and beyond them (would
    other items of the kind?).
    """
    from evals.check.any_task import read_checked
    from evals.reports.compare import compare_runs

    if markdown and as_json:
        raise click.UsageError("--markdown and --json exclude each other")
    runs = [read_checked(resolve_from_start(str(path)), cluster) for path in (before, after)]
    found = compare_runs(runs[0], runs[1], scores)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2, allow_nan=False))
    elif markdown:
        click.echo(_markdown(found))
    else:
        _print(found, make_console())
    for run in runs:
        if not run.complete:
            click.echo(f"{run.path} is not complete (status: {run.header.status})", err=True)
    return 0 if all(run.complete for run in runs) else INCOMPLETE


def _print(found: "Comparison", console: Console) -> None:
    """Two lines a score, one a scope: a terminal of 80 columns holds no more side by side."""
    say(console, found.finding)
    console.print()
    console.print(plain(_summary(found)))
    table = Table(box=HORIZONTALS, padding=0, show_edge=False)
    table.with_previous = ("95% interval", "p (Holm)")  # the scope, its interval, and its p
    heads = ("score", "before", "after", "change", "scope", "95% interval", "p (Holm)")
    for head in heads:
        table.add_column(head, justify="left" if head in ("score", "scope") else "right")
    for change in found.changes:
        both = (change.before, change.after, change.beyond.difference.value)
        for scope, one in (("on", change.on), ("beyond", change.beyond)):
            first = [change.name, *map(number, both)] if scope == "on" else [""] * 4
            last = [scope, ends(one.difference), p_value(one.corrected)]
            table.add_row(*map(plain, first + last), style="bold" if one.differs else None)
    console.print(table)
    console.print(plain(_explanation(found)), highlight=False)


def _markdown(found: "Comparison") -> str:
    heads = _heads(found)
    cells = [[*map(escape_markdown, _cells(one, found.unit))] for one in found.changes]
    table = markdown_table([*map(escape_markdown, heads)], cells)
    said = [escape_markdown(found.finding), "", escape_markdown(_summary(found))]
    return "\n".join([*said, "", table, "", _explanation(found)])


def _heads(found: "Comparison") -> list[str]:
    scoped = [
        head for scope in ("on", "beyond") for head in (f"{scope} these {found.unit}", "p (Holm)")
    ]
    return ["score", "before", "after", "difference", *scoped, "differs"]


def _summary(found: "Comparison") -> str:
    note = "SYNTHETIC. " if found.synthetic else ""
    on, beyond = (
        [change.name for change in found.changes if getattr(change, scope).differs]
        for scope in ("on", "beyond")
    )
    return (
        f"{note}{found.task}, from {shown_rater(found.before)} to "
        f"{shown_rater(found.after)}, "
        f"{how_many(found.units, found.unit)} that both answered. On these {found.unit} differ: "
        f"{_named(on)}; beyond them: {_named(beyond)}."
    )


def _named(names: list[str]) -> str:
    return first_of(names) or "none"


def _explanation(found: "Comparison") -> str:
    units = "; ".join(dict.fromkeys(found.units_of_scores.values()))
    asked_once = all(change.on.corrected != change.on.corrected for change in found.changes)
    lacking = (
        f" Nothing can be said on these {found.unit} alone, because too little was asked "
        "for twice: repeat both runs with --epochs 2 or more."
        if asked_once
        else ""
    )
    if found.few:
        lacking += (
            f" Of so few {found.unit} as {', '.join(found.few)} rest on, no p-value beyond them is "
            "below .05, whatever the interval."
        )
    return (
        f"In {units}. 95% intervals; p-values corrected by {found.correction}. "
        f"On: on these {found.unit}, by more than asking the same again would change. "
        f"Beyond: by more than asking other {found.unit} of the kind would change. "
        f"Not shown does not prove that nothing changed.{lacking}"
    )


def _cells(change: "Change", unit: str) -> list[str]:
    differs = {"on": f"on these {unit}", "beyond": f"beyond these {unit}", None: "not shown"}
    tested = change.on.corrected == change.on.corrected or change.beyond.corrected == (
        change.beyond.corrected
    )
    return [
        change.name,
        number(change.before),
        number(change.after),
        number(change.beyond.difference.value),
        ends(change.on.difference),
        p_value(change.on.corrected),
        ends(change.beyond.difference),
        p_value(change.beyond.corrected),
        differs[change.differs] if tested else "-",
    ]
