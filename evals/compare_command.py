"""`valuegauge compare`: what moved from one run to another."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.cells import interval, number, plain
from ratings.console import make_console
from ratings.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.compare import Comparison
    from scorers.comparison import Change

INCOMPLETE = 4
_HEADS = ("score", "before", "after", "difference", "95% interval", "p (Holm)", "verdict")


@click.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--markdown", is_flag=True, help="Print a Markdown table.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(before: Path, after: Path, markdown: bool, as_json: bool) -> int:
    """Compare two logs of the same task: what moved from BEFORE to AFTER.

    Differences are taken item by item or person by person, on what both runs answered.
    """
    from evals.compare import compare_runs
    from scorers.inspect_adapter.run_log import read_run

    if markdown and as_json:
        raise click.UsageError("--markdown and --json exclude each other")
    runs = [read_run(resolve_from_start(str(path))) for path in (before, after)]
    found = compare_runs(*runs)
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
    console.print(escape(_summary(found)))
    table = Table(caption=_explanation(found), caption_justify="left", padding=(0, 0, 0, 1))
    for place, head in enumerate(_HEADS):
        table.add_column(head, justify="right" if 0 < place < 6 else "left")
    for change in found.changes:
        style = "bold" if change.moved else None
        table.add_row(*map(escape, _cells(change)), style=style)
    console.print(table)


def _markdown(found: "Comparison") -> str:
    rows = [list(_HEADS), ["---"] * len(_HEADS), *(_cells(change) for change in found.changes)]
    lines = ["| " + " | ".join(plain(cell) for cell in row) + " |" for row in rows]
    return "\n".join([plain(_summary(found)), "", *lines, "", _explanation(found)])


def _summary(found: "Comparison") -> str:
    moved = [change.name for change in found.changes if change.moved]
    told = f"{len(moved)} of {len(found.changes)} scores moved"
    named = f": {', '.join(moved)}" if moved else ""
    note = "SYNTHETIC. " if found.synthetic else ""
    return (
        f"{note}{found.task}, from {found.before} to {found.after}, on {found.units} {found.unit} "
        f"that both answered: {told}{named}."
    )


def _explanation(found: "Comparison") -> str:
    beyond = (
        ", and it stands out among the prompt variants"
        if any(change.prompt_noise == change.prompt_noise for change in found.changes)
        else ""
    )
    units = "; ".join(dict.fromkeys(found.units_of_scores.values()))
    return (
        f"In {units}. moved: the difference is significant after Holm's correction "
        f"over all scores{beyond}. not shown: it is not, which does not prove that nothing changed."
    )


def _cells(change: "Change") -> list[str]:
    return [
        change.name,
        number(change.before),
        number(change.after),
        number(change.difference.value),
        interval(change.difference),
        number(change.corrected, 4),
        _verdict(change),
    ]


def _verdict(change: "Change") -> str:
    if change.moved:
        return "moved"
    if change.corrected < 0.05:
        return "within prompt noise"
    return "not shown" if change.corrected == change.corrected else "-"
