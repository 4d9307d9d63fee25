"""A report on a task of value profiles as tables for a person to read."""

import math

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.reports.decoded_family import FamilyDifference
from evals.reports.decoded_report import DecodedReport
from evals.reports.status_table import status_table
from ratings.output.numbers import ends, interval, number
from scorers.information.calibration import CalibrationError
from scorers.intervals.estimate import Estimate

SYNTHETIC = (
    "SIMULATED RATERS: these ratings are nobody's; the scores are for trying out the software."
)
_MIXED = "Distributions were got in several ways, which cannot be compared; ask again with one: "
_DIGITS = 3


def show_decoded(report: DecodedReport, console: Console) -> None:
    """Print a report."""
    run = report.run
    data = run.metadata.get("data_set") or run.metadata["card"]
    if report.synthetic:
        console.print(f"[bold yellow]{SYNTHETIC}[/bold yellow]")
    console.print(
        f"[bold]{escape(run.model)}[/bold], {run.task} on {escape(str(data))}: "
        f"{len(run.scores)} samples, {report.asked} answers asked for"
    )
    for name, value in run.arguments.items():
        console.print(f"asked with {name}={escape(str(value))!s:.200}")
    for note in run.metadata.get("notes", []):
        console.print(escape(str(note)))
    if not run.complete:
        console.print(
            f"[bold red]This run is not complete (status: {run.header.status}).[/bold red]"
        )
    if len(report.ways) > 1:
        told = ", ".join(f"{count} {way}" for way, count in report.ways.items())
        console.print(f"[bold yellow]{_MIXED}{told}[/bold yellow]")
    console.print(_score_table(report))
    if report.calibration is not None:
        console.print(_calibration_line(report.calibration))
    if not math.isnan(report.chance_p):
        console.print(f"guessing reaches 50%; p of guessing: {number(report.chance_p, 4)}")
    if report.beside is not None:
        console.print(_family_table(report.beside))
    console.print(status_table("How the answers were read", "answers", dict(report.counts)))


def _score_table(report: DecodedReport) -> Table:
    families = report.run.manifest.scores
    table = Table(title=report.run.manifest.title, title_justify="left")
    table.add_column("score")
    table.add_column("value", justify="right")
    table.add_column("beyond these items, 95%", justify="right")
    repeated = any(not math.isnan(found.low) for found in report.on_items.values())
    if repeated:
        table.add_column("on these items", justify="right")
    table.add_column("unit")
    for name, found in report.estimates.items():
        family = families[name]
        scaled = Estimate(
            found.value * family.scale,
            found.low * family.scale,
            found.high * family.scale,
            found.reason,
        )
        digits = _DIGITS if family.scale == 1 else 1
        cells = [family.title, number(scaled.value, digits), interval(scaled, digits)]
        if repeated:
            cells.append(ends(report.on_items[name], digits))
        table.add_row(*cells, family.unit)
    return table


def _calibration_line(found: CalibrationError) -> str:
    return (
        f"calibration error {number(found.raw, _DIGITS)}, root mean square without "
        f"noise {number(found.corrected.value, _DIGITS)} ({interval(found.corrected, _DIGITS)}); a "
        f"calibrated model would show {number(found.if_calibrated.value, _DIGITS)} "
        f"({interval(found.if_calibrated, _DIGITS)})"
    )


def _family_table(found: FamilyDifference) -> Table:
    table = Table(
        title=f"Beside the family {found.family}, fitted on the training raters",
        title_justify="left",
        caption=f"On the same {found.ratings} ratings; a difference above 0: the family predicts "
        "better.",
        caption_justify="left",
    )
    table.add_column("loss")
    table.add_column("nats", justify="right")
    table.add_column("95% interval", justify="right")
    for name, estimate in (
        ("this run", found.loss),
        (f"family {found.family}", found.family_loss),
        ("difference", found.difference),
    ):
        table.add_row(name, number(estimate.value, _DIGITS), interval(estimate, _DIGITS))
    return table
