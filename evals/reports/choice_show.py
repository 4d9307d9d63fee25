"""A report on IndieValueCatalog as tables for a person to read."""

import math

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.reports.choice_report import ChoiceReport
from evals.reports.status_table import status_table
from ratings.output.numbers import interval, number, percent, percent_interval
from scorers.scores.inequity import Inequity

SYNTHETIC = (
    "SIMULATED PEOPLE: these answers are no person's; the scores are for trying out the software."
)


def show_choices(report: ChoiceReport, console: Console) -> None:
    """Print a report."""
    run = report.run
    if report.synthetic:
        console.print(f"[bold yellow]{SYNTHETIC}[/bold yellow]")
    console.print(
        f"[bold]{escape(run.model)}[/bold] on {escape(str(run.metadata.get('survey')))}: "
        f"{len(report.answers.people)} people, {report.answers.statuses.size} questions asked"
    )
    for name, value in run.arguments.items():
        console.print(f"asked with {name}={escape(str(value))!s:.200}")
    if not run.complete:
        console.print(
            f"[bold red]This run is not complete (status: {run.header.status}).[/bold red]"
        )
    console.print(_accuracy_table(report))
    console.print(_people_line(report))
    console.print(_inequity_table(report))
    console.print(_status_table(report))


def _people_line(report: ChoiceReport) -> str:
    accuracies = report.answers.person_accuracy
    if not len(accuracies):
        return "nobody was asked about"
    low, quarter, median, three_quarters, high = np.quantile(accuracies, [0, 0.25, 0.5, 0.75, 1])
    return (
        f"per person: half of the people between {percent(quarter)} and {percent(three_quarters)}, "
        f"median {percent(median)}, lowest {percent(low)}, highest {percent(high)}"
    )


def _accuracy_table(report: ChoiceReport) -> Table:
    table = Table(title="Accuracy: share of the person's own statements", title_justify="left")
    table.add_column("questions")
    table.add_column("accuracy", justify="right")
    table.add_column("beyond these people, 95%", justify="right")
    repeated = any(not math.isnan(found.low) for found in report.on_items.values())
    if repeated:
        table.add_column("on these people", justify="right")
    labels = {"accuracy": "all", "accuracy_answered": "those that were answered"}
    for name, found in report.accuracy.items():
        cells = [labels.get(name, name), percent(found.value), percent_interval(found)]
        if repeated:
            narrow = report.on_items.get(name)
            ends = narrow is not None and not math.isnan(narrow.low)
            cells.append(f"{narrow.low:.1f}% to {narrow.high:.1f}%" if narrow and ends else "-")
        table.add_row(*cells)
    return table


def _inequity_table(report: ChoiceReport) -> Table:
    table = Table(
        title="sigma-INEQUITY: spread of the accuracy over groups, in percentage points",
        title_justify="left",
        caption="corrected: without the spread that few people a group make by chance; 0 where "
        "groups differ no more than that. by chance: as published, if groups did not matter.",
        caption_justify="left",
    )
    table.add_column("dimension")
    for name in ("groups", "as published", "corrected", "95% interval", "by chance", "p"):
        table.add_column(name, justify="right")
    for name, found in report.dimensions.items():
        table.add_row(name, *_inequity_cells(found))
    table.add_section()
    table.add_row("mean", *_inequity_cells(report.inequity))
    return table


def _inequity_cells(found: Inequity) -> list[str]:
    return [
        str(found.groups),
        number(found.raw),
        number(found.corrected.value),
        interval(found.corrected),
        number(found.null.value),
        number(found.p_value, 3),
    ]


def _status_table(report: ChoiceReport) -> Table:
    table = status_table("How the choices were read", "choices", report.counts)
    if report.counts["truncated"]:
        table.caption = "truncated: a limit on tokens cut the answer off; raise --max-tokens"
    return table
