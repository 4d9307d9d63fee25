"""What one run of any benchmark says: its scores, how answers were read, what is missing.

The manifest of the benchmark alone decides what is here. A benchmark that says more has a class of
its own, which adds to this one.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from rich.console import RenderableType
from rich.markup import escape

from evals.reports.missing_show import missing_json, missing_tables
from evals.reports.status_table import status_table
from ratings.errors import UnknownNameError
from ratings.output.json_values import json_object
from ratings.output.numbers import ends, interval, number, percent
from ratings.output.tables import Table
from scorers.inspect_adapter.run_log import RunLog
from scorers.intervals.estimate import Estimate
from scorers.scores.families import ScoreRow, score_rows
from scorers.scores.manifests import ScoreFamily, named_object


@dataclass(frozen=True, eq=False)
class Report:
    """Everything a run says, worked out when it is first asked for.

    Attributes:
        run: the log.
        family: name of a fitted family to compare the run with, in a report that can.
        synthetic_note: what a reader of made-up data must know.
    """

    run: RunLog
    family: str | None = None
    synthetic_note: ClassVar[str] = (
        "SYNTHETIC DATA, made for trying out the software: these scores say nothing of people."
    )

    @property
    def complete(self) -> bool:
        """Whether the run finished every sample it was to make."""
        return self.run.complete

    @property
    def synthetic(self) -> bool:
        """Whether the data are made up."""
        return bool(self.run.metadata.get("synthetic"))

    @property
    def families(self) -> list[ScoreFamily]:
        """The families of the manifest whose scores are reported."""
        return list(self.run.manifest.scores.values())

    @cached_property
    def scores(self) -> Mapping[str, ScoreRow]:
        """Scores by name, in the manifest's units and order, with intervals in both scopes."""
        if not self.run.scores:
            return {}
        return {row.name: row for row in score_rows(self.run.grid(), self.families)}

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Number of answers by status."""
        return self.run.grid().counts()

    @property
    def valid(self) -> float:
        """Share of the answers that could be read; NaN without any."""
        total = sum(self.counts.values())
        return self.counts.get("valid", 0) / total if total else math.nan

    @cached_property
    def ceilings(self) -> Mapping[str, Estimate]:
        """How high scores can get, by name and in the manifest's units, where that is known."""
        path = self.run.manifest.ceilings
        if path is None or not self.run.scores:
            return {}
        found: Mapping[str, Estimate] = named_object(path)(self.run.scores, self.run.metadata)
        return found

    @property
    def size(self) -> dict[str, int]:
        """How much was asked: numbers of things, by what they are."""
        return {"samples": len(self.run.scores), "answers": int(self.run.grid().asked.sum())}

    def as_json(self) -> dict[str, Any]:
        """The report as JSON data; a number that is not defined is null."""
        run = self.run
        found = {
            "model": run.model,
            "task": run.task,
            "log": str(run.path),
            "status": run.header.status,
            "complete": run.complete,
            **self.size,
            "metadata": run.metadata,
            "arguments": run.arguments,
            **self.findings(),
            **missing_json(run, self.counts),
            "not_sent": run.not_sent,
        }
        return json_object(found)

    def findings(self) -> dict[str, Any]:
        """What the run found out, as plain data."""
        return {
            "scores": {name: asdict(row) for name, row in self.scores.items()},
            **(
                {"ceilings": {name: asdict(one) for name, one in self.ceilings.items()}}
                if self.ceilings
                else {}
            ),
            "counts": dict(self.counts),
            "valid": self.valid,
        }

    def tables(self, *, variants: bool = False) -> Iterator[RenderableType]:
        """The report for a person to read: lines with rich's markup, and tables.

        Args:
            variants: show the scores from each prompt variant too, where there are some.
        """
        run = self.run
        if self.synthetic:
            yield f"[bold yellow]{self.synthetic_note}[/bold yellow]"
        yield f"[bold]{escape(run.model)}[/bold]{escape(self.subject())}"
        for name, value in run.arguments.items():
            yield f"asked with {name}={escape(str(value))!s:.200}"
        for note in run.metadata.get("notes", []):
            yield escape(str(note))
        if not run.complete:
            yield f"[bold red]This run is not complete (status: {run.header.status}).[/bold red]"
        yield from self.sections(variants)
        yield from missing_tables(run, self.counts)

    def subject(self) -> str:
        """What the model was asked, to go on the line after its name."""
        data = self.run.metadata.get("data_set") or self.run.metadata["card"]
        asked = ", ".join(f"{count} {what}" for what, count in self.size.items())
        return f", {self.run.task} on {data}: {asked}; {percent(self.valid)} valid"

    def sections(self, variants: bool) -> Iterator[RenderableType]:
        """What the run found out, as tables and lines."""
        yield self.score_table(variants)
        yield status_table("How the answers were read", "answers", self.counts)

    def draw(self, path: Path) -> None:
        """Write the scores as a picture, whole or not at all.

        Args:
            path: the picture's file; its ending (.png, .svg or .pdf) decides the format.

        Raises:
            DataError: when there is nothing to draw, or the folder does not exist.
            UnknownNameError: for another ending, or a benchmark that has no picture.
        """
        raise UnknownNameError(f"--plot has no picture of {self.run.task}")

    def score_table(self, variants: bool = False) -> Table:
        """The scores of all families, with the unit of each."""
        families = {family.name: family for family in self.families}
        columns = list(self.run.grid().columns) if variants else []
        table = Table(title=self.run.manifest.title, title_justify="left")
        if self.ceilings:
            table.caption = "ceiling: of people who predict themselves by answering again"
            table.caption_justify = "left"
        table.add_column("score")
        table.add_column("value", justify="right")
        table.add_column("beyond these items, 95%", justify="right")
        repeated = any(not math.isnan(row.on_items.low) for row in self.scores.values())
        if repeated:
            table.add_column("on these items", justify="right")
        if self.ceilings:
            table.add_column("ceiling", justify="right")
        for name in columns:
            table.add_column(escape(name), justify="right")
        table.add_column("unit")
        for row in self.scores.values():
            family = families[row.family]
            digits = 3 if family.scale == 1 else 1
            title = family.title if row.name == family.name else row.name
            cells = [title, number(row.estimate.value, digits), interval(row.estimate, digits)]
            if repeated:
                cells.append(ends(row.on_items, digits))
            if self.ceilings:
                ceiling = self.ceilings.get(row.name)
                cells.append(_with_ends(ceiling, digits) if ceiling else "")
            if columns:
                each = row.per_variant or (math.nan,) * len(columns)
                cells += [number(value, digits) for value in each]
            table.add_row(*map(escape, cells), family.unit)
        return table

    def unscaled(self, row: ScoreRow) -> Estimate:
        """A score as its statistic has it: a share is a share and no percentage."""
        scale, found = self.run.manifest.scores[row.family].scale, row.estimate
        return Estimate(found.value / scale, found.low / scale, found.high / scale, found.reason)


def _with_ends(found: Estimate, digits: int) -> str:
    value = number(found.value, digits)
    return value if math.isnan(found.low) else f"{value} ({ends(found, digits)})"
