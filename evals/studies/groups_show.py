"""Accuracies by group as tables for a person to read, and as a picture."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape

from evals.reports.indie_value import SYNTHETIC
from evals.reports.picture import BLUE, BROWN, picture
from evals.studies.groups import DimensionRows, GroupReport, GroupRow
from ratings.output.numbers import interval, number, percent, percent_interval
from ratings.output.tables import Table
from scorers.intervals.estimate import Estimate

_ROW = 0.24  # inches of a picture


def show_groups(report: GroupReport, console: Console) -> None:
    """Print a report: a table a dimension."""
    if report.synthetic:
        console.print(f"[bold yellow]{SYNTHETIC}[/bold yellow]")
    readers = " against ".join(map(escape, reversed(report.readers)))
    console.print(f"[bold]{readers}[/bold] on {escape(report.origin)}: {report.people} people")
    if report.incomplete:
        console.print("[bold red]A run is not complete.[/bold red]")
    if report.differing:
        console.print(
            f"[bold yellow]The two runs were asked otherwise: "
            f"{', '.join(report.differing)}.[/bold yellow]"
        )
    for dimension in report.dimensions:
        console.print(_table(dimension, report))
        few = [f"{escape(g.group)} ({g.people})" for g in dimension.groups if not _defined(g)]
        if few:
            console.print(f"fewer than {report.least} people: {', '.join(few)}", highlight=False)
        if dimension.untold:
            console.print(f"group unknown: {dimension.untold} people", highlight=False)
    console.print(
        "95% intervals, over other people of the kind; each holds for one group, so of twenty "
        "groups one may miss its truth. sigma: over all groups, those of few people too.",
        highlight=False,
    )


def draw_groups(report: GroupReport, path: Path) -> None:
    """Write the accuracies as a picture, a row a group, whole or not at all.

    Args:
        report: to draw; groups of too few people are left out.
        path: the picture's file; its ending (.png, .svg or .pdf) decides the format.

    Raises:
        DataError: when the folder does not exist.
        UnknownNameError: for another ending.
    """
    rows = [(d, group) for d in report.dimensions for group in (None, *filter(_defined, d.groups))]
    positions = np.arange(len(rows))[::-1]
    drawn = [
        (position, group) for position, (_, group) in zip(positions, rows, strict=True) if group
    ]
    shifts = (0.15, -0.15) if len(report.readers) > 1 else (0.0,)
    with picture(path, 8, 1.2 + _ROW * len(rows)) as axes:
        for reader, (colour, shift) in enumerate(zip((BLUE, BROWN), shifts, strict=False)):
            found = [group.accuracies[reader] for _, group in drawn]
            at = [position + shift for position, _ in drawn]
            low, high = ([100 * getattr(one, end) for one in found] for end in ("low", "high"))
            axes.hlines(at, low, high, color=colour)
            means = [100 * one.value for one in found]
            axes.plot(means, at, "o", markersize=5, color=colour, label=report.readers[reader])
        axes.set_yticks(positions, [_tick(*row) for row in rows], fontsize=8)
        for label, (_, group) in zip(axes.get_yticklabels(), rows, strict=True):
            label.set_fontweight("bold" if group is None else "normal")
        axes.set_ylim(-1, len(rows))
        note = "simulated people, " if report.synthetic else ""
        axes.set_xlabel("accuracy (per cent), 95% intervals")
        axes.set_title(f"{note}{report.people} people", fontsize=10, loc="left")
        axes.legend(frameon=False, fontsize=8, loc="lower right", bbox_to_anchor=(1, 1))


def _tick(dimension: DimensionRows, group: GroupRow | None) -> str:
    """A group with its people, or a dimension with the spread of each reader, as published."""
    if group is not None:
        return f"{group.group} ({group.people})"
    return f"{dimension.name} (sigma {_versus(s.raw for s in dimension.sigmas)})"


def _table(dimension: DimensionRows, report: GroupReport) -> Table:
    table = Table(title=_head(dimension), title_justify="left", padding=(0, 0, 0, 1))
    table.add_column("group")
    table.add_column("people", justify="right")
    for name in report.readers:
        table.add_column(f"{escape(name)}\n95% interval", justify="right")
    if len(report.readers) > 1:
        table.add_column("gain\n95% interval", justify="right", no_wrap=True)
    for one in filter(_defined, dimension.groups):
        cells = [f"{percent(e.value)}\n{percent_interval(e)}" for e in one.accuracies]
        gain = [_points(one.gain)] if one.gain else []
        table.add_row(escape(one.group), str(one.people), *cells, *gain)
    return table


def _head(dimension: DimensionRows) -> str:
    published = _versus(one.raw for one in dimension.sigmas)
    corrected = _versus(one.corrected.value for one in dimension.sigmas)
    return f"{dimension.name}: sigma {published} as published, {corrected} without chance"


def _versus(values: Iterable[float]) -> str:
    """A number of each reader, as the paper's captions have it."""
    return " vs. ".join(map(number, values))


def _points(gain: Estimate) -> str:
    points = Estimate(100 * gain.value, 100 * gain.low, 100 * gain.high, gain.reason)
    return f"{points.value:+.1f}\n{interval(points, 1)}"


def _defined(group: GroupRow) -> bool:
    return not np.isnan(group.accuracies[0].value)
